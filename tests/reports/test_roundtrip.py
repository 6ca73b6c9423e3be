"""The frozen document on its way through other people's offices: whatever was changed is found, nothing else."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from keshu.bureau.reports.commands import build, verify
from keshu.bureau.reports.freezing import document_for
from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports.services import compose_summary
from keshu.bureau.reports.signing import pass_step, sign_falls, sign_section
from keshu.bureau.reports.verifying import verify_file
from keshu.office.gbt9704 import OfficialDocument, Paragraph, write_official
from keshu.office.soffice import convert
from tests.reports.conftest import CLERK, COUNTY, PERIOD, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(bureau):
    summary = compose_summary(COUNTY, PERIOD, "county", by=CLERK, due_on=date(2026, 11, 9))
    for section in summary.sections.filter(included=True):
        sign_section(section.pk, seen=section.version, viewer=viewer("head"))
    sign_falls(summary.pk, viewer=viewer("director"))
    pass_step(summary.pk, seen=0, viewer=viewer("office"))
    pass_step(summary.pk, seen=1, viewer=viewer("director"))
    return sign_off(summary.pk, by=viewer("director").actor, rights=viewer("director").rights)


def written(frozen, folder: Path) -> Path:
    file = folder / "总结.docx"
    write_official(document_for(frozen.content, frozen.sha256), file)
    return file


def typed_over(file: Path, old: str, new: str) -> Path:
    """The file with the first place changed where these words stand in the body."""
    target = file.with_name(f"改动{file.suffix}")
    part = "word/document.xml" if file.suffix == ".docx" else "content.xml"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == part:
                if old.encode() not in data:  # an office may cut the words between digits and letters
                    old, new = f">{re.match('[0-9.]+', old)[0]}<", f">{re.match('[0-9.]+', new)[0]}<"
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode(), 1)
            copy.writestr(item, data)
    return target


@pytest.mark.parametrize("form", ["docx", "odt", "doc"])
def test_an_untouched_copy_saved_by_an_office_is_untouched(frozen, tmp_path, form):
    copy = convert(written(frozen, tmp_path), form, tmp_path / "out")
    answer = verify_file(copy)
    assert (answer["changed"], answer["missing"], answer["against"]) == ([], [], "frozen")
    assert answer["figures"] == frozen.marks.count()


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_changed_figure_is_found_in_a_copy_saved_by_an_office(frozen, tmp_path, form):
    copy = convert(written(frozen, tmp_path), form, tmp_path / "out")
    changed = verify_file(typed_over(copy, "156万元", "196万元"))["changed"]
    assert [(one["frozen"], one["found"]) for one in changed] == [("156万元", "196万元")]


def test_a_figure_is_found_when_the_text_was_pasted_into_a_new_file(frozen, tmp_path):
    text = frozen.text.replace("成交额156万元", "成交额176万元", 1)
    file = tmp_path / "粘贴.docx"
    write_official(OfficialDocument("新文件", tuple(Paragraph(line) for line in text.split("\n") if line)), file)
    answer = verify_file(file)
    assert answer["against"] == "frozen"
    assert [(one["frozen"], one["found"], one["by"]) for one in answer["changed"]] == [("156万元", "176万元", "words")]


def test_a_sentence_that_was_struck_out_is_missing(frozen, tmp_path):
    file = tmp_path / "删节.txt"
    sentence = next(s for s in re.split("(?<=。)", frozen.text) if "成交额156万元" in s)
    file.write_text(frozen.text.replace(sentence, ""), encoding="utf-8")
    missing = {one["ref"] for one in verify_file(file)["missing"]}
    assert "contract.count" in missing


def test_words_changed_without_a_figure_are_listed(frozen, tmp_path):
    file = tmp_path / "改字.txt"
    file.write_text(frozen.text.replace("扎实推进", "全面推进", 1), encoding="utf-8")
    answer = verify_file(file)
    assert answer["changed"] == []
    assert any("全面推进" in one["after"] for one in answer["texts"])


def test_a_file_of_nobody_knows_nothing(places, tmp_path):
    file = tmp_path / "别处.txt"
    file.write_text("这是一份与本系统无关的材料，数字有25家。", encoding="utf-8")
    assert verify_file(file)["against"] == "nothing"


def test_build_needs_no_stored_summary_and_its_file_verifies(bureau, tmp_path):
    answer = build(place=COUNTY, period="2026-01..2026-10", kind="county", out=tmp_path / "一.docx")
    assert {"place", "period", "file", "figures", "names", "records", "loose"} <= answer.keys()
    assert answer["loose"] == []
    assert answer["figures"] > 10
    assert verify(tmp_path / "一.docx")["changed"] == []
    changed = verify(typed_over(tmp_path / "一.docx", "156万元", "186万元"))["changed"]
    assert [(one["ref"].partition("/")[0], one["frozen"], one["found"]) for one in changed] == [
        ("contract.total", "156万元", "186万元")
    ]
