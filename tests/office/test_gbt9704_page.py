"""What the standard says about the printed page, measured on the page that LibreOffice prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest

from keshu.office.gbt9704 import OfficialDocument, Paragraph
from keshu.office.soffice import substitutions

from .office_documents import LINE, Word, report

MM = 72 / 25.4
LEFT, RIGHT = 28 * MM, (210 - 26) * MM
CHARACTER = 16.0

Print = Callable[[OfficialDocument], list[Word]]


def lines_of(words: list[Word], page: int) -> list[tuple[float, float, float, str]]:
    """(top, left, right, text) of each line, from the top of the page down."""
    lines: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        if word.page == page:
            lines[round(word.bottom / 4)].append(word)
    return sorted(
        (min(w.top for w in line), min(w.left for w in line), max(w.right for w in line), "".join(w.text for w in line))
        for line in lines.values()
    )


def test_a_page_has_22_lines_of_28_characters(printed: Print) -> None:
    document = OfficialDocument("题", tuple(Paragraph(LINE * 22, indent=False) for _ in range(3)))
    text = [line for line in lines_of(printed(document), 2) if "—" not in line[3]]
    assert [line[3] for line in text] == [LINE] * 22
    pitches = {round(after[0] - before[0], 1) for before, after in pairwise(text)}
    assert pitches <= {28.9, 29.0}
    for _, left, right, _ in text:
        assert left == pytest.approx(LEFT, abs=1)
        assert right == pytest.approx(RIGHT, abs=1.5)


def test_digits_do_not_widen_a_line(printed: Print) -> None:
    """Word's quarter space between 汉字 and digits would leave 27 characters on a line of dates."""
    sentence = "截至二〇二六年末共有" + "截至10月末的" * 3  # 10 characters and three times six
    document = OfficialDocument("题", (Paragraph(sentence * 6, indent=False),))
    first = lines_of(printed(document), 1)[1][3]
    assert sum(0.5 if letter.isascii() else 1 for letter in first) >= 27.5


def test_page_numbers_stand_outside(printed: Print) -> None:
    document = OfficialDocument("题", tuple(Paragraph(LINE * 22) for _ in range(3)))
    words = printed(document)
    for page, number in ((1, "1"), (2, "2"), (3, "3")):
        top, left, right, text = lines_of(words, page)[-1]
        assert text == f"—{number}—"
        assert top == pytest.approx((297 - 35 + 6) * MM, abs=2 * MM)
        if page % 2:
            assert right == pytest.approx(RIGHT - 14, abs=1.5)
        else:
            assert left == pytest.approx(LEFT + 14, abs=1.5)


def test_the_report_has_its_elements_in_place(printed: Print) -> None:
    words = printed(report())
    first = lines_of(words, 1)
    texts = [line[3] for line in first]
    assert texts[:5] == [
        "云岭市科学技术局文件",
        "云科〔2026〕38号签发人：王立新",
        "云岭市科学技术局关于2026年",
        "工作总结和2027年工作计划的报告",
        "市人民政府：",
    ]
    organ, number, _, title, addressee = first[:5]
    assert organ[0] >= (37 + 30) * MM, "发文机关标志 begins 35 mm below the top of the text"
    assert number[1] == pytest.approx(LEFT + CHARACTER, abs=2)
    assert number[2] == pytest.approx(RIGHT - CHARACTER, abs=2)
    assert (title[1] + title[2]) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=2)
    assert addressee[1] == pytest.approx(LEFT, abs=1)
    assert texts[6:9] != [] and any(text.startswith("一、2026年工作情况") for text in texts)


def test_organ_and_date_stand_at_the_right_without_a_seal(printed: Print) -> None:
    words = printed(OfficialDocument("题", (Paragraph("正文。"),), organ="云岭市科学技术局", date=date(2026, 10, 31)))
    organ, day = lines_of(words, 1)[2:4]
    assert (organ[3], day[3]) == ("云岭市科学技术局", "2026年10月31日")
    assert day[1] - organ[1] == pytest.approx(2 * CHARACTER, abs=1)
    assert max(organ[2], day[2]) <= RIGHT - CHARACTER


def test_a_short_organ_gives_way_to_the_date(printed: Print) -> None:
    words = printed(OfficialDocument("题", (Paragraph("正文。"),), organ="科技局", date=date(2026, 10, 31)))
    organ, day = lines_of(words, 1)[2:4]
    assert day[1] - organ[1] == pytest.approx(2 * CHARACTER, abs=1)
    assert day[2] == pytest.approx(RIGHT - 2 * CHARACTER, abs=8)


def test_annexes_begin_pages_and_the_imprint_ends_the_last_one(printed: Print) -> None:
    words = printed(report())
    pages = {page: [line[3] for line in lines_of(words, page)] for page in range(1, max(w.page for w in words) + 1)}
    starts = [page for page, texts in pages.items() if texts[0].startswith("附件")]
    assert [pages[page][0] for page in starts] == ["附件1", "附件2"]
    middle = pages[starts[0] + 1]
    assert middle[0] == "序号指标目标完成", "the head of a table is repeated on each page"
    last = pages[max(pages)]
    assert [text.split("：")[0] for text in last[-3:-1]] == ["抄送", "云岭市科学技术局办公室2026年10月31日印发"]
    bottom = lines_of(words, max(pages))[-2]
    assert bottom[0] > (297 - 35 - 12) * MM, "版记 stands at the foot"


def test_every_substituted_font_is_named() -> None:
    for one in substitutions():
        assert one.used, f"nothing on this machine stands in for {one.official}"


def test_a_signature_never_stands_alone_on_a_page(printed: Print) -> None:
    text = tuple(Paragraph(LINE, indent=False) for _ in range(20))  # with the title and a blank line: a full page
    words = printed(OfficialDocument("题", text, organ="云岭市科学技术局", date=date(2026, 10, 31)))
    texts = [line[3] for line in lines_of(words, 2)]
    assert texts[:3] == [LINE, "云岭市科学技术局", "2026年10月31日"]
