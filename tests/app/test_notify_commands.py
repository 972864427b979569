"""`socle notify`, and invitations that are mailed: as a person types them."""

import re
from pathlib import Path

import pytest

from socle.kernel.notify.faults import MAIL_REFUSED
from tests.support.command_line import socle
from tests.support.databases import migrate
from tests.support.mail_relay import MailRelay


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with an empty, migrated database."""
    migrate(f"sqlite:///{tmp_path / 'socle.sqlite3'}", tmp_path)
    return tmp_path


def test_one_learns_whether_mails_leave(home: Path) -> None:
    with MailRelay().listening() as relay:
        there = {
            "SOCLE_MAIL_RELAY": f"smtp://127.0.0.1:{relay.port}?starttls=no",
            "SOCLE_MAIL_FROM": "Socle <socle@exemple.test>",
        }
        status = socle("notify", "status", home=home, **there)
        assert f"127.0.0.1:{relay.port}" in status.stdout
        assert "0 en attente / waiting · 0 envoyés / sent" in status.stdout
        done = socle("notify", "test", "lea@exemple.test", home=home, **there)
        assert (done.returncode, "250 2.0.0 queued as 1" in done.stdout) == (0, True), done.stderr
        relay.answers["RCPT"] = "550 5.1.1 unknown"
        refused = socle("notify", "test", "lea@exemple.test", home=home, **there)
        assert (refused.returncode, MAIL_REFUSED.code in refused.stderr) == (2, True)
        assert "Traceback" not in refused.stderr
    (taken,) = relay.taken
    assert (taken.to, taken.message["From"]) == ("lea@exemple.test", "Socle <socle@exemple.test>")


def test_who_invites_with_a_relay_sees_the_link_on_asking_only(home: Path) -> None:
    there = {"SOCLE_MAIL_RELAY": "smtp://127.0.0.1:25?starttls=no"}
    link = re.compile(r"/compte/invitation\?jeton=[\w-]{43}")
    mailed = socle("admin", "invite", "lea@exemple.test", home=home, **there)
    assert (mailed.returncode, link.search(mailed.stdout)) == (0, None)
    assert "--show-link" in mailed.stdout
    assert link.search(socle("admin", "invite", "lea@exemple.test", "--show-link", home=home, **there).stdout)
