"""Pages over all texts: the search among figures, two texts side by side."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.texts import library, pairing
from keshu.bureau.texts.conflicts import conflicts
from keshu.bureau.texts.forms import FiguresForm, LibraryForm
from keshu.bureau.texts.models import Text
from keshu.bureau.texts.queries import figures_for, places_for, texts_for

VIEW = "texts.view"
CHOICES = 200


@requires(VIEW)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """What did a place say of a thing in a year? Every figure of every text that the viewer may see."""
    form = FiguresForm(request.GET, places=places_for(request.viewer, VIEW))
    rows = library.found_figures(figures_for(request.viewer), form)
    sorts = {"year": "text__year", "place": "text__place__order", "value": "value", "subject": "subject"}
    page = page_of(rows, request.GET, sorts=sorts, default="-year")
    context = {"form": form, "page": page, "found": library.said(page.rows), "asked": bool(request.GET)}
    return render(request, "texts/figures.html", context | {"total": rows.count()})


@requires(VIEW)
@require_GET
def figures_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    form = FiguresForm(request.GET, places=places_for(request.viewer, VIEW))
    rows = library.found_figures(figures_for(request.viewer), form)
    headings = [
        _("区划"), _("文稿年度"), _("文稿"), _("类别"), _("说的是"), _("原文"), _("数值"), _("单位"), _("种类"), _("期间"), _("范围"),
        _("性质"),
        _("指标代码"), _("与台账"),
    ]  # fmt: skip
    return xlsx_response(_("文稿中的数字"), headings, library.figure_rows(rows))


@requires(VIEW)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions or years of a text, paragraph by paragraph."""
    ready = texts_for(request.viewer).filter(state=Text.State.READY)
    before, after = _asked(request, "before", ready), _asked(request, "after", ready)
    context: dict[str, Any] = {"choices": list(ready[:CHOICES]), "before": before, "after": after}
    if before and after:
        pairs = pairing.pair(_paragraphs(before), _paragraphs(after))
        context |= {"pairs": pairs, "changed_only": "changed" in request.GET, "counts": _counts(pairs)}
    return render(request, "texts/compare.html", context)


@requires(VIEW)
@require_GET
def differing(request: HttpRequest) -> HttpResponse:
    """Figures that the drafts of one place and year say differently."""
    form = LibraryForm(request.GET, places=places_for(request.viewer, VIEW))
    rows = library.filtered(texts_for(request.viewer).filter(state=Text.State.READY), form).select_related("reading")
    texts = list(rows[:CHOICES])
    context = {"form": form, "found": conflicts(texts), "total": len(texts)}
    return render(request, "texts/conflicts.html", context)


def _asked(request: HttpRequest, name: str, ready: Any) -> Text | None:
    number = whole_number(request.GET.get(name, ""))
    if number is None:
        return None
    found = ready.select_related("reading").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _paragraphs(text: Text) -> list[pairing.Paragraph]:
    reading = text.reading
    return pairing.paragraphs(reading.content, reading.blocks, reading.figures)


def _counts(pairs: list[pairing.Pair]) -> list[tuple[str, str, int, str]]:
    """(state, words, how many, tone)."""
    names = (("same", _("一字未动"), "quiet"), ("figures", _("只改了数字"), "info"), ("changed", _("有改写"), "warn"),
             ("new", _("新增"), "ok"), ("gone", _("删去"), "bad"))  # fmt: skip
    return [(state, name, sum(one.state == state for one in pairs), tone) for state, name, tone in names]
