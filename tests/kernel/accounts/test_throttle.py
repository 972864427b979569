"""Attempts are slowed down, and the count holds whoever counts."""

from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.accounts import attempts
from socle.kernel.accounts.throttle import (
    ALERT_AT,
    FREE,
    LOCK_AT,
    LOCK_SECONDS,
    LONGEST_DELAY,
    Attempts,
    attempted,
    given_back,
    wait_seconds,
)
from socle.kernel.db import Database

MICROS = 1_000_000
DAY = 86_400
pauses = st.lists(st.integers(0, 2 * LOCK_SECONDS), max_size=60)


@given(pauses, st.sampled_from([1, 10]))
def test_what_is_not_heard_changes_nothing_and_what_is_heard_counts(gaps: list[int], factor: int) -> None:
    state, now, heard_in_a_row = Attempts(), 20_000 * DAY * MICROS, 0
    for gap in gaps:
        now += gap * MICROS
        verdict = attempted(state, now, factor=factor)
        assert verdict.wait == wait_seconds(state, now, factor=factor)
        assert 0 <= verdict.wait <= max(LOCK_SECONDS, LONGEST_DELAY)
        if verdict.wait:
            assert verdict.attempts == state
            continue
        heard_in_a_row += 1
        assert verdict.locks == (heard_in_a_row == LOCK_AT * factor)
        if verdict.locks:
            heard_in_a_row = 0
            assert wait_seconds(verdict.attempts, now, factor=factor) == LOCK_SECONDS
        state = verdict.attempts


@given(st.integers(1, 100_000), st.integers(1, 20))
def test_in_any_day_few_guesses_are_heard(start: int, step: int) -> None:
    """However fast somebody tries, an account hears fewer than a thousand guesses a day."""
    state, now, heard = Attempts(), start * DAY * MICROS, 0
    end = now + DAY * MICROS
    while now < end:
        verdict = attempted(state, now)
        heard += not verdict.wait
        state = verdict.attempts
        now += max(verdict.wait, step) * MICROS
    assert heard < 1_000


moves = st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=60)


@given(moves, st.sampled_from([1, 10]))
def test_what_is_right_leaves_no_trace_and_pays_for_nothing(
    moves: list[tuple[int, bool]], factor: int
) -> None:
    """Right attempts among wrong ones: what is counted is what the wrong ones alone would count, as long as the delays
    let both be heard."""
    mixed = wrong = Attempts()
    now = 20_000 * DAY * MICROS
    for gap, right in moves:
        now += gap * MICROS
        verdict = attempted(mixed, now, factor=factor)
        if right and not verdict.wait:
            mixed = given_back(verdict, verdict.attempts)
        elif not right:
            mixed, wrong = verdict.attempts, attempted(wrong, now, factor=factor).attempts
        assert (mixed.failures, mixed.locked_until, mixed.lockouts) == (
            *(wrong.failures, wrong.locked_until, wrong.lockouts),
        )


def test_what_fails_while_a_right_one_is_checked_still_counts() -> None:
    right = attempted(Attempts(failures=2, last=DAY * MICROS, day=1), DAY * MICROS + 5)
    meanwhile = attempted(right.attempts, DAY * MICROS + 9).attempts
    left = given_back(right, meanwhile)
    assert (left.failures, left.last) == (3, DAY * MICROS + 9)


@given(st.integers(0, 23))
def test_the_third_lockout_of_one_day_is_an_alert_and_the_count_starts_again_at_midnight(hour: int) -> None:
    state, now, alerts = Attempts(), (20_000 * DAY + hour * 3600) * MICROS, []
    locked = 0
    while locked < 5:
        verdict = attempted(state, now)
        if verdict.locks:
            locked += 1
            alerts.append((verdict.alert, verdict.attempts.lockouts))
        state = verdict.attempts
        now += (verdict.wait or 1) * MICROS
    assert all(alert == (count == ALERT_AT) for alert, count in alerts)


def test_the_first_failures_are_free() -> None:
    state = Attempts()
    for _ in range(FREE):
        verdict = attempted(state, DAY * MICROS)
        assert not verdict.wait
        state = verdict.attempts
    assert not wait_seconds(state, DAY * MICROS)


def test_a_day_without_failure_forgets() -> None:
    state = Attempts(failures=9, last=DAY * MICROS, day=1)
    assert attempted(state, (2 * DAY + 1) * MICROS).attempts.failures == 1


def test_the_count_is_kept_in_the_database(database: Database) -> None:
    for _ in range(FREE + 1):
        with database.unit() as unit:
            assert not attempts.begin(unit, "password:nora@exemple.test").wait
    with database.unit() as unit:
        assert attempts.begin(unit, "password:nora@exemple.test").wait
        assert not attempts.begin(unit, "password:lea@exemple.test").wait
        attempts.succeeded(unit, "password:nora@exemple.test")
        assert not attempts.begin(unit, "password:nora@exemple.test").wait
    with database.reading() as session:
        assert all(
            b"exemple" not in bytes(key) for (key,) in session.fetch("SELECT key FROM accounts_attempts")
        )
