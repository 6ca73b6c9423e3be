"""Every page of a summary: it works, it is refused to others, and what it must not touch stays."""

import re
from datetime import date

import pytest

from keshu.bureau.reports.composing.editing import editable
from keshu.bureau.reports.composing.nodes import block_from_json
from keshu.bureau.reports.handing_on import sign_off, subject_of
from keshu.bureau.reports.models import SectionVersion, Signature, Summary
from keshu.bureau.reports.services import compose_summary
from keshu.bureau.targets.measures import taken_up
from keshu.catalogue.loader import load
from tests.reports.conftest import CLERK, COUNTY, PERIOD, viewer
from tests.reports.test_freezing import signed

pytestmark = pytest.mark.django_db
FALLING = (
    "contract.total", "contract.count", "hte.valid", "hte.new", "popular.count", "popular.people", "patent.filed", "patent.granted"
)  # fmt: skip


@pytest.fixture
def summary(bureau):
    return compose_summary(COUNTY, PERIOD, "county", by=CLERK, due_on=date(2026, 11, 9))


def test_the_list_shows_years_side_by_side(client_as, summary):
    page = client_as("office").get("/summaries/").content.decode()
    assert summary.title in page
    assert "待签" in page
    assert "2026-11-09" in page


def test_each_figure_is_a_link_to_what_it_stands_on(client_as, summary):
    client = client_as("office")
    page = client.get(f"/summaries/{summary.pk}/").content.decode()
    section = summary.sections.get(code="transfer")
    mark = next(
        n["attrs"]["id"]
        for n in section.blocks[0]["content"]
        if n["type"] == "figure" and n["attrs"]["ref"] == "contract.total"
    )
    assert f'href="/summaries/{summary.pk}/marks/{mark}/"' in page
    panel = client.get(f"/summaries/{summary.pk}/marks/{mark}/", headers={"HX-Request": "true"}).content.decode()
    assert "2026A0" in panel and "156万元" in panel and "成果科" in panel and "<html" not in panel
    assert "<html" in client.get(f"/summaries/{summary.pk}/marks/{mark}/").content.decode()


def test_an_unknown_mark_is_not_found(client_as, summary):
    assert client_as("office").get(f"/summaries/{summary.pk}/marks/f000000000000/").status_code == 404


def test_a_summary_of_another_place_is_not_found(client_as, summary):
    Summary.objects.update(place_id=Summary.objects.get().place.__class__.objects.get(code="990102").pk)
    assert client_as("county").get(f"/summaries/{summary.pk}/").status_code == 404


def test_an_administrator_may_not_read_summaries(client_as, summary):
    assert client_as("system").get(f"/summaries/{summary.pk}/").status_code == 403


def test_saving_an_edit_adds_a_version_and_nothing_else(client_as, summary):
    section = summary.sections.get(code="subjects")
    block = block_from_json(section.blocks[0])
    data = {"seen": section.version, "heading": section.heading, block.code: editable(block) + "服务更加主动。"}
    before = SectionVersion.objects.count()
    answer = client_as("clerk").post(f"/summaries/{summary.pk}/sections/subjects/edit/", data)
    assert answer.status_code == 302
    assert SectionVersion.objects.count() == before + 1
    section.refresh_from_db()
    assert "服务更加主动。" in block_from_json(section.blocks[0]).words


def test_a_stale_edit_keeps_what_was_typed_on_the_page(client_as, summary):
    section = summary.sections.get(code="subjects")
    block = block_from_json(section.blocks[0])
    data = {"seen": section.version - 1, block.code: "我写了很久的一段。"}
    answer = client_as("clerk").post(f"/summaries/{summary.pk}/sections/subjects/edit/", data)
    assert answer.status_code == 409
    assert "我写了很久的一段。" in answer.content.decode()
    section.refresh_from_db()
    assert section.version == data["seen"] + 1


def test_signing_leaves_one_signature(client_as, summary):
    section = summary.sections.get(code="subjects")
    url = f"/summaries/{summary.pk}/sections/subjects/sign/"
    client = client_as("head")
    assert client.get(url).status_code == 200
    assert client.post(url, {"seen": section.version}).status_code == 302
    assert client.post(url, {"seen": section.version}).status_code == 302
    assert Signature.objects.filter(section=section, event="signed").count() == 1


def test_a_clerk_may_not_sign(client_as, summary):
    assert client_as("clerk").post(f"/summaries/{summary.pk}/sections/subjects/sign/", {"seen": 1}).status_code == 403


def test_a_paper_signature_needs_its_scan(client_as, summary):
    answer = client_as("head").post(f"/summaries/{summary.pk}/sections/subjects/sign/", {"seen": 1, "signer": "赵局长"})
    assert answer.status_code == 422 and Signature.objects.count() == 0


def test_the_freeze_page_lists_what_is_missing_and_refuses(client_as, summary):
    client = client_as("director")
    assert "尚未签字" in client.get(f"/summaries/{summary.pk}/freeze/").content.decode()
    client.post(f"/summaries/{summary.pk}/freeze/")
    assert Summary.objects.get().state == "writing"


@pytest.mark.parametrize("form", ["docx", "check-docx", "check-xlsx"])
def test_downloads_are_office_files(client_as, summary, form):
    answer = client_as("office").get(f"/summaries/{summary.pk}/download/{form}/")
    assert answer.content[:2] == b"PK"


@pytest.mark.parametrize(
    "path", ["check/", "compare/", "order/", "sections/subjects/versions/", "sections/subjects/edit/"]
)
def test_pages_open(client_as, summary, path):
    assert client_as("office").get(f"/summaries/{summary.pk}/{path}").status_code == 200


def test_the_file_that_was_downloaded_is_found_untouched(client_as, summary):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_as("office")
    file = SimpleUploadedFile("总结.docx", client.get(f"/summaries/{summary.pk}/download/docx/").content)
    assert "均未改动" in client.post("/summaries/verify/", {"file": file}).content.decode()


def test_a_changed_file_says_how_many_places_and_names_them(client_as, summary, tmp_path):
    import zipfile

    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_as("office")
    before, after = tmp_path / "甲.docx", tmp_path / "乙.docx"
    before.write_bytes(client.get(f"/summaries/{summary.pk}/download/docx/").content)
    with zipfile.ZipFile(before) as source, zipfile.ZipFile(after, "w") as copy:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "word/document.xml":
                data = data.replace("156万元".encode(), "256万元".encode())
            copy.writestr(item, data)
    page = client.post("/summaries/verify/", {"file": SimpleUploadedFile("总结.docx", after.read_bytes())})
    result, text = page.context["result"], page.content.decode()
    assert f"有 {len(result['changed']) + len(result['missing']) + len(result['texts'])} 处改动" in text
    assert {one["name"].partition(" · ")[0] for one in result["changed"]} == {"技术合同成交额"}
    assert ">contract.total" not in text


def test_the_check_sheet_says_when_in_shanghai(summary):
    from datetime import UTC, datetime

    from keshu.bureau.reports.checks import notes_of

    summary.known_at = datetime(2026, 11, 1, 17, 30, tzinfo=UTC)
    assert notes_of(summary)[0] == "数据掌握时点：2026年11月02日 01:30"


def test_acts_on_a_summary_are_listed_by_its_title(client_as, summary):
    part = summary.sections.get(code="subjects")
    client_as("office").post(f"/summaries/{summary.pk}/due/", {"due_on": "2026-12-01"})
    client_as("office").post(f"/summaries/{summary.pk}/sections/subjects/recompose/", {"seen": part.version})
    page = client_as("audit").get("/audit/").content.decode()
    assert f"总结 《{summary.title}》" in page
    assert f"/{summary.kind}<" not in page, "composing is about a summary that had no number yet"
    assert f"总结部分 {part}（《{summary.title}》）" in page


@pytest.mark.parametrize(
    ("role", "path"),
    [("clerk", "step/"), ("head", "step/"), ("head", "falls/"), ("head", "step/return/"), ("director", "step/")],
)
def test_no_form_is_offered_to_somebody_whose_turn_it_is_not(client_as, summary, role, path):
    """The director's turn has not come while sections are unsigned."""
    answer = client_as(role).get(f"/summaries/{summary.pk}/{path}")
    assert answer.status_code in (302, 403)


def test_freezing_is_the_main_button_only_once_nothing_stands_in_its_way(client_as, summary, monkeypatch):
    from keshu.bureau.reports import views

    address = f"/summaries/{summary.pk}/"
    link = f'href="{address}freeze/"'
    before = client_as("director").get(address).content.decode()
    assert f'<a class="btn" {link}' in before
    monkeypatch.setattr(views, "obstacles", lambda found: [])
    assert f'<a class="btn btn-primary" {link}' in client_as("director").get(address).content.decode()


def test_the_empty_choice_says_what_to_do(client_as, bureau):
    page = client_as("office").get("/summaries/").content.decode()
    assert "请选择" in page
    assert "-----" not in page


def test_new_composes_and_says_when_there_is_one_already(client_as, bureau):
    client = client_as("office")
    data = {"place": COUNTY, "kind": "county", "period": "2026-01..2026-10", "chain": "two"}
    assert client.post("/summaries/new/", data).status_code == 302
    client.post("/summaries/new/", data)
    assert Summary.objects.count() == 1


def test_reading_the_page_writes_nothing(client_as, summary):
    from keshu.bureau.records.models import Act

    client, before = client_as("office"), Act.objects.count()
    client.get(f"/summaries/{summary.pk}/")
    assert Act.objects.count() == before


def test_the_home_page_says_what_waits_for_ones_signature(client_as, summary):
    page = client_as("head").get("/").content.decode()
    assert summary.title in page
    assert "待您签字" in page
    assert "待您签字" not in client_as("clerk").get("/").content.decode()


def test_a_corrected_figure_stays_in_the_frozen_text_with_what_it_would_be_now(client_as, summary, add, firms):
    from keshu.bureau.ledgers.models import Revision
    from keshu.bureau.ledgers.services import void_entry
    from tests.reports.test_freezing import frozen_of

    frozen_of(summary)
    row = Revision.objects.get(ledger="tech_contract", number="2026A0")
    void_entry(row.entry_id, seen=1, by=CLERK, reason="重复登记")
    page = client_as("office").get(f"/summaries/{summary.pk}/").content.decode()
    assert 'title="现为 106万元">156万元</a>' in page
    assert "重复登记" in page


def test_the_deadline_may_be_moved(client_as, summary):
    client = client_as("office")
    client.post(f"/summaries/{summary.pk}/due/", {"due_on": "2026-12-05"})
    assert Summary.objects.get().due_on == date(2026, 12, 5)
    client.post(f"/summaries/{summary.pk}/due/", {"due_on": "下周"})
    assert Summary.objects.get().due_on == date(2026, 12, 5)
    assert client_as("clerk").post(f"/summaries/{summary.pk}/due/", {"due_on": ""}).status_code == 403


def test_the_tasks_made_from_measures_are_listed_and_taken_back_with_a_reason(client_as, summary):
    director, page = client_as("director"), f"/summaries/{summary.pk}/"
    assert director.get(f"{page}measures/put-back/").status_code == 302, "nothing to take back before freezing"
    sign_off(signed(summary).pk, by=viewer("director").actor, rights=viewer("director").rights)
    assert "抓主体，促梯次培育" in director.get(page).content.decode().split("已转为重点任务的举措")[1]
    assert "撤回这些任务" not in client_as("clerk").get(page).content.decode()
    assert client_as("clerk").post(f"{page}measures/put-back/", {"note": "x", "seen": 0}).status_code == 403
    director = client_as("director")
    assert director.post(f"{page}measures/put-back/", {"note": "", "seen": 0}).status_code == 422
    assert taken_up(subject_of(summary))[1]
    director.post(f"{page}measures/put-back/", {"note": "改由上级统一下达", "seen": 0})
    assert taken_up(subject_of(summary)) is None
    assert "已转为重点任务的举措" not in director.get(page).content.decode()


def test_the_list_of_falls_is_by_theme_and_none_is_dropped(client_as, summary):
    falls = [
        {"code": code, "name": load().indicators[code].name, "words": f"同比下降{n}.5%", "period": "2026", "reference": code, "section": "annex"}
        for n, code in enumerate(FALLING, start=11)
    ]  # fmt: skip
    Summary.objects.filter(pk=summary.pk).update(lists=summary.lists | {"falls": falls})
    page = client_as("office").get(f"/summaries/{summary.pk}/").content.decode()
    listed = page.split("未写入的下降指标</h2>")[1].split("</section>")[0]
    assert [int(n) for n in re.findall(r"同比下降(\d+)\.5%", listed)] == list(range(11, 11 + len(FALLING)))
    assert listed.index("成果转化") < listed.index("<details>") < listed.index("其余 2 项") < listed.index("同比下降18")
    signing = client_as("director").get(f"/summaries/{summary.pk}/falls/").content.decode()
    assert all(f"同比下降{n}.5%" in signing for n in range(11, 11 + len(FALLING)))
