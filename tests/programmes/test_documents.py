"""Documents with lists and numbers, a superior's results, papers of a case, and its archive."""

import hashlib
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from docx import Document

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import PARTS
from keshu.bureau.programmes.models import Application, ArchiveIndex, CaseEntry, DocumentItem, IssuedDocument
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import archiving, documents, printing, upper_lists
from keshu.bureau.programmes.publicity.documents import APPROVAL, LETTER, UPPER, Line
from keshu.bureau.records import files
from keshu.bureau.records.audit import faults
from keshu.bureau.records.services import writing
from keshu.office.tables import read_workbook
from tests.ledgers.workbooks import Sheet, xlsx
from tests.programmes.filling import PDF, fill
from tests.programmes.test_publicity import bring

ISSUER = "云岭市科学技术局"


@pytest.fixture
def office(users):
    return viewer_of(users["office"])


@pytest.fixture
def cases_in(open_call, begun, submit, firms):
    """`cases_in("issuing", n)`: submitted cases of one call that stand in this state, each of its own enterprise."""

    def make(state, n=1, code="plan.key_rd", parties=()):
        call, found = open_call(code), []
        for number, party in enumerate(parties or firms(n), 1):
            application = fill(begun(call, party), changes={"project_name": f"在线测试关键技术研究之{number}"})
            found.append(bring(submit(application), state))
        return found

    return make


def drafted(cases, viewer, template=APPROVAL):
    return documents.draft(
        cases[0].call_id, template, [one.pk for one in cases], title="关于公布结果的通知", text="按时签订任务书",
        issuer=ISSUER, viewer=viewer,
    )  # fmt: skip


def number(document, viewer, text="云科〔2026〕8号", **changes):
    told = {"number": text, "issued_on": date.today(), "issuer": ISSUER, "file": None, "viewer": viewer} | changes
    return documents.issue_number(document.pk, **told)


def words(content):
    book = Document(io.BytesIO(content))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in book.paragraphs), *cells])


def test_a_letter_goes_to_the_office_above_or_to_whom_it_went_last(cases_in, office):
    """The city has nobody above it in the tree, so the parameter says it; what a bureau wrote last is taken up."""
    cases = cases_in("reporting", 2, code="nominate.project")
    call = cases[0].call
    first = drafted(cases[:1], office, documents.LETTER)
    assert first.addressee == "省科学技术厅"
    assert "省科学技术厅：" in words(printing.print_document(first, Case(cases[0], at=first.act.at, by=office.actor)))
    IssuedDocument.objects.filter(pk=first.pk).update(addressee="云中省科学技术厅")
    assert documents.addressee_of(call, documents.LETTER, date.today()) == "云中省科学技术厅"
    assert documents.addressee_of(call, APPROVAL, date.today()) == "各有关单位"
    call.place, call.programme = Place.objects.get(code="990121"), "plan.soft"
    assert documents.addressee_of(call, documents.LETTER, date.today()) == "云岭市科学技术局"


def test_a_document_of_several_organs_bears_all_their_names_and_the_title_that_was_given(cases_in, office):
    (one,) = cases_in("issuing")
    document = documents.draft(
        one.call_id, APPROVAL, [one.pk], title="关于下达项目经费的通知", issuer=f"{ISSUER}、云岭市财政局", viewer=office
    )
    said = words(printing.print_document(document, Case(one, at=document.act.at, by=office.actor)))
    assert said.count("云岭市财政局") == 2, "in the red head and under the text"
    assert "关于下达项目经费的通知" in said
    number(document, office, issuer=f"{ISSUER}、云岭市财政局")
    second = IssuedDocument(number="云科〔2026〕8号", issuer=ISSUER, call=one.call, template=APPROVAL)
    with pytest.raises(CaseProblem, match="已经登记过"):
        documents._refuse_taken(second)


def test_a_draft_numbers_its_projects_in_the_order_of_the_list(cases_in, office):
    cases = cases_in("issuing", 2)
    document = drafted(cases, office)
    year = cases[0].call.year
    assert [item.number for item in document.items.order_by("order")] == [
        f"{year}-KEYRD-P-0001",
        f"{year}-KEYRD-P-0002",
    ]
    with pytest.raises(CaseProblem, match="另一份文件"):
        drafted(cases, office)
    said = words(printing.print_document(document, Case(cases[0], at=document.act.at, by=office.actor)))
    assert "在线测试关键技术研究之2" in said
    assert f"{year}-KEYRD-P-0002" in said
    assert "按时签订任务书" in said


def test_the_cases_go_on_once_the_document_has_its_number(cases_in, office):
    cases = cases_in("issuing", 2)
    document = drafted(cases, office)
    with pytest.raises(CaseProblem, match="文号"):
        documents.go_on(document.pk, viewer=office)
    number(document, office, file=(PDF, "文件.pdf", "pdf", "application/pdf"))
    assert documents.go_on(document.pk, viewer=office) == 2
    for one in Application.objects.all():
        assert (one.state, one.issued_on) == ("contracting", date.today())
        link = CaseEntry.objects.get(application=one, ledger="project")
        row = link.entry.revisions.get(known_to__isnull=True)
        assert (row.status, row.number) == ("approved", one.documents.get().number)
        assert row.data["document"] == "云科〔2026〕8号"
    with pytest.raises(CaseProblem, match="都已办理"):
        documents.go_on(document.pk, viewer=office)
    assert not list(faults())


def test_a_number_is_given_once_and_not_in_the_future(cases_in, office):
    first, second = cases_in("issuing", 2)
    number(drafted([first], office), office)
    other = drafted([second], office)
    with pytest.raises(CaseProblem, match="已经登记过"):
        number(other, office)
    with pytest.raises(CaseProblem, match="晚于今天"):
        number(other, office, "云科〔2026〕9号", issued_on=date.today() + timedelta(days=1))
    documents.drop(other.pk, viewer=office)
    assert list(documents.waiting(second.call, APPROVAL)) == [second]


def test_only_who_may_issue_drafts(cases_in, bureau):
    with pytest.raises(CaseProblem, match="权限"):
        drafted(cases_in("issuing"), bureau["clerk"])


def test_numbers_may_be_put_right_before_the_case_goes_on(cases_in, office):
    cases = cases_in("issuing", 2)
    document = drafted(cases, office)
    with pytest.raises(CaseProblem, match="重复"):
        documents.renumber(document.pk, {one.pk: Line(one.pk, "同一个编号") for one in cases}, viewer=office)
    assert documents.renumber(document.pk, {cases[0].pk: Line(cases[0].pk, "云科计2026-01")}, viewer=office) == 1
    number(document, office)
    documents.go_on(document.pk, viewer=office)
    with pytest.raises(CaseProblem, match="不能再改"):
        documents.renumber(document.pk, {cases[0].pk: Line(cases[0].pk, "另一个")}, viewer=office)


LIST = [["单位名称", "受理编号", "结果", "证书编号", "有效期至"]]


def test_a_superiors_list_is_matched_row_by_row(cases_in, office):
    year = date.today().year
    yes, no = cases_in("upstairs", 2, code="title.hte")
    rows = [
        [yes.party.name, yes.number, "通过", f"GR{year}35000001", f"{year + 3}-11-30"],
        [no.party.name, no.number, "未通过", "", ""],
    ]
    read = upper_lists.read_file(yes.call, xlsx(Sheet("名单", [["2026年名单"], *LIST, *rows])), "名单.xlsx")
    assert read.problems == []
    document = documents.record_upper(
        yes.call_id, read.lines, number="国科火字〔2026〕1号", issued_on=date.today(), issuer="全国高企认定办", title="公告",
        viewer=office,
    )  # fmt: skip
    assert document.template == UPPER
    assert documents.go_on(document.pk, viewer=office) == 2
    assert {one.pk: one.state for one in Application.objects.all()} == {yes.pk: "holding", no.pk: "upper_rejected"}
    row = CaseEntry.objects.get(application=yes, ledger="title").entry.revisions.get(known_to__isnull=True)
    assert (row.status, row.number, row.ended_on) == ("valid", f"GR{year}35000001", date(year + 3, 11, 30))
    assert not list(faults())


def test_every_wrong_row_is_told_with_its_place(cases_in, office, firm):
    one, other = cases_in("upstairs", code="title.hte", parties=[firm, firm])
    rows = [
        ["查无此企业有限公司", "", "通过", "", ""],
        [one.party.name, "", "通过", "", ""],
        [one.party.name, one.number, "也许", "", ""],
        [one.party.name, one.number, "通过", "", "明年"],
        [other.party.name, other.number, "通过", "", ""],
        [other.party.name, other.number, "通过", "", ""],
    ]
    read = upper_lists.read_file(one.call, xlsx(Sheet("名单", [*LIST, *rows])), "名单.xlsx")
    places = [place for place, _why in read.problems]
    assert places == ["“名单”第2行", "“名单”第3行", "“名单”第4行", "“名单”第5行", "“名单”第7行"]
    said = [why for _place, why in read.problems]
    for part, why in zip(("没有等待", "2 件", "也许", "不是日期", "两次"), said, strict=True):
        assert part in why
    assert [line.application for line in read.lines] == [other.pk]


def test_a_pasted_list_without_results_is_of_those_who_passed(cases_in):
    (one,) = cases_in("upstairs", 1, code="title.hte")
    read = upper_lists.read_text(one.call, f"企业名称\t证书编号\n{one.party.name}\tGR202635000001")
    assert (read.problems, [line.result for line in read.lines]) == ([], ["approved"])
    assert upper_lists.read_text(one.call, "没有表头").problems


def test_a_list_from_a_table_keeps_its_commas_and_a_typed_one_takes_them_as_borders(cases_in):
    one, other = cases_in("upstairs", 2, code="title.hte")
    Application.objects.filter(pk=one.pk).update(title="节能，降耗关键技术")
    Application.objects.filter(pk=other.pk).update(title="节能关键技术", party=one.party)
    pasted = upper_lists.read_text(one.call, f"企业名称\t项目名称\n{one.party.name}\t节能，降耗关键技术")
    assert ([line.application for line in pasted.lines], pasted.problems) == ([one.pk], [])
    typed = upper_lists.read_text(one.call, f"受理编号，结果\n{one.number}，通过")
    assert [line.application for line in typed.lines] == [one.pk]


def test_a_list_that_is_too_long_is_refused_and_not_cut(cases_in, monkeypatch):
    (one,) = cases_in("upstairs", code="title.hte")
    monkeypatch.setattr(upper_lists, "MOST", 1)
    read = upper_lists.read_text(one.call, f"企业名称\n{one.party.name}\n{one.party.name}")
    assert read.lines == []
    assert "共 2 行，一次最多 1 行" in read.problems[0][1]


def test_the_result_has_to_be_the_one_that_was_recorded(cases_in, office):
    from keshu.bureau.programmes.services import pass_case
    from keshu.bureau.records.machine import NotAllowed

    (one,) = cases_in("upstairs", 1, code="title.hte")
    line = Line(one.pk, result=DocumentItem.Result.REJECTED)
    documents.record_upper(
        one.call_id, [line], number="1号", issued_on=date.today(), issuer="省厅", title="结果", viewer=office
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="不一致"):
        pass_case(one.pk, "upper_approve", seen=one.revision, viewer=office)


def test_a_letter_goes_up_with_its_list(cases_in, office):
    cases = cases_in("reporting", 1, code="title.hte")
    document = drafted(cases, office, LETTER)
    assert document.items.get().number == ""
    said = words(printing.print_document(document, Case(cases[0], at=document.act.at, by=office.actor)))
    assert cases[0].party.name in said
    number(document, office)
    documents.go_on(document.pk, viewer=office)
    assert Application.objects.get().state == "upstairs"


def test_a_change_exchanges_the_certificate(cases_in, office):
    (one,) = cases_in("issuing")
    document = drafted([one], office)
    number(document, office)
    documents.go_on(document.pk, viewer=office)
    case = Case(
        Application.objects.select_related("call__place", "place", "party").get(), at=document.act.at, by=office.actor
    )
    with writing(verb="test.keep", by=office.actor) as act:
        documents.issue_certificate(case, act)
    item = DocumentItem.objects.get(document__template="certificate")
    assert item.number.endswith("-P-0001（换1）")
    assert IssuedDocument.objects.count() == 2


def archived(one, office):
    """The case with its file listed, as the effect of archiving leaves it."""
    case = Case(one, at=datetime.now(UTC), by=office.actor)
    with writing(verb="test.archive", by=office.actor) as act:
        archiving.archive_file(case, act)
    return case, ArchiveIndex.objects.get(application=one)


def test_the_archive_holds_every_paper_under_its_hash(cases_in, office):
    (one,) = cases_in("issuing")
    document = drafted([one], office)
    number(document, office, file=(PDF, "云科8号.pdf", "pdf", "application/pdf"))
    case, kept = archived(one, office)
    parts = [row[0] for row in kept.rows]
    assert parts == sorted(parts, key=PARTS.index)
    assert set(parts) == {"申报书", "申报附件", "文件与证书", "办理过程"}
    with zipfile.ZipFile(archiving.pack(case)) as book:
        assert book.testzip() is None
        assert book.namelist()[-1] == "000-卷内目录.xlsx"
        papers = [book.read(name) for name in book.namelist()[:-1]]
        assert [hashlib.sha256(paper).hexdigest() for paper in papers] == [row[2] for row in kept.rows]
        assert PDF in papers
        listed = read_workbook(book.read("000-卷内目录.xlsx"), "a.xlsx")[0].values
    assert [row[2] for row in listed[1:]] == [row[1] for row in kept.rows]
    assert not list(faults())


def test_a_document_without_its_scan_lies_there_as_it_was_drafted(cases_in, office):
    (one,) = cases_in("issuing")
    number(drafted([one], office), office)
    _case, kept = archived(one, office)
    (row,) = [row for row in kept.rows if row[0] == "文件与证书" and row[5]]
    assert (row[5], row[6], row[7]) == ("云科〔2026〕8号", ISSUER, "未登记盖章扫描件，为系统起草的文本")
    assert "在线测试关键技术研究之1" in words(files.path_of(row[2]).read_bytes())


def test_what_was_archived_is_what_is_handed_out_later(cases_in, office):
    """Afterwards a renamed organisation changes no paper of the file; only a lost one is told as lost."""
    (one,) = cases_in("issuing")
    case, kept = archived(one, office)
    Application.objects.filter(pk=one.pk).update(title="改了名称的项目")
    case.application.refresh_from_db(fields=["title"])
    gone = next(row for row in kept.rows if row[1].startswith("申报书（"))
    files.path_of(gone[2]).unlink()
    with zipfile.ZipFile(archiving.pack(case)) as book:
        assert len(book.namelist()) == len(kept.rows)
        text = b"".join(book.read(name) for name in book.namelist() if name.endswith(".docx"))
        listed = read_workbook(book.read("000-卷内目录.xlsx"), "a.xlsx")[0].values
    assert "改了名称的项目".encode() not in text
    assert [row[2] for row in listed if row[8] == archiving.MISSING] == [gone[1]]


def test_papers_of_the_case_page(cases_in, office, client_as):
    (one,) = cases_in("issuing")
    document = drafted([one], office)
    client = client_as("office")
    page = client.get(reverse("programmes:case", args=[one.pk])).content.decode()
    assert reverse("programmes:case-paper", args=[one.pk, "approval_document"]) in page
    answer = client.get(reverse("programmes:case-paper", args=[one.pk, "approval_document"]))
    assert "在线测试关键技术研究之1" in words(answer.content)
    number(document, office)
    documents.go_on(document.pk, viewer=office)
    applicant = client_as("applicant")
    assert applicant.get(reverse("programmes:case-paper", args=[one.pk, "approval_document"])).status_code == 200
    assert applicant.get(reverse("programmes:case-paper", args=[one.pk, "check_report"])).status_code == 404
    assert applicant.get(reverse("programmes:case-archive", args=[one.pk])).status_code == 403
    assert client_as("office").get(reverse("programmes:case-archive", args=[one.pk])).status_code == 200


def test_the_pages_walk_from_draft_to_result(cases_in, client_as, office, client):
    cases = cases_in("issuing", 2)
    clerk = client_as("office")
    page = clerk.get(reverse("programmes:documents")).content.decode()
    address = reverse("programmes:document-draft", args=[cases[0].call_id, "approval_document"])
    assert address in page
    clerk.post(
        address,
        {
            "title": "立项通知",
            "issuer": ISSUER,
            "addressee": "各有关单位",
            "text": "",
            "case": [one.pk for one in cases],
        },
    )
    document = IssuedDocument.objects.get()
    here = reverse("programmes:document", args=[document.pk])
    clerk.post(here, {"number": "云科〔2026〕8号", "issued_on": date.today().isoformat(), "issuer": ISSUER})
    clerk.post(
        reverse("programmes:document-lines", args=[document.pk]),
        {f"number-{cases[0].pk}": "KJ-1", f"until-{cases[0].pk}": ""},
    )
    assert "2 件" in clerk.get(reverse("programmes:document-go-on", args=[document.pk])).content.decode()
    clerk.post(reverse("programmes:document-go-on", args=[document.pk]))
    assert {one.state for one in Application.objects.all()} == {"contracting"}
    clerk.logout()
    public = clerk.get(reverse("programmes:result", args=[document.pk])).content.decode()
    assert "KJ-1" in public
    assert "在线测试关键技术研究之2" in public
    assert reverse("programmes:result", args=[document.pk]) in clerk.get(reverse("programmes:results")).content.decode()


def test_an_upper_list_with_errors_writes_nothing(cases_in, client_as):
    (one,) = cases_in("upstairs", 1, code="title.hte")
    page = client_as("office").post(
        reverse("programmes:document-upper", args=[one.call_id]),
        {
            "title": "公告",
            "number": "1号",
            "issued_on": date.today().isoformat(),
            "issuer": "省厅",
            "text": "企业名称\n别家有限公司",
        },
    )
    assert "第2行" in page.content.decode()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("n", [1, 3])
def test_lists_of_documents_ask_as_often_for_three_as_for_one(
    cases_in, office, client_as, n, django_assert_num_queries
):
    cases = cases_in("issuing", n)
    for order, one in enumerate(cases, start=1):
        number(drafted([one], office), office, f"云科〔2026〕{order}号")
    client = client_as("office")
    client.get(reverse("programmes:documents"))
    with django_assert_num_queries(8):
        client.get(reverse("programmes:documents"))


@pytest.mark.parametrize("n", [1, 3])
def test_a_document_asks_as_often_for_three_cases_as_for_one(cases_in, office, client_as, n, django_assert_num_queries):
    document = drafted(cases_in("issuing", n), office)
    client = client_as("office")
    client.get(reverse("programmes:document", args=[document.pk]))
    with django_assert_num_queries(7):
        client.get(reverse("programmes:document", args=[document.pk]))
