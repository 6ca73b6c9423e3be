"""Filters and tags: what a value looks like on a page."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from keshu.bureau.pages.charts import Chart, Series
from keshu.site.templatetags import keshu


def render(text, query="", **context):
    request = RequestFactory().get(f"/list/{query}")
    return Template(text).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(None, "—", id="missing"),
        pytest.param("", "—", id="empty"),
        pytest.param(0, "0", id="zero is not missing"),
        pytest.param(Decimal("0.00"), "0", id="zero with digits"),
        pytest.param(1234567, "1,234,567", id="whole"),
        pytest.param(Decimal("1234.50"), "1,234.5", id="without idle zeros"),
        pytest.param(Decimal("1E+3"), "1,000", id="never in powers of ten"),
        pytest.param(Decimal("98765432109876.54"), "98,765,432,109,876.54", id="to the last digit"),
        pytest.param(Decimal("-3.2"), "-3.2", id="below zero"),
    ],
)
def test_numbers(value, shown):
    assert keshu.number(value) == shown


@pytest.mark.parametrize(
    ("yuan", "unit", "shown"),
    [
        (None, "万元", "—"),
        (Decimal(0), "万元", "0"),
        (Decimal("12345678.90"), "万元", "1,234.57"),
        (Decimal("12345678.90"), "元", "12,345,678.90"),
        (Decimal(320000000), "亿元", "3.2"),
        pytest.param(Decimal(5), "亿元", "0.00000005", id="a little is not nothing"),
    ],
)
def test_money(yuan, unit, shown):
    assert keshu.money(yuan, unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(3, "+3"), (-2, "−2"), (0, "0"), (None, "—"), (Decimal("1200.5"), "+1,200.5")]
)
def test_signed(value, shown):
    assert keshu.signed(value) == shown


def test_percent_keeps_its_places():
    assert (keshu.percent(Decimal("12.345")), keshu.percent(None), keshu.percent(0)) == ("12.3%", "—", "0.0%")


def test_an_instant_is_told_in_shanghai():
    late = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    assert (keshu.day(late), keshu.moment(late), keshu.day(date(2026, 1, 2)), keshu.day(None)) == (
        "2026-11-01", "2026-11-01 00:30", "2026-01-02", "—",
    )  # fmt: skip


@pytest.mark.parametrize(("due", "words"), [(9, "还有 9 天"), (0, "今天到期"), (-3, "已逾期 3 天")])
def test_days_left(due, words):
    today = date(2026, 10, 22)
    assert keshu.daysleft(date.fromordinal(today.toordinal() + due), today) == words


@pytest.mark.parametrize(
    ("query", "href", "state"),
    [
        pytest.param("", "?sort=name", "none", id="not sorted"),
        pytest.param(
            "?sort=name&q=x&page=abc", "?sort=-name&q=x", "ascending", id="turned round, from page one, filter kept"
        ),
        pytest.param("?sort=-name", "?sort=name", "descending", id="turned back"),
        pytest.param("?sort=other", "?sort=name", "none", id="sorted by another"),
    ],
)
def test_a_heading_sorts(query, href, state):
    cell = render('{% th "名称" sort="name" %}', query).replace("&amp;", "&")
    assert f'href="{href}"' in cell
    assert f'aria-sort="{state}"' in cell


def test_a_query_is_changed_and_dropped():
    assert render("{% query_with a=None b='2' %}", "?a=1&c=3&page=x").replace("&amp;", "&") == "?c=3&b=2"


class Sample(forms.Form):
    name = forms.CharField(label="名称", help_text="全称")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    tick = forms.BooleanField(label="突出", required=False)


def test_a_field_ties_label_help_and_error_together():
    html = render("{% field form.name %}", form=Sample({}))
    assert 'for="id_name"' in html
    assert 'aria-describedby="id_name-help id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert "全称" in html
    assert "请填写此项" in html


def test_each_control_has_its_class():
    form = Sample()
    assert "form-control" in render("{% field form.name %}", form=form)
    assert "form-select" in render("{% field form.kind %}", form=form)
    assert "form-check-input" in render("{% field form.tick %}", form=form)


CHART = Chart(
    "有效高企", ["2024", "</script>2025"], [Series("家", [Decimal(61), None])], unit="家", label_heading="年份"
)


def test_a_chart_has_a_table_with_the_same_numbers():
    html = render("{% chart c %}", c=CHART)
    assert re.search(r">2024</th>\s*<td class=\"k-num\">61<", html)
    assert re.search(r"2025</th>\s*<td class=\"k-num\">—<", html)


def test_a_label_cannot_close_the_script_of_its_chart():
    html = render("{% chart c %}", c=CHART)
    inside = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL).group(1)
    assert json.loads(inside)["labels"] == ["2024", "</script>2025"]
    assert json.loads(inside)["series"][0]["values"] == [61.0, None]


def test_progress_is_clamped_for_the_eye_only():
    html = render("{% progress 150 of=100 %}")
    assert "width:100.0%" in html
    assert "150.0%" in html
    assert "is-behind" in render("{% progress 50 mark=83 %}")
    assert "—" in render("{% progress nothing %}", nothing=None)


def test_words_from_outside_are_escaped():
    assert "<b>" not in render("{% badge label %}{% crumb label %}", label="<b>x</b>")
