"""Pages of innovation vouchers: the bureau's list, an organisation's own, one voucher with its uses."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import Viewer, requires
from keshu.bureau.money import vouchers
from keshu.bureau.money.asking import carried_out
from keshu.bureau.money.forms import AmountField, PartyForm, TextField, day_field
from keshu.bureau.money.models import VoucherGrant
from keshu.bureau.money.problems import yuan
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.places.models import Place

SORTS = {"expires": "expires_on", "new": "id", "quota": "quota"}
STATES = (
    ("", gettext_lazy("全部")), ("open", gettext_lazy("可用")), ("soon", gettext_lazy("30 天内到期")),
    ("expired", gettext_lazy("已过期未用完")), ("used", gettext_lazy("已用完")),
)  # fmt: skip


def address(code: str) -> str:
    return reverse("money:voucher", args=[int(code)]) if code.isdecimal() else ""


ASKED = gettext_lazy("名称、别名或统一社会信用代码，可只写一部分")


class VoucherFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("券号或单位"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("情况"), choices=STATES, required=False)


class IssueForm(PartyForm):
    asked = "party"

    party = TextField(label=gettext_lazy("领券单位"), max_length=200, help_text=ASKED)
    place = forms.ChoiceField(label=gettext_lazy("发放单位区划"))
    quota = AmountField(label=gettext_lazy("额度（元）"))
    issued_on = day_field(gettext_lazy("发放日期"))
    expires_on = day_field(gettext_lazy("有效期至"))


class UseForm(PartyForm):
    asked = "supplier"

    supplier = TextField(label=gettext_lazy("服务机构"), max_length=200, help_text=ASKED)
    contract_no = TextField(label=gettext_lazy("合同编号"), max_length=80)
    service = TextField(label=gettext_lazy("服务内容"), max_length=200)
    cost = AmountField(label=gettext_lazy("实际支付（元）"))
    amount = AmountField(label=gettext_lazy("用券金额（元）"))
    used_on = day_field(gettext_lazy("使用日期"))


class WhyForm(forms.Form):
    reason = TextField(label=gettext_lazy("原因"), max_length=300, widget=forms.Textarea({"rows": 2}))


def _state(voucher: VoucherGrant, today: Any) -> tuple[str, str]:
    """Words and tone for how a voucher stands."""
    if voucher.rest <= 0:
        return _("已用完"), "ok"
    if voucher.expires_on < today:
        return _("已过期"), "bad"
    return (_("即将到期"), "warn") if (voucher.expires_on - today).days <= 30 else (_("可用"), "info")


def _filtered(rows: Any, query: dict[str, Any], today: Any) -> Any:
    soon = today + timedelta(days=30)
    wanted = {
        "open": Q(rest__gt=0, expires_on__gte=today), "soon": Q(rest__gt=0, expires_on__range=(today, soon)),
        "expired": Q(rest__gt=0, expires_on__lt=today), "used": Q(used__gte=F("quota")),
    }  # fmt: skip
    if (state := query.get("state")) in wanted:
        rows = rows.filter(wanted[state])
    if text := (query.get("q") or "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(party__name__icontains=text))
    return rows


@requires("cases.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All vouchers of my places, the next to expire first."""
    today, form = timezone.localdate(), VoucherFilter(request.GET)
    form.is_valid()
    rows = _filtered(vouchers.visible(request.viewer), form.cleaned_data, today)  # type: ignore[attr-defined]
    page = page_of(rows, request.GET, sorts=SORTS, default="expires")
    context = {
        "form": form, "page": page, "lines": [(row, *_state(row, today)) for row in page.rows], "here": "vouchers",
        "may_issue": vouchers.ISSUE in request.viewer.rights, "own": False,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "money/vouchers.html", context)


@requires("own.view")
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The vouchers of my organisations."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    today = timezone.localdate()
    rows = vouchers.visible(viewer).filter(party_id__in=viewer.parties("own.view"))
    page = page_of(rows, request.GET, sorts=SORTS, default="expires")
    context = {"page": page, "lines": [(row, *_state(row, today)) for row in page.rows], "own": True}
    return render(request, "money/vouchers.html", context)


@requires("programmes.contract")
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    today = timezone.localdate()
    form = IssueForm(posted(request), initial={"issued_on": today, "expires_on": today.replace(month=12, day=31)})
    visible = viewer.place_ids(vouchers.ISSUE)
    places = {
        one.code: one
        for one in Place.objects.filter(kind__in=("city", "county", "zone")).order_by("code")
        if visible is None or one.pk in visible
    }
    form.fields["place"].choices = [(code, one.name) for code, one in places.items()]
    made: list[VoucherGrant] = []

    def give(said: dict[str, Any]) -> None:
        spec = vouchers.Issue(party_id=said.pop("party"), place=places[said.pop("place")], **said)
        made.append(vouchers.issue(spec, viewer=viewer))

    if carried_out(request, form, give):
        messages.success(request, _("已发放创新券 %s") % made[0].number)
        return redirect("money:voucher", voucher_id=made[0].pk)
    context = {
        "title": _("发放创新券"), "label": _("发放"), "form": form, "back": reverse("money:vouchers"),
        "statement": _("券号自动编排；有效期内用券，兑付时逐笔核销。"),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _voucher(request: HttpRequest, voucher_id: int) -> VoucherGrant:
    return get_object_or_404(vouchers.visible(request.viewer), pk=voucher_id)  # type: ignore[attr-defined]


@requires("cases.view", "own.view")
@require_http_methods(["GET", "POST"])
def voucher(request: HttpRequest, voucher_id: int) -> HttpResponse:
    """One voucher: what is left, every use; a use is booked here."""
    row, viewer = _voucher(request, voucher_id), request.viewer  # type: ignore[attr-defined]
    today = timezone.localdate()
    form = UseForm(posted(request), initial={"used_on": today})
    if carried_out(request, form, lambda said: vouchers.use(row, _use(said), viewer=viewer)):
        messages.success(request, _("已登记用券"))
        return redirect("money:voucher", voucher_id=row.pk)
    uses = row.uses.select_related("supplier", "redeemed_by").order_by("used_on", "pk")
    words, tone = _state(row, today)
    context = {
        "voucher": row, "uses": uses, "form": form, "words": words, "tone": tone,
        "may_use": vouchers.may_use(viewer, row) and row.rest > 0 and row.issued_on <= today,
        "may_void": vouchers.may_use(viewer, row), "may_withdraw": viewer.may(vouchers.ISSUE, place=row.place.code),
    }  # fmt: skip
    return render(request, "money/voucher.html", context)


def _use(said: dict[str, Any]) -> vouchers.Use:
    return vouchers.Use(supplier_id=said.pop("supplier"), **said)


@requires("programmes.apply", "programmes.contract")
@require_http_methods(["GET", "POST"])
def void_use(request: HttpRequest, voucher_id: int, use_id: int) -> HttpResponse:
    row = _voucher(request, voucher_id)
    used = get_object_or_404(row.uses.select_related("grant__place", "supplier"), pk=use_id)
    form = WhyForm(posted(request))
    viewer = request.viewer  # type: ignore[attr-defined]
    if carried_out(request, form, lambda said: vouchers.void_use(used, viewer=viewer, **said)):
        messages.success(request, _("已撤销这笔用券"))
        return redirect("money:voucher", voucher_id=row.pk)
    context = {
        "title": _("撤销用券"), "label": _("撤销"), "danger": True, "form": form,
        "statement": _("%(supplier)s，合同 %(contract)s，用券 %(amount)s 元。撤销后额度恢复。")
        % {"supplier": used.supplier.name, "contract": used.contract_no, "amount": yuan(used.amount)},
        "back": reverse("money:voucher", args=[row.pk]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires("programmes.contract")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, voucher_id: int) -> HttpResponse:
    row = _voucher(request, voucher_id)
    form = WhyForm(posted(request))
    viewer = request.viewer  # type: ignore[attr-defined]
    if carried_out(request, form, lambda said: vouchers.withdraw(row, viewer=viewer, **said)):
        messages.success(request, _("已收回创新券 %s") % row.number)
        return redirect("money:vouchers")
    context = {
        "title": _("收回创新券"), "label": _("收回"), "danger": True, "form": form,
        "statement": _("%(number)s，%(party)s；只有没有用过的券可以收回。")
        % {"number": row.number, "party": row.party.name},
        "back": reverse("money:voucher", args=[row.pk]),
    }  # fmt: skip
    return render(request, "confirm.html", context)
