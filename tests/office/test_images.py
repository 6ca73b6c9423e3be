"""Photographs as one PDF: upright, opaque, on A4, without what the camera wrote beside them, and no bombs."""

import io
import struct
import zlib

import pypdf
import pytest
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from keshu.office.filetypes import FileRefused
from keshu.office.images import MergeLimits, merge_to_pdf

RED, BLUE, WHITE = (220, 20, 20), (20, 20, 220), (255, 255, 255)


def picture(size=(300, 400), colour=RED, mode="RGB", form="PNG", **named) -> bytes:
    made = Image.new(mode, size, colour)
    held = io.BytesIO()
    made.save(held, form, **named)
    return held.getvalue()


def half(form="PNG", turn=None, **named) -> bytes:
    """Red above, blue below."""
    made = Image.new("RGB", (200, 400), RED)
    made.paste(BLUE, (0, 200, 200, 400))
    held = io.BytesIO()
    if turn:
        exif = Image.Exif()
        exif[0x0112] = turn
        exif[0x010F] = "SECRET-CAMERA"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[29] = "2026:01:01"
        named["exif"] = exif
        named["comment"] = b"SECRET-COMMENT"
    made.save(held, form, **named)
    return held.getvalue()


def shown(pdf: bytes, place=0) -> Image.Image:
    """The dots that lie on the page."""
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[place].images[0].image.convert("RGB")


def near(found, wanted) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


def test_one_picture_to_a_page_in_their_order_on_a4():
    pdf = merge_to_pdf([picture(), picture((400, 300), BLUE, form="JPEG")])
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert [(round(p.mediabox.width), round(p.mediabox.height)) for p in reader.pages] == [(595, 842), (842, 595)]
    assert near(shown(pdf, 0).getpixel((5, 5)), RED)
    assert near(shown(pdf, 1).getpixel((5, 5)), BLUE)


@pytest.mark.parametrize(
    ("turn", "size", "at", "colour"),
    [
        pytest.param(1, (200, 400), (100, 20), RED, id="as it lies"),
        pytest.param(3, (200, 400), (100, 20), BLUE, id="upside down"),
        pytest.param(6, (400, 200), (380, 100), RED, id="turned right"),
        pytest.param(8, (400, 200), (20, 100), RED, id="turned left"),
    ],
)
def test_a_photograph_stands_upright(turn, size, at, colour):
    found = shown(merge_to_pdf([half("JPEG", turn)]))
    assert found.size == size
    assert near(found.getpixel(at), colour)


def test_what_the_camera_wrote_stays_behind():
    source = half("JPEG", 6)
    assert b"SECRET-CAMERA" in source
    assert b"SECRET-COMMENT" in source
    pdf = merge_to_pdf([source])
    stored = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images[0].data
    for secret in (b"SECRET", b"Exif", b"2026:01:01"):
        assert secret not in pdf
        assert secret not in stored


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(picture(colour=(220, 20, 20, 0), mode="RGBA"), id="RGB with transparency"),
        pytest.param(picture(colour=(20, 0), mode="LA"), id="grey with transparency"),
        pytest.param(picture(colour=0, mode="P", transparency=0), id="palette with transparency"),
    ],
)
def test_transparent_parts_are_white(source):
    assert near(shown(merge_to_pdf([source])).getpixel((50, 50)), WHITE)


def test_inks_of_print_become_colours_of_light():
    pdf = merge_to_pdf([picture(colour=(0, 255, 255, 0), mode="CMYK", form="JPEG")])
    assert near(shown(pdf).getpixel((50, 50)), (255, 0, 0))


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        pytest.param("I;16", 0x8000, 128, id="16 bits of grey"),
        pytest.param("1", 1, 255, id="black and white"),
        pytest.param("L", 77, 77, id="grey"),
    ],
)
def test_grey_stays_as_grey_as_it_was(mode, colour, seen):
    assert near(shown(merge_to_pdf([picture(colour=colour, mode=mode)])).getpixel((50, 50)), (seen, seen, seen))


def test_the_same_pictures_give_the_same_bytes():
    parts = [half("JPEG", 6), picture(mode="RGBA", colour=(1, 2, 3, 99))]
    assert merge_to_pdf(parts) == merge_to_pdf(parts)


def test_large_pictures_are_brought_to_what_paper_shows():
    found = shown(merge_to_pdf([picture((6000, 4000), form="JPEG")]))
    assert max(found.size) <= 3508
    assert found.width / found.height == pytest.approx(1.5, abs=0.01)


def test_pages_of_a_pdf_come_between_the_pictures():
    inner = merge_to_pdf([picture(), picture((400, 300))])
    pdf = merge_to_pdf([picture((400, 300), BLUE), inner, picture(colour=BLUE)])
    widths = [round(page.mediabox.width) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert widths == [842, 595, 842, 595]


def test_what_acts_in_a_pdf_does_not_come_along():
    writer = pypdf.PdfWriter(io.BytesIO(merge_to_pdf([picture()])))
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('SECRET')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): DictionaryObject(action)})
    writer.add_metadata({"/Author": "SECRET"})
    held = io.BytesIO()
    writer.write(held)
    pdf = merge_to_pdf([held.getvalue()])
    assert b"SECRET" in held.getvalue()
    assert b"SECRET" not in pdf
    assert b"/JavaScript" not in pdf


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 20,000 by 20,000 dots."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def locked() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(merge_to_pdf([picture()])))
    writer.encrypt("geheim", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("parts", "code", "says"),
    [
        pytest.param([], "empty", "没有", id="nothing"),
        pytest.param([picture((10, 10))] * 61, "too-many", "61", id="sixty-one"),
        pytest.param([picture((10, 10)), bomb()], "unsafe", "第 2 份", id="a bomb"),
        pytest.param([picture((10, 10)), b"GIF89a" + bytes(90)], "kind", "第 2 份", id="a kind that is not merged"),
        pytest.param([picture((900, 900), form="JPEG")[:900]], "broken", "第 1 份", id="half of a picture"),
        pytest.param([b"%PDF-1.7\nnothing"], "broken", "第 1 份", id="no PDF at all"),
        pytest.param([picture((10, 10)), locked()], "encrypted", "第 2 份", id="a PDF with a password"),
    ],
)
def test_what_cannot_be_merged_is_refused_with_its_place_and_a_remedy(parts, code, says):
    with pytest.raises(FileRefused) as found:
        merge_to_pdf(parts)
    assert (found.value.code, says in found.value.message, bool(found.value.remedy)) == (code, True, True)


def test_fifty_megapixels_are_taken_and_one_dot_more_is_not():
    limits = MergeLimits(megapixels=1)
    assert merge_to_pdf([picture((1000, 1000))], limits=limits).startswith(b"%PDF-")
    with pytest.raises(FileRefused) as found:
        merge_to_pdf([picture((1000, 1001))], limits=limits)
    assert found.value.code == "unsafe"


def test_want_of_memory_ends_the_merging_and_not_the_server():
    with pytest.raises(FileRefused) as found:
        merge_to_pdf([picture((5000, 5000), mode="RGBA", colour=(1, 2, 3, 4))], limits=MergeLimits(memory=200_000_000))
    assert found.value.code in ("slow", "broken")
