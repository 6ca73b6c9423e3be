"""Promise 2: a frozen summary never changes, whatever happens to the records, the tree, the catalogue or the clock.

What it would say today stands beside it, with the reason. A writer that began before the freeze cannot slip under it.
"""

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.catalogue import catalogue, ledger_of
from keshu.bureau.ledgers.importing import services as importing
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import create_entry, revise_entry, void_entry
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.services import merge_parties
from keshu.bureau.places.services import move_place
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.reports import services as writing_services
from keshu.bureau.reports import signing
from keshu.bureau.reports.freezing import document_for
from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports.models import Frozen, Summary
from keshu.bureau.reports.queries import later_changes
from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.bureau.statistics.services import (
    SourceSpec,
    ValueSpec,
    add_source,
    record_values,
    void_value,
    withdraw_source,
)
from keshu.kernel.measure.period import Period
from keshu.office.gbt9704 import write_official
from tests.ledgers.workbooks import Sheet, xlsx
from tests.promises.summaries import DIRECTOR, HEAD, OFFICE, composed, frozen_of
from tests.reports.conftest import CLERK, COUNTY, contract

RD = "rd.expenditure"


def received(*, release="internal"):
    """A yearbook that says what the county spent on R&D, and its GDP."""
    said = {("2024", RD): "100000000", ("2025", RD): "123400000", ("2025", "econ.gdp"): "9870000000"}
    spec = SourceSpec("县统计局", "统计年鉴", date(2025, 12, 31), date(2026, 8, 1), release=release)
    values = [
        ValueSpec(code, COUNTY, Period.parse(year), Decimal(one), cell="C7") for (year, code), one in said.items()
    ]
    return add_source(spec, by=CLERK, values=values)


LATEST, LATE = "202699012100007A", "202699012100009A"


@pytest.fixture
def frozen(bureau, add):
    received()
    contract(add, bureau[2], LATEST, date(2026, 7, 1), 400000)
    return frozen_of(composed())


def everything(frozen, folder):
    """All that a reader of a frozen summary can get: text, content, marks, and the parts of the .docx."""
    kept = Frozen.objects.get(pk=frozen.pk)
    file = folder / "总结.docx"
    write_official(document_for(kept.content, kept.sha256), file)
    with zipfile.ZipFile(file) as parts:
        docx = {item.filename: parts.read(item) for item in parts.infolist()}
    return (
        kept.text,
        kept.sha256,
        kept.content,
        list(kept.marks.values()),
        docx,
        Summary.objects.values().get(pk=kept.summary_id),
    )


def row(number):
    return Revision.objects.get(number=number, known_to__isnull=True)


def revised(number, **changes):
    there = row(number)
    ledger = ledger_of(there.ledger)
    values = values_of(ledger, there) | changes
    return revise_entry(
        there.entry_id, values, place_id=there.place_id, seen=there.number_in_entry, by=CLERK, reason="合同金额更正"
    )


def imported(number, total, known_on=None):
    """A workbook of one contract, committed."""
    header = ["合同登记编号", "项目名称", "合同类别", "卖方名称", "成交额(元)", "技术交易额(元)", "登记日期"]
    rows = [[number, f"{number}号技术开发", "技术开发", "青岩新材料股份有限公司", total, total, date(2026, 7, 1)]]
    batch = importing.stage(
        "tech_contract", xlsx(Sheet("合同", [header, *rows])), name="合同.xlsx", place=COUNTY, by=CLERK
    )
    return importing.commit(batch.pk, by=CLERK, known_on=known_on, reason="补报")


def shake(bureau, places):
    revised("2026A0", total=Decimal(700000), traded=Decimal(700000))
    void_entry(row("2026A1").entry_id, seen=1, by=CLERK, reason="重复登记")
    assert imported(LATEST, 990000) is not None
    create_entry("activity", {"name": "补登", "kind": "fair", "start": date(2026, 6, 1), "people": 1000, "sessions": 3},
                 place_id=places[COUNTY].pk, by=CLERK)  # fmt: skip
    merge_parties(bureau[2].pk, bureau[3].pk, by=CLERK, reason="同一企业")
    move_place("990121001", parent="990102", on=date(2026, 2, 1), by=CLERK, reason="区划调整")
    heading = Heading.objects.get(known_to__isnull=True)
    record_values(
        heading.source_id, [ValueSpec(RD, COUNTY, Period.parse("2025"), Decimal(150000000), cell="C7")], by=CLERK
    )
    withdraw_source(heading.source_id, seen=heading.number_in_source, by=CLERK, reason="发文单位收回")


@pytest.mark.django_db
def test_no_change_to_the_records_reaches_it(frozen, bureau, places, tmp_path):
    before = everything(frozen, tmp_path)
    shake(bureau, places)
    assert everything(frozen, tmp_path) == before


@pytest.mark.django_db
def test_no_change_of_the_definitions_reaches_it(frozen, tmp_path, monkeypatch):
    """A new version of the catalogue: other names, another annex, other sections, other conditions."""
    before = everything(frozen, tmp_path)
    known = catalogue()
    county = known.summaries["county"]
    annex = county.annex and county.annex.model_copy(update={"title": "另一张附表"})
    summaries = {
        code: one.model_copy(update={"title": "另一个标题", "version": one.version + 1})
        for code, one in known.summaries.items()
    }
    summaries["county"] = summaries["county"].model_copy(update={"annex": annex})
    indicators = {
        c: one.model_copy(update={"name": f"新{one.name}", "unit": "箱"}) for c, one in known.indicators.items()
    }
    ledgers = {code: one.model_copy(update={"name": f"新{one.name}"}) for code, one in known.ledgers.items()}
    other = replace(known, summaries=summaries, indicators=indicators, ledgers=ledgers)
    for module in ("reports.compose", "reports.freezing"):
        monkeypatch.setattr(f"keshu.bureau.{module}.site_catalogue", lambda: other)
    assert everything(frozen, tmp_path) == before


@pytest.mark.django_db
def test_a_county_that_changes_its_name_leaves_it_alone(frozen, places, tmp_path):
    before = everything(frozen, tmp_path)
    place = places[COUNTY]
    place.name = "青岩市"
    place.save()
    assert everything(frozen, tmp_path) == before


FORBIDDEN = {
    "edit": lambda s, part: writing_services.edit_section(part.pk, {}, seen=part.version, by=CLERK, own="再加一句。"),
    "recompose part": lambda s, part: writing_services.recompose_section(part.pk, seen=part.version, by=CLERK),
    "recompose": lambda s, part: writing_services.recompose_summary(s.pk, by=CLERK),
    "order": lambda s, part: writing_services.order_items(s.pk, {"work": ["science"]}, seen=s.revision, by=CLERK),
    "due day": lambda s, part: writing_services.set_due(s.pk, date(2027, 1, 1), by=CLERK),
    "sign": lambda s, part: signing.sign_section(part.pk, seen=part.version, viewer=HEAD),
    "return": lambda s, part: signing.return_section(part.pk, seen=part.version, viewer=HEAD, note="重写"),
    "falls": lambda s, part: signing.sign_falls(s.pk, viewer=DIRECTOR),
    "pass": lambda s, part: signing.pass_step(s.pk, seen=s.step, viewer=OFFICE),
    "return step": lambda s, part: signing.return_step(s.pk, seen=s.step, viewer=DIRECTOR, note="重写"),
    "freeze again": lambda s, part: sign_off(s.pk, by=DIRECTOR.actor, rights=DIRECTOR.rights),
    "compose again": lambda s, part: composed(),
}


@pytest.mark.django_db
def test_no_service_does_anything_to_it(frozen, tmp_path):
    summary = Summary.objects.get(pk=frozen.summary_id)
    part = summary.sections.filter(included=True).first()
    before, sections = everything(frozen, tmp_path), list(summary.sections.values())
    for name, act in FORBIDDEN.items():
        with pytest.raises((writing_services.SummaryProblem, NotAllowed)):
            act(summary, part)
        assert (everything(frozen, tmp_path), list(summary.sections.values())) == (before, sections), name


@pytest.mark.django_db
def test_what_it_would_say_today_stands_beside_it_with_the_reason(frozen, bureau, places):
    assert later_changes(frozen) == []
    shake(bureau, places)
    changes = later_changes(frozen)
    now = {(later.mark.reference, later.mark.section): later for later in changes}
    total = now["contract.total", "transfer"]
    assert (total.mark.printed, total.words) == ("196万元", "223万元")
    assert {(one.verb, one.title) for one in total.because} >= {
        ("revise", "2026A0号技术开发"), ("void", "2026A1号技术开发"), ("revise", f"{LATEST}号技术开发"),
    }  # fmt: skip
    assert all(one.by and one.at > frozen.known_at for later in changes for one in later.because)


@pytest.mark.django_db
def test_a_figure_whose_rows_are_all_gone_is_named_too(frozen):
    for there in Revision.objects.filter(ledger="tech_contract", known_to__isnull=True):
        void_entry(there.entry_id, seen=1, by=CLERK, reason="登记错误")
    gone = {later.mark.reference: later for later in later_changes(frozen)}
    assert {"contract.count", "contract.total"} <= set(gone)
    assert all(one.verb == "void" for one in gone["contract.total"].because)
    assert len(gone["contract.total"].because) == 4


@pytest.mark.django_db
def test_a_corrected_document_is_named_as_the_reason(frozen):
    marks = frozen.marks.filter(reference__startswith=RD)
    assert marks.exists(), "the text stands on the received value"
    value = ReceivedValue.objects.get(indicator=RD, period="2025")
    void_value(value.pk, by=CLERK, reason="年鉴勘误")
    changed = [later for later in later_changes(frozen) if later.mark.reference.startswith(RD)]
    assert {later.mark.pk for later in changed} == {mark.pk for mark in marks}
    assert {(one.verb, one.reason) for later in changed for one in later.because} == {("void", "年鉴勘误")}


@pytest.mark.django_db
def test_a_row_known_before_but_written_after_stays_out(frozen, places, bureau, tmp_path):
    """`--known-on` back-dates knowledge: into the past of this very summary."""
    before = everything(frozen, tmp_path)
    imported(LATE, 880000, known_on=date(2026, 1, 1))
    assert everything(frozen, tmp_path) == before
    total = next(later for later in later_changes(frozen) if later.mark.reference == "contract.total")
    assert total.words == "284万元"
    assert [(one.verb, one.reason) for one in total.because] == [("create", "补报")]


SETUP = """
from datetime import date
from tests.promises.small_bureau import plant
plant()
"""
FREEZE = """
import sys
from tests.promises.summaries import composed, signed, DIRECTOR
from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports import services
write = services.writing
def announced(**given):
    services.writing = write
    print("read", flush=True)
    return write(**given)
services.writing = announced
summary = signed(composed())
print("signed", flush=True)
sys.stdin.readline()
try:
    sign_off(summary.pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    print("frozen", flush=True)
except services.SummaryProblem as problem:
    print("refused", problem, flush=True)
"""
SLOW = """
import sys
from tests.promises.small_bureau import one_contract
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.services import snapshot_for
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, writing
ledger, place = ledger_of("tech_contract"), Place.objects.get(code="990121").pk
with writing(verb="slow", by=Actor("slow", "慢")) as act:
    print("began", act.known_from.isoformat(), flush=True)
    sys.stdin.readline()
    put(ledger, [Change(snapshot_for(ledger, one_contract("SLOW-1", 330000), place))], origin="form", within=act)
    print("wrote", flush=True)
    sys.stdin.readline()
print("committed", flush=True)
"""
LOOK = """
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.audit import faults
from keshu.bureau.reports.freezing import tellings_of, content_hash
from keshu.bureau.reports.models import Frozen
from keshu.bureau.reports.composing.nodes import value_text
frozen = Frozen.objects.get()
told = tellings_of(frozen.summary)
marks = frozen.marks.filter(kind="figure").exclude(definition="")
print(sum(value_text(told.raw(m.reference).value)[:60] != m.value for m in marks), marks.count())
print(Revision.objects.filter(number="SLOW-1", known_from__lte=frozen.known_at).count())
print(frozen.text.count("万元"), content_hash(frozen.content) == frozen.sha256, [f.message for f in faults()])
"""


def settled(child, word):
    line = child.stdout.readline()
    assert line.startswith(word), line + child.stdout.read()
    return line


def on_postgresql(installation):
    return "KESHU_DATABASE_URL" in installation.environment


def test_a_slow_writer_that_began_first_is_waited_for_and_then_noticed(installation):
    """It holds the shared lock with an early clock; the text was composed without it; freezing has to see its row."""
    installation.run(SETUP)
    slow = installation.start(SLOW)
    settled(slow, "began")
    freezer = installation.start(FREEZE)
    freezer.stdin.write("\n")
    settled(freezer, "read")
    if on_postgresql(installation):
        settled(freezer, "signed")  # others keep working beside a slow writer; SQLite has one writer at a time
    slow.stdin.write("\n")
    settled(slow, "wrote")
    assert not _answers(freezer), "nobody freezes while a writer is under way"
    slow.stdin.write("\n")
    settled(slow, "committed")
    if not on_postgresql(installation):
        settled(freezer, "signed")
    word = settled(freezer, "refused")
    assert "请重新生成" in word and "成交额" in word
    assert "frozen" in installation.run(RECOMPOSE)
    assert looked(installation) == (0, 1), "its row counts in the frozen text"


def looked(installation):
    """Figures that recompute to something else than was frozen; rows of the slow writer known to the frozen text."""
    marks, slow, sound = installation.run(LOOK).splitlines()
    wrong, counted = map(int, marks.split())
    assert counted > 5
    assert sound.endswith("True []")
    return wrong, int(slow)


RECOMPOSE = """
from tests.promises.summaries import signed, DIRECTOR
from tests.reports.conftest import CLERK
from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports.models import Summary
from keshu.bureau.reports.services import recompose_summary
recompose_summary(Summary.objects.get().pk, by=CLERK)
sign_off(signed(Summary.objects.get()).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
print("frozen")
"""


def _answers(child, seconds=0.7):
    """Whether the process says something within the time."""
    import select

    return bool(select.select([child.stdout], [], [], seconds)[0])


def test_a_writer_that_begins_while_a_summary_is_being_frozen_comes_after_it(installation):
    installation.run(SETUP)
    freezer = installation.start(HOLDING)
    settled(freezer, "inside")
    slow = installation.start(SLOW)
    assert not _answers(slow), "the writer waits for the freeze"
    freezer.stdin.write("\n")
    settled(freezer, "frozen")
    settled(slow, "began")
    slow.stdin.write("\n")
    settled(slow, "wrote")
    slow.stdin.write("\n")
    settled(slow, "committed")
    assert looked(installation) == (0, 0), "its row is known later"


HOLDING = """
import sys
from keshu.bureau.reports import freezing
from keshu.bureau.reports.handing_on import sign_off
from tests.promises.summaries import composed, signed, DIRECTOR
summary, inner = signed(composed()), freezing._refuse_moved
def held(*given):
    print("inside", flush=True)
    sys.stdin.readline()
    return inner(*given)
freezing._refuse_moved = held
sign_off(summary.pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
print("frozen", flush=True)
"""
