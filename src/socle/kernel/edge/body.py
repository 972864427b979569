"""The body of a request, for who needs the whole of it: the edge has bounded its size."""

from socle.kernel.edge.asgi import Receive


async def read_body(receive: Receive) -> bytes:
    message = await receive()
    if not message.get("more_body"):
        return bytes(message.get("body", b""))
    parts = [message.get("body", b"")]
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)
