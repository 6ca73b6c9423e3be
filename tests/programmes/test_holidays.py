"""A year whose holidays the program does not know yet: said in one line, and put right by the bureau's own definitions."""

from datetime import date

import pytest
from django.urls import reverse

from keshu.bureau.ledgers import calendar
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.catalogue.holidays import announced
from keshu.catalogue.loader import validate
from keshu.kernel import workdays
from tests.programmes.cases_at import put

FAR = 2035  # nobody has announced it
NOTICE = """parameters:
  - code: calendar.days_off
    name: 节假日放假日期
    type: days
    theme: 其他工作
    values:
      - {from: 2035-01-01, to: 2035-12-31, origin: local, basis: 国办通知, value: [2035-10-01..2035-10-07]}
  - code: calendar.days_worked
    name: 节假日调休上班日期
    type: days
    theme: 其他工作
    values:
      - {from: 2035-01-01, to: 2035-12-31, origin: local, basis: 国办通知, value: [2035-09-29]}
"""


@pytest.fixture
def overlay(tmp_path, settings):
    """`overlay(text)`: the bureau's own definitions, in use."""

    def lay(text=NOTICE):
        (tmp_path / "parameters").mkdir()
        (tmp_path / "parameters/calendar.yaml").write_text(text)
        settings.CATALOGUE_OVERLAY = str(tmp_path)
        catalogue.cache_clear()
        return tmp_path

    yield lay
    settings.CATALOGUE_OVERLAY = None
    catalogue.cache_clear()


def test_terms_count_by_the_notice_as_soon_as_the_bureau_has_written_it_down(overlay):
    before = calendar.due_on(date(FAR, 9, 28), 3, "working_days")
    assert before == date(FAR, 10, 3)
    assert str(FAR) in calendar.doubt(before, date(2026, 1, 5), None)
    overlay()
    assert calendar.due_on(date(FAR, 9, 28), 3, "working_days") == date(FAR, 10, 9), "a Saturday worked, a week off"
    assert calendar.doubt(before) == ""
    assert calendar.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8), "other years are what they were"


def test_the_shipped_year_says_what_the_package_says():
    told = announced(catalogue().parameters)
    days = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert told.years == {2026}
    assert [day for day in days if workdays.is_workday(day, told) is not workdays.is_workday(day)] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2035-10-01..2035-10-07", "国庆", "不是日期"),
        ("2035-10-01..2035-10-07", "2035-01-01..2035-10-07", "超过"),
        ("2035-09-29]", "2035-09-28]", "不是周末"),
        ("from: 2035-01-01, to: 2035-12-31", "from: 2035-01-01", "一整年"),
        ("origin: local,", "origin: local, place: '990100',", "不分区划"),
        ("value: [2035-09-29]", "value: 2035-09-29", "类型"),
    ],
)
def test_a_slip_in_a_notice_is_told_with_its_place(tmp_path, old, new, said):
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters/calendar.yaml").write_text(NOTICE.replace(old, new, 1))
    problems = validate(tmp_path)
    assert [one for one in problems if said in one.message and "calendar.yaml" in str(one)], problems


@pytest.mark.django_db
def test_the_page_says_in_one_line_that_a_year_is_not_known(call, firm, client_as, overlay):
    case = put(call, firm, "accepting", due=date(FAR, 10, 3))
    page = reverse("programmes:case", args=[case.pk])
    line = f"{FAR} 年的放假安排还没有录入"
    assert client_as("clerk").get(page).content.decode().count(line) == 1
    overlay()
    assert line not in client_as("clerk").get(page).content.decode()
    running = put(call, firm, "running", due=date(2044, 10, 3))
    page = reverse("programmes:case", args=[running.pk])
    assert "还没有录入" not in client_as("clerk").get(page).content.decode(), "no term in working days"
