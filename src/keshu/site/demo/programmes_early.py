"""The first half of a case's life: filled in, handed over, recommended, accepted, checked, scored, advised upon."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from random import Random
from typing import Any

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.applying.cells import Change, save_cells
from keshu.bureau.programmes.applying.papers import Arrived, add_paper
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling.checking import Word, checks_of, say
from keshu.bureau.programmes.handling.scoring import RIGHT, ScoreSpec, items_of, write_score
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.programmes.services import begin_case, dealing
from keshu.bureau.records import files
from keshu.bureau.records.machine import NotAllowed
from keshu.catalogue.schema.programme import Programme
from keshu.site.demo.programmes_clock import at
from keshu.site.demo.programmes_desk import Desk, Life, Plan, later, seen_of, state_of
from keshu.site.demo.programmes_forms import Writer, asked_for, texts_of
from keshu.site.demo.world import Firm

EXPERTS = ("郑明", "许文涛", "何立群", "吕晓峰", "施国安", "张慧敏", "孔令达", "曹玉")
#: what a fate does instead of the usual event in a state
TURNS: dict[str, dict[str, str]] = {
    "discarded": {"draft": "discard"}, "declined": {"recommending": "decline"}, "refused": {"accepting": "refuse"},
    "reworking": {"recommending": "ask_rework"}, "pulled_back": {"accepting": "pull_back"},
    "supplementing": {"accepting": "ask_supplement"}, "supplemented": {"accepting": "ask_supplement"},
    "mending": {"checking": "return_defects"}, "mended": {"checking": "return_defects"},
    "unqualified": {"checking": "fail_check"}, "duplicate": {"comparing": "call_duplicate"},
}  # fmt: skip
REASONS = {
    "discard": "今年暂不申报", "decline": "与本地产业方向不符", "refuse": "不属于本批次支持范围",
    "ask_rework": "项目名称过于宽泛，考核指标请量化", "ask_supplement": "附件不全，请补齐后再报",
    "fail_check": "申报单位与往年已支持项目内容一致，不符合申报要求", "call_duplicate": "与2023年已立项项目内容重复",
}  # fmt: skip
DEFECTS = (
    {"field": "targets:r1:value", "text": "考核指标没有说明检测条件", "remedy": "补充检测方法和样品规格"},
    {"field": "slot:commitment", "text": "承诺书没有法定代表人签字", "remedy": "签字盖章后重新上传"},
)


@dataclass
class Applicant:
    """One case under way, with everything that its steps need."""

    desk: Desk
    plan: Plan
    call: Call
    firm: Firm
    fate: str
    pk: int = 0
    turned: bool = False

    @cached_property
    def draw(self) -> Random:
        return self.desk.world.draw("case", self.plan.programme, self.plan.year, self.plan.part, self.firm.index)

    @property
    def programme(self) -> Programme:
        return programme_for(self.call)

    @property
    def unit(self) -> Viewer:
        return self.desk.people.unit(self.firm)

    @property
    def writer(self) -> Writer:
        starts = self.plan.starts or self.plan.closes + timedelta(days=120)
        return Writer(self.desk.world, self.firm, self.programme, self.plan.year, starts, self.plan.months or 24)

    @property
    def state(self) -> str:
        return state_of(self.pk)

    def take(self, event: str, viewer: Viewer, **given: Any) -> Application:
        return self.desk.take(self.pk, event, viewer, **given)


def early_life(one: Applicant) -> Life:
    """From the first keystroke to the door of the meeting, or to where its fate leaves it."""
    draw = one.draw
    span = (min(one.plan.closes, one.desk.today) - one.plan.opens).days
    day = one.plan.opens + timedelta(days=int(span * draw.triangular(0.1, 0.97, 0.85)))
    yield at(day, draw.randint(8, 20), draw.randint(0, 59))
    _fill(one)
    while (state := one.state) in STEPS and not _stays(one, state):
        yield STEPS[state][0](one)
        if one.state == state:
            STEPS[state][1](one)
            if one.state == state:  # half done, and that is where its fate leaves it
                return


def _stays(one: Applicant, state: str) -> bool:
    """Whether the fate leaves the case here."""
    return state == one.fate or (state == "draft" and one.fate == "lapsed")


def _fill(one: Applicant) -> None:
    viewer, by = one.unit, one.unit.actor
    party = one.desk.people.parties[one.firm.index]
    place = one.desk.place_ids[one.firm.place]
    one.pk = begin_case(one.call, party_id=party, place_id=place, by=by).pk
    texts, now = texts_of(one.writer), one.desk.clock.now()
    if one.fate == "draft":
        texts = dict(list(texts.items())[: len(texts) * one.draw.randint(3, 9) // 10])
    changes = [Change(path, text, 0) for path, text in texts.items()]
    parties = viewer.parties("programmes.apply")
    save_cells(one.pk, changes, parties=parties, by=by, at=now)
    if one.fate != "draft":
        for slot in one.programme.attachments:
            if slot.required or slot.when or one.draw.random() < 0.2:
                add_paper(one.pk, slot.code, pdf_of(slot.code, slot.name), parties=parties, by=by, at=now)


_papers: dict[str, Arrived] = {}


def pdf_of(code: str, name: str) -> Arrived:
    """One page that says which slot it lies in; the same bytes for every case."""
    if code not in _papers:
        content = _pdf(f"Demo attachment: {code}")
        _papers[code] = Arrived(files.keep(content), f"{name}.pdf", len(content), "application/pdf")
    return _papers[code]


def _pdf(text: str) -> bytes:
    stream = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return body + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _soon(least: int, most: int) -> Callable[[Applicant], Any]:
    def when(one: Applicant) -> Any:
        return later(one.draw, one.desk.clock.today, least, most)

    return when


def _after_closing(days: int, spread: int = 3) -> Callable[[Applicant], Any]:
    """So many days after the call has closed, or soon where that is over."""

    def when(one: Applicant) -> Any:
        day = max(one.plan.closes + timedelta(days=days), one.desk.clock.today)
        return later(one.draw, day, 0, spread)

    return when


def _same_day(one: Applicant) -> Any:
    return one.desk.clock.at + timedelta(minutes=one.draw.randint(20, 90))


def _go(event: str, who: Callable[[Applicant], Viewer], back: str = "") -> Callable[[Applicant], None]:
    """The usual event of a state, or the one that the fate has instead (once)."""

    def step(one: Applicant) -> None:
        turn = TURNS.get(one.fate, {}).get(one.state)
        if turn is None or one.turned:
            one.take(event, who(one))
            return
        one.turned = True
        viewer = one.unit if turn in ("discard", "pull_back") else who(one)
        given: dict[str, Any] = {"reason": REASONS.get(turn, "")}
        if turn == "ask_supplement":
            given["defects"] = list(DEFECTS)
        one.take(turn, viewer, **given)

    return step


def _unit(one: Applicant) -> Viewer:
    return one.unit


def _county(one: Applicant) -> Viewer:
    return one.desk.people.county(one.firm.place)


def _clerk(one: Applicant) -> Viewer:
    return one.desk.people.clerk(one.call.section)


def _hand_in(one: Applicant) -> None:
    events = {step.event for step in one.programme.ladder.out_of("draft")}
    if one.fate == "discarded":
        one.take("discard", one.unit, reason=REASONS["discard"])
    else:
        one.take("hand_in" if "hand_in" in events else "submit", one.unit)


def _submit(one: Applicant) -> None:
    """Whoever is told that it may not apply leaves it at that; the case lapses when the call has closed."""
    with suppress(NotAllowed):
        one.take("submit", one.unit)


def _check(one: Applicant) -> None:
    """Every item gets its verdict; what the rules could not tell was looked at by a person."""
    application = Application.objects.select_related("call__place", "place", "party").get(pk=one.pk)
    case, bad = Case(application, at=one.desk.clock.at, by=_clerk(one).actor), _is_bad(one)
    items = checks_of(case)
    looked = [item.code for item, _verdict in items if item.look]
    failing = {looked[0] if looked else items[0][0].code} if bad else set()
    words = []
    for item, verdict in items:
        automatic = verdict.automatic if verdict else ""
        wanted = "no" if item.code in failing else "yes"
        if automatic != wanted:
            words.append(Word(item.code, wanted, "材料与要求不符" if wanted == "no" else "经核对原件，符合要求"))
    if words:
        say(one.pk, words, seen=seen_of(one.pk), viewer=_clerk(one))
    _go("pass_check", _clerk)(one)


def _is_bad(one: Applicant) -> bool:
    return one.fate in ("mending", "mended", "unqualified") and not one.turned


def _score(one: Applicant) -> None:
    """As many sheets as the programme asks for; a case that is still under review has some of them."""
    sheet = one.programme.scoring
    viewer, draw = _clerk(one), one.draw
    n = sheet.least_experts if sheet else 0
    worth = draw.uniform(0.5, 0.62) if one.fate == "rejected" else draw.uniform(0.76, 0.93)
    comment = "目标明确，方案可行" if worth > 0.7 else "创新性不足"
    with dealing(one.pk, verb="case.score", right=RIGHT, seen=seen_of(one.pk), viewer=viewer) as (case, act):
        for expert in EXPERTS[: n - 2 if one.fate == "scoring" else n]:
            assert sheet is not None
            share = min(worth + draw.uniform(-0.05, 0.06), 0.98)
            points = {item.code: f"{round(float(item.most) * share * 2) / 2:g}" for item in items_of(sheet)}
            write_score(case, ScoreSpec(expert, points, case.today, comment=comment), act)
    if one.fate != "scoring":
        one.take("finish_review", viewer)


def _advise(one: Applicant) -> None:
    """The section's word, with an amount where the programme leaves it to the meeting."""
    support = one.fate != "rejected"
    advice: dict[str, str] = {"verdict": "support" if support else "oppose", "note": "" if support else "评审得分偏低"}
    money = one.programme.money
    if support and money is not None and money.mode == "proposed":
        share = one.draw.choice((8, 9, 10))
        advice["amount"] = str(asked_for(one.writer) * share // 100000 * 10000)
    one.take("advise", _clerk(one), advice=advice)


STEPS: dict[str, tuple[Callable[[Applicant], Any], Callable[[Applicant], None]]] = {
    "draft": (_same_day, _hand_in),
    "endorsing": (_same_day, _submit),
    "recommending": (_soon(1, 5), _go("recommend", _county)),
    "reworking": (_soon(1, 4), _go("hand_back", _unit)),
    "accepting": (_soon(1, 4), _go("accept", _clerk)),
    "supplementing": (_soon(2, 6), _go("supplement", _unit)),
    "checking": (_soon(2, 9), _check),
    "mending": (_soon(1, 4), _go("mend", _unit)),
    "comparing": (_soon(1, 3), _go("clear", _clerk)),
    "reviewing": (_after_closing(32, 8), _score),
    "visiting": (_after_closing(46, 4), _go("finish_visit", _clerk)),
    "advising": (_after_closing(56, 3), _advise),
}
