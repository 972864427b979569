"""Progress bars of long commands."""

from typing import Any

from socle.app.commands.support import err


class Progress:
    """Progress bars on a terminal; nothing elsewhere."""

    def __enter__(self) -> "Progress":
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=err,
        )
        self._tasks: dict[str, Any] = {}
        if err.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Stopped where nothing was begun, it would still print an empty line.
        if err.is_terminal:
            self._bars.stop()

    def tell(self, event: dict[str, Any]) -> None:
        stage = event.get("stage")
        if stage is None:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=event["total"])
        self._bars.update(self._tasks[stage], completed=event["done"], total=event["total"])

    def watch(self, stage: str, done: int, total: int) -> None:
        self.tell({"stage": stage, "done": done, "total": total})
