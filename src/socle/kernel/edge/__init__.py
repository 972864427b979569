"""The edge: what every request and every answer go through, whichever door they use.

A request identifier, limits on size and time, security headers, `HEAD`, and the last resort when a door fails: the
client gets the error in the form it reads, never a traceback; the log gets the traceback under the same identifier.
The rules are plain functions (`limits`, `headers`, `replies`), wrapped once for ASGI and once for WSGI.
"""

from socle.kernel.edge.asgi import Edge, require_get, send_reply
from socle.kernel.edge.limits import Limits, request_id
from socle.kernel.edge.replies import Reply, html_reply, json_reply, problem_reply, wants_html
from socle.kernel.edge.wsgi import WsgiEdge

__all__ = [
    "Edge",
    "Limits",
    "Reply",
    "WsgiEdge",
    "html_reply",
    "json_reply",
    "problem_reply",
    "request_id",
    "require_get",
    "send_reply",
    "wants_html",
]
