"""A mail as it is written: the same words as plain text and as simple HTML (RFC 2046 §5.1.4), headers that say what it
is (RFC 3834 §5, RFC 8058), and nothing in a header that was not checked.

Pure: values in, a message out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from socle.kernel.manifest import Text
from socle.kernel.notify.faults import MAIL_REFUSED
from socle.kernel.notify.mail.policy import MAIL, is_followed
from socle.kernel.outbox.heard import Hopeless

_PREFERENCES = Text("Choisir ce qui m’est envoyé", "Choose what is sent to me")
_UNSUBSCRIBE = Text("Ne plus recevoir ces courriels", "Stop these mails")
_AUTOMATIC = Text(
    "Ce courriel est envoyé automatiquement par Socle ; n’y répondez pas.",
    "This mail is sent by Socle automatically; do not answer it.",
)
_DEMONSTRATION = Text(
    "Démonstration : ceci n’est pas un service de l’État.",
    "Demonstration: this is not a service of the State.",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, what it says, and where to go on; `link` is a whole address, or empty."""

    title: str
    text: str
    link: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says. `preferences` and `unsubscribe` are whole addresses, or empty."""

    lang: str
    subject: str
    passages: Sequence[Passage]
    preferences: str = ""
    unsubscribe: str = ""
    demonstration: bool = False

    @property
    def foot(self) -> list[tuple[str, str]]:
        """(words, address), the address empty for words alone."""
        found = [(_AUTOMATIC.of(self.lang), "")]
        if self.demonstration:
            found.append((_DEMONSTRATION.of(self.lang), ""))
        if self.preferences:
            found.append((_PREFERENCES.of(self.lang), self.preferences))
        if self.unsubscribe:
            found.append((_UNSUBSCRIBE.of(self.lang), self.unsubscribe))
        return found


def message(letter: Letter, *, id: str, at: datetime, sender: Address, to: str) -> EmailMessage:
    """The message; `id` is the same for each try, so that a repetition is told (RFC 5322 §3.6.4).

    Raises Hopeless(MAIL_REFUSED) for an address that no header can carry.
    """
    made = EmailMessage(policy=MAIL)
    try:
        made["From"] = sender
        made["To"] = _reader(to)
        made["Subject"] = letter.subject
    except ValueError:
        # Also for a line break, by which a header would be added.
        raise Hopeless(MAIL_REFUSED, status=553, stage="To") from None
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{id}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe and is_followed(letter.unsubscribe):
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(plain(letter))
    made.add_alternative(html(letter), subtype="html")
    # What is said of the content before it is there goes to its first part.
    made["Content-Language"] = letter.lang
    # So that each try sends the same bytes.
    made.set_boundary(f"socle-{id}")
    return made


def _reader(to: str) -> Address:
    """One mailbox. Raises ValueError."""
    local, _, domain = to.rpartition("@")
    if not local or not domain or not to.isprintable():
        raise ValueError("not a mailbox")
    return Address(username=local, domain=domain)


def plain(letter: Letter) -> str:
    parts = []
    for one in letter.passages:
        parts += [one.title, one.text, f"{one.label}\u00a0: {one.link}" if one.link else ""]
    foot = [f"{words}\u00a0: {link}" if link else words for words, link in letter.foot]
    return "\n\n".join([*(part for part in parts if part), "-- \n" + "\n".join(foot)]) + "\n"


def html(letter: Letter) -> str:
    """Simple enough for every reader: no style that matters, no picture, nothing fetched."""
    body = "".join(
        f"<h1 style='font-size:1.2em'>{escape(one.title)}</h1><p>{escape(one.text)}</p>"
        + (f"<p><a href='{escape(one.link)}'>{escape(one.label)}</a></p>" if one.link else "")
        for one in letter.passages
    )
    foot = "<br>".join(
        f"<a href='{escape(link)}'>{escape(words)}</a>" if link else escape(words)
        for words, link in letter.foot
    )
    return (
        f"<!doctype html><html lang='{letter.lang}'><head><meta charset='utf-8'>"
        f"<title>{escape(letter.subject)}</title></head><body>{body}<hr><p><small>{foot}</small></p></body></html>\n"
    )
