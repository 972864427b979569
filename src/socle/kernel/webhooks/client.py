"""One message to a subscriber, over HTTP: what was answered, in a number or a word.

Nothing of the answer's body is read, no redirection is followed, no proxy of the environment is used, and the whole
exchange has one time limit, however slowly the other side speaks.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from socle.kernel.webhooks.addresses import AddressRefused, resolved
from socle.kernel.webhooks.outcome import Outcome
from socle.kernel.webhooks.settings import WebhookSettings

_PORTS = {"http": 80, "https": 443}


async def post(url: str, headers: Mapping[str, str], body: bytes, chosen: WebhookSettings) -> Outcome:
    """Send the body once. What cannot be connected to, a URL that is none included, is an outcome as well."""
    try:
        async with asyncio.timeout(chosen.seconds):
            status = await _exchanged(url, headers, body, chosen)
    except TimeoutError:
        return Outcome(0, "timeout")
    except AddressRefused:
        return Outcome(0, "address-refused")
    except (httpx.HTTPError, OSError) as failure:
        return Outcome(0, _problem(failure))
    except (ValueError, httpx.InvalidURL):
        # A name that the DNS cannot be asked (UnicodeError), or an address that is none.
        return Outcome(0, "no-connection")
    return Outcome(status, "" if 200 <= status < 300 else f"status-{status}")


async def _exchanged(url: str, headers: Mapping[str, str], body: bytes, chosen: WebhookSettings) -> int:
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = await resolved(host, parts.port or _PORTS[parts.scheme], private=chosen.allow_private)
    # One connection a message: connections to one address are not shared between the names that lead to it.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(
        trust_env=False, verify=_trusted(chosen.ca_file), limits=limits, timeout=None
    ) as client:
        request = client.build_request(
            "POST",
            httpx.URL(url).copy_with(host=address),
            headers={**headers, "host": parts.netloc, "content-type": "application/json"},
            content=body,
            # The certificate is checked against the name, not against the address connected to.
            extensions={"sni_hostname": host},
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code


@cache
def _trusted(extra: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if extra is not None:
        context.load_verify_locations(cafile=extra)
    return context


def _problem(failure: BaseException) -> str:
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        cause = cause.__cause__ or cause.__context__
    return "bad-answer" if isinstance(failure, httpx.RemoteProtocolError) else "no-connection"
