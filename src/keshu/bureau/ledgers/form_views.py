"""Registering one entry by hand, changing one, and the drafts of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.forms import drafts
from keshu.bureau.forms.engine import DefinitionForm, texts_from
from keshu.bureau.forms.models import Draft
from keshu.bureau.ledgers.guards import entry_to, ledger_or_404, ledger_to, places_for
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.pages import editing
from keshu.bureau.ledgers.privacy import personal_codes
from keshu.bureau.ledgers.problems import EntryProblem, StaleEntry
from keshu.bureau.ledgers.registering import Registrar
from keshu.bureau.pages.posting import whole_number
from keshu.catalogue.schema import Ledger

RIGHT = "entries.edit"


@dataclass
class Desk:
    """What one form is about: a new entry of a ledger, or the entry whose current revision is `row`."""

    request: HttpRequest
    ledger: Ledger
    key: str  # of the draft
    row: Revision | None = None

    @property
    def sheet(self) -> drafts.Sheet:
        subject = f"entry:{self.row.entry_id}" if self.row else f"new:{self.key}"
        return drafts.Sheet(self.request.user.get_username(), f"ledger:{self.ledger.code}", subject)

    @property
    def registrar(self) -> Registrar:
        return Registrar(self.ledger, timezone.localdate(), self.row)

    def form(self, *, data: Mapping[str, Any] | None = None, texts: Mapping[str, str] | None = None) -> DefinitionForm:
        registrar = self.registrar
        return DefinitionForm(
            self.ledger.fields, judge=registrar.judge, places=editing.place_choices(self._places(), self.row),
            suggest=reverse("ledgers:suggest"), data=data, texts=texts,
            kept=frozenset(code for code in personal_codes(self.ledger) if code in registrar.old),
        )  # fmt: skip

    def _places(self) -> list[Any]:
        return places_for(self.request, RIGHT)

    def may_write(self, place: str) -> bool:
        same = self.row is not None and self.row.place.code == place
        return same or self.request.viewer.may(RIGHT, section=self.ledger.owner, place=place)


@requires(RIGHT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new entry, from a form that the definition makes."""
    ledger = ledger_to(request, code, RIGHT)
    key = _key(request.POST.get("draft") or request.GET.get("draft") or "")
    desk = Desk(request, ledger, key)
    if request.method == "POST":
        return _hand_in(desk, desk.form(data=request.POST))
    draft = drafts.draft_of(desk.sheet)
    form = desk.form(texts=drafts.texts_of(draft) if draft else {"place": editing.only_place(desk.form())})
    waiting = [one for one in drafts.unfinished(request.user.get_username(), f"ledger:{code}") if one != draft]
    return _show(desk, form, draft=draft, waiting=[editing.Waiting.of(one, ledger) for one in waiting[:10]])


def _key(text: str) -> str:
    """The word under which a new entry's draft is kept; the page brings it along, so that showing it writes nothing."""
    return text if text.isalnum() and len(text) <= 40 else uuid4().hex


@requires(RIGHT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Change an entry. Somebody who changed it meanwhile is shown beside, nothing is overwritten unseen."""
    row = entry_to(request, entry_id, RIGHT)
    if row.voided:
        messages.error(request, _("该条目已作废，不能修改"))
        return redirect("ledgers:entry", entry_id)
    desk = Desk(request, ledger_or_404(row.ledger), "", row)
    if request.method == "POST":
        seen = _seen(request)
        if seen != row.number_in_entry:
            return _beside(desk, texts_from(desk.ledger.fields, request.POST), seen)
        return _hand_in(desk, desk.form(data=request.POST), seen)
    draft = drafts.draft_of(desk.sheet)
    if draft is not None and draft.version != row.number_in_entry:
        return _beside(desk, drafts.texts_of(draft), draft.version, draft)
    texts = drafts.texts_of(draft) if draft else desk.registrar.start
    return _show(desk, desk.form(texts=texts), draft=draft)


def _seen(request: HttpRequest) -> int:
    return whole_number(request.POST.get("seen", "")) or 0


def _hand_in(desk: Desk, form: DefinitionForm, seen: int = 0) -> HttpResponse:
    request = desk.request
    if not form.is_valid():
        return _show(desk, form)
    row = form.judgement.row
    if not desk.may_write(form.texts[desk_place(desk.ledger)]):
        form.add_error(desk_place(desk.ledger), _("您没有登记该区划这本台账的权限"))
        return _show(desk, form)
    twin = desk.registrar.twin_of(row)
    if twin is not None:
        form.add_error(None, _("同一条目已存在，请打开已有条目修改，不要重复登记"))
        return _show(desk, form, twin=twin)
    if form.warnings and "anyway" not in request.POST:
        return _show(desk, form, warned=True)
    try:
        reason = request.POST.get("reason", "")[:200]
        saved = desk.registrar.save(row, seen=seen, by=request.viewer.actor, reason=reason)
    except StaleEntry:
        fresh = entry_to(request, desk.row.entry_id, RIGHT) if desk.row else None
        return _beside(Desk(request, desk.ledger, desk.key, fresh), form.texts, seen)
    except EntryProblem as problem:
        form.add_error(None, str(problem))
        return _show(desk, form)
    drafts.drop_draft(desk.sheet)
    messages.success(request, _("已保存") if desk.row else _("已登记"))
    if "again" in request.POST:
        return redirect("ledgers:new", desk.ledger.code)
    return redirect("ledgers:entry", saved.entry_id)


def desk_place(ledger: Ledger) -> str:
    """The code of the field that says where the entry belongs."""
    item = ledger.mapped("place")
    return item.code if item else "place"


def _beside(desk: Desk, mine: Mapping[str, str], seen: int, draft: Draft | None = None) -> HttpResponse:
    """Two people changed one entry: both versions, and a form that holds the new state with one's own changes on it."""
    clash = editing.clash_of(desk.ledger, desk.row, seen, mine)
    return _show(desk, desk.form(texts=clash.merged), clash=clash, draft=draft)


def _show(desk: Desk, form: DefinitionForm, **more: Any) -> HttpResponse:
    context = {
        "form": form, "ledger": desk.ledger, "row": desk.row, "key": desk.key,
        "seen": desk.row.number_in_entry if desk.row else 0,
    }  # fmt: skip
    return render(desk.request, "ledgers/form.html", context | more)


@requires(RIGHT)
@require_POST
def save_draft(request: HttpRequest, code: str) -> HttpResponse:
    """What the form holds now; called by the page a moment after each change."""
    desk = _desk_of(request, code)
    texts = texts_from(desk.ledger.fields, request.POST)
    drafts.save_draft(
        desk.sheet, texts, personal_codes=personal_codes(desk.ledger), version=_seen(request), at=timezone.now()
    )
    return HttpResponse(status=204)


@requires(RIGHT)
@require_POST
def drop_draft(request: HttpRequest, code: str) -> HttpResponse:
    desk = _desk_of(request, code)
    drafts.drop_draft(desk.sheet)
    messages.success(request, _("已放弃暂存的内容"))
    return redirect("ledgers:edit", desk.row.entry_id) if desk.row else redirect("ledgers:new", code)


def _desk_of(request: HttpRequest, code: str) -> Desk:
    """The form that posts: of the entry that it names, or of something new under the key that it brings."""
    ledger, entry, key = ledger_to(request, code, RIGHT), request.POST.get("entry", ""), request.POST.get("draft", "")
    if (number := whole_number(entry)) is not None:
        row = entry_to(request, number, RIGHT)
        if row.ledger != code:
            raise Http404
        return Desk(request, ledger, "", row)
    if not key or _key(key) != key:
        raise PermissionDenied("draft")
    return Desk(request, ledger, key)


@requires("parties.view")
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Names for a party's control, as options of its list; the last of several names is completed."""
    text = request.GET.get(request.GET.get("field", ""), "")[:300]
    options = "".join(
        f'<option value="{escape(value)}">{escape(note)}</option>' for value, note in editing.suggestions(text)
    )
    return HttpResponse(mark_safe(options))  # noqa: S308 - every value is escaped above
