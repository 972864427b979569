"""How a message becomes bytes: as a relay takes them, with the addresses that programs follow written whole.

Python's folding writes a long value without a space as an encoded word, which RFC 2047 §5 allows in text only: a mail
program that looks for `List-Unsubscribe: <https://…>` (RFC 2369 §2) would find nothing to follow.
"""

from email.policy import EmailPolicy

_FOLLOWED = "list-unsubscribe"
# RFC 5322 §2.1.1, without the end of the line.
LONGEST_LINE = 998


class _Followed(EmailPolicy):
    def fold(self, name: str, value: str) -> str:
        return _line(name, value) if name.lower() == _FOLLOWED else str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == _FOLLOWED:
            return _line(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


def _line(name: str, value: str) -> str:
    return f"{name}: {value}\r\n"


# Relays are not all bound to take eight bits (RFC 6152).
MAIL = _Followed(linesep="\r\n", cte_type="7bit")
MAIL_UTF8 = MAIL.clone(utf8=True)
"""For addresses that only a relay with SMTPUTF8 takes (RFC 6531)."""


def is_followed(address: str) -> bool:
    """Whether this address fits the line of its header, which is not folded."""
    return address.isascii() and len(f"{_FOLLOWED}: <{address}>") <= LONGEST_LINE
