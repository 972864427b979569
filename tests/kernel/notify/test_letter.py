"""What a mail says, in both languages and in both forms, and what no header of it ever carries."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.errors import SocleError
from socle.kernel.notify.kinds import CATALOGUE, Channel
from socle.kernel.notify.mail.letter import Letter, Passage, html, message
from socle.kernel.notify.manifest import MANIFEST
from socle.kernel.notify.unsubscribing import link, read_link
from socle.kernel.notify.wording import told
from socle.kernel.outbox.heard import Hopeless

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SENDER = Address("Socle", addr_spec="socle@exemple.test")
SAMPLE = {
    "role": "access-manager",
    "structure": "690900006",
    "until": "2026-12-01",
    "due": "2026-08-31",
    "factor": "recovery",
    "reason": "unconfirmed",
    "right": "erasure",
    "listener": "projection",
    "problem": "status-500",
    "job": "tests.work",
    "request": "0123456789abcdef",
}
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version"),
    *("Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"),
}


def sent(letter: Letter, to: str = "lea@exemple.test") -> bytes:
    return message(letter, id="0123456789abcdef", at=AT, sender=SENDER, to=to).as_bytes()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("code", MANIFEST.notices)
def test_every_kind_says_a_whole_sentence_in_both_languages(code: str, lang: str) -> None:
    kind = CATALOGUE[code]
    said = told(code, {name: SAMPLE[name] for name in kind.members}, lang)
    assert said.link.startswith("/")
    assert said.text.endswith(".")
    assert not any(mark in said.title + said.text for mark in "{}")
    codes = {SAMPLE[name] for name in ("role", "until", "due", "reason", "problem")}
    assert not [one for one in codes if one in said.title + said.text], "codes are told in words"
    assert ("structure" in kind.members) is ("690900006" in said.text)
    assert told(code, {name: SAMPLE[name] for name in kind.members}, "en" if lang == "fr" else "fr") != said


def test_days_are_said_as_people_say_them() -> None:
    data = {"role": "auditor", "structure": "", "until": "2026-12-01"}
    assert "jusqu’au 1ᵉʳ décembre 2026 compris" in told("role.delegation-received", data, "fr").text
    assert "including 1 December 2026." in told("role.delegation-received", data, "en").text


def test_a_kind_that_is_gone_is_still_shown() -> None:
    assert told("removed.kind", {"any": "thing"}, "fr").title == "removed.kind"


def test_a_mail_says_what_it_is_and_how_to_stop_it() -> None:
    letter = Letter(
        *(
            "fr",
            "Un rôle vous est confié",
            [Passage("Un rôle", "Vous tenez <b> & c.", "https://s.test/x?a=1&b=2", "Ouvrir")],
        ),
        preferences="https://s.test/preferences",
        unsubscribe="https://s.test/stop?jeton=" + "a" * 300,
    )
    written = sent(letter)
    assert b"\r\nList-Unsubscribe: <https://s.test/stop?jeton=" + b"a" * 300 + b">\r\n" in written
    read = message_from_bytes(written, policy=default)
    assert set(read.keys()) == HEADERS
    assert (read["Subject"], read["Auto-Submitted"]) == ("Un rôle vous est confié", "auto-generated")
    assert read["Message-ID"] == "<0123456789abcdef@exemple.test>"
    assert read["List-Unsubscribe"] == f"<{letter.unsubscribe}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in read.walk()] == [
        *("multipart/alternative", "text/plain", "text/html"),
    ]
    plain, rich = (part.get_content() for part in read.iter_parts())
    assert "Vous tenez <b> & c." in plain
    assert "Ouvrir : https://s.test/x?a=1&b=2" in plain.replace("\u00a0", " ")
    assert "Vous tenez &lt;b&gt; &amp; c." in rich


@pytest.mark.parametrize("address", ["https://s.test/?jeton=" + "a" * 990, "https://été.test/stop"])
def test_an_address_that_no_line_carries_is_in_the_mail_only(address: str) -> None:
    written = sent(Letter("fr", "Essai", [], unsubscribe=address))
    read = message_from_bytes(written, policy=default)
    assert read["List-Unsubscribe"] is read["List-Unsubscribe-Post"] is None
    assert address in html(Letter("fr", "Essai", [], unsubscribe=address))
    assert max(map(len, written.splitlines())) <= 998


def test_what_nobody_turns_off_names_no_way_to() -> None:
    read = message_from_bytes(sent(Letter("fr", "Mot de passe changé", [])), policy=default)
    assert read["List-Unsubscribe"] is None


class Tags(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@given(title=st.text(max_size=40), text=st.text(max_size=80), label=st.text(max_size=20))
def test_nothing_that_is_said_becomes_markup(title: str, text: str, label: str) -> None:
    letter = Letter("fr", title, [Passage(title, text, "https://s.test/'><script>", label)])
    plain = Letter("fr", "a", [Passage("a", "a", "https://s.test/", "a")])
    assert Tags(html(letter)).tags == Tags(html(plain)).tags


LINES = st.text(alphabet=st.sampled_from('ab@.<>,;:"\\ \r\n\t\0é\u2028\x85()'), max_size=30)


@given(to=LINES, subject=LINES)
def test_no_address_and_no_subject_adds_a_header_or_a_reader(to: str, subject: str) -> None:
    """Whatever is given: one reader, the headers that are ours, or a refusal."""
    try:
        written = sent(Letter("fr", subject, []), to)
    except Hopeless:
        return
    read = message_from_bytes(written, policy=default)
    assert set(read.keys()) == HEADERS - {"List-Unsubscribe", "List-Unsubscribe-Post"}
    assert len(read["To"].addresses) == 1


@pytest.mark.parametrize(
    "to", ["", "lea", "@exemple.test", "lea@", "a@b\r\nBcc: c@d", "a@b\nX: y", "lea@ex\r\n.test"]
)
def test_what_is_no_address_is_refused_for_good(to: str) -> None:
    with pytest.raises(Hopeless):
        sent(Letter("fr", "Essai", []), to)


def test_a_link_says_what_it_stops_and_holds_for_nothing_else() -> None:
    path, _, token = link(
        "0123456789abcdef", Channel.MAIL, ["role.received", "role.received", "review.due"]
    ).partition("?jeton=")
    assert path == "/notifications/desabonnement"
    read = read_link(token)
    assert (read.account, read.channel) == ("0123456789abcdef", Channel.MAIL)
    assert read.kinds == ("review.due", "role.received")
    for place in range(len(token)):
        changed = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        with pytest.raises(SocleError):
            read_link(changed)


@given(st.text(max_size=60))
def test_a_link_of_another_making_is_refused(token: str) -> None:
    with pytest.raises(SocleError):
        read_link(token)
