"""Merges pictures and PDF files; run as a program of its own, with limits of its own.

Reads from standard input a line of JSON, the lengths of the parts, then the parts. Writes a line of JSON, either
`problem` with `at`, the number of the part, or nothing in it and then the PDF.
Arguments: seconds, bytes of memory, most pixels of a picture, most pages of PDF files.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from typing import IO, Any

A4 = (595.276, 841.89)  # points
MARGIN = 28.35  # 10 mm: what office printers leave white
DOTS = (2480, 3508)  # A4 at 300 dpi; more than that no printer shows and every reader waits for
_QUALITY = 85
_TURN = 0x0112  # EXIF: Orientation


class Problem(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def merge(parts: Sequence[bytes], *, pixels: int, pages: int) -> dict[str, Any] | bytes:
    """The PDF, or the problem with the number of the part that has it; never raises but for want of memory."""
    import pypdf

    writer = pypdf.PdfWriter()
    for place, part in enumerate(parts, 1):
        try:
            if part.lstrip()[:5] == b"%PDF-":
                pages -= _add_pdf(writer, part, pages)
            else:
                _add_picture(writer, part, pixels)
        except Problem as wrong:
            return {"problem": wrong.code, "at": place}
        except MemoryError:
            return {"problem": "slow", "at": place}
        except Exception:  # noqa: BLE001 - a broken picture may fail in any line of two libraries
            return {"problem": "broken", "at": place}
    made = io.BytesIO()
    writer.metadata = None
    writer.write(made)
    return made.getvalue()


def _add_pdf(writer: Any, part: bytes, most: int) -> int:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(part))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Problem("encrypted")
    count = len(reader.pages)
    if count > most:
        raise Problem("too-many")
    if count == 0:
        raise Problem("broken")
    for page in reader.pages:
        added = writer.add_page(page)
        for name in ("/AA", "/Annots", "/Metadata", "/PieceInfo"):  # nothing that acts, nothing that is written beside
            if name in added:
                del added[name]
    return count


def _add_picture(writer: Any, part: bytes, pixels: int) -> None:
    """On A4, upright or turned as the picture is, never larger than the paper inside its margin."""
    import pypdf

    picture = _upright(part, pixels)
    held = io.BytesIO()
    picture.save(held, "PDF", quality=_QUALITY, resolution=72.0)
    source = pypdf.PdfReader(held).pages[0]
    wide, high = picture.size
    paper = A4 if high >= wide else A4[::-1]
    # No enlarging beyond 96 dots an inch: a small stamp stays a small stamp.
    scale = min((paper[0] - 2 * MARGIN) / wide, (paper[1] - 2 * MARGIN) / high, 72 / 96)
    left, bottom = (paper[0] - wide * scale) / 2, (paper[1] - high * scale) / 2
    page = writer.add_blank_page(*paper)
    page.merge_transformed_page(source, pypdf.Transformation().scale(scale).translate(left, bottom))


def _upright(part: bytes, pixels: int) -> Any:
    """The picture without anything but its dots: turned, opaque, in grey or in RGB, at most 300 dots an inch."""
    from PIL import Image, ImageOps

    try:
        picture: Any = Image.open(io.BytesIO(part), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError as wrong:
        raise Problem("unsafe") from wrong
    wide, high = picture.size
    if wide * high > pixels:  # known from the head of the file, before a dot is read
        raise Problem("unsafe")
    if picture.format == "JPEG":
        most = max(DOTS)
        picture.draft(None, (min(wide, most), min(high, most)))
    turn = picture.getexif().get(_TURN, 1)
    picture = _plain(picture)
    landscape = picture.width > picture.height
    picture.thumbnail(DOTS[::-1] if landscape else DOTS, Image.Resampling.LANCZOS)
    picture = _opaque(picture)
    if turn in range(2, 9):
        picture.getexif()[_TURN] = turn
        picture = ImageOps.exif_transpose(picture)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)  # place, time and owner stay behind, and so do comments and thumbnails
    return clean


def _plain(picture: Any) -> Any:
    """In a form that can be made smaller without harm: grey, RGB, or one of them with transparency."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits of grey: Pillow would cut them off at 255
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    if "transparency" in picture.info or picture.mode in ("PA", "La", "RGBa"):
        return picture.convert("RGBA")
    if picture.mode in ("L", "RGB", "LA", "RGBA"):
        picture.load()
        return picture
    plain: Image.Image = picture.convert("RGB")
    return plain


def _opaque(picture: Any) -> Any:
    """Transparent parts on white, as paper is."""
    from PIL import Image

    if picture.mode not in ("LA", "RGBA"):
        return picture
    paper = Image.new("RGB" if picture.mode == "RGBA" else "L", picture.size, "white")
    paper.paste(picture.convert(paper.mode), mask=picture.getchannel("A"))
    return paper


def _parts(stream: IO[bytes]) -> list[bytes]:
    lengths = json.loads(stream.readline())
    return [stream.read(length) for length in lengths]


def main() -> None:
    import resource

    seconds, memory, pixels, pages = (int(argument) for argument in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stderr = io.StringIO()  # the libraries say a line for each fault they find
    answer = merge(_parts(sys.stdin.buffer), pixels=pixels, pages=pages)
    out = sys.stdout.buffer
    problem = answer if isinstance(answer, dict) else {}
    out.write(json.dumps(problem).encode() + b"\n")
    if isinstance(answer, bytes):
        out.write(answer)


if __name__ == "__main__":
    main()
