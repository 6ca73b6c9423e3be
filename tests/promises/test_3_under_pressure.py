"""Promise 3, the rest of it: imports, edits and freezing under kill -9, a duplicate click, two editors, a full disk."""

import random
import select
import signal
import time

import pytest

from tests.promises.small_bureau import COUNTY

IMPORT = """
import sys
from datetime import date
from keshu.bureau.ledgers.importing import services
from keshu.bureau.records.services import Actor
from tests.ledgers.workbooks import Sheet, xlsx
head = ["合同登记编号", "项目名称", "合同类别", "卖方名称", "成交额(元)", "技术交易额(元)", "登记日期"]
n = int(sys.argv[1])
print("began", flush=True)
while True:
    n += 1
    rows = [[f"2026{n:06d}{i:04d}", f"合同{n}-{i}", "技术开发", f"第{n}科技有限公司", 500000, 400000, date(2026, 7, 1)] for i in range(20)]
    batch = services.stage("tech_contract", xlsx(Sheet("合同", [head, *rows])), name=f"{n}.xlsx", place="990121", by=Actor("t"))
    assert batch.counts["new"] == 20, batch.counts
    act = services.commit(batch.pk, by=Actor("t"))
    print(n, act.pk, flush=True)
"""
IMPORTED = """
from collections import Counter
from keshu.bureau.ledgers.models import Batch, Revision
from keshu.bureau.parties.models import Party
from keshu.bureau.records.audit import faults
found = Counter(int(n[4:10]) for n in Revision.objects.filter(number__startswith="2026", origin_cell__contains=".xlsx").values_list("number", flat=True))
acts = {int(b.file_name[:-5]): b.act_id for b in Batch.objects.filter(state="committed")}
firms = Counter(Party.objects.filter(name__startswith="第").values_list("name", flat=True))
print(dict(found)); print(acts); print(max(firms.values(), default=1), [f.message for f in faults()])
"""


def killed(installation, program, *arguments, draw, longest):
    """What a process had said when it was killed at a random moment after its first line."""
    process = installation.start(program, *arguments)
    first = process.stdout.readline()
    time.sleep(draw.uniform(0.0, longest))
    process.send_signal(signal.SIGKILL)
    out = first + process.stdout.read()
    process.wait()
    return [line.split() for line in out.splitlines()]


def test_an_import_that_is_killed_is_there_whole_or_not_at_all(installation):
    """Staging, parties, rows, what was reported, the batch's own state: all of it belongs to the one act."""
    installation.run("from tests.promises.small_bureau import plant; plant()")
    draw, said, last = random.Random(3), {}, 0
    for _ in range(6):
        lines = killed(installation, IMPORT, str(last), draw=draw, longest=0.9)
        said |= {int(words[0]): int(words[1]) for words in lines if len(words) == 2 and words[1].isdigit()}
        last += 100
    found, acts, sound = installation.run(IMPORTED).splitlines()
    rows, committed = eval(found), eval(acts)
    assert said, "something was acknowledged"
    assert set(rows.values()) == {20}
    assert set(said) <= set(rows) == set(committed), "a batch says committed exactly where its rows are"
    assert all(committed[n] == act for n, act in said.items())
    assert sound == "1 []"
    process = installation.start(IMPORT, "90000")
    assert [process.stdout.readline().split()[0] for _ in range(2)] == ["began", "90001"], "the next import works"
    process.kill()
    process.wait()


EDIT = """
from decimal import Decimal
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.services import revise_entry
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.records.services import Actor
row = Revision.objects.get(number="2026A0", known_to__isnull=True)
while True:
    n = row.number_in_entry
    values = values_of(ledger_of(row.ledger), row) | {"total": Decimal(500000 + n), "traded": Decimal(500000)}
    row = revise_entry(row.entry_id, values, place_id=row.place_id, seen=n, by=Actor("t"))
    print(row.number_in_entry, row.amount_1, flush=True)
"""
EDITED = """
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.audit import faults
rows = Revision.objects.filter(number="2026A0").order_by("number_in_entry")
print([r.number_in_entry for r in rows]); print([str(r.amount_1) for r in rows])
print(sum(r.known_to is None for r in rows), all(a.known_to == b.known_from for a, b in zip(rows, rows[1:])), [f.message for f in faults()])
"""


def test_an_edit_that_is_killed_leaves_an_unbroken_history(installation):
    installation.run("from tests.promises.small_bureau import plant; plant()")
    draw, said = random.Random(5), {}
    for _ in range(6):
        lines = killed(installation, EDIT, draw=draw, longest=0.3)
        said |= {int(number): amount for number, amount in (words for words in lines if len(words) == 2)}
    numbers, amounts, sound = installation.run(EDITED).splitlines()
    assert eval(numbers) == list(range(1, len(eval(numbers)) + 1))
    kept = dict(zip(eval(numbers), eval(amounts), strict=True))
    assert len(said) > 6
    assert {number: kept.get(number) for number in said} == said, "each acknowledged change with its own value"
    assert sound == "1 True []"


FREEZE = """
import sys
from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports.models import Summary
from keshu.kernel.measure.period import Period
from tests.promises.summaries import DIRECTOR, composed, signed
period = Period.parse(sys.argv[1])
there = Summary.objects.filter(period=str(period)).first()
summary = there or composed(period=period)
if there is None or there.step < len(there.chain):
    signed(summary)
print("signed", flush=True)
if len(sys.argv) > 2:
    sys.stdin.readline()
sign_off(summary.pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
print("frozen", flush=True)
"""
FROZEN = """
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act, Passage
from keshu.bureau.reports.freezing import content_hash
from keshu.bureau.reports.models import Frozen, Summary
for s in Summary.objects.order_by("pk"):
    f = Frozen.objects.filter(summary=s).first()
    acts = Act.objects.filter(verb="summary.freeze", subject=f"summary:{s.pk}").count()
    passed = Passage.objects.filter(machine="summary", subject=str(s.pk), event="freeze").count()
    whole = f is not None and content_hash(f.content) == f.sha256 and f.marks.count() > 3
    print(s.period, s.state, f is not None, whole, acts, passed)
print([f.message for f in faults()])
"""
PERIODS = ["2026-01..2026-10", "2026-01..2026-09", "2026-01..2026-08", "2026H1", "2026-01..2026-07"]


def test_a_freeze_that_is_killed_has_happened_whole_or_not_at_all(installation):
    installation.run("from tests.promises.small_bureau import plant; plant()")
    draw, said = random.Random(8), {}
    for period in PERIODS:
        lines = killed(installation, FREEZE, period, draw=draw, longest=0.12)
        said[period] = ["frozen"] in lines
    found = frozen(installation)
    assert len(found) == len(PERIODS)
    for period, (state, there, whole, acts, passed) in found.items():
        done = state == "frozen"
        assert (there, whole, acts, passed) == (done, done, int(done), int(done)), period
        assert done or not said[period], "what was said to be frozen is frozen"
    for period in PERIODS:
        if found[period][0] != "frozen":
            assert "frozen" in installation.run(FREEZE, period), "it can be frozen after all"
    assert {row[0] for row in frozen(installation).values()} == {"frozen"}


def frozen(installation):
    """period -> (state, has it a frozen row, is that whole, freezing acts, passages)."""
    *lines, sound = installation.run(FROZEN).splitlines()
    assert sound == "[]"
    split = [line.split() for line in lines]
    return {
        p: (state, there == "True", whole == "True", int(acts), int(passed))
        for p, state, there, whole, acts, passed in split
    }


STAGE = """
from datetime import date
from keshu.bureau.ledgers.importing import services
from keshu.bureau.records.services import Actor
from tests.ledgers.workbooks import Sheet, xlsx
import sys
head = ["合同登记编号", "项目名称", "合同类别", "卖方名称", "成交额(元)", "技术交易额(元)", "登记日期"]
n = int(sys.argv[1])
rows = [[f"2026{n:06d}{i:04d}", f"合同{i}", "技术开发", f"第{n}科技有限公司", 500000, 400000, date(2026, 7, 1)] for i in range(20)]
print(services.stage("tech_contract", xlsx(Sheet("合同", [head, *rows])), name=f"{n}.xlsx", place="990121", by=Actor("t")).pk)
"""
COMMIT = """
import sys
from keshu.bureau.ledgers.importing import committing
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.records.services import Actor
inner = committing._refuse_unready
def waiting(*given):
    inner(*given)
    print("ready", flush=True)
    sys.stdin.readline()
committing._refuse_unready = waiting
try:
    print("act", committing.commit(int(sys.argv[1]), by=Actor("t")).pk, flush=True)
except EntryProblem as problem:
    print("problem", problem, flush=True)
"""


@pytest.mark.parametrize("together", [True, False], ids=["in the same instant", "one right after the other"])
def test_a_duplicate_click_is_one_import(installation, together):
    """Both have looked at the batch before either writes; the later one must not undo what the first has noted."""
    installation.run("from tests.promises.small_bureau import plant; plant()")
    for n in range(1, 4):
        batch = installation.run(STAGE, str(n)).strip()
        pair = [installation.start(COMMIT, batch) for _ in range(2)]
        for one in pair:
            assert one.stdout.readline().strip() == "ready"
        answers = []
        for one in pair:
            one.stdin.write("\n")
            if not together:
                answers.append(one.stdout.read())
        answers = answers or [one.stdout.read() for one in pair]
        assert sorted(answer.split()[0] for answer in answers if answer.split()) in (
            ["act", "problem"],
            ["act", "act"],
        ), answers
        for one in pair:
            assert one.wait() == 0
    found, acts, sound = installation.run(IMPORTED).splitlines()
    assert eval(found) == {1: 20, 2: 20, 3: 20}
    assert all(eval(acts).values()), "each batch still names its act, so that it can be taken back"
    assert sound == "1 []"
    assert (
        installation.run(
            "from keshu.bureau.records.models import Act; print(Act.objects.filter(verb='ledger.import').count())"
        ).strip()
        == "3"
    )


CREATE = """
import sys
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.places.models import Place
from tests.promises.small_bureau import CLERK, COUNTY, one_contract
place = Place.objects.get(code=COUNTY).pk
print("ready", flush=True)
sys.stdin.readline()
try:
    create_entry("tech_contract", one_contract(sys.argv[1], 330000), place_id=place, by=CLERK)
    print("written")
except EntryProblem as problem:
    print("problem", problem)
"""
REVISE = """
import sys
from dataclasses import replace
from decimal import Decimal
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.problems import StaleEntry
from keshu.bureau.ledgers.services import mark_highlight, revise_entry, void_entry
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics import services as sources
from keshu.bureau.statistics.models import Heading
from keshu.bureau.targets import services as targets
from keshu.bureau.targets.models import TargetRevision
verb, me = sys.argv[1], Actor(sys.argv[2], sys.argv[2])
row = Revision.objects.get(number=sys.argv[3], known_to__isnull=True)
print("ready", flush=True)
sys.stdin.readline()
values = values_of(ledger_of(row.ledger), row) | {"total": Decimal(600000)}
try:
    match verb:
        case "revise":
            revise_entry(row.entry_id, values, place_id=row.place_id, seen=row.number_in_entry, by=me)
        case "void":
            void_entry(row.entry_id, seen=row.number_in_entry, by=me, reason="重复")
        case "star":
            mark_highlight(row.entry_id, highlight=True, story="一句话", seen=row.number_in_entry, by=me)
        case "source":
            spec = sources.spec_of(Heading.objects.get(number_in_source=1))
            sources.revise_source(Heading.objects.get(number_in_source=1).source_id, spec, seen=1, by=me)
        case "target":
            first = TargetRevision.objects.get(number=1)
            spec = replace(targets.spec_of(first), low=Decimal(4 if me.name == "甲" else 5))
            targets.revise_target(first.target_id, spec, seen=1, by=me, reason="调整")
    print("written")
except (StaleEntry, sources.StaleSource, targets.StaleTarget) as problem:
    print("stale", problem)
"""


def at_once(installation, *programs):
    """Start them, let all reach the point, then let all go: what each says."""
    started = [installation.start(program, *arguments) for program, *arguments in programs]
    for one in started:
        assert one.stdout.readline().strip() in ("ready", "signed")
    for one in started:
        one.stdin.write("\n")
    return [one.stdout.read().strip() for one in started]


DOCUMENTS = """
from datetime import date
from decimal import Decimal
from keshu.bureau.statistics.services import SourceSpec, add_source
from keshu.bureau.targets.services import set_target
from keshu.bureau.targets.writing import TargetSpec
from tests.promises.small_bureau import CLERK, COUNTY, plant
plant()
add_source(SourceSpec("市统计局", "快报", date(2026, 9, 30), date(2026, 10, 9)), by=CLERK)
set_target(TargetSpec("hte.valid", COUNTY, 2026, "at_least", low=Decimal(3), issuer="市局", document="1号"), by=CLERK)
"""


@pytest.mark.parametrize("verb", ["source", "target"])
def test_of_two_who_correct_a_document_or_a_target_one_is_told(installation, verb):
    installation.run(DOCUMENTS)
    answers = at_once(installation, (REVISE, verb, "甲", "2026A0"), (REVISE, verb, "乙", "2026A0"))
    assert sorted(answer.split()[0] if answer else "fault" for answer in answers) == ["stale", "written"], answers
    assert next(answer for answer in answers if answer.startswith("stale"))[6:]


def test_the_same_form_sent_twice_is_one_entry(installation):
    installation.run("from tests.promises.small_bureau import plant; plant()")
    for n in range(4):
        words = sorted(
            answer.split()[0] for answer in at_once(installation, (CREATE, f"D{n}"), (CREATE, f"D{n}")) if answer
        )
        assert words == ["problem", "written"]
    count = "from keshu.bureau.ledgers.models import Entry, Revision; print(Revision.objects.filter(number__startswith='D').count())"
    assert installation.run(count).strip() == "4"


@pytest.mark.parametrize(
    "pair", [("revise", "revise"), ("revise", "void"), ("void", "star"), ("star", "star")], ids=" and ".join
)
def test_of_two_editors_one_is_told(installation, pair):
    """Both had the same revision open: the later one gets a sentence that names the other, not a fault, and loses nothing."""
    installation.run("from tests.promises.small_bureau import plant; plant()")
    for number in ("2026A0", "2026A1", "2026A2"):
        answers = at_once(installation, (REVISE, pair[0], "甲", number), (REVISE, pair[1], "乙", number))
        assert sorted(answer.split()[0] if answer else "fault" for answer in answers) == ["stale", "written"], answers
        loser = answers.index(next(answer for answer in answers if answer.startswith("stale")))
        assert ("乙", "甲")[loser] in answers[loser], "it names who was first"
    rows = "from keshu.bureau.ledgers.models import Revision; print(sorted(Revision.objects.filter(number__startswith='2026A').values_list('number_in_entry', flat=True)))"
    assert installation.run(rows).strip() == "[1, 1, 1, 2, 2, 2]"


def test_a_summary_is_frozen_once(installation):
    installation.run("from tests.promises.small_bureau import plant; plant()")
    first = installation.start(FREEZE, PERIODS[0], "wait")
    assert first.stdout.readline().strip() == "signed"
    second = installation.start(FREEZE, PERIODS[0], "wait")
    assert second.stdout.readline().strip() == "signed"
    for one in (first, second):
        one.stdin.write("\n")
    assert sorted(one.stdout.read().strip() for one in (first, second)) == ["", "frozen"]
    assert frozen(installation) == {PERIODS[0]: ("frozen", True, True, 1, 1)}


FULL = """
import os, resource, sys
from keshu.site.commands.troubles import in_words
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.places.models import Place
from tests.promises.small_bureau import CLERK, COUNTY, one_contract
place = Place.objects.get(code=COUNTY).pk
data = os.environ["KESHU_DATA"]
size = max(os.path.getsize(os.path.join(data, name)) for name in os.listdir(data) if name.startswith("keshu.sqlite3"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size + int(sys.argv[1]), size + int(sys.argv[1])))
n = 0
while n < 2000:
    n += 1
    try:
        create_entry("tech_contract", one_contract(f"V{sys.argv[1]}-{n}", 330000, "长" * 400), place_id=place, by=CLERK)
    except Exception as error:
        print("full", in_words(error), flush=True)
        break
    print(n, flush=True)
"""
LEFT = """
import sys
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.audit import faults
print(sorted(int(n.split("-")[1]) for n in Revision.objects.filter(number__startswith=f"V{sys.argv[1]}-").values_list("number", flat=True)))
print([f.message for f in faults()])
"""


@pytest.mark.parametrize("room", [40_000, 150_000])
def test_on_a_full_disk_what_was_acknowledged_is_there(installation, room):
    """The file that holds the database may not grow: the writer is told in a sentence, and nothing that was said is lost."""
    if "KESHU_DATABASE_URL" in installation.environment:
        return  # there the server's disk fills, not ours: its own tests answer for it
    installation.run("from tests.promises.small_bureau import plant; plant()")
    lines = installation.run(FULL, str(room)).splitlines()
    said, full = [int(line) for line in lines if line.isdigit()], lines[-1]
    assert full.startswith("full"), lines[-3:]
    assert "磁盘" in full and "没有写入任何数据" in full
    kept, sound = installation.run(LEFT, str(room)).splitlines()
    assert eval(kept) == said
    assert sound == "[]"
    after = at_once(installation, (CREATE, "AFTER"))
    assert after == ["written"], "with room again it goes on"


NARROW = """
import resource, sys
from keshu.site.cli import main
sys.stderr = sys.stdout
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""


def test_a_file_that_the_disk_does_not_hold_is_not_left_in_half(installation, tmp_path):
    """Backups, exports and documents appear under their name only when they are whole."""
    installation.run("from tests.promises.small_bureau import plant; plant()")
    folder = tmp_path / "out"
    folder.mkdir()
    whole = folder / "b.zip"
    installation.keshu("backup", whole)
    before = whole.read_bytes()
    for arguments in (
        ("backup", whole), ("ledger", "export", "tech_contract", folder / "a.xlsx"),
        ("summary", "build", "--place", COUNTY, "--period", "2026-01..2026-10", "--out", folder / "a.docx"),
    ):  # fmt: skip
        process = installation.forks.start(
            NARROW, ("2000", *map(str, arguments)), installation.environment | {"KESHU_TRACE": "0"}
        )
        out = process.communicate()
        assert process.returncode == 2, out
        assert "磁盘" in out and "Traceback" not in out, out
    assert [one.name for one in folder.iterdir()] == ["b.zip"]
    assert whole.read_bytes() == before, "the old backup is still the whole one"


def test_a_child_says_nothing_before_it_is_let_go(installation):
    """The tests above hold two processes at one point: a process that waits really waits."""
    installation.run("from tests.promises.small_bureau import plant; plant()")
    one = installation.start(CREATE, "W")
    assert one.stdout.readline().strip() == "ready"
    assert not select.select([one.stdout], [], [], 0.3)[0]
    one.stdin.write("\n")
    assert one.stdout.read().strip() == "written"
