"""How a load tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""(done, total) of one stage, in the stage's own unit."""

Watcher = Callable[[str, int, int], None]
"""(stage, done, total)."""
