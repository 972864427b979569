"""What the audit trail is told of a load: its decision and the digests of its files, never its lines."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

from socle.kernel.audit.actions import Kind, action

REFUSED = action(
    "directory.load-refused",
    Kind.EXECUTE,
    "Chargement de l’annuaire refusé",
    "Load of the directory refused",
)


def digests(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file that can be read, under the number of its place in the load."""
    found = {}
    for place, path in enumerate(paths, 1):
        with suppress(OSError), path.open("rb") as file:
            found[f"sha256_{place}"] = file_digest(file, "sha256").hexdigest()
    return found
