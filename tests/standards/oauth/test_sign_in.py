"""Who has to authenticate again, and who is told that they would have to."""

from dataclasses import replace

import pytest

from socle.standards.oauth.authorization import Authorization, Destination, Prompt, ResponseMode
from socle.standards.oauth.faults import LOGIN_REQUIRED
from socle.standards.oauth.id_tokens import Hint, SignIn
from socle.standards.oauth.levels import Level
from socle.standards.oauth.sign_in import must_sign_in
from tests.standards.oauth.given import CALLBACK, NOW, expect_refused

ASKED = Authorization("app", Destination(CALLBACK, ResponseMode.QUERY, "s"), ("openid",), "", Level.EIDAS2)
KNOWN = SignIn("f:1:8", NOW - 100, "eidas2", (), "sid")
SAME, OTHER = Hint("f:1:8", "sid", ("app",)), Hint("f:1:9", "sid", ("app",))


@pytest.mark.parametrize(
    ("asked", "known", "hint", "needed"),
    [
        (ASKED, KNOWN, None, False),
        (ASKED, None, None, True),
        (ASKED, KNOWN, SAME, False),
        (ASKED, KNOWN, OTHER, True),
        (replace(ASKED, max_age=100), KNOWN, None, False),
        (replace(ASKED, max_age=99), KNOWN, None, True),
        (replace(ASKED, max_age=0), KNOWN, None, True),
        (replace(ASKED, level=Level.EIDAS3), KNOWN, None, True),
        (replace(ASKED, level=Level.EIDAS1), KNOWN, None, False),
        (replace(ASKED, prompts=frozenset({Prompt.LOGIN})), KNOWN, None, True),
        (replace(ASKED, prompts=frozenset({Prompt.SELECT_ACCOUNT})), KNOWN, None, True),
        (replace(ASKED, prompts=frozenset({Prompt.CONSENT})), KNOWN, None, False),
    ],
)
def test_who_signs_in_again(
    asked: Authorization, known: SignIn | None, hint: Hint | None, needed: bool
) -> None:
    assert must_sign_in(asked, known, hint, now=NOW) is needed
    assert must_sign_in(asked, known, hint, now=NOW, single_sign_on=False)
    silent = replace(asked, prompts=frozenset({Prompt.NONE}))
    if must_sign_in(replace(asked, prompts=frozenset()), known, hint, now=NOW):
        told = expect_refused(LOGIN_REQUIRED, must_sign_in, silent, known, hint, now=NOW)
        assert told.error == "login_required"
    else:
        assert not must_sign_in(silent, known, hint, now=NOW)
