"""/api/v1/texts: a text read back into figures and checked, in the shape of `keshu prose check`. Nothing is kept."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.errors import HttpError
from ninja.files import UploadedFile

from keshu.bureau.accounts.access import requires
from keshu.bureau.records.services import now
from keshu.bureau.texts import comparing, reading
from keshu.bureau.texts.queries import places_for
from keshu.bureau.texts.ruling import rules_for
from keshu.kernel.measure.period import BadPeriod, Period

router = Router(tags=["texts"])
LARGEST = 20 * 1024 * 1024
LONGEST = 500_000  # characters
YEARS = range(1990, 2101)


@router.post("/check", summary="核校文稿")
@requires("texts.edit")
def check(
    request: HttpRequest, text: Annotated[str, Form()] = "", file: Annotated[UploadedFile | None, File()] = None,
    year: Annotated[int | None, Form()] = None, place: Annotated[str, Form()] = "", period: Annotated[str, Form()] = "",
) -> dict[str, Any]:  # fmt: skip
    """`text` or `file`; with `place` and `period` (or `year`) each figure also gets the verdict of the records."""
    content, name = _source(text, file)
    if year is not None and year not in YEARS:
        raise HttpError(400, f"year 应在 {YEARS[0]} 至 {YEARS[-1]} 之间")
    span = _period(period, year, place)
    try:
        rules = rules_for(place)
        found = reading.read(content, name, year=year or (span.year if span else None), rules=rules)
    except reading.Unreadable as problem:
        raise HttpError(400, str(problem)) from problem
    if place:
        _compare(request, found, place, span)
    return {"figures": found.figures, "findings": found.findings}


def _source(text: str, file: UploadedFile | None) -> tuple[bytes, str]:
    if bool(text.strip()) == bool(file):
        raise HttpError(400, "请给出 text 或 file，二者只给一个")
    if len(text) > LONGEST or (file and (file.size or 0) > LARGEST):
        raise HttpError(400, "文稿过大：文字不超过 50 万字，文件不超过 20 MB；更大的请在网页上核校")
    if file:
        return file.read(), file.name or "文稿"
    return text.encode("utf-8", "replace"), "文稿.txt"


def _period(period: str, year: int | None, place: str) -> Period | None:
    try:
        if period:
            return Period.parse(period)
    except BadPeriod as problem:
        raise HttpError(400, str(problem)) from problem
    if place and year is None:
        raise HttpError(400, "同台账核对须说明期间：请给出 period 或 year")
    return Period.of_year(year) if place and year is not None else None


def _compare(request: HttpRequest, found: reading.Found, place: str, period: Period | None) -> None:
    """Only of places whose texts the caller may work on."""
    if period is None or place not in {one.code for one in places_for(request.viewer)}:  # type: ignore[attr-defined]
        raise HttpError(404, f"没有代码为“{place}”的区划")
    verdicts = comparing.verdicts(found.text, found.read, place=place, period=period, known_at=now())
    for figure, verdict in zip(found.figures, verdicts, strict=True):
        if verdict:
            figure["verdict"] = verdict
