"""Notes and checkpoints: what is written is read back, what is changed is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.signed_note import (
    Checkpoint,
    NoteFault,
    NoteKey,
    parse,
    parse_checkpoint,
    parse_key,
    sign,
    signing,
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = NoteKey("socle.example/trail", PRIVATE.public_key().public_bytes_raw())
OTHER = NoteKey(
    "socle.example/trail", Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
)

# The key and the note that the specification gives as an example (C2SP signed-note, "Verifier keys" and "Example").
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LINES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30)


def test_the_published_example_verifies() -> None:
    key = parse_key(PUBLISHED_KEY)
    assert key.line == PUBLISHED_KEY
    assert key.signs(parse(PUBLISHED_NOTE))
    assert not key.signs(parse(PUBLISHED_NOTE.replace("answer", "Answer")))


@given(st.lists(LINES, min_size=1, max_size=5))
def test_what_is_signed_is_read_back(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    note = parse(sign(text, KEY, PRIVATE.sign))
    assert note.text == text
    assert signing(note, [OTHER, KEY]) == KEY
    assert signing(note, [OTHER]) is None


@given(st.integers(0), st.binary(min_size=32, max_size=32), st.lists(LINES, max_size=2))
def test_a_checkpoint_is_read_back(size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint("socle.example/trail", size, root, tuple(extensions))
    assert parse_checkpoint(checkpoint.text) == checkpoint


@given(st.data())
def test_a_flipped_byte_is_found(data: st.DataObject) -> None:
    signed = sign(Checkpoint("socle.example/trail", 7, bytes(32)).text, KEY, PRIVATE.sign).encode()
    at, bit = data.draw(st.integers(0, len(signed) - 1)), data.draw(st.integers(0, 7))
    changed = signed[:at] + bytes([signed[at] ^ 1 << bit]) + signed[at + 1 :]
    try:
        note = parse(changed.decode())
    except (NoteFault, UnicodeDecodeError):
        return
    assert not KEY.signs(note)


def test_a_second_signature_of_somebody_else_does_no_harm() -> None:
    signed = sign("text\n", KEY, PRIVATE.sign)
    witness = base64.b64encode(b"idid" + bytes(72)).decode()
    note = parse(f"{signed}— witness.example {witness}\n")
    assert KEY.signs(note)
    assert [one.name for one in note.signatures] == [KEY.name]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— na me AAAAAAAA\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAA\n",
        "te\x07xt\n\n— name AAAAAAAA\n",
    ],
)
def test_what_is_not_a_note_is_refused(note: str) -> None:
    with pytest.raises(NoteFault):
        parse(note)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n01\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n-1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n1\n" + base64.b64encode(bytes(31)).decode() + "\n",
        "origin\n1\n" + base64.b64encode(bytes(32)).decode(),
        "\n1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n1\nAAAA!\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteFault):
        parse_checkpoint(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_key_has_a_name_that_a_line_can_hold(name: str) -> None:
    with pytest.raises(NoteFault):
        NoteKey(name, bytes(32))


@pytest.mark.parametrize("line", [KEY.line.replace("socle", "cycle"), "name+00000000+AAAA", "name"])
def test_a_key_whose_parts_disagree_is_refused(line: str) -> None:
    with pytest.raises(NoteFault):
        parse_key(line)
