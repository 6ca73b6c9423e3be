"""Papers as LibreOffice prints them, and their QR codes as dots."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pypdf
import pytest
import segno
from PIL import Image

from keshu.office.papers import render
from keshu.office.papers.writer import qr_png
from keshu.office.soffice import to_pdf

from .papers_samples import PROOF, SAMPLES


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[pypdf.PageObject]]:
    def print_it(template: str) -> list[pypdf.PageObject]:
        folder = tmp_path_factory.mktemp(template)
        (folder / "a.docx").write_bytes(render(template, SAMPLES[template]))
        to_pdf(folder / "a.docx", folder / "a.pdf")
        return list(pypdf.PdfReader(io.BytesIO((folder / "a.pdf").read_bytes())).pages)

    return print_it


def test_an_application_has_its_cover_and_its_content_s_hash_on_every_page(pages) -> None:
    made = pages("application_form")
    words = [page.extract_text() for page in made]
    assert all(PROOF.sha256 in one for one in words)
    assert [f"第 {n} 页" in one and f"共 {len(made)} 页" in one for n, one in enumerate(words, 1)] == [True] * len(made)
    assert "一、基本信息" in words[1]
    assert "基本信息" not in words[0]
    assert len(made[0].images) == 1


@pytest.mark.parametrize("template", ["receipt", "certificate", "acceptance_notice"])
def test_a_paper_that_is_one_sheet_stays_one_sheet(pages, template: str) -> None:
    made = pages(template)
    assert len(made) == 1
    assert (made[0].mediabox.width > made[0].mediabox.height) == (template == "certificate")


def test_a_certificate_with_long_names_and_many_people_is_one_sheet(tmp_path) -> None:
    long = replace(
        SAMPLES["certificate"], holder="云岭绿源高原特色农业科技发展集团有限责任公司青岩县第一分公司", what="高海拔果园智能灌溉关键技术研究与规模化应用示范项目（2026年度云岭市科学技术进步奖一等奖）",
        people=tuple(f"完成人{n}" for n in range(1, 16)),
    )  # fmt: skip
    (tmp_path / "a.docx").write_bytes(render("certificate", long))
    to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf")
    assert len(pypdf.PdfReader(tmp_path / "a.pdf").pages) == 1


def dots(png: bytes) -> list[list[bool]]:
    """The modules of a code as they can be seen, its quiet zone cut off."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    scale, border = 8, 4
    count = picture.width // scale - 2 * border
    assert picture.size == ((count + 2 * border) * scale,) * 2
    places = [(border + n) * scale + scale // 2 for n in range(count)]
    edge = border * scale - 1
    assert all(picture.getpixel((edge, at)) == picture.getpixel((at, edge)) == 255 for at in range(picture.width))
    return [[picture.getpixel((x, y)) < 128 for x in places] for y in places]


@pytest.mark.parametrize("template", ["application_form", "task_book", "receipt", "certificate"])
def test_the_code_on_the_first_page_is_the_address(template: str) -> None:
    data = render(template, SAMPLES[template])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        seen = dots(package.read("word/media/image1.png"))
    wanted = segno.make(PROOF.address, error="m", micro=False)
    assert seen == [[bool(module) for module in row] for row in wanted.matrix]
    shapes = docx.Document(io.BytesIO(data)).inline_shapes
    assert [(shape.width.mm, shape.height.mm) for shape in shapes] in ([(26, 26)], [(28, 28)])


def test_codes_of_two_addresses_differ() -> None:
    assert qr_png("https://keshu.example.cn/v/1") != qr_png("https://keshu.example.cn/v/2")
