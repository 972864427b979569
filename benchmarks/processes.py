"""What the processes measured have used, as Linux counts it (proc(5))."""

import os
import re
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
_ANONYMOUS = re.compile(r"^RssAnon:\s+(\d+) kB$", re.MULTILINE)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its threads since it began; its ended children are not in it."""
    utime, stime = _stat(pid)[11:13]
    return (int(utime) + int(stime)) / _TICKS


def family_cpu_seconds(parent: int) -> float:
    """User and system time of the children of a process, living and ended, and its own."""
    cutime, cstime = _stat(parent)[13:15]
    ended = (int(cutime) + int(cstime)) / _TICKS
    return ended + cpu_seconds(parent) + sum(cpu_seconds(child) for child in _children(parent))


def private_mib(pid: int) -> float:
    """Private anonymous memory held by a process: neither files nor what it shares."""
    status = (_PROC / str(pid) / "status").read_text(encoding="ascii")
    found = _ANONYMOUS.search(status)
    if found is None:
        raise OSError(f"process {pid} tells no RssAnon")
    return int(found[1]) / 1024


def _stat(pid: int) -> list[str]:
    """Fields of stat after the command's name, which may hold spaces: `state` first."""
    text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    return text.rpartition(")")[2].split()


def _children(parent: int) -> list[int]:
    found = []
    for folder in _PROC.iterdir():
        try:
            if folder.name.isdigit() and int(_stat(int(folder.name))[1]) == parent:
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
