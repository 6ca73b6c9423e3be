"""A document that came back: saved by another program, edited, pasted; each change is found and nothing else."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from keshu.office.gbt9704 import Figure, OfficialDocument, Paragraph, Text, write_official
from keshu.office.soffice import convert
from keshu.office.verify import (
    Change,
    DocumentUnreadable,
    TextChange,
    compare,
    freeze,
    frozen_in_file,
    read_marks,
)

from .office_documents import report

FROZEN = freeze(report())


def edit(path: Path, *swaps: tuple[str, str]) -> Path:
    """Change the XML of the document's text, each swap exactly once."""
    name = "word/document.xml" if path.suffix == ".docx" else "content.xml"
    changed = path.with_name(f"changed{path.suffix}")
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(changed, "w") as copy:
        for entry in package.infolist():
            data = package.read(entry)
            if entry.filename == name:
                for before, after in swaps:
                    assert data.decode().count(before) == 1, before
                    data = data.decode().replace(before, after).encode()
            copy.writestr(entry, data)
    return changed


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_official(report(), tmp_path / "r.docx")
    return tmp_path / "r.docx"


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report as LibreOffice saves it, once in each form."""
    folder = tmp_path_factory.mktemp("resaved")
    write_official(report(), folder / "r.docx")
    return {to: convert(folder / "r.docx", to, folder / "out") for to in ("docx", "odt", "doc")}


def hte(by: str, found: str = "1,372") -> Change:
    return Change("hte.valid@990100/2026-01..2026-10", "1,272", found, by, "hte")  # type: ignore[arg-type]


def test_an_untouched_file_is_silent(written: Path) -> None:
    result = compare(FROZEN.marks, read_marks(written), frozen_text=FROZEN.text)
    assert result.untouched and result.figures == len(FROZEN.marks) == 46


def test_a_changed_figure_is_found_by_its_control(written: Path) -> None:
    result = compare(FROZEN.marks, read_marks(edit(written, (">1,272<", ">1,372<"))), frozen_text=FROZEN.text)
    assert (result.changed, result.missing, result.texts) == ((hte("control"),), (), ())


def test_a_control_taken_away_leaves_the_bookmark(written: Path) -> None:
    body = zipfile.ZipFile(written).read("word/document.xml").decode()
    control = next(one for one in re.findall(r"<w:sdt>.*?</w:sdt>", body) if ">1,272<" in one)
    changed = edit(written, (control, "<w:r><w:t>1,372</w:t></w:r>"))
    assert compare(FROZEN.marks, read_marks(changed), frozen_text=FROZEN.text).changed == (hte("bookmark"),)


@pytest.mark.parametrize("form", ["docx", "odt", "doc"])
def test_what_libreoffice_saved_is_silent(resaved: dict[str, Path], form: str) -> None:
    result = compare(FROZEN.marks, read_marks(resaved[form]), frozen_text=FROZEN.text)
    assert result.untouched, result


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_one_change_after_libreoffice_is_found_alone(resaved: dict[str, Path], form: str) -> None:
    changed = edit(resaved[form], (">1,272<" if form == "docx" else "1,272", ">1,372<" if form == "docx" else "1,372"))
    result = compare(FROZEN.marks, read_marks(changed), frozen_text=FROZEN.text)
    assert (result.changed, result.missing, result.texts) == ((hte("bookmark"),), (), ())


def test_one_change_in_an_old_doc_is_found_alone(resaved: dict[str, Path], tmp_path: Path) -> None:
    changed = edit(resaved["docx"], (">1,272<", ">1,372<"))
    old = convert(changed, "doc", tmp_path)
    assert old.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    result = compare(FROZEN.marks, read_marks(old), frozen_text=FROZEN.text)
    assert (result.changed, result.missing, result.texts) == ((hte("bookmark"),), (), ())


def test_what_the_file_lists_of_itself_survives_libreoffice(resaved: dict[str, Path]) -> None:
    read = read_marks(resaved["docx"])
    assert read.metadata["summary"] == "s1"
    changed = read_marks(edit(resaved["docx"], (">1,272<", ">1,372<")))
    assert compare(frozen_in_file(changed), changed).changed == (hte("bookmark"),)


def pasted(text: str, path: Path) -> Path:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(str(path))
    return path


def test_pasted_into_a_new_file_unchanged_is_silent(tmp_path: Path) -> None:
    result = compare(FROZEN.marks, read_marks(pasted(FROZEN.text, tmp_path / "p.docx")), frozen_text=FROZEN.text)
    assert result.untouched, result


@pytest.mark.parametrize(
    ("swap", "mark", "found"),
    [
        pytest.param(("1,272家", "1,372家"), "hte", "1,372", id="one figure"),
        pytest.param(("达到1,272家", "增至1,372家"), "hte", "1,372", id="and the word before it"),
        pytest.param(("1,272家，比上年", "1,372户，较去年"), "hte", "1,372", id="and the words after it"),
        pytest.param(("12.5%", "15.2%"), "htegrowth", "15.2%", id="a share"),
        pytest.param(("12.5%", "一成多"), "htegrowth", "一成多", id="words in the place of a number"),
        pytest.param(("云岭精工有限公司", "云岭光电有限公司"), "top", "云岭光电有限公司", id="a name"),
        pytest.param(("9月举办科技成果对接会", "10月举办对接会"), "visit", "10月举办对接会", id="a record"),
        pytest.param(("\n8638\n", "\n8683\n"), "t7", "8683", id="a cell of a table"),
    ],
)
def test_a_change_in_pasted_text_is_found_by_the_words_around(
    tmp_path: Path, swap: tuple[str, str], mark: str, found: str
) -> None:
    assert FROZEN.text.count(swap[0]) == 1
    path = pasted(FROZEN.text.replace(*swap), tmp_path / "p.docx")
    result = compare(FROZEN.marks, read_marks(path), frozen_text=FROZEN.text)
    [change] = result.changed
    assert (change.id, change.found, change.by, result.missing) == (mark, found, "words", ())


def test_plain_text_with_other_line_breaks_and_widths_is_silent(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    text = "\r\n".join(line[at : at + 28] for line in FROZEN.text.split("\n") for at in range(0, len(line), 28))
    (tmp_path / "t.txt").write_bytes(text.translate(wide).encode("gb18030"))
    result = compare(FROZEN.marks, read_marks(tmp_path / "t.txt"))
    assert (result.changed, result.missing) == ((), ())


def test_two_figures_in_one_sentence_are_told_apart() -> None:
    text = FROZEN.text.replace("386项，成交额45.7亿元", "368项，成交额47.5亿元")
    result = compare(FROZEN.marks, text, frozen_text=FROZEN.text)
    assert [(change.id, change.found) for change in result.changed] == [("deals", "368"), ("amount", "47.5")]
    assert result.texts == ()


def test_a_deleted_sentence_is_missing_and_its_line_is_shown(written: Path) -> None:
    text = FROZEN.text.replace("，比上年增长12.5%", "")
    result = compare(FROZEN.marks, text, frozen_text=FROZEN.text)
    assert [one.id for one in result.missing] == ["htegrowth"]
    assert result.changed == ()
    assert [change.after for change in result.texts] == [
        "截至2026年10月31日，全市有效高新技术企业达到1,272家；其中云岭精工有限公司等企业入选。"
    ]


def test_a_figure_taken_out_of_its_sentence_is_missing() -> None:
    result = compare(FROZEN.marks, FROZEN.text.replace("达到1,272家", "达到家"))
    assert ([one.id for one in result.missing], result.changed) == (["hte"], ())


def test_a_deleted_row_moves_no_other_figure() -> None:
    text = FROZEN.text.replace("7\n第7项指标\n21\n8638\n", "")
    result = compare(FROZEN.marks, text)
    assert ([one.id for one in result.missing], result.changed) == (["t7"], ())


def test_a_digit_typed_beside_the_control_counts(written: Path) -> None:
    changed = edit(written, ("达到</w:t>", "达到9</w:t>"))
    assert compare(FROZEN.marks, read_marks(changed)).changed == (hte("control", "91,272"),)


def test_words_changed_outside_the_figures_are_listed_apart(written: Path) -> None:
    changed = edit(written, ("，签约一批项目。", "，签约金额创历史新高。"))
    result = compare(FROZEN.marks, read_marks(changed), frozen_text=FROZEN.text)
    assert (result.changed, result.missing) == ((), ())
    before = "登记技术合同386项，成交额45.7亿元。9月举办科技成果对接会，"
    assert result.texts == (TextChange(before + "签约一批项目。", before + "签约金额创历史新高。"),)


def test_an_emptied_control_is_missing(written: Path) -> None:
    body = zipfile.ZipFile(written).read("word/document.xml").decode()
    control = next(one for one in re.findall(r"<w:sdt>.*?</w:sdt>", body) if ">1,272<" in one)
    prompt = "<w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt>"
    changed = edit(written, (control, control.split("</w:sdtPr>")[0] + prompt))
    result = compare(FROZEN.marks, read_marks(changed))
    assert ([one.id for one in result.missing], result.changed) == (["hte"], ())


@pytest.mark.parametrize(
    "tracked",
    [
        (
            "<w:del w:id='900' w:author='a'><w:r><w:delText>1,272</w:delText></w:r></w:del>"
            "<w:ins w:id='901' w:author='a'><w:r><w:t>1,372</w:t></w:r></w:ins>"
        ),
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>1,272</w:t></w:r><w:r><w:t>1,372</w:t></w:r>",
        "<w:r><w:t>1,3</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>72</w:t></w:r>",
    ],
    ids=["tracked", "hidden", "torn runs"],
)
def test_the_words_that_are_printed_count(written: Path, tracked: str) -> None:
    body = zipfile.ZipFile(written).read("word/document.xml").decode()
    run = next(one for one in re.findall(r"<w:sdtContent>(<w:r>.*?</w:r>)", body) if ">1,272<" in one)
    result = compare(FROZEN.marks, read_marks(edit(written, (run, tracked))))
    assert result.changed == (hte("control"),)


def test_a_copied_control_is_compared_too(written: Path) -> None:
    body = zipfile.ZipFile(written).read("word/document.xml").decode()
    control = next(one for one in re.findall(r"<w:sdt>.*?</w:sdt>", body) if ">1,272<" in one)
    twice = edit(written, (control, control + "<w:r><w:t>又</w:t></w:r>" + control.replace("1,272", "1,372")))
    assert compare(FROZEN.marks, read_marks(twice)).changed == (hte("control"),)


def test_the_same_sentence_twice_is_told_apart_by_order() -> None:
    def sentence(mark: str, value: str) -> Paragraph:
        return Paragraph((Text("全年新认定企业"), Figure(mark, value, mark), Text("家。")))

    frozen = freeze(OfficialDocument("题", (sentence("a", "12"), sentence("b", "12"))))
    at = frozen.text.rindex("12")
    result = compare(frozen.marks, frozen.text[:at] + "21" + frozen.text[at + 2 :])
    assert [(change.id, change.found) for change in result.changed] == [("b", "21")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04broken", "已损坏"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "不是可读的文档"),
    ],
)
def test_an_unreadable_file_gets_a_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "x.docx").write_bytes(data)
    with pytest.raises(DocumentUnreadable, match=says) as caught:
        read_marks(tmp_path / "x.docx")
    assert caught.value.remedy


def test_missing_libreoffice_is_said(tmp_path: Path, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Exception, match="未安装 LibreOffice"):
        convert(written, "pdf", tmp_path)


def test_every_figure_changed_one_at_a_time_is_found_by_words_alone() -> None:
    """The whole document as bare text, each figure in turn: exactly that one is reported."""
    for mark in FROZEN.marks:
        other = mark.text.replace("1", "8") if "1" in mark.text else mark.text + "9"
        text = FROZEN.text[: mark.start] + other + FROZEN.text[mark.start + len(mark.text) :]
        result = compare(FROZEN.marks, text)
        assert [(change.id, change.found) for change in result.changed] == [(mark.id, other)]
        assert result.missing == ()


def test_marks_of_another_document_are_missing_not_changed() -> None:
    other = freeze(replace(report(), blocks=(Paragraph("全新的一段话，与原来的总结毫无关系。"),)))
    result = compare(FROZEN.marks, other.text)
    assert result.changed == () and len(result.missing) == len(FROZEN.marks)


def test_twin_sentences_keep_their_own_figures_when_words_change_too() -> None:
    """Last year's results and next year's plan often say the same with other figures."""
    said = "新认定高新技术企业{}家，科技型中小企业{}家，技术合同成交额{}亿元，建设创新平台{}个。"
    values = iter(range(1, 200))

    def paragraph(start: str, name: str) -> Paragraph:
        runs: list[Text | Figure] = [Text(start)]
        for at, words in enumerate(said.split("{}")):
            if at:
                value = next(values)
                runs.append(Figure(f"{name}{at}", str(value), f"r{value}"))
            runs.append(Text(words))
        return Paragraph(tuple(runs))

    starts = (("全年", "a"), ("其中市本级", "b"), ("下一年力争", "c"))
    frozen = freeze(OfficialDocument("题", tuple(paragraph(start, name) for start, name in starts)))
    for mark in frozen.marks:
        head, rest = frozen.text[: mark.start], frozen.text[mark.start + len(mark.text) :]
        reworded = head[:-2] + "约" + "777" + rest
        result = compare(frozen.marks, reworded)
        assert [(change.id, change.found) for change in result.changed] == [(mark.id, "777")]
        assert result.missing == ()
