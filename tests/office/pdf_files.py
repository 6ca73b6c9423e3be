"""PDF files made by hand, small enough to be read."""

from __future__ import annotations


def pdf_file(*objects: str | bytes, root: str = "/Root 1 0 R") -> bytes:
    """Objects from number 1 on, with a correct table of their places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        body = content.encode("latin-1") if isinstance(content, str) else content
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root.encode(), start)
    return bytes(out)


def stream(data: bytes, more: str = "") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more.encode(), data)


def latin_pdf(*lines: str, content: bytes | None = None, page: str = "", more: str = "") -> bytes:
    """One page with these lines."""
    words = b"".join(
        b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n" % (760 - 20 * n, line.encode()) for n, line in enumerate(lines)
    )
    return pdf_file(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {page} >>",
        stream(content if content is not None else words, more),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
