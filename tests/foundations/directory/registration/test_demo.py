"""The demonstration: somebody at each point of the way, and what an operator sees of them at the terminal."""

import os
from pathlib import Path

from socle.foundations.directory.demo import VILLAGE, write_territory
from socle.foundations.directory.demo.registrations import HOSPITAL, PEOPLE, register_people
from socle.foundations.directory.loading.load import load_files
from socle.foundations.directory.registration import records
from socle.foundations.directory.registration.states import State
from socle.kernel.db import Database
from tests.foundations.directory.registration.house import work
from tests.support.command_line import socle
from tests.support.databases import SqliteTemplate

# Where the secret is under which this process has sealed.
HOME = Path(os.environ["SOCLE_HOME"])


def test_every_state_has_somebody(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with sqlite_template.fresh(tmp_path) as url:
        db = Database(url)
        load_files(db, write_territory(tmp_path, VILLAGE).files, rejects=tmp_path)
        assert register_people(db) == len(PEOPLE)
        work(db)
        with db.reading() as session:
            found = records.overview(session, structure=HOSPITAL)
        db.close()
        assert {one.state for one in found} == set(State) - {State.VALIDATED, State.ABANDONED}

        listed = socle(
            "directory", "registrations", "list", "--state", "published", home=HOME, SOCLE_DATABASE=url
        )
        assert listed.returncode == 0, listed.stderr
        assert [one.id for one in found if one.id in listed.stdout] == [
            one.id for one in found if one.state == State.PUBLISHED
        ]
        assert not [someone for someone in PEOPLE if someone.birth_name in listed.stdout]
        day = socle("directory", "registrations", "close-ended", home=HOME, SOCLE_DATABASE=url)
        assert [int(line.split()[0]) for line in day.stdout.splitlines()] == [0, 0, 0, 0, 0]
        waiting = next(one.id for one in found if one.state == State.DECLARED)
        code = socle("directory", "registrations", "code", waiting, home=HOME, SOCLE_DATABASE=url)
        assert code.stdout.strip().isdecimal()
        done = next(one.id for one in found if one.state == State.PUBLISHED)
        assert (
            socle("directory", "registrations", "code", done, home=HOME, SOCLE_DATABASE=url).returncode == 2
        )
