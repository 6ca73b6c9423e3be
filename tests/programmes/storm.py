"""Programs for the storm: a bureau in a database of its own, and people who press buttons at the same time."""

BUILD = """
import json
from datetime import UTC, date, datetime, timedelta
from keshu.site.commands.answer import start
start()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.conftest import CLERK, UNIT, account
from tests.programmes.filling import fill
from keshu.bureau.parties.describing import describe_party
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.programmes.definitions import pin, programme_of
from keshu.bureau.programmes.models import Call
from keshu.bureau.programmes.services import begin_case, pass_case
from keshu.bureau.records.services import writing
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import Membership
from keshu.bureau.accounts.services import membership_digest
from keshu.kernel.ids.uscc import check_character
places = plant_places([PlaceSpec("990100", "云岭市", "city", ""), PlaceSpec("990121", "青岩县", "county", "990100")],
                      by=CLERK, since=date(2000, 1, 1))
firm = register_party(PartySpec(UNIT, "91350402MA0000015H", places["990121"].pk), by=CLERK)
told = {"unit_type": "企业", "registered_on": date(2015, 5, 1), "address": "工业路", "legal_person": "陈立"}
describe_party(firm.pk, told, by=CLERK)
people = {role: account(role, scope="party", party=firm) for role in ("unit_admin", "applicant")}
now, programme = datetime.now(UTC), programme_of("plan.key_rd")
with writing(verb="call.publish", by=CLERK) as act:
    pin(programme, at=act.act.at)
    call = Call.objects.create(programme="plan.key_rd", version=programme.version, act=act.act, name="重点研发",
        year=now.year, place=places["990100"], section=programme.owner, opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1), contact="周经办", phone="1", state="published", published_at=now)
firms = [firm]
for number in range(7):
    name, code = f"青岩仪器第{number}有限公司", f"91350402MA0001{number:03}"
    firms.append(register_party(PartySpec(name, code + check_character(code), places["990121"].pk), by=CLERK))
    describe_party(firms[-1].pk, told, by=CLERK)
    with writing(verb="test.members", by=CLERK) as act:
        for role, user in people.items():
            held = Membership.objects.create(user=user, role=role, scope="party", party=firms[-1], act=act.act)
            act.wrote(membership_digest(held), "membership")
viewer, found, rivals = viewer_of(people["applicant"]), [], []
for one in firms:
    case = fill(begin_case(call, party_id=one.pk, place_id=one.place_id, by=viewer.actor))
    case = pass_case(case.pk, "hand_in", seen=case.revision, viewer=viewer)
    found.append([case.pk, case.revision])
for _number in range(2):  # three of one enterprise at the door, of which a year has room for two
    case = fill(begin_case(call, party_id=one.pk, place_id=one.place_id, by=viewer.actor))
    case = pass_case(case.pk, "hand_in", seen=case.revision, viewer=viewer)
    rivals.append([case.pk, case.revision])
clerk = viewer_of(account("county", scope="place", place=places["990121"]))
case = fill(begin_case(call, party_id=firm.pk, place_id=firm.place_id, by=viewer.actor))
admin = viewer_of(people["unit_admin"])
for event, who, given in (("hand_in", viewer, {}), ("submit", admin, {}), ("ask_rework", clerk, {"reason": "请修改"})):
    case = pass_case(case.pk, event, seen=case.revision, viewer=who, given=given)
draft = begin_case(call, party_id=firm.pk, place_id=firm.place_id, by=viewer.actor)
print("READY" + json.dumps({"cases": found, "rivals": [found[-1], *rivals], "draft": draft.pk, "rework": [case.pk, case.revision]}))
"""

# one line of input lets everybody go at once
SUBMIT = """
import json, sys
from keshu.site.commands.answer import start
start()
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.programmes.applying.submitting import hand_over
from keshu.bureau.records.machine import NotAllowed
case, seen = int(sys.argv[1]), int(sys.argv[2])
viewer = viewer_of(User.objects.get(username="unit_admin"))
print("WAITING", flush=True)
sys.stdin.readline()
try:
    handed = hand_over(case, "submit", seen=seen, viewer=viewer)
    print("DONE" + json.dumps([handed.receipt.pk, handed.application.pk, handed.again]))
except NotAllowed as refused:
    print("DONE" + json.dumps([None, case, str(refused)]))
"""

SAVE = """
import json, sys
from datetime import UTC, datetime
from keshu.site.commands.answer import start
start()
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.programmes.applying.cells import Change, save_cells
viewer = viewer_of(User.objects.get(username="applicant"))
print("WAITING", flush=True)
sys.stdin.readline()
change = Change("project_name", "第" + sys.argv[2] + "人", 0)
saved = save_cells(int(sys.argv[1]), [change], parties=viewer.parties("programmes.apply"), by=viewer.actor, at=datetime.now(UTC))
print("DONE" + json.dumps([saved.versions, [one.theirs for one in saved.conflicts]]))
"""

# types one field again and again until the form is out of the applicant's hands; says what was acknowledged last
TYPE = """
import json, sys
from datetime import UTC, datetime
from keshu.site.commands.answer import start
start()
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.programmes.applying.cells import Change, save_cells
from keshu.bureau.programmes.models import FormCell
from keshu.bureau.programmes.problems import CaseProblem
viewer = viewer_of(User.objects.get(username="applicant"))
case, path = int(sys.argv[1]), sys.argv[2]
seen = FormCell.objects.filter(application_id=case, path=path).values_list("version", flat=True).first() or 0
print("WAITING", flush=True)
sys.stdin.readline()
last = None
try:
    for number in range(2000):
        change = Change(path, "第%d次" % number, seen)
        seen = save_cells(case, [change], parties=viewer.parties("programmes.apply"), by=viewer.actor, at=datetime.now(UTC)).versions[path]
        last = change.text
except CaseProblem:
    pass
print("DONE" + json.dumps([path, last, number]))
"""

HAND_BACK = """
import json, sys, time
from keshu.site.commands.answer import start
start()
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.programmes.applying.submitting import hand_over
viewer = viewer_of(User.objects.get(username="applicant"))
print("WAITING", flush=True)
sys.stdin.readline()
time.sleep(1.0)
handed = hand_over(int(sys.argv[1]), "hand_back", seen=int(sys.argv[2]), viewer=viewer)
print("DONE" + json.dumps(handed.receipt.version.values))
"""

LOOK = """
import json
from keshu.site.commands.answer import start
start()
from keshu.bureau.programmes.applying.versions import hash_of
from keshu.bureau.programmes.models import Application, FormCell, FormVersion, Receipt
from keshu.bureau.records.audit import faults
versions = list(FormVersion.objects.select_related("application__call"))
print("DONE" + json.dumps({
    "numbers": sorted(Application.objects.exclude(number=None).values_list("number", flat=True)),
    "receipts": Receipt.objects.count(), "versions": len(versions),
    "intact": all(hash_of(one) == one.sha256 for one in versions),
    "faults": [str(one) for one in faults()],
    "cell": list(FormCell.objects.filter(path="project_name", application__state="draft").values_list("text", flat=True)),
}))
"""
