"""Signing, freezing, correcting afterwards, reading the file back."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import mark_highlight, revise_entry
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.reports.composing.editing import BadEdit, editable
from keshu.bureau.reports.composing.nodes import block_from_json
from keshu.bureau.reports.freezing import document_for
from keshu.bureau.reports.handing_on import measures_of, sign_off, subject_of
from keshu.bureau.reports.models import Frozen, Section, Summary
from keshu.bureau.reports.queries import later_changes
from keshu.bureau.reports.services import (
    StaleSection,
    SummaryProblem,
    compose_summary,
    edit_section,
    order_items,
    recompose_summary,
)
from keshu.bureau.reports.signing import pass_step, return_section, sign_falls, sign_section
from keshu.bureau.reports.verifying import verify_file
from keshu.bureau.targets.measures import put_back_measures, take_up_measures, taken_up
from keshu.office.gbt9704 import write_official
from tests.reports.conftest import CLERK, COUNTY, PERIOD, contract, viewer

pytestmark = pytest.mark.django_db
HEAD, DIRECTOR, OFFICE = viewer("head"), viewer("director"), viewer("office")


@pytest.fixture
def summary(bureau):
    return compose_summary(COUNTY, PERIOD, "county", by=CLERK, due_on=date(2026, 11, 9))


def signed(summary):
    for section in summary.sections.filter(included=True):
        sign_section(section.pk, seen=section.version, viewer=HEAD)
    if summary.lists["falls"]:
        sign_falls(summary.pk, viewer=DIRECTOR)
    pass_step(summary.pk, seen=0, viewer=OFFICE)
    pass_step(summary.pk, seen=1, viewer=DIRECTOR)
    return summary


def frozen_of(summary):
    return sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)


def test_there_is_one_summary_for_a_place_and_period(summary):
    with pytest.raises(SummaryProblem):
        compose_summary(COUNTY, PERIOD, "county", by=CLERK)


def test_freezing_names_all_that_is_missing(summary):
    with pytest.raises(NotAllowed) as refused:
        sign_off(summary.pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    assert "尚未签字" in str(refused.value) and "办公室核稿" in str(refused.value)


def test_every_frozen_figure_keeps_its_value_rows_and_words(summary):
    frozen = frozen_of(summary)
    total = frozen.marks.get(reference="contract.total", section="transfer")
    assert (total.printed, Decimal(total.value), total.rows, len(total.digest)) == ("156万元", Decimal(1560000), 3, 64)
    assert total.stands_on == "技术合同登记台账" and "成交额" in total.before


def test_a_frozen_summary_never_changes(summary):
    frozen = frozen_of(summary)
    section = summary.sections.filter(included=True).first()
    with pytest.raises(SummaryProblem):
        edit_section(section.pk, {}, seen=section.version, by=CLERK)
    with pytest.raises(SummaryProblem):
        recompose_summary(summary.pk, by=CLERK)
    for statement in (
        lambda: Frozen.objects.update(text="x"),
        lambda: frozen.marks.update(printed="9家"),
        frozen.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_a_later_correction_shows_beside_the_frozen_figure_with_its_reason(summary, bureau):
    frozen = frozen_of(summary)
    assert later_changes(frozen) == []
    from keshu.bureau.ledgers.catalogue import ledger_of
    from keshu.bureau.ledgers.models import Revision
    from keshu.bureau.ledgers.snapshots import values_of

    row = Revision.objects.get(ledger="tech_contract", number="2026A0")
    values = values_of(ledger_of("tech_contract"), row) | {"total": Decimal(700000), "traded": Decimal(700000)}
    revise_entry(row.entry_id, values, place_id=row.place_id, seen=1, by=CLERK, reason="合同金额更正")
    changed = {later.mark.reference: later for later in later_changes(frozen)}
    assert changed["contract.total"].words == "176万元"
    (reason,) = changed["contract.total"].because
    assert (reason.verb, reason.by, reason.reason) == ("revise", "周经办", "合同金额更正")
    assert frozen.marks.get(reference="contract.total", section="transfer").printed == "156万元"


def test_a_row_that_slips_in_after_composing_stops_the_freeze_only_where_it_counts(summary, add, firms):
    """Rows written later are known later: the text stands for its own instant."""
    contract(add, firms[0], "2026Z9", date(2026, 8, 1), 100)
    assert frozen_of(summary).marks.get(reference="contract.total", section="transfer").printed == "156万元"


def test_verify_finds_what_somebody_typed_over(summary, tmp_path):
    frozen = frozen_of(summary)
    file = tmp_path / "总结.docx"
    write_official(document_for(frozen.content, frozen.sha256), file)
    assert verify_file(file)["changed"] == [] and verify_file(file)["against"] == "frozen"
    changed = verify_file(_with_words(file, "156万元", "256万元"))["changed"]
    assert {(one["ref"].partition("/")[0], one["frozen"], one["found"], one["by"]) for one in changed} == {
        ("contract.total", "156万元", "256万元", "control")
    }


def _with_words(file, old, new):
    """The file as somebody leaves it who typed over every place where the words stand."""
    target = file.with_name("改动.docx")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "word/document.xml":
                data = data.replace(old.encode(), new.encode())
            copy.writestr(item, data)
    return target


def test_verify_finds_a_change_in_a_pasted_text(summary, tmp_path):
    frozen = frozen_of(summary)
    file = tmp_path / "粘贴.txt"
    file.write_text(frozen.text.replace("达4家", "达14家"), encoding="utf-8")
    answer = verify_file(file)
    assert [(one["ref"], one["found"], one["by"]) for one in answer["changed"]] == [("hte.valid", "14家", "words")]


def test_two_editors_never_overwrite_each_other(summary):
    section = summary.sections.get(code="subjects")
    block = block_from_json(section.blocks[0])
    text = editable(block) + "各项服务措施落实到位。"
    edit_section(section.pk, {block.code: text}, seen=section.version, by=CLERK)
    with pytest.raises(StaleSection) as late:
        edit_section(section.pk, {block.code: "另一份修改。"}, seen=section.version, by=viewer("office").actor)
    assert "周经办" in str(late.value)
    assert section.versions.count() == 2


def test_an_edit_keeps_references_and_refuses_typed_over_ones(summary):
    section = summary.sections.get(code="subjects")
    block = block_from_json(section.blocks[0])
    with pytest.raises(BadEdit):
        edit_section(section.pk, {block.code: editable(block).replace("4家", "5家", 1)}, seen=section.version, by=CLERK)
    before = _marks(section)
    edit_section(section.pk, {block.code: "开头加一句话。" + editable(block)}, seen=section.version, by=CLERK)
    section.refresh_from_db()
    assert _marks(section) == before
    assert section.blocks[0]["content"][0]["attrs"]["author"] == "周经办"


def _marks(section):
    return [n["attrs"]["id"] for n in section.blocks[0]["content"] if n["type"] in ("figure", "names", "record")]


def test_composing_again_keeps_what_people_wrote_and_renews_its_figures(summary, add, firms):
    section = summary.sections.get(code="transfer")
    block = block_from_json(section.blocks[0])
    edit_section(section.pk, {block.code: "技术市场服务前移。" + editable(block)}, seen=section.version, by=CLERK)
    contract(add, firms[0], "2026Z1", date(2026, 9, 1), 440000)
    recompose_summary(summary.pk, by=CLERK)
    words = block_from_json(Section.objects.get(pk=section.pk).blocks[0]).words
    assert words.startswith("技术市场服务前移。") or "技术市场服务前移。" in words
    assert "成交额200万元" in words


def test_a_signed_section_whose_figures_change_has_to_be_signed_again(summary, add, firms):
    for section in summary.sections.filter(included=True):
        sign_section(section.pk, seen=section.version, viewer=HEAD)
    contract(add, firms[0], "2026Z1", date(2026, 9, 1), 440000)
    recompose_summary(summary.pk, by=CLERK)
    drafts = set(summary.sections.filter(state="draft", included=True).values_list("code", flat=True))
    assert "transfer" in drafts and "science" not in drafts


def test_a_head_of_another_section_may_not_sign(summary):
    section = summary.sections.get(code="subjects")
    with pytest.raises(NotAllowed):
        sign_section(section.pk, seen=section.version, viewer=viewer("head", sections=["办公室"]))


def test_a_deputy_signs_in_both_names(summary):
    section = summary.sections.get(code="subjects")
    own = viewer("clerk")
    borrowed = replace(viewer("head").grants[0], on_behalf_of="林科长")
    deputy = replace(own, grants=(*own.grants, borrowed))
    signature = sign_section(section.pk, seen=section.version, viewer=deputy, note="已核对")
    assert (signature.by, signature.note) == ("clerk", "受林科长委托。已核对")


def test_sending_back_needs_a_reason_and_starts_the_chain_again(summary):
    signed(summary)
    section = summary.sections.get(code="subjects")
    with pytest.raises(SummaryProblem):
        return_section(section.pk, seen=section.version, viewer=HEAD, note=" ")
    return_section(section.pk, seen=section.version, viewer=HEAD, note="请补充培育企业名单")
    assert Summary.objects.get(pk=summary.pk).step == 0


def test_signing_adopts_the_words_of_the_definition(summary):
    section = summary.sections.get(code="opening")
    sign_section(section.pk, seen=section.version, viewer=HEAD)
    section.refresh_from_db()
    authors = {n["attrs"]["author"] for b in section.blocks for n in b["content"] if n["type"] == "standing"}
    assert authors == {"林科长"}


def test_next_year_carries_over_what_people_wrote_with_author_and_year(summary):
    from keshu.bureau.reports.standing import standing_for
    from keshu.kernel.measure.period import Period

    frozen_of(summary)
    carried = standing_for(COUNTY, Period.parse("2027"), "county")
    opening = carried["opening", "guide"]
    assert (opening.author, opening.year, opening.carried_over) == ("林科长", 2026, True)


def test_a_site_may_change_the_order_of_the_sections(summary):
    order_items(summary.pk, {"work": ["transfer", "subjects"]}, seen=1, by=CLERK)
    codes = list(
        summary.sections.filter(included=True, chapter="work").order_by("order").values_list("code", flat=True)
    )
    assert codes[:2] == ["transfer", "subjects"]


def measures_taken(summary):
    found = taken_up(subject_of(summary))
    return [] if found is None else found[1]


def test_signing_off_makes_every_measure_of_the_plan_a_task_of_next_year(summary):
    sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    text = Frozen.objects.get(summary=summary).text
    tasks = measures_taken(summary)
    assert [task.title for task in tasks] == re.findall(r"[一二三四五六七八九十]是(抓[^。]+)。", text)
    first = tasks[0]
    assert (first.category, first.subcategory, first.status, first.data["section"]) == (
        "measure",
        "subjects",
        "planned",
        "高新科",
    )
    assert (first.filed_on, first.ended_on, first.number) == (
        date(2027, 1, 1),
        date(2027, 12, 31),
        f"《{summary.title}》",
    )
    assert first.data["content"] in text and first.place.code == COUNTY


def test_signing_off_takes_up_a_measure_only_once(summary):
    frozen = sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    again = take_up_measures(
        list(measures_of(frozen)), place_id=summary.place_id, year=2027, document="再来一次", subject="again", by=CLERK
    )
    assert again is None
    assert Revision.objects.filter(ledger="task", category="measure").count() == len(measures_taken(summary)) > 3


def test_the_tasks_can_be_taken_back_but_not_one_that_somebody_works_on(summary):
    sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    first, *rest = measures_taken(summary)
    mark_highlight(first.entry_id, highlight=True, story="", seen=first.number_in_entry, by=CLERK)
    done = put_back_measures(subject_of(summary), by=DIRECTOR.actor, reason="转入上级统一下达的任务")
    assert (done.restored, done.left) == (len(rest), (first.entry_id,))
    standing = Revision.objects.filter(ledger="task", category="measure", known_to__isnull=True, voided=False)
    assert [row.entry_id for row in standing] == [first.entry_id]
    assert put_back_measures(subject_of(summary), by=DIRECTOR.actor, reason="再撤") is None
    assert Summary.objects.get(pk=summary.pk).state == "frozen"


def test_a_refused_freeze_makes_no_task(summary):
    with pytest.raises(NotAllowed):
        sign_off(summary.pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    assert not Revision.objects.filter(ledger="task", category="measure").exists()


def test_a_plan_is_not_written_from_the_measures_of_another_summary(summary):
    sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    other = compose_summary(COUNTY, PERIOD, "targets", by=CLERK)
    plan = "".join(part["text"] for s in other.sections.filter(role="measures") for block in s.blocks for part in block["content"]
                   if part["type"] == "text")  # fmt: skip
    names = [task.title for task in measures_taken(summary)]
    assert names and not any(name in plan for name in names)
