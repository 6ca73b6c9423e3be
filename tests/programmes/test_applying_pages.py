"""The pages of the form as applicants use them, with and without a script; who may open them; what they cost."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keshu.bureau.programmes.models import Application, FormCell, FormVersion, Paper, Receipt
from keshu.bureau.programmes.services import pass_case
from tests.programmes.filling import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_prints(monkeypatch):
    """LibreOffice takes seconds, and what it prints is tried where the papers are made."""
    from keshu.bureau.programmes.applying import tasks

    monkeypatch.setattr(tasks, "to_pdf", lambda docx, pdf: pdf.write_bytes(b"%PDF-quick"))


def at(application, tail=""):
    return f"/programmes/cases/{application.pk}/{tail}"


@pytest.fixture
def mine(client_as, application):
    return client_as("applicant")


def hidden(page, path):
    found = re.search(rf'name="s-{re.escape(path)}" value="([^"]*)"', page)
    return found[1]


def page_of(client, url):
    response = client.get(url)
    assert response.status_code == 200, response
    return response.content.decode()


def test_the_form_opens_where_something_is_to_be_done(mine, application):
    response = mine.get(at(application, "form/"))
    assert response.headers["Location"].endswith("/form/sections/unit/") or "firm" in response.headers["Location"]


def test_a_section_shows_its_fields_what_is_known_and_the_list_of_sections(mine, application):
    page = page_of(mine, at(application, "form/sections/unit/"))
    assert 'value="云岭测试仪器有限公司"' in page
    assert "取自单位资料" in page
    assert "经费预算" in page
    assert "附件" in page


def test_saving_without_a_script_keeps_what_was_changed_and_nothing_else(mine, application):
    url = at(application, "form/sections/project/")
    page = page_of(mine, url)
    posted = {f"s-{path}": hidden(page, path) for path in ("project_name", "keywords", "project_field")}
    posted |= {"c-project_name": "新名称", "c-keywords": "", "c-project_field": "soft", "do": "to:leader"}
    response = mine.post(url, posted)
    assert response.headers["Location"].endswith("/sections/leader/")
    assert dict(FormCell.objects.values_list("path", "text")) == {"project_name": "新名称", "project_field": "soft"}


def test_two_people_without_a_script_see_both_texts(client_as, application):
    url = at(application, "form/sections/project/")
    first = page_of(client_as("applicant"), url)
    posted = {"s-project_name": hidden(first, "project_name"), "c-project_name": "甲的名称"}
    client_as("unit_admin").post(url, posted | {"c-project_name": "乙的名称"})
    response = client_as("applicant").post(url, posted)
    page = response.content.decode()
    assert response.status_code == 200
    assert "unit_admin 于" in page
    assert "乙的名称" in page
    assert 'value="甲的名称"' in page
    assert FormCell.objects.get(path="project_name").text == "乙的名称"
    again = {"s-project_name": hidden(page, "project_name"), "c-project_name": "甲的名称"}
    client_as("applicant").post(url, again)
    assert FormCell.objects.get(path="project_name").text == "甲的名称", "having seen both, she chose hers"


def save(client, application, *changes):
    url = at(application, "form/cells/")
    return client.post(url, json.dumps({"changes": changes}), content_type="application/json")


def test_autosave_answers_with_time_and_versions(mine, application):
    answer = save(mine, application, ["project_name", "甲", 0], ["members:a1:name", "林远", 0]).json()
    assert re.fullmatch(r"\d\d:\d\d", answer["at"])
    assert answer["versions"] == {"project_name": 1, "members:a1:name": 1}
    assert answer["conflicts"] == []


def test_autosave_tells_whose_text_stands(client_as, application):
    save(client_as("unit_admin"), application, ["project_name", "乙", 0])
    answer = save(client_as("applicant"), application, ["project_name", "甲", 0]).json()
    (one,) = answer["conflicts"]
    assert (one["path"], one["theirs"], one["by"], one["version"]) == ("project_name", "乙", "unit_admin", 1)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"changes": 1}', '{"changes": [["a"]]}', '{"changes": [["project_name", 5, 0]]}',
     '{"changes": [["project_name", "x", -1]]}', '{"changes": [["project_name", "x", 1e99]]}', "\xff", "null"],
)  # fmt: skip
def test_nonsense_is_refused_as_such(body, mine, application):
    response = mine.post(at(application, "form/cells/"), body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["message"]


def test_a_path_that_the_form_has_not_is_said(mine, application):
    response = save(mine, application, ["grant_total", "1", 0])
    assert (response.status_code, "grant_total" in response.json()["message"]) == (409, True)


def test_sums_and_the_cap_are_computed_as_one_types(mine, application):
    rows = [[f"budget:{n}:{code}", "100000", 0] for n in range(1, 5) for code in ("grant", "own")]
    save(mine, application, *rows)
    told = mine.get(at(application, "form/sections/budget/figures/")).json()
    assert told["sums"] == {"budget:grant": "400,000", "budget:own": "400,000"}
    assert told["computed"]["grant_total"] == "400,000"
    assert told["computed"]["indirect_cap"] == "60,000"
    assert told["tabs"]["budget"] == [0, 0]


def test_rows_are_added_and_removed_without_a_script(mine, application):
    url = at(application, "form/sections/members/")
    mine.post(url, {"do": "add:members", "s-members:x1:name": "0.", "c-members:x1:name": "林远"})
    page = page_of(mine, url)
    assert FormCell.objects.get(path="members:x1:name").text == "林远"
    rows = re.findall(r'data-row="(\w+)"', page)
    mine.post(url, {"do": "remove:members:x1"})
    assert "x1" not in re.findall(r'data-row="(\w+)"', page_of(mine, url))
    assert "x1" in rows


def test_the_check_page_links_every_problem_to_its_field(mine, application):
    page = page_of(mine, at(application, "form/check/"))
    assert "#at-project_name" in page
    assert "#slot-licence" in page
    assert "还不能" not in page or "提交单位审核" in page
    assert 'name="event"' not in page, "nothing to hand in yet"


def test_from_the_check_page_to_the_receipt(client_as, filled):
    applicant = client_as("applicant")
    page = page_of(applicant, at(filled, "form/check/"))
    assert "检查通过" in page
    assert 'value="hand_in"' in page
    applicant.post(at(filled, "form/check/"), {"event": "hand_in", "seen": filled.revision})
    admin = client_as("unit_admin")
    case = Application.objects.get(pk=filled.pk)
    assert case.state == "endorsing"
    assert page_of(admin, at(filled, "form/whole/"))
    response = admin.post(at(filled, "form/check/"), {"event": "submit", "seen": case.revision})
    receipt = Receipt.objects.get()
    assert response.headers["Location"] == at(filled, f"receipts/{receipt.pk}/")
    again = admin.post(at(filled, "form/check/"), {"event": "submit", "seen": case.revision})
    assert again.headers["Location"] == response.headers["Location"]
    page = page_of(admin, response.headers["Location"])
    assert receipt.sha256 in page
    assert Application.objects.get(pk=filled.pk).number in page
    assert page_of(admin, at(filled, ""))


def test_an_event_of_somebody_else_is_no_page(mine, filled):
    assert mine.post(at(filled, "form/check/"), {"event": "accept", "seen": 1}).status_code == 404
    assert mine.post(at(filled, "form/check/"), {"event": "hand_in", "seen": "x"}).status_code == 404


def test_a_form_with_gaps_says_so_and_stays(mine, application):
    response = mine.post(
        at(application, "form/check/"), {"event": "hand_in", "seen": application.revision}, follow=True
    )
    assert "处需要补充或改正" in response.content.decode()
    assert Application.objects.get(pk=application.pk).state == "draft"


# papers


def put(client, application, slot="licence", *contents, merge="", name="执照.pdf"):
    files = [SimpleUploadedFile(name, one) for one in contents or (PDF,)]
    return client.post(at(application, "form/papers/"), {"slot": slot, "files": files, "merge": merge}, follow=True)


def test_a_file_is_uploaded_downloaded_and_removed_without_a_script(mine, application):
    page = put(mine, application).content.decode()
    paper = Paper.objects.get()
    assert "已上传：执照.pdf" in page
    response = mine.get(at(application, f"papers/{paper.sha256}/"))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    mine.post(at(application, f"form/papers/{paper.pk}/"), {"kind": "remove"})
    assert Paper.objects.get().removed_at is not None


def test_a_wrong_file_is_refused_with_its_remedy(mine, application):
    assert "可执行程序" in put(mine, application, "licence", b"MZ\x00\x00" + b"\x01" * 200).content.decode()
    assert (
        "没有选择文件" in mine.post(at(application, "form/papers/"), {"slot": "licence"}, follow=True).content.decode()
    )
    assert mine.post(at(application, "form/papers/"), {"slot": "nothing"}).status_code == 404
    assert not Paper.objects.exists()


def test_a_large_file_comes_in_pieces(mine, application):
    content = PDF + b"%" * 3000
    url = at(application, "form/papers/uploads")
    told = {"slot": "licence", "name": "执照.pdf", "size": len(content)}
    begun = mine.post(url, json.dumps(told), content_type="application/json").json()
    half = len(content) // 2
    for offset, part in ((0, content[:half]), (half, content[half:])):
        mine.put(f"{url}/{begun['id']}?offset={offset}", part, content_type="application/octet-stream")
    answer = mine.post(f"{url}/{begun['id']}/finish")
    assert "执照.pdf" in answer.json()["html"]
    assert mine.post(f"{url}/{begun['id']}/finish").status_code == 200, "a repeated finish answers the same"
    assert Paper.objects.get().size == len(content)


def test_a_piece_refused_says_why(mine, application):
    url = at(application, "form/papers/uploads")
    told = {"slot": "licence", "name": "执照.exe", "size": 10}
    answer = mine.post(url, json.dumps(told), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "kind")
    assert mine.post(url, "nonsense", content_type="application/json").status_code == 400


# who


OTHERS = ("clerk", "county", "director", "finance")


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("tail", ["form/sections/unit/", "form/papers/", "form/check/", "form/whole/", "form/cells/"])
def test_a_draft_is_nobody_elses_business(role, tail, client_as, application):
    client = client_as(role)
    response = client.post(at(application, tail), {}) if tail.endswith("cells/") else client.get(at(application, tail))
    assert response.status_code in (403, 404)


def test_another_organisation_gets_the_same_answer_as_for_nothing(client, application, places):
    from keshu.bureau.accounts.models import User
    from keshu.bureau.parties.services import PartySpec, register_party
    from tests.conftest import CLERK, account

    other = register_party(PartySpec("江川别家有限公司", "", places["990102"].pk), by=CLERK)
    User.objects.filter(username="unit_admin").update(username="their_admin")
    user = account("unit_admin", scope="party", party=other)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for tail in ("form/sections/unit/", "form/papers/", "form/check/", "form/whole/", ""):
        assert client.get(at(application, tail)).status_code == 404
    assert save(client, application, ["project_name", "x", 0]).status_code == 404
    assert not FormCell.objects.exists()


def test_the_bureau_reads_what_was_handed_in_with_personal_numbers_masked(client_as, submitted):
    own = page_of(client_as("applicant"), at(submitted, "form/whole/"))
    bureau = page_of(client_as("clerk"), at(submitted, "form/whole/"))
    assert "350423198806123011" in own
    assert "350423198806123011" not in bureau
    assert "350423********3011" in bureau


def test_after_handing_in_the_form_is_read_only(client_as, submitted):
    client = client_as("applicant")
    assert client.get(at(submitted, "form/sections/unit/")).headers["Location"] == at(submitted, "form/whole/")
    assert save(client, submitted, ["project_name", "x", 1]).status_code == 409


def test_the_difference_of_two_versions_is_shown(client_as, submitted, bureau, applicant):
    case = pass_case(
        submitted.pk, "ask_rework", seen=submitted.revision, viewer=bureau["county"], given={"reason": "名称不清"}
    )
    client = client_as("applicant")
    assert "名称不清" in page_of(client, at(case, "form/check/"))
    cell = FormCell.objects.get(path="project_name")
    save(client, case, ["project_name", "改后的名称", cell.version])
    client.post(at(case, "form/check/"), {"event": "hand_back", "seen": case.revision})
    assert FormVersion.objects.count() == 2
    page = page_of(client, at(case, "versions/2/changes/"))
    assert "改后的名称" in page
    assert client.get(at(case, "versions/1/changes/")).status_code == 404
    assert page_of(client_as("county"), at(case, "versions/1/"))


def test_the_version_is_printed_once_and_lies_sealed(client_as, submitted):
    from keshu.bureau.programmes.applying.tasks import path_of, print_version

    version = FormVersion.objects.get()
    response = client_as("applicant").get(at(submitted, "versions/1/form.pdf"))
    assert (response.content, response["Content-Type"]) == (b"%PDF-quick", "application/pdf")
    assert b"PDF" not in path_of(version).read_bytes()
    assert print_version.func(version.pk, "https://x/") == "there"
    assert client_as("clerk").get(at(submitted, "versions/1/form.pdf")).status_code == 403


def test_papers_say_what_the_form_says(client_as, submitted):

    from keshu.office.texts import read_text

    own = client_as("applicant")
    case = Application.objects.select_related("version").get(pk=submitted.pk)
    for template in ("application_form", "receipt"):
        response = own.get(at(submitted, f"print/{template}/"))
        text = read_text(response.content, "x.docx").text
        assert case.number in text
        assert case.version.sha256[:8] in text.replace(" ", "").replace("\n", "")
        assert "350423198806123011" not in text


def test_a_draft_is_printed_as_such_and_not_after_handing_in(client_as, filled, submit):

    from keshu.office.texts import read_text

    own = client_as("applicant")
    response = own.get(at(filled, "form/draft.docx"))
    text = read_text(response.content, "x.docx").text
    assert "草稿" in text
    assert "350423198806123011" in text, "she reads and signs her own"
    submit(filled)
    assert own.get(at(filled, "form/draft.docx")).status_code == 404


def test_anybody_may_verify_a_receipt_and_learns_nothing_else(client, submitted):
    case = Application.objects.select_related("version").get(pk=submitted.pk)
    page = page_of(client, f"/programmes/receipts/?number={case.number}&sha256={case.version.sha256.upper()}")
    assert "相符" in page
    assert "市级重点研发" in page or case.call.programme
    assert case.title not in page
    assert case.party.name not in page
    wrong = case.version.sha256[::-1]
    assert "不符" in page_of(client, f"/programmes/receipts/?number={case.number}&sha256={wrong}")
    assert "不符" in page_of(client, f"/programmes/receipts/?number=2026-X-1&sha256={case.version.sha256}")
    assert "不符" not in page_of(client, "/programmes/receipts/")


# what it costs


def queries(client, call):
    with CaptureQueriesContext(connection) as found:
        response = call(client)
    assert response.status_code in (200, 302)
    return len([q for q in found.captured_queries if "SAVEPOINT" not in q["sql"]])


def test_one_cell_is_saved_with_six_queries(mine, application):
    save(mine, application, ["keywords", "x", 0])
    cost = [queries(mine, lambda c, n=n: save(c, application, *[["project_name", str(n), n - 1]])) for n in (1, 2)]
    assert cost == [6, 6]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_row_and_with_three(rows, mine, application):
    save(mine, application, *[[f"members:r{n}:name", "林远", 0] for n in range(rows)])
    for n in range(rows):
        put(mine, application, "other", PDF + bytes([65 + n]))
    tails = ("form/sections/members/", "form/papers/", "form/check/", "form/whole/")
    assert {tail: queries(mine, lambda c, tail=tail: c.get(at(application, tail))) for tail in tails} == {
        "form/sections/members/": 13,
        "form/papers/": 14,
        "form/check/": 21,
        "form/whole/": 12,
    }
