"""Signed notes and checkpoints: texts that a person can print and a program can check (C2SP signed-note,
tlog-checkpoint).

A note is lines of text, an empty line, then one line a signature: `— NAME BASE64`, where the base64 holds four bytes
that name the key and 64 bytes of Ed25519 over the text. Whoever reads ignores the signatures of keys it does not know.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ED25519 = b"\x01"
_KEY_BYTES, _SIGNATURE_BYTES, _ID_BYTES = 32, 64, 4
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_DECIMAL = re.compile(r"0|[1-9][0-9]*")


class NoteFault(ValueError):
    """A text that is not a signed note, or not a checkpoint; the message says what was met."""


@dataclass(frozen=True, slots=True)
class NoteKey:
    """Whose signature: `name` without space nor plus sign, and the 32 bytes of an Ed25519 public key."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise NoteFault(f"the key name {self.name!r} is empty, or holds a space or a plus sign")
        if len(self.public) != _KEY_BYTES:
            raise NoteFault(f"a key of {len(self.public)} bytes; expected {_KEY_BYTES}")

    @property
    def id(self) -> bytes:
        """Four bytes of SHA-256 over name, line feed, algorithm and key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    @property
    def line(self) -> str:
        """The key as one holds it to check notes: `NAME+ID+KEY`."""
        encoded = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    def signs(self, note: "Note") -> bool:
        """Whether this key signed the note, whatever else the note carries."""
        given = [one.value for one in note.signatures if one.name == self.name and one.key == self.id]
        return bool(given) and all(self._verifies(value, note.text.encode()) for value in given)

    def _verifies(self, signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """`text` ends with a line feed, which is signed with it."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How a tree stood: `origin` names it, `root` covers its first `size` leaves; `extensions` are further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_key(line: str) -> NoteKey:
    """The key of a line `NAME+ID+KEY`. Raises NoteFault when the parts disagree."""
    name, _, rest = line.strip().partition("+")
    told, _, encoded = rest.partition("+")
    held = _base64(encoded)
    if held[:1] != _ED25519:
        raise NoteFault(f"the key of {name!r} is not an Ed25519 one")
    key = NoteKey(name, held[1:])
    if key.id.hex() != told:
        raise NoteFault(f"the key of {name!r} calls itself {told}; its bytes say {key.id.hex()}")
    return key


def sign(text: str, key: NoteKey, signer: Callable[[bytes], bytes]) -> str:
    """The note of `text`, signed: `signer` gives 64 bytes of Ed25519 over what it is given."""
    _check_text(text)
    encoded = base64.b64encode(key.id + signer(text.encode())).decode()
    return f"{text}\n— {key.name} {encoded}\n"


def parse(note: str) -> Note:
    """Raises NoteFault when it is not a signed note, or none of its signatures is an Ed25519 one."""
    text, found, signed = note.rpartition("\n\n")
    text += "\n"
    if not found or not signed.endswith("\n"):
        raise NoteFault("no signature after an empty line")
    _check_text(text)
    signatures = [_signature(line) for line in signed.removesuffix("\n").split("\n")]
    return Note(text, tuple(one for one in signatures if len(one.value) == _SIGNATURE_BYTES))


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text holds. Raises NoteFault."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise NoteFault("a checkpoint has at least three lines, none of them empty")
    origin, size, encoded, *extensions = lines
    if not _DECIMAL.fullmatch(size):
        raise NoteFault(f"the size {size!r} is not a decimal number")
    root = _base64(encoded)
    if len(root) != sha256().digest_size:
        raise NoteFault(f"a root of {len(root)} bytes; expected 32")
    return Checkpoint(origin, int(size), root, tuple(extensions))


def signing(note: Note, keys: Sequence[NoteKey]) -> NoteKey | None:
    """The first of these keys that signed the note; None when none did."""
    return next((key for key in keys if key.signs(note)), None)


def _signature(line: str) -> Signature:
    met = _SIGNATURE.fullmatch(line)
    if met is None:
        raise NoteFault(f"not a signature line: {line[:80]!r}")
    held = _base64(met[2])
    if len(held) <= _ID_BYTES:
        raise NoteFault(f"a signature of {len(held)} bytes")
    return Signature(met[1], held[:_ID_BYTES], held[_ID_BYTES:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or text == "\n":
        raise NoteFault("the text of a note is lines, each ended by a line feed")
    if _CONTROL.search(text):
        raise NoteFault("the text of a note holds a control character")


def _base64(encoded: str) -> bytes:
    """Strict base64: one text for each value."""
    try:
        held = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteFault(f"not base64: {encoded[:80]!r}") from None
    if base64.b64encode(held).decode() != encoded:
        raise NoteFault(f"base64 with idle bits: {encoded[:80]!r}")
    return held
