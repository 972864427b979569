"""Migrations of tables that each engine wants in its own SQL. Imported by migrations alone: it needs Django."""

from typing import Protocol

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps


class Ddl(Protocol):
    """A service's `ddl` module."""

    def statements(self, engine: str) -> list[str]: ...

    def drop_statements(self) -> list[str]: ...


def created(ddl: Ddl) -> RunPython:
    """The step of a first migration that creates the tables of `ddl`, and drops them when it is taken back."""

    def create(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in ddl.statements(editor.connection.vendor):
            editor.execute(statement)

    def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in ddl.drop_statements():
            editor.execute(statement)

    return RunPython(create, drop)
