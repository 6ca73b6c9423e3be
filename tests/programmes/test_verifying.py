"""`keshu verify`: exactly this was handed in, or not: by number, by hash, by the file; and the address behind the code."""

import io
import json
import zipfile

import pytest

from keshu.bureau.programmes.applying import tasks
from keshu.bureau.programmes.applying.printing import paper_of, receipt_paper, verify_address
from keshu.bureau.programmes.applying.verifying import verify_file, verify_words
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import FormVersion, Receipt
from keshu.bureau.programmes.publicity.printing import addressed
from keshu.bureau.records import audit, files
from keshu.bureau.records.services import SYSTEM
from keshu.office.papers import render
from keshu.site.cli import main


@pytest.fixture
def version(submitted):
    return FormVersion.objects.select_related("application__call__place", "application__party").get(
        pk=submitted.version_id
    )


def checks(answer):
    return {check["name"]: check["ok"] for check in answer["checks"]}


WHOLE = {"handed-in": True, "content": True, "chain": True, "papers": True, "latest": True}


def test_number_and_hash_lead_to_the_version_with_time_and_case(version):
    (answer,) = verify_words(version.application.number, version.sha256)
    assert checks(answer) == WHOLE
    assert (answer["ok"], answer["version"], answer["sha256"]) == (True, 1, version.sha256)
    assert answer["at"] == version.at.isoformat()
    assert (answer["party"], answer["call"]) == (version.application.party.name, version.application.call.name)
    assert [one["event"] for one in answer["receipts"]]
    assert verify_words("", version.sha256) == verify_words(version.application.number) == [answer]


@pytest.mark.parametrize("asked", [("2026-X-1", ""), ("", "0" * 64)])
def test_what_was_never_handed_in_is_no(version, asked):
    (answer,) = verify_words(*asked)
    assert checks(answer) == {"handed-in": False}
    assert not answer["ok"]


def test_another_hash_under_the_right_number_is_no(version):
    (answer,) = verify_words(version.application.number, version.sha256[::-1])
    assert not answer["ok"]


def test_a_lost_paper_is_found(version):
    path = files.path_of(version.papers[0]["sha256"])
    content = path.read_bytes()
    path.write_bytes(b"another")
    try:
        (answer,) = verify_words(version.application.number)
    finally:
        path.write_bytes(content)
    assert checks(answer) == {**WHOLE, "papers": False}


def test_the_act_holds_these_rows_and_no_others(version):
    mine = bytes.fromhex(version.sha256)
    assert audit.holds(version.act_id, "form", [mine])
    assert not audit.holds(version.act_id, "form", [mine, mine])
    assert not audit.holds(version.act_id, "form", [bytes(32)])
    assert not audit.holds(version.act_id + 10_000, "form", [mine])


def forged(content, before, after):
    """The same .docx with other words in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(
                name, part.replace(before.encode(), after.encode()) if name == "word/document.xml" else part
            )
    return made.getvalue()


@pytest.fixture
def papers(version):
    """The form for its own people and for others, and the receipt, as they are downloaded."""
    case = Case(version.application, at=version.at, by=SYSTEM)
    receipt = receipt_paper(case, Receipt.objects.select_related("version").get(version=version))
    contents = {
        "own": paper_of(case, version, own=True), "masked": paper_of(case, version, own=False), "receipt": receipt,
    }  # fmt: skip
    templates = {"receipt": "receipt"}
    return {
        name: render(templates.get(name, "application_form"), addressed(one, "https://keshu.example.cn/"))
        for name, one in contents.items()
    }


@pytest.mark.parametrize("which", ["own", "masked", "receipt"])
def test_a_paper_as_it_was_downloaded_is_genuine(version, papers, which, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(papers[which])
    answer = verify_file(path)
    assert checks(answer) == {**WHOLE, "file": True}
    assert answer["number"] == version.application.number


def test_a_paper_in_which_a_word_was_changed_is_not(version, papers, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(forged(papers["own"], version.application.title, "另一个项目"))
    answer = verify_file(path)
    assert checks(answer) == {**WHOLE, "file": False}
    assert "另一个项目" in answer["checks"][-1]["detail"]


def test_a_pdf_is_held_against_the_print_of_the_version(version, papers, tmp_path, monkeypatch):
    """What LibreOffice makes of it is tried by hand; here its two prints are told apart, byte by byte or by words."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF one")
    said = {b"%PDF one": "内容 SHA-256：{0} 编号：{1} 甲", b"%PDF two": "内容 SHA-256：{0} 编号：{1} 乙"}

    class Told:
        def __init__(self, content):
            self.text = said[content].format(version.sha256, version.application.number)

    monkeypatch.setattr("keshu.bureau.programmes.applying.verifying.read_text", lambda content, _name: Told(content))
    for printed, detail in ((b"%PDF one", "逐字节一致"), (b"%PDF two", "不一致")):
        monkeypatch.setattr(tasks, "read_print", lambda _version, printed=printed: printed)
        assert detail in verify_file(path)["checks"][-1]["detail"]


def test_the_command_answers_in_words_and_as_json(version, papers, tmp_path, capsys):
    path = tmp_path / "回执.docx"
    path.write_bytes(papers["receipt"])
    assert main(["verify", str(path)]) == 0
    assert version.application.number in capsys.readouterr().out
    assert main(["verify", version.application.number, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    assert main(["verify", "2026-X-1", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["checks"][0]["name"] == "handed-in"
    (tmp_path / "别的.txt").write_text("没有编号", encoding="utf-8")
    for wrong in (["verify", str(tmp_path / "没有.pdf")], ["verify", str(tmp_path / "别的.txt")]):
        assert main(wrong) == 2
    assert main(["verify", version.application.number, "--sha256", "abc"]) == 2


def test_the_address_behind_the_code_is_whole_and_leads_to_the_public_page(version, papers, client):
    paper = paper_of(Case(version.application, at=version.at, by=SYSTEM), version, own=True)
    address = addressed(paper, "https://keshu.example.cn/").verification.address
    assert address == "https://keshu.example.cn" + verify_address(version.application, version.sha256)
    assert "相符" in client.get(address.removeprefix("https://keshu.example.cn")).content.decode()


def test_a_paper_asked_for_on_the_site_bears_the_site_s_address(version, client_as):
    from keshu.office.texts import read_text

    answer = client_as("clerk").get(f"/programmes/cases/{version.application_id}/print/receipt/")
    assert f"http://testserver/programmes/receipts/?number={version.application.number}" in read_text(
        answer.content, "x.docx"
    ).text.replace("\n", "")
