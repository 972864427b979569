"""No column says something of a person without its manifest saying so (GDPR art. 30)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from socle.app.manifests import house
from socle.app.privacy import erasers, retentions
from socle.kernel.manifest import load_attribute

COLUMN = re.compile(r"^[a-z0-9_]+\.[a-z0-9_]+$")
# Numbers that point at a person, moments in microseconds among them, are found by a column of the same table that is
# none. Every other type of column is declared, those that no service has yet (dates, addresses of machines) too.
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField, models.BooleanField)
pytestmark = pytest.mark.usefixtures("pages")


def says_something(field: "models.Field[Any, Any]") -> bool:
    return not isinstance(field, NUMBERS)


def columns() -> set[str]:
    """The columns of every model that are not numbers."""
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if says_something(field)
    }


def every_column() -> set[str]:
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if field.column
    }


def personal() -> Iterator[str]:
    for manifest in house():
        for declared in manifest.personal_data:
            yield from (one.strip() for one in declared.where.split(",") if COLUMN.match(one.strip()))


def impersonal() -> list[str]:
    return [column for manifest in house() for column in manifest.impersonal]


def test_every_column_is_declared_personal_or_impersonal() -> None:
    undeclared = columns() - {*personal(), *impersonal()}
    assert not undeclared, "\n".join(sorted(undeclared))


@pytest.mark.parametrize(
    "kind",
    [
        models.CharField,
        models.BinaryField,
        models.DateField,
        models.DateTimeField,
        models.TimeField,
        models.DurationField,
        models.JSONField,
        models.UUIDField,
        models.GenericIPAddressField,
        models.FileField,
    ],
)
def test_a_column_of_any_type_but_a_number_must_be_declared(kind: "type[models.Field[Any, Any]]") -> None:
    """The birth date of a person is such a column, in a service that has one."""
    assert says_something(kind())


def test_no_column_is_declared_both() -> None:
    assert not set(personal()) & set(impersonal())


def test_what_is_declared_exists() -> None:
    strays = {*personal(), *impersonal()} - every_column()
    assert not strays, "\n".join(sorted(strays))


def test_what_manifests_name_can_be_called() -> None:
    hooks = [path for manifest in house() for path in (manifest.export, manifest.erase) if path]
    assert all(callable(load_attribute(path)) for path in hooks)
    assert len(erasers()) == len([manifest for manifest in house() if manifest.erase])
    assert all(callable(rule.purge) for rule in retentions())


def test_what_is_exported_can_be_erased() -> None:
    """A service that holds something of a person by their identifier can give it, and take it away."""
    halves = [manifest.name for manifest in house() if bool(manifest.export) != bool(manifest.erase)]
    assert not halves


def test_what_stays_after_an_erasure_has_its_ground() -> None:
    """A datum goes by its service's part in erasures or with the person's key; any other says why it stays."""
    unsaid = [
        f"{manifest.name}: {one.where}"
        for manifest in house()
        for one in manifest.personal_data
        if one.kept_because is None and not one.by_kernel and not manifest.erase
    ]
    assert not unsaid, "\n".join(unsaid)
