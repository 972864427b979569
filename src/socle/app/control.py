"""The socket in the data folder by which the command line hands jobs to a running server (SQLite only).

The socket belongs to the user who started the server and to nobody else. A client that goes away (Ctrl-C) takes its job
with it: the child is ended, and its load leaves the previous state whole.
"""

import asyncio
import logging
import os
import sys
from contextlib import suppress

from socle.app.jobs import Job, socket_path

log = logging.getLogger("socle.control")
_SECONDS_TO_END = 10
_PIECE = 65_536
# A job names its files: a folder of some thousands of resources fits.
_JOB_BYTES = 16 * 1024 * 1024


class Control:
    """Listens while the server runs."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._children: set[asyncio.subprocess.Process] = set()

    async def open(self) -> None:
        path = socket_path()
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            # A socket's address is at most 107 bytes; from the current folder it is usually short.
            self._server = await asyncio.start_unix_server(
                self._serve, os.path.relpath(path), limit=_JOB_BYTES
            )
        finally:
            os.umask(before)

    async def aclose(self) -> None:
        if self._server is not None:
            self._server.close()
        for child in list(self._children):
            await _end(child)
        socket_path().unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            job = Job.model_validate_json(await reader.readline())
        except ValueError:
            # What is not JSON, not a job (pydantic's error is one of these), or has no end.
            log.warning("a job that cannot be read was refused")
            writer.close()
            return
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "socle.app.jobs",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._children.add(child)
        try:
            await self._relay(job, child, reader, writer)
        finally:
            await _end(child)
            self._children.discard(child)
            writer.close()

    async def _relay(
        self,
        job: Job,
        child: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(job.model_dump_json().encode() + b"\n")
        child.stdin.close()
        gone = asyncio.ensure_future(reader.read())
        lines = asyncio.ensure_future(self._copy(child.stdout, writer))
        await asyncio.wait({gone, lines}, return_when=asyncio.FIRST_COMPLETED)
        for task in (gone, lines):
            task.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await task

    @staticmethod
    async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(_PIECE):
            target.write(piece)
            await target.drain()


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        await asyncio.wait_for(child.wait(), _SECONDS_TO_END)
    except TimeoutError:
        child.kill()
        await child.wait()
