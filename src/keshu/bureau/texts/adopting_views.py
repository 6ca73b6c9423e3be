"""The page that takes over last year's text: what it would bring, then the act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.records.services import now
from keshu.bureau.texts import adopting
from keshu.bureau.texts.comparing import Standing
from keshu.bureau.texts.guards import text_to_edit
from keshu.bureau.texts.models import Text

COMPOSE = "summaries.compose"


@requires(COMPOSE)
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, text_id: int) -> HttpResponse:
    """Show what taking over would bring; on POST write it as one act and go to the new skeleton's summaries."""
    found = text_to_edit(request, text_id)
    if not hasattr(found, "reading") or not request.viewer.may(COMPOSE, place=found.place.code):
        raise Http404
    try:
        plan = adopting.plan_kept(found, known_at=now())
    except adopting.NothingToAdopt as problem:
        messages.error(request, str(problem))
        return redirect("texts:text", text_id)
    if request.method == "POST":
        return _write(request, found, plan)
    context = {"text": found, "plan": plan, "counts": _counts(plan), "unsure": _unsure(plan), "differs": _differs(plan)}
    return render(request, "texts/adopt.html", context)


def _write(request: HttpRequest, found: Text, plan: adopting.Adoption) -> HttpResponse:
    done = adopting.adopt(plan, by=request.viewer.actor, today=timezone.localdate(), upload=adopting.upload_of(found))
    said = _("已沿用：大纲“%(name)s”第%(version)s版，接收数据%(n)s个；起草总结时在“类型”中选择它") % {
        "name": plan.skeleton.content["name"], "version": done.version, "n": len(plan.received),
    }  # fmt: skip
    messages.success(request, said)
    return redirect("summaries:index")


def _counts(plan: adopting.Adoption) -> list[tuple[str, int]]:
    return [
        (_("文中的数"), len(plan.told)),
        (_("改为引用"), plan.skeleton.referenced),
        (_("作为接收数据"), len(plan.received)),
        (_("沿用的文字（句）"), plan.skeleton.standing),
        (_("不沿用的句子"), len(plan.skeleton.stale)),
        (_("今年应兑现的承诺"), len(plan.promises)),
    ]


def _unsure(plan: adopting.Adoption) -> list[adopting.Told]:
    return [one for one in plan.standing(Standing.SEVERAL, Standing.UNKNOWN) if one.figure.value is not None]


def _differs(plan: adopting.Adoption) -> list[adopting.Told]:
    return plan.standing(Standing.DIFFERS, Standing.OTHER_DATE)
