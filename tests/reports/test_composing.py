"""A small bureau's text on 31 October with the year unfinished."""

from datetime import UTC, date, datetime

import pytest

from keshu.bureau.places.models import Place
from keshu.bureau.reports.build import build_text, wish_for
from keshu.bureau.reports.compose import compose
from keshu.bureau.reports.composing.nodes import Figure, marks_in
from keshu.bureau.reports.composing.text import plain_text
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.machine import betrayals
from keshu.kernel.prose.reading import scan
from tests.reports.conftest import COUNTY, PERIOD, contract

pytestmark = pytest.mark.django_db


def wish(kind="county", period=PERIOD, place=COUNTY):
    return wish_for(place, period, kind, datetime.now(UTC))


def test_a_stock_is_told_against_last_year_end_and_never_with_a_rate_on_a_small_base(bureau):
    text = plain_text(compose(wish()))
    assert "截至10月底，全县有效高新技术企业达4家，较上年末净增2家" in text
    assert "增长100.0%" not in text


def test_a_flow_is_told_against_the_same_months(bureau):
    assert "登记技术合同3项，成交额156万元，同比增长67.7%" in plain_text(compose(wish()))


def test_what_the_bureau_does_not_have_is_not_mentioned(bureau):
    text = plain_text(compose(wish()))
    assert "0家" not in text and "孵化" not in text and "科技金融" not in text


def test_headings_are_numbered_over_what_is_left(bureau):
    lines = plain_text(compose(wish())).split("\n")
    numbered = [line for line in lines if line.startswith("（")]
    first = [line[1] for line in numbered if "目标任务" not in line and "工作举措" not in line]
    assert first == list("一二三四五六七八九十"[: len(first)])


def test_nothing_in_the_text_is_loose(bureau):
    assert build_text(wish()).loose == ()


def test_no_finding_of_machine_writing(bureau):
    built = build_text(wish())
    assert betrayals(built.draft.title + "\n\n" + plain_text(built.draft)) == []


def test_every_printed_figure_reads_back_as_its_value(bureau):
    """Composing is the inverse of reading."""
    draft = compose(wish())
    seen = 0
    for part in draft.included:
        for _block, said, node in marks_in(part.blocks):
            if isinstance(node, Figure) and node.form in ("value", "sum"):
                (figure,) = scan(node.words)
                whole = [one.text for one in scan(said.words)]
                assert any(figure.text in one or one in figure.text for one in whole), (node.words, said.words)
                seen += 1
    assert seen > 10


def test_a_fall_is_no_achievement_but_a_problem(bureau, add, firms):
    for index in range(9):
        contract(add, firms[0], f"2025B{index}", date(2025, 5, 1), 900000)
    achieved, problems = plain_text(compose(wish())).split("存在问题")
    assert "下降" not in achieved
    assert "技术合同成交额156万元，同比下降82.7%" in problems


def test_a_fall_that_is_not_written_is_on_the_list(bureau, add, firms):
    for index in range(12):
        add("achievement", number=f"2025C{index}", name=f"茶叶加工技术{index}", holders=[firms[0].pk], kind="applied", source="registered",
            status="registered", registered=date(2025, 4, 1))  # fmt: skip
    add("achievement", number="2026C1", name="竹材加工技术", holders=[firms[1].pk], kind="applied", source="registered",
        status="registered", registered=date(2026, 4, 1))  # fmt: skip
    draft = compose(wish())
    assert [fall.told.words for fall in draft.falls if fall.told.code == "achievement.count"] == ["同比下降91.7%"]
    assert "下降91.7%" not in plain_text(draft)


def test_an_empty_bureau_still_gets_a_text_without_figures(places):
    draft = compose(wish())
    assert scan(plain_text(draft).replace("2026年", "").replace("2027年", "")) == []


def test_the_whole_year_is_told_as_such(bureau):
    text = plain_text(compose(wish(period=Period.parse("2026"))))
    assert "全年" in text and "1—10月" not in text


def test_place_above_counts_below(bureau):
    assert Place.objects.get(code="990100")
    assert "全市有效高新技术企业" in plain_text(compose(wish(place="990100", kind="county")))
