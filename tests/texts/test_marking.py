"""Cutting a text into pieces loses no letter, whatever figures and findings there are."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from keshu.bureau.texts import passages, wording
from keshu.bureau.texts.marking import marks_of, pieces
from keshu.bureau.texts.painting import painted
from keshu.bureau.texts.pairing import Paragraph, pair

TEXT = st.text(alphabet="甲乙3<>&\"'。，\n 5家", min_size=1, max_size=60)


@st.composite
def marked(draw):
    text = draw(TEXT)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    figures = [{"start": a, "end": b} for a, b in zip(edges[::2], edges[1::2], strict=False)]
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    findings = draw(st.lists(st.lists(spans, min_size=1, max_size=3), max_size=4))
    return text, figures, [{"spans": one, "certainty": "likely"} for one in findings]


@given(marked())
def test_the_pieces_are_the_text(given_one):
    text, figures, findings = given_one
    cut = pieces(text, 0, len(text), marks_of(figures, findings))
    assert "".join(piece.text for piece in cut) == text
    for n, figure in enumerate(figures):
        assert "".join(p.text for p in cut if p.figure == n) == text[figure["start"] : figure["end"]]
    page = painted(cut, link="?figure={}#detail")
    assert unescape(re.sub(r"<[^>]*>", "", page)) == text


@given(st.lists(TEXT, max_size=6), st.lists(TEXT, max_size=6))
def test_every_paragraph_of_both_texts_is_shown_once(before, after):
    old, new = ([Paragraph(text, 0, len(text), ()) for text in some] for some in (before, after))
    pairs = pair(old, new)
    assert [one.after for one in pairs if one.state != "gone"] == after
    assert sorted(one.before for one in pairs if one.state != "new") == sorted(before)
    for one in pairs:
        if one.words:
            assert "".join(words for kind, words in one.words if kind != "removed") == one.after
            assert "".join(words for kind, words in one.words if kind != "added") == one.before


def test_a_passage_is_the_sentence_whatever_its_blanks():
    one = "前一句。全县新认定5家，\n其中3家。后一句。"
    assert passages.quote("前一句。全县新认定5家，其中3家。后一句。", [[4, 6], [10, 11]]) == "全县新认定5家，其中3家。"
    two = "另一篇。  全县新认定5家，\n 其中 3家。后一句变了。"
    at = [[text.index("5家"), text.index("5家") + 2] for text in (one, two)]
    assert passages.passage(one, "sum", [at[0]]) == passages.passage(two, "sum", [at[1]])
    assert passages.passage(one, "sum", [at[0]]) != passages.passage(one, "other", [at[0]])


def test_values_are_written_as_people_write_them():
    numbers = {"846000000": "8.46亿", "46": "46", "12.20": "12.2", "0": "0", "-3500": "-3,500", "1..2": "1 至 2", None: "—",
               "1234567": "123.4567万", "30000": "3万", "99999999999999999999999": "99999999999999999999999"}  # fmt: skip
    assert {value: wording.number(value) for value in numbers} == numbers
