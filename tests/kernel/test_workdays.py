"""Workdays and terms against days counted by hand in the announced calendars."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.workdays import (
    Announced,
    add_months,
    add_workdays,
    days_in,
    due_on,
    is_workday,
    known,
    workdays_between,
)

DAYS = st.dates(date(2003, 1, 1), date(2040, 12, 31))
STEPS = st.integers(1, 90)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-09-28", True),  # a Sunday worked for the National Day
        ("2025-09-30", True),
        ("2025-10-01", False),
        ("2025-10-08", False),  # the eighth day off, a Wednesday
        ("2025-10-09", True),
        ("2025-10-11", True),  # a Saturday worked
        ("2025-10-12", False),
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # a Saturday worked
        ("2026-03-01", False),
        ("2035-10-01", True),  # a Monday of a year that nobody has announced
        ("2035-10-06", False),
    ],
)
def test_days_as_announced(day: str, works: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "n", "answer"),
    [
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),  # 9 and 10 October, then the Saturday
        ("2025-09-30", 4, "2025-10-13"),
        ("2025-10-01", 0, "2025-10-09"),
        ("2025-10-09", 0, "2025-10-09"),
        ("2025-10-09", -1, "2025-09-30"),
        ("2025-10-09", -3, "2025-09-28"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-13", 6, "2026-02-28"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-02-20", 5, "2026-02-28"),  # begins on a day off
    ],
)
def test_counting_by_hand(day: str, n: int, answer: str) -> None:
    assert add_workdays(date.fromisoformat(day), n) == date.fromisoformat(answer)


@pytest.mark.parametrize(
    ("start", "within", "unit", "answer"),
    [
        ("2025-09-24", 5, "working_days", "2025-09-30"),  # Thu, Fri, the worked Sunday, Mon, Tue
        ("2025-09-24", 7, "days", "2025-10-09"),  # ends on 1 October, moves behind the holiday
        ("2025-09-24", 6, "days", "2025-09-30"),
        ("2025-08-31", 1, "months", "2025-09-30"),
        ("2025-09-08", 1, "months", "2025-10-09"),
        ("2026-01-31", 1, "months", "2026-02-28"),  # the last of the month, a worked Saturday
        ("2025-11-14", 3, "months", "2026-02-14"),
        ("2026-01-15", 1, "months", "2026-02-24"),
        ("2025-10-01", 0, "days", "2025-10-09"),
    ],
)
def test_terms_end_on_a_workday(start: str, within: int, unit: str, answer: str) -> None:
    assert due_on(date.fromisoformat(start), within, unit) == date.fromisoformat(answer)


def test_a_term_has_no_negative_length() -> None:
    with pytest.raises(ValueError, match="-1"):
        due_on(date(2026, 1, 1), -1, "days")


def test_months_of_different_lengths() -> None:
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2025, 3, 31), -1) == date(2025, 2, 28)
    assert add_months(date(2025, 11, 30), 14) == date(2027, 1, 30)


def test_known_years_are_told() -> None:
    assert known(2025)
    assert known(2026)
    assert not known(2003)
    assert not known(2040)


@given(DAYS, STEPS)
def test_counting_and_adding_agree(day: date, n: int) -> None:
    later = add_workdays(day, n)
    assert is_workday(later)
    assert workdays_between(day, later) == n
    assert workdays_between(later, day) == -n
    assert add_workdays(day, n + 1) == add_workdays(later, 1)


@given(DAYS, STEPS)
def test_going_back_lands_on_a_workday_before(day: date, n: int) -> None:
    earlier = add_workdays(day, -n)
    assert is_workday(earlier)
    assert earlier < day
    assert workdays_between(earlier, day) == (n if is_workday(day) else n - 1)


@given(DAYS, st.integers(0, 120), st.sampled_from(["working_days", "days", "months"]))
def test_a_longer_term_never_ends_earlier(day: date, within: int, unit: str) -> None:
    last = due_on(day, within, unit)
    assert is_workday(last)
    assert last >= day
    assert due_on(day, within + 1, unit) >= last
    assert due_on(day + timedelta(days=1), within, unit) >= last


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_number_of_the_day(day: date, n: int) -> None:
    moved = add_months(day, n)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == n
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


def notice(year: int) -> Announced:
    """The package's own list of a year, as somebody would have written it down."""
    days = [
        date(year, 1, 1) + timedelta(days=n) for n in range(366) if (date(year, 1, 1) + timedelta(days=n)).year == year
    ]
    off = frozenset(day for day in days if day.weekday() < 5 and not is_workday(day))
    return Announced(frozenset({year}), off, frozenset(day for day in days if day.weekday() > 4 and is_workday(day)))


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), STEPS)
def test_a_year_written_down_counts_as_the_package_counts_it(day: date, n: int) -> None:
    told = notice(day.year)
    assert is_workday(day, told) is is_workday(day)
    assert add_workdays(day, n, told) == add_workdays(day, n)


def test_what_is_written_down_goes_before_the_package_for_its_years_alone() -> None:
    told = Announced(
        frozenset({2026, 2035}), frozenset({date(2035, 10, 1), date(2034, 12, 29)}), frozenset({date(2035, 10, 6)})
    )
    assert known(2035, told) and not known(2034, told) and not known(2035)
    assert not is_workday(date(2035, 10, 1), told) and is_workday(date(2035, 10, 6), told)
    assert not is_workday(date(2034, 12, 29), told), "the year before, as the notice says"
    assert is_workday(date(2026, 10, 1), told), "told with no day off: so it is"
    assert not is_workday(date(2025, 10, 1), told), "of other years the package knows"
    assert due_on(date(2035, 9, 28), 1, "working_days", told) == date(2035, 10, 2)


def test_days_are_read_singly_and_in_spans() -> None:
    found = days_in(["2027-02-05..2027-02-07", date(2027, 1, 1), "2027-05-01"])
    assert [f"{day:%m-%d}" for day in found] == ["02-05", "02-06", "02-07", "01-01", "05-01"]


@pytest.mark.parametrize("text", ["2027-02-30", "春节", "2027-02-07..2027-02-05", "2027-01-01..2027-12-31"])
def test_a_day_that_cannot_be_read_is_named_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=text[:10]):
        days_in([text])
