"""What this process logs, as production writes it; the test's own logging is put back."""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from socle.kernel.logs import configure
from socle.kernel.settings import Settings


@contextmanager
def logged(*secrets: str, level: str = "info") -> Iterator[io.StringIO]:
    root, stream = logging.getLogger(), io.StringIO()
    kept, before, hooks = root.handlers[:], root.level, (sys.excepthook, threading.excepthook)
    configure(Settings(), form="json", level=level, secrets=secrets, stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:], (sys.excepthook, threading.excepthook) = kept, hooks
        root.setLevel(before)
        logging.logThreads = logging.logProcesses = logging.logMultiprocessing = True
        logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)
        logging.captureWarnings(False)
