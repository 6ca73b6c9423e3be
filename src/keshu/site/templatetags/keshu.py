"""Template tags and filters that every page has (they are built in: no `{% load %}`).

How to use them with the parts: `site/templates/parts/README.md`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from keshu.bureau.pages.charts import Chart

register = template.Library()

MISSING = "—"
SCALES = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
TONES = frozenset({"ok", "warn", "bad", "info", "quiet", "accent"})
CHECKS = (CheckboxSelectMultiple, RadioSelect)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """1234567.5 -> 1,234,567.5; a missing value is a dash, zero is 0. With `places`, exactly so many digits."""
    if value is None or value == "":
        return MISSING
    amount = Decimal(str(value))
    if places is not None:
        return f"{amount:,.{places}f}"
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount.normalize():,f}"


@register.filter
def money(value: Any, unit: str = "万元") -> str:
    """Yuan as `unit` (元 with 2 digits; 万元, 亿元 with as many as are needed, at most 2), grouped."""
    if value is None or value == "":
        return MISSING
    amount = Decimal(str(value)) / SCALES[unit]
    if unit == "元":
        return f"{amount:,.2f}"
    shown = round(amount, 2)
    return number(shown) if shown or not amount else number(amount)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    return MISSING if value is None or value == "" else f"{Decimal(str(value)):,.{places}f}%"


@register.filter
def signed(value: Any, places: int | None = None) -> str:
    """With its sign: +3, −2 (a true minus), 0."""
    if value is None or value == "":
        return MISSING
    text = number(abs(Decimal(str(value))), places)
    return text if not value else f"{'+' if value > 0 else '−'}{text}"


@register.filter
def day(value: Any) -> str:
    """2026-10-31; a date and an instant alike, in Shanghai time."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return MISSING if not value else f"{value:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    return MISSING if not value else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def daysleft(value: date | None, today: date | None = None) -> str:
    """还有 9 天 / 今天到期 / 已逾期 3 天."""
    if not value:
        return ""
    left = (value - (today or timezone.localdate())).days
    if left == 0:
        return _("今天到期")
    return _("还有 %(n)s 天") % {"n": left} if left > 0 else _("已逾期 %(n)s 天") % {"n": -left}


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """`row.cells|get:column.code`."""
    return mapping.get(key)


@register.simple_tag
def icon(name: str, label: str = "", size: int = 18) -> SafeString:
    """An icon from `site/icons.txt`; with `label` it is spoken, without it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="k-icon" width="{}" height="{}" {}><use href="{}#{}"></use></svg>',
        size, size, SafeString(spoken), static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def badge(label: Any, tone: str = "quiet") -> SafeString:
    """A state in words; the tone (ok, warn, bad, info, quiet, accent) only supports it."""
    tone = tone if tone in TONES else "quiet"
    return format_html('<span class="k-badge k-badge-{}">{}</span>', tone, label)


@register.simple_tag
def progress(value: Any, of: Any = 100, label: str = "", mark: Any = None) -> SafeString:
    """A bar with its number beside it; `mark` draws where it should stand by now. Clamped for the eye only."""
    if value is None:
        return format_html('<span class="k-missing">{}</span>', MISSING)
    share = Decimal(str(value)) / Decimal(str(of)) * 100 if Decimal(str(of)) else Decimal(0)
    width = max(Decimal(0), min(share, Decimal(100)))
    behind = mark is not None and share < Decimal(str(mark))
    line = format_html('<i class="k-progress-mark" style="left:{}%"></i>', f"{mark:.1f}") if mark is not None else ""
    return format_html(
        '<span class="k-progress{}"><span class="k-progress-bar" aria-hidden="true"><b style="width:{}%"></b>{}</span>'
        '<span class="k-progress-text">{}</span></span>',
        " is-behind" if behind else "", f"{width:.1f}", line, label or f"{share:.1f}%",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with some keys changed; None or "" drops a key. A changed filter starts at page one."""
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def th(context: template.Context, label: Any, sort: str = "", num: bool = False, css: str = "") -> SafeString:
    """A column heading; with `sort` a link that sorts by it, and turns the order when it already does."""
    css = f"{css} k-num" if num else css
    if not sort:
        return format_html('<th scope="col" class="{}">{}</th>', css, label)
    page = context.get("page")
    now = getattr(page, "sort", "") or context["request"].GET.get("sort", "")
    active = now.removeprefix("-") == sort
    down = active and now.startswith("-")
    towards = sort if down or not active else f"-{sort}"
    state = "descending" if down else "ascending" if active else "none"
    arrow = icon("arrow-down" if down else "arrow-up", size=14) if active else ""
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="k-sort" href="{}">{}{}</a></th>',
        css, state, query_with(context, sort=towards), label, arrow,
    )  # fmt: skip


@register.simple_tag
def crumb(label: Any, url: str = "") -> SafeString:
    """One step of the breadcrumbs, inside `{% block crumbs %}`; the last one has no url."""
    if not url:
        return format_html('<li aria-current="page">{}</li>', label)
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.simple_tag
def field(bound: BoundField, css: str = "", placeholder: str = "", rows: int = 0) -> SafeString:
    """A form field whole: label, control, help and errors, tied together for a screen reader."""
    widget = bound.field.widget
    attrs = {"class": _css_of(widget)}
    if bound.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
    notes = [f"{bound.auto_id}-{kind}" for kind, there in (("help", bound.help_text), ("error", bound.errors)) if there]
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    if placeholder:
        attrs["placeholder"] = placeholder
    if rows:
        attrs["rows"] = str(rows)
    shown = {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "css": css,
        "tick": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, CHECKS),
    }
    return render_to_string("parts/field.html", shown)


def _css_of(widget: Any) -> str:
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control k-file" if isinstance(widget, FileInput) else "form-control"


@register.inclusion_tag("parts/chart.html")
def chart(chart: Chart, height: int = 260, ident: str = "") -> dict[str, Any]:
    """A `keshu.bureau.pages.charts.Chart`, drawn, with its table twin."""
    return {"chart": chart, "height": height, "ident": ident or f"chart-{id(chart):x}"}


@register.filter
def script_json(chart: Chart) -> SafeString:
    """The chart as JSON that cannot close its script element."""
    text = chart.as_json()
    for sign, code in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return SafeString(text)
