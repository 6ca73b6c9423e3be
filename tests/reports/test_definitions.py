"""Summary definitions: every slip of the pen is named by file, line and remedy; frames are read as they are written."""

import pytest

from keshu.catalogue.frames import BadFrame, Figure, Listing, Literal, Optional, figures_in, parse_frame
from keshu.catalogue.loader import load, validate
from keshu.site.demo.city import ACCOUNTS, SECTIONS
from keshu.site.demo.notes import CITY, CITY_PROBLEMS
from keshu.site.demo.tasks import city_tasks

BROKEN = """
code: own
version: 1
name: 本县总结
library: items_work
title: "{$place}总结"
chapters:
  - {code: work, role: work, heading: 工作, items: [subjects, nowhere]}
  - {code: other, role: work, heading: 其他, items: [mine]}
items:
  - code: mine
    theme: 其他
    owner: 办公室
    needs: [nothing]
    paragraphs:
      - code: one
        sentences:
          - {code: wrong_code, pattern: 5, text: "新增{hte.vaild}家"}
          - {code: wrong_scope, pattern: 5, text: "新增{hte.filed.third}家"}
          - {code: wrong_form, pattern: 5, text: "新增{hte.valid:grow}"}
          - {code: wrong_field, pattern: 30, kind: record, text: "{.nmae}", rows: {ledger: worklog, on: date}}
"""


def test_the_shipped_definitions_hold_together():
    assert validate() == []
    assert {code for code, one in load().summaries.items() if not one.abstract} >= {"county", "city"}


def test_every_slip_is_named_with_its_line_and_remedy(tmp_path):
    (tmp_path / "summaries").mkdir()
    (tmp_path / "summaries" / "own.yaml").write_text(BROKEN.lstrip(), encoding="utf-8")
    found = [(p.line, p.message) for p in validate(tmp_path)]
    for words in (
        "没有“nowhere”这个栏目",
        "没有“nothing”这个台账",
        "hte.vaild",
        "hte.filed.third",
        "hte.valid:grow",
        "nmae",
    ):
        assert any(words in message and line > 1 for line, message in found), (words, found)
    assert all(p.remedy for p in validate(tmp_path))


@pytest.mark.parametrize("text", ["{hte.valid", "⟨其中{a.b}", "其中⟩", "⟪，其中|{a.b}", "{?显著}", "{}"])
def test_what_is_not_closed_is_refused(text):
    with pytest.raises(BadFrame):
        parse_frame(text)


def test_a_frame_is_read_into_its_pieces():
    assert parse_frame("共{a.b}⟨，其中{c.d:share(a.b)}⟩") == (
        Literal("共"), Figure("a.b"), Optional((Literal("，其中"), Figure("c.d:share(a.b)"))),
    )  # fmt: skip
    assert parse_frame("⟪，其中|国家级{a.n}|省级{a.p}⟫") == (
        Listing("，其中", ((Literal("国家级"), Figure("a.n")), (Literal("省级"), Figure("a.p")))),
    )


def test_references_are_found_in_every_corner():
    assert list(figures_in(parse_frame("{a.a}⟨{b.b}⟨{c.c}⟩⟩⟪x|{d.d}|⟨{e.e}⟩⟫"))) == ["a.a", "b.b", "c.c", "d.d", "e.e"]


def test_a_completion_stands_behind_the_figure_that_it_is_about():
    """登记成果104项，转化33项，完成年度任务的94.5% would be taken for the rate of the 33."""
    for summary in load().summaries.values():
        for item in summary.items:
            for sentence in item.sentences():
                for frame in sentence.all_frames:
                    last = ""
                    for reference in figures_in(parse_frame(frame)):
                        code, _colon, form = reference.partition(":")
                        form = form.partition("(")[0]
                        if form in ("completion", "pace"):
                            assert last in ("", code), frame
                        elif form in ("", "names", "rough", "sum"):
                            last = code


def test_every_owner_is_one_of_the_sections_that_have_accounts():
    catalogue = load()
    named = [
        *catalogue.ledgers.values(), *catalogue.indicators.values(),
        *(item for summary in catalogue.summaries.values() for item in summary.items),
    ]  # fmt: skip
    assert {(one.code, one.owner) for one in named if one.owner not in SECTIONS} == set()
    of_accounts = {section for *_, sections in ACCOUNTS for section in sections}
    of_rows = {note[1] for note in (*CITY, *CITY_PROBLEMS)} | {task[1] for task in city_tasks(2026)}
    assert of_accounts | of_rows <= set(SECTIONS)
