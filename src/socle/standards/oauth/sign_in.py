"""Whether somebody who is known already has to authenticate again (OpenID Connect Core §3.1.2.1, §3.1.2.3)."""

from socle.standards.oauth.authorization import Authorization, Prompt
from socle.standards.oauth.faults import LOGIN_REQUIRED, Refused
from socle.standards.oauth.id_tokens import Hint, SignIn
from socle.standards.oauth.levels import Level


def must_sign_in(
    asked: Authorization, known: SignIn | None, hint: Hint | None, *, now: int, single_sign_on: bool = True
) -> bool:
    """`known` is how the person of this browser entered, None when nobody did; `hint` is what the client's
    id_token_hint says; `now` in seconds since 1970. Without `single_sign_on` everybody signs in each time, as at
    FranceConnect+. Raises Refused(LOGIN_REQUIRED) when they would have to and the client wants nothing shown."""
    needed = not single_sign_on or known is None or _too_weak(asked, known, hint, now)
    if needed and Prompt.NONE in asked.prompts:
        raise Refused(LOGIN_REQUIRED)
    return needed


def _too_weak(asked: Authorization, known: SignIn, hint: Hint | None, now: int) -> bool:
    """Asked for anew, entered too long ago, at too low a level, or somebody else than the one hinted at."""
    too_old = asked.max_age is not None and now - known.auth_time > asked.max_age
    other = hint is not None and hint.subject != known.subject
    again = bool(asked.prompts & {Prompt.LOGIN, Prompt.SELECT_ACCOUNT})
    return again or too_old or other or not Level(known.acr).satisfies(asked.level)
