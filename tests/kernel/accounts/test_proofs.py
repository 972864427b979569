"""Passwords, codes and recovery codes by themselves."""

import base64
import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.accounts import passwords, tokens, totp
from socle.kernel.accounts.faults import PASSWORD_KNOWN, PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT
from socle.kernel.accounts.personal import read_email
from socle.kernel.errors import ErrorKind, SocleError

# RFC 6238, appendix B, SHA-1: the seconds since 1970 and the last six of the eight digits printed there.
RFC_SECRET = b"12345678901234567890"
RFC_CODES = {
    59: "287082",
    1_111_111_109: "081804",
    1_111_111_111: "050471",
    1_234_567_890: "005924",
    2_000_000_000: "279037",
    20_000_000_000: "353130",
}
MICROS = 1_000_000
moments = st.integers(0, 4_000_000_000).map(lambda seconds: seconds * MICROS)


@pytest.mark.parametrize(("second", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert totp.code(RFC_SECRET, totp.step_at(second * MICROS)) == code
    assert totp.matching_step(RFC_SECRET, code, micros=second * MICROS, after=0) == second // 30


@given(moments, st.integers(-4, 4), st.integers(-4, 4))
def test_a_code_counts_one_step_around_now_and_after_the_last_used(
    micros: int, distance: int, last: int
) -> None:
    now = totp.step_at(micros) + 10
    moment = now * totp.STEP_SECONDS * MICROS
    received = totp.code(RFC_SECRET, now + distance)
    found = totp.matching_step(RFC_SECRET, received, micros=moment, after=now + last)
    near = [step for step in range(now - 1, now + 2) if totp.code(RFC_SECRET, step) == received]
    assert found == next((step for step in near if step > now + last), None)


@given(st.text(max_size=20))
def test_anything_may_be_typed_as_a_code(received: str) -> None:
    found = totp.matching_step(RFC_SECRET, received, micros=59 * MICROS, after=0)
    assert (found is not None) == ("".join(received.split()) in {totp.code(RFC_SECRET, n) for n in (1, 2)})


def test_the_address_in_the_drawing_holds_the_secret_as_it_is_typed() -> None:
    address = urlsplit(totp.address(RFC_SECRET, issuer="Socle", account="nora@exemple.test"))
    said = parse_qs(address.query)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Socle:nora@exemple.test")
    assert said["secret"] == [totp.typed(RFC_SECRET).replace(" ", "")]
    assert base64.b32decode(said["secret"][0]) == RFC_SECRET


def test_secrets_are_as_long_as_recommended_and_never_the_same() -> None:
    assert len({totp.new_secret() for _ in range(50)}) == 50
    assert len(totp.new_secret()) == 20


@pytest.mark.parametrize(
    ("password", "kind"),
    [
        ("elevenchars", PASSWORD_TOO_SHORT),
        ("x" * 257, PASSWORD_TOO_LONG),
        ("Motdepasse2026!", PASSWORD_KNOWN),
        ("azertyuiop123456", PASSWORD_KNOWN),
        ("aaaaaaaaaaaaaaaa", PASSWORD_KNOWN),
        ("1234567890123", PASSWORD_KNOWN),
        ("football-football", PASSWORD_KNOWN),
        ("Annuaire-santé 2026", PASSWORD_KNOWN),
        ("nora@exemple.test", PASSWORD_KNOWN),
        ("Nora Exemple 42", PASSWORD_KNOWN),
    ],
)
def test_weak_passwords_are_refused(password: str, kind: ErrorKind) -> None:
    with pytest.raises(SocleError) as told:
        passwords.check(password, email="nora@exemple.test", name="Nora Exemple")
    assert told.value.kind is kind


@pytest.mark.parametrize(
    "password",
    ["quatre loutres sous la pluie", "x9$Lr2#vQ8!p", "пароль из четырёх слов", "   douze  espaces "],
)
def test_no_rule_of_composition(password: str) -> None:
    stored = passwords.hashed(password)
    passwords.check(password, email="nora@exemple.test", name="Nora Exemple")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, password)
    assert passwords.matches(stored, unicodedata.normalize("NFD", password))
    assert not passwords.matches(stored, password + "x")


def test_the_cost_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9106 §4, second recommended option: 64 MiB, three passes, four lanes."""
    monkeypatch.undo()
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", passwords.hashed("quatre loutres"))


def test_without_an_account_no_password_is_right() -> None:
    assert not passwords.matches(None, "nobody’s password")


@pytest.mark.parametrize("stored", ["", "$argon2id$", "plain", "$argon2id$v=19$m=8,t=1,p=1$abc$def"])
def test_a_damaged_hash_is_no_password(stored: str) -> None:
    assert not passwords.matches(stored, "quatre loutres")


def test_recovery_codes_hold_120_bits_each() -> None:
    codes = tokens.new_recovery_codes()
    assert len(set(codes)) == tokens.RECOVERY_CODES
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){5}", code) for code in codes)


@given(st.lists(st.sampled_from([" ", "-", ""]), min_size=29, max_size=29), st.booleans())
def test_a_recovery_code_is_read_however_it_is_spaced(spaces: list[str], upper: bool) -> None:
    code = tokens.new_recovery_codes()[0]
    typed = "".join(map("".join, zip(code, spaces, strict=True)))
    assert tokens.recovery_digest(typed.upper() if upper else typed) == tokens.digest_of(code)


@pytest.mark.parametrize("received", ["Nora@Exemple.test", " nora@exemple.test ", "nora+1@a.b.exemple.test"])
def test_addresses_are_read(received: str) -> None:
    assert read_email(received) == received.strip().lower()


@pytest.mark.parametrize(
    "received",
    [
        "",
        "nora",
        "nora@",
        "@exemple.test",
        "a b@c.test",
        "a@b@c.test",
        "a@-b.test",
        "n\n@c.test",
        "a@" + "b" * 300,
    ],
)
def test_what_is_no_address_is_refused(received: str) -> None:
    with pytest.raises(SocleError, match="email-not-read"):
        read_email(received)
