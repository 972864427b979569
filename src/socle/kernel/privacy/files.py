"""The file that answers a request of access: what is known of it, without what it holds."""

from dataclasses import dataclass

from socle.kernel.db import Session


@dataclass(frozen=True, slots=True)
class File:
    """Moments in microseconds. `there`: neither taken, nor discarded, nor forgotten in time;
    `taken`: when one that was made for this request was last taken."""

    request: str
    subject: str
    there: bool
    made: int
    expires: int
    taken: int | None


def file_of(session: Session, request: str) -> File | None:
    row = session.fetch_one(
        "SELECT request, subject, sealed IS NOT NULL, made, expires, taken FROM privacy_file WHERE request = ?1",
        request,
    )
    return File(row[0], row[1], bool(row[2]), row[3], row[4], row[5]) if row else None


def place(request: str) -> str:
    """Where the sealed bytes are kept."""
    return f"privacy_file:{request}"
