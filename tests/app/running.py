"""A whole Socle in a process of its own, on a port that the system chooses."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.databases import SOURCES

_SERVE = """
import socket, sys
from socle.app.server import serve
serve(sys.argv[1], listening=socket.socket(fileno=int(sys.argv[2])))
"""


@contextmanager
def running(home: Path, part: str = "all", **variables: str) -> Iterator[str]:
    """The address of a Socle that serves `part` with its data in `home`; stopped, politely, at the end.

    The socket listens before the process starts, so that a first request waits for the answer instead of failing.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "socle.app.django_settings",
            "PYTHONPATH": os.pathsep.join([str(SOURCES), os.environ.get("PYTHONPATH", "")]),
            "SOCLE_HOME": str(home),
            "SOCLE_PORT": str(port),
            **variables,
        }
        descriptor = listening.fileno()
        command = [sys.executable, "-c", _SERVE, part, str(descriptor)]
        process = subprocess.Popen(command, env=environment, pass_fds=[descriptor])
    try:
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
