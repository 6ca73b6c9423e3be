"""Promise 7: whatever comes in at a door that cannot be used is answered by a Chinese sentence with place and remedy.

Exit code 2 (1 where rows of a readable file are wrong), no trace of the program's inside, and nothing half-done.
"""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from keshu.bureau.ledgers.models import Entry, Revision
from keshu.bureau.records.models import Act
from keshu.site.commands.wording import said
from tests.ledgers.workbooks import Sheet, xlsx
from tests.promises.hostile import BAD, GOOD
from tests.promises.small_bureau import COUNTY
from tests.promises.two_counties import OWN, plant

COUNT = """
from keshu.bureau.ledgers.models import Batch, Revision, StagedRow
from keshu.bureau.records.models import Act
from keshu.bureau.reports.models import Summary
from keshu.bureau.statistics.models import Source
from keshu.bureau.accounts.models import User
print([model.objects.count() for model in (Act, Revision, StagedRow, Summary, Source, User)])
"""
INSIDES = re.compile(r"Traceback|File \"|Error:|Exception|keshu\.bureau|site-packages|errno|Errno", re.IGNORECASE)


def chinese(text):
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def refused(shared, *arguments, codes=(2,), text="", **environment):
    """Run a command that cannot be carried out; returns what it said, after holding it against the promise."""
    before = _counted(shared)
    out = shared.keshu(*arguments, code=None, text=text, **({"KESHU_TRACE": "0"} | environment))
    asked = " ".join(map(str, arguments))
    assert shared.code in codes, f"{asked}: {shared.code}\n{out}"
    assert chinese(out), f"{asked}: {out}"
    assert not INSIDES.search(out), f"{asked}: {out}"
    shared.counted = shared.run(COUNT)
    assert shared.counted == before, f"{asked}: 写入了数据"
    return out


def _counted(shared):
    """What stands in the database, as the last command left it."""
    return getattr(shared, "counted", None) or shared.run(COUNT)


@pytest.fixture(scope="module")
def clerk(shared):
    shared.keshu("user", "add", "zhou", "--name", "周", "--role", "clerk", text="Yunling#2026x\n")
    shared.counted = None
    return "zhou"


WRONG = {
    "nothing": ([], "COMMAND"),
    "no such command": (["publish"], "publish"),
    "an argument too many": (["doctor", "--deep"], "--deep"),
    "no ledger of that code": (["ledger", "import", "hightech", "{good}", "--place", COUNTY], "hightech"),
    "no place of that code": (["ledger", "import", "title", "{good}", "--place", "123456"], "123456"),
    "no such file": (["ledger", "import", "title", "没有.xlsx", "--place", COUNTY], "没有.xlsx"),
    "a folder": (["ledger", "import", "title", "{folder}", "--place", COUNTY], "{folder}"),
    "a day that is none": (["ledger", "import", "title", "{good}", "--place", COUNTY, "--known-on", "2026-02-30"], "2026-02-30"),
    "a day to come": (["ledger", "import", "title", "{good}", "--place", COUNTY, "--known-on", "2999-01-01", "--commit", "--by", "zhou"], "2999"),
    "nobody writes": (["ledger", "import", "title", "{good}", "--place", COUNTY, "--commit"], "--by"),
    "somebody unknown writes": (["ledger", "import", "title", "{good}", "--place", COUNTY, "--commit", "--by", "nobody"], "nobody"),
    "skipping without taking in": (["ledger", "import", "title", "{good}", "--place", COUNTY, "--skip-wrong"], "--commit"),
    "export of no ledger": (["ledger", "export", "hightech", "{out}"], "hightech"),
    "export of no place": (["ledger", "export", "title", "{out}", "--place", "123456"], "123456"),
    "export of no year": (["ledger", "export", "title", "{out}", "--year", "今年"], "今年"),
    "export of a year beyond": (["ledger", "export", "title", "{out}", "--year", "99999"], "99999"),
    "export into a folder": (["ledger", "export", "title", "{folder}"], "{folder}"),
    "export into nowhere": (["ledger", "export", "title", "{folder}/没有/a.xlsx"], "没有"),
    "no such indicator": (["figure", "hte.valud", "--place", COUNTY, "--period", "2026"], "hte.valud"),
    "no such scope": (["figure", "hte.valid.nonsense", "--place", COUNTY, "--period", "2026"], "nonsense"),
    "figure of no place": (["figure", "hte.valid", "--place", "123456", "--period", "2026"], "123456"),
    "a period that is none": (["figure", "hte.valid", "--place", COUNTY, "--period", "2026年底"], "2026年底"),
    "a period backwards": (["figure", "hte.valid", "--place", COUNTY, "--period", "2026-10..2026-01"], "2026-10..2026-01"),
    "a year that is none": (["figure", "hte.valid", "--place", COUNTY, "--period", "0"], "0"),
    "an instant that is none": (["figure", "hte.valid", "--place", COUNTY, "--period", "2026", "--as-of", "昨天"], "昨天"),
    "no such summary": (["summary", "build", "--place", COUNTY, "--period", "2026", "--kind", "novel", "--out", "{out}"], "novel"),
    "summary of no place": (["summary", "build", "--place", "123456", "--period", "2026", "--out", "{out}"], "123456"),
    "summary of no period": (["summary", "build", "--place", COUNTY, "--period", "全年", "--out", "{out}"], "全年"),
    "summary into a folder": (["summary", "build", "--place", COUNTY, "--period", "2026-01..2026-10", "--out", "{folder}"], "{folder}"),
    "verify nothing": (["summary", "verify", "没有.docx"], "没有.docx"),
    "bulletin of no period": (["bulletin", "import", "{good}", "--period", "x", "--issuer", "市局", "--title", "通报"], "x"),
    "bulletin of no level": (["bulletin", "import", "{good}", "--period", "2026", "--issuer", "市局", "--title", "a", "--release", "x"], "--release"),
    "bulletin of no day": (["bulletin", "import", "{good}", "--period", "2026", "--issuer", "市局", "--title", "a", "--cut-off", "x"], "x"),
    "no such definition": (["catalogue", "show", "hte.valud"], "hte.valud"),
    "no such kind": (["catalogue", "list", "recipes"], "recipes"),
    "backup into nowhere": (["backup", "{folder}/没有/b.zip"], "没有"),
    "backup over a folder": (["backup", "{folder}"], "{folder}"),
    "restore nothing": (["restore", "没有.zip"], "没有.zip"),
    "restore what is none": (["restore", "{good}", "--replace"], "备份"),
    "a role that is none": (["user", "add", "li", "--name", "李", "--role", "king"], "king"),
    "a name that is none": (["user", "add", "李 四", "--name", "李"], "李 四"),
    "two administrators in one": (["user", "add", "wang", "--name", "王", "--role", "system", "--role", "audit"], "三员"),
    "an account at no place": (["user", "add", "sun", "--name", "孙", "--role", "clerk", "--place", "123456"], "123456"),
    "a port taken": (["serve", "--port", "{port}"], "{port}"),
    "a port that is none": (["serve", "--port", "99999999"], "99999999"),
}  # fmt: skip


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    """What the arguments of WRONG name: a good workbook, a folder, a place to write to, a port in use."""
    folder = tmp_path_factory.mktemp("things")
    (folder / "good.xlsx").write_bytes(GOOD)
    (folder / "dir").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield {
            "good": str(folder / "good.xlsx"),
            "folder": str(folder / "dir"),
            "out": str(folder / "out.xlsx"),
            "port": str(taken.getsockname()[1]),
        }


@pytest.mark.parametrize("name", WRONG)
def test_a_command_that_cannot_be_carried_out(shared, clerk, things, name):
    arguments, place = WRONG[name]
    out = refused(shared, *(one.format(**things) for one in arguments), text="Yunling#2026x\n")
    assert place.format(**things) in out, out
    left = [one.name for one in Path(things["out"]).parent.iterdir() if one.name not in ("good.xlsx", "dir")]
    assert left == [], "half a file was left"


RETURNED = ("空.xlsx", "文字.xlsx", "半截.xlsx", "加密.docx", "炸弹.xlsx", "随机.csv")


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used(shared, clerk, tmp_path, name):
    """As a ledger, as a bulletin, as a summary that came back, as a backup."""
    file = tmp_path / name
    file.write_bytes(BAD[name])
    commit = ("--place", COUNTY, "--json", "--commit", "--skip-wrong", "--by", clerk)
    answer = json.loads(_first_json(refused(shared, "ledger", "import", "title", file, *commit, codes=(1, 2))))
    problems = answer.get("problems", [])
    assert answer.get("error") or (problems and all(chinese(one["message"]) and one["remedy"] for one in problems)), (
        answer
    )
    asked = ("--period", "2026", "--issuer", "市局", "--title", "通报")
    refused(shared, "bulletin", "import", file, *asked, "--commit", "--by", clerk, codes=(1, 2))
    if name in RETURNED:
        refused(shared, "summary", "verify", file, codes=(1, 2))
        refused(shared, "restore", file, "--replace")


def _first_json(out):
    """The JSON that the command printed, among what it said besides."""
    start = min(i for i in (out.find("{"), out.find("[")) if i >= 0)
    return json.dumps(json.JSONDecoder().raw_decode(out[start:])[0])


def test_wrong_rows_are_named_by_cell_and_nothing_is_written_without_leave(shared, clerk, tmp_path):
    header = ["单位名称", "资质类别", "级别", "证书编号", "发证日期"]
    rows = [
        ["青岩茶业有限公司", "高新技术企业", "国家级", "GR202651000009", "2026-13-45"],
        ["", "高企", "国家级", "GR2", "明天"],
    ]
    file = tmp_path / "错.xlsx"
    file.write_bytes(xlsx(Sheet("名单", [header, *rows])))
    out = refused(
        shared, "ledger", "import", "title", file, "--place", COUNTY, "--commit", "--by", clerk, "--json", codes=(1,)
    )
    answer = json.loads(_first_json(out))
    assert (answer["committed"], answer["act"], answer["rows"]["wrong"]) == (False, None, 2)
    for row in (2, 3):
        mine = [one for one in answer["problems"] if one["row"] == row and one["severity"] == "error"]
        assert mine and all(
            one["sheet"] == "名单" and one["column"] and chinese(one["message"] + one["remedy"]) for one in mine
        )


def test_a_broken_definition_of_the_site_is_named_by_file_and_line(shared, tmp_path):
    overlay = tmp_path / "口径"
    (overlay / "indicators").mkdir(parents=True)
    (overlay / "indicators" / "本地.yaml").write_text(
        "code: local.one\nname: 本地\nkind: flow\n  unit: 家\n", encoding="utf-8"
    )
    asked = ["figure", "hte.valid", "--place", COUNTY, "--period", "2026"]
    for arguments in (["catalogue", "validate", overlay], ["doctor"], asked):
        out = started(shared, *arguments, KESHU_CATALOGUE=str(overlay))
        assert arguments[0] == "doctor" or "本地.yaml" in out, out
    refused(shared, "catalogue", "validate", tmp_path / "没有", codes=(1, 2))


def started(shared, *arguments, **environment):
    """The command as its users start it, with settings that are read before anything else."""
    command = [Path(sys.executable).parent / "keshu", *map(str, arguments)]
    done = subprocess.run(
        command,
        env=shared.environment | {"KESHU_TRACE": "0"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    out = done.stdout + done.stderr
    assert done.returncode in (1, 2) and chinese(out) and not INSIDES.search(out), (
        f"{arguments} {done.returncode}: {out}"
    )
    return out


def test_an_installation_that_cannot_be_opened(shared, tmp_path):
    """The data directory is a file; the database is no database; the server named is not there."""
    (tmp_path / "file").write_text("x")
    started(shared, "doctor", KESHU_DATA=str(tmp_path / "file"), KESHU_DATABASE_URL="")
    garbage = tmp_path / "data"
    garbage.mkdir()
    (garbage / "keshu.sqlite3").write_bytes(b"no database" * 1000)
    started(shared, "doctor", KESHU_DATA=str(garbage), KESHU_DATABASE_URL="")
    started(shared, "doctor", KESHU_DATA=str(tmp_path / "new"), KESHU_DATABASE_URL="mysql://x/y")
    nowhere = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"
    started(shared, "doctor", KESHU_DATA=str(tmp_path / "new"), KESHU_DATABASE_URL=nowhere)


def test_every_saying_of_the_parser_has_our_words():
    """What argparse may say of this command line's arguments comes out in Chinese."""
    for message in (
        "the following arguments are required: a, b", "unrecognized arguments: --x", "argument --y: expected one argument",
        "argument CODE: expected at least one argument", "argument --n: invalid int value: 'x'", "something new",
        "argument --a: invalid choice: 'x' (choose from 'a', 'b')", "ambiguous option: --c could match --cut-off, --commit",
    ):  # fmt: skip
        assert chinese(said(message))


# ---- the doors of the site


@pytest.mark.django_db
def test_every_form_says_in_chinese_what_it_misses(users, places, client):
    """Each form of the site is sent empty by somebody who may: it comes back with sentences, and nothing is written."""
    from tests.promises.test_4_nobody_sees_or_touches_what_is_not_theirs import (
        LEAVES,
        Untouched,
        address,
        pages,
    )

    side, told = plant(places[OWN], "青岩"), {}
    for role in ("office", "system", "security"):
        client.force_login(users[role], backend="django.contrib.auth.backends.ModelBackend")
        for route in pages():
            if route.name in LEAVES:
                continue
            with Untouched():
                answer = client.post(address(route, side), {"sure": "1"})
                form = answer.context.get("form") if answer.context else None
                for messages in (getattr(form, "errors", None) or {}).values():
                    assert all(chinese(str(one)) for one in messages), (route.name, messages)
                    told[route.name] = messages
    assert len(told) > 15, sorted(told)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_a_hostile_upload_is_answered_on_its_page(client_as, name):
    """As a ledger, as a bulletin, as a summary to verify: a page with a sentence; no row, no act."""
    client = client_as("office")
    acts, rows = Act.objects.count(), Revision.objects.count()
    bulletin = {"issuer": "市局", "title": "通报", "cut_off": "2026-09-30", "obtained_on": "2026-10-01", "status": "flash",
                "release": "internal", "period": "2026-01..2026-09"}  # fmt: skip
    doors = {
        reverse("ledgers:import", args=["title"]): {"place": "990121"},
        reverse("statistics:source-import"): bulletin,
        reverse("summaries:verify"): {},
    }
    for door, said_besides in doors.items():
        answer = client.post(door, said_besides | {"file": SimpleUploadedFile(name, BAD[name])}, follow=True)
        page = answer.content.decode()
        assert answer.status_code in (200, 422), (door, answer.status_code)
        assert not INSIDES.search(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)), door
        assert chinese(re.sub(r"<[^>]+>", "", page))
    assert (Act.objects.count(), Revision.objects.count(), Entry.objects.count()) == (acts, rows, 0)
