"""What every test may count on: a closed network, a home of its own, a database on each engine.

`database_url` runs the test once on SQLite and once on PostgreSQL; both start migrated and empty. Tests of
the tiers that `make test` leaves out say so by a marker, and their skip says which command runs them.
"""

import os
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from socle.kernel.db import Database
from tests.support import postgres
from tests.support.databases import PostgresqlTemplate, SqliteTemplate
from tests.support.network import close_network
from tests.support.room import choose_room
from tests.support.rounds import SOAK_ROUNDS, rounds

CONFORMANCE = "SOCLE_CONFORMANCE_DATA"
CHOSEN = (CONFORMANCE, SOAK_ROUNDS)
TIERS = {
    "conformance": f"needs {CONFORMANCE}=<folder>: make conformance",
    "interop": "foreign clients are another tier: make interop",
    "soak": "long loops are another tier: make soak",
}
ENGINES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
]

# So that the long oracle takes about as long as the other loops of its tier.
HISTORIES_A_ROUND = 20

hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=HISTORIES_A_ROUND * rounds())


def pytest_configure(config: pytest.Config) -> None:
    close_network()
    choose_room()
    _forget_installation(config)
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def _forget_installation(config: pytest.Config) -> None:
    """Nothing of the developer's own installation reaches a test, and no test reaches it."""
    for name in [name for name in os.environ if name.startswith("SOCLE_") and name not in CHOSEN]:
        del os.environ[name]
    home = tempfile.TemporaryDirectory(prefix="socle-home-")
    config.add_cleanup(home.cleanup)
    os.environ["SOCLE_HOME"] = home.name


def pytest_report_header() -> str:
    try:
        server = str(postgres.binaries())
    except postgres.PostgresqlUnavailable as missing:
        server = str(missing)
    return f"engines: SQLite {sqlite3.sqlite_version}; PostgreSQL from {server}; files in {tempfile.gettempdir()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, with the command that runs them, the tests of a tier that was not asked for."""
    chosen = config.option.markexpr
    if os.environ.get(CONFORMANCE):
        chosen += " conformance"
    skips = {tier: pytest.mark.skip(reason=why) for tier, why in TIERS.items() if tier not in chosen}
    for item in items:
        for tier in skips.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(skips[tier])


def _ran(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    return [report for outcome in ("passed", "failed", "error") for report in reporter.getreports(outcome)]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A tier asked for by its name, of which nothing ran, is a failure: a skip shows nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    asked = session.config.option.markexpr in TIERS and not session.config.option.collectonly
    if asked and exitstatus == pytest.ExitCode.OK and reporter and not _ran(reporter):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tier = config.option.markexpr
    ran = _ran(terminalreporter)
    if tier in TIERS and not ran:
        terminalreporter.section(f"{tier}: nothing ran, which shows nothing; the reasons are above", red=True)
    elif tier == "conformance":
        _tell_scores(terminalreporter, ran)
    elif tier == "soak":
        _tell_loops(terminalreporter, ran)


def _tell_scores(reporter: pytest.TerminalReporter, ran: list[pytest.TestReport]) -> None:
    """The score of each conformance suite: a suite is a test module, and a case one of its tests."""
    suites: dict[str, list[bool]] = defaultdict(list)
    for report in ran:
        suites[report.nodeid.partition("::")[0]].append(report.outcome == "passed")
    reporter.section("conformance scores")
    for suite, verdicts in sorted(suites.items()):
        reporter.line(f"{sum(verdicts):>6} / {len(verdicts):<6} {suite}")


def _tell_loops(reporter: pytest.TerminalReporter, ran: list[pytest.TestReport]) -> None:
    """What each long loop did, in a line: a test says it by `record_property("did", …)`."""
    reporter.section("loops")
    for report in ran:
        did = ", ".join(str(value) for name, value in report.user_properties if name == "did")
        reporter.line(
            f"{report.outcome:<7} {report.duration:>6.0f} s  {report.nodeid.rpartition('::')[2]}: {did}"
        )


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgres.Server]:
    """A throw-away PostgreSQL server, volatile: what it holds does not survive a crash, nor the session."""
    try:
        with postgres.running() as server:
            yield server
    except postgres.PostgresqlUnavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> PostgresqlTemplate:
    return PostgresqlTemplate(postgresql_server, tmp_path_factory.mktemp("postgresql"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine that the test runs on."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database that belongs to this test."""
    template: SqliteTemplate | PostgresqlTemplate = request.getfixturevalue(f"{engine}_template")
    with template.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same database, opened as the product opens it and closed after the test."""
    opened = Database(database_url)
    yield opened
    opened.close()
