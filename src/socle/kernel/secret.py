"""The installation's secret: what it signs with it, only it can have signed."""

import os
import secrets
from pathlib import Path

from socle.kernel.settings import Settings, settings

_FILE = "secret.key"


class SecretMissing(RuntimeError):
    """Production never invents its own secret: every process of an installation must share one."""


def secret(chosen: Settings | None = None) -> str:
    """`SOCLE_SECRET`; in demo, else, the content of `secret.key` in the data folder, made at first use and readable
    by its owner only. Raises SecretMissing in production without a setting."""
    chosen = chosen or settings()
    if chosen.secret:
        return chosen.secret
    if chosen.production:
        raise SecretMissing("SOCLE_SECRET is empty; production needs 32 random characters or more")
    return _made(chosen.home / _FILE)


def _made(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    if not file.exists():
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            # A hard link fails when another process was first: both then read the same secret, whole.
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text("ascii")
