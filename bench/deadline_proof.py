"""What the database has to show afterwards for everything that an applicant was told."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.deadline_city import SLOT, Applicant
from bench.imports import ROOT


def faults_of(people: list[Applicant]) -> Iterator[str]:
    """Everything that was acknowledged and is not so, and everything that is there and should not be."""
    from keshu.bureau.programmes.models import Application

    rows = Application.objects.select_related("call", "version").in_bulk([who.case for who in people])
    for who in people:
        case = rows[who.case]
        yield from (f"case {who.case}: {told}" for told in _cells(who))
        yield from (f"case {who.case}: {told}" for told in _papers(who))
        yield from (f"case {who.case}: {told}" for told in _handed(who, case))
    yield from _numbers()
    yield from _versions()
    yield from _doctor()


def _cells(who: Applicant) -> Iterator[str]:
    """Where a text was sent and its acknowledgement never came, either may stand; else only the one acknowledged."""
    from keshu.bureau.programmes.applying.reading import opened
    from keshu.bureau.programmes.models import FormCell

    cells = FormCell.objects.filter(application_id=who.case, path__in=who.kept)
    there = {cell.path: opened(cell.text) for cell in cells}
    for path, text in who.kept.items():
        if there.get(path) not in (text, who.sent[path]):
            yield f"autosave of {path} was acknowledged as “{text}”, there is “{there.get(path)}”"


def _papers(who: Applicant) -> Iterator[str]:
    from keshu.bureau.programmes.models import Paper
    from keshu.bureau.records import files

    found = Paper.objects.filter(application_id=who.case, slot=SLOT, removed_at=None)
    hashes = list(found.values_list("sha256", flat=True))
    if who.paper_in and hashes != [who.digest]:
        yield f"the upload was acknowledged, in its slot are {hashes}"
    for sha256 in hashes:
        path = files.path_of(sha256)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield f"the file {sha256} is missing or another"


def _handed(who: Applicant, case: Any) -> Iterator[str]:
    """One receipt, one version, one number; the shown ones are the stored ones."""
    from keshu.bureau.programmes.models import FormVersion, Receipt

    receipts = list(Receipt.objects.filter(application=case, event="submit"))
    versions = list(FormVersion.objects.filter(application=case))
    submitted = case.number is not None
    yield from _stages(who, case)
    if len(who.receipts) > 1:
        yield f"the applicant was shown {len(who.receipts)} receipts"
    if (who.receipts and not submitted) or len(receipts) != submitted or len(versions) != submitted:
        yield f"submitted: {submitted}, receipts {len(receipts)}, versions {len(versions)}, shown {len(who.receipts)}"
    elif submitted:
        yield from _handed_in(who, case, receipts[0], versions[0])


def _stages(who: Applicant, case: Any) -> Iterator[str]:
    """Every state that the case was in, once; it is in the last one."""
    from keshu.bureau.programmes.models import Stage

    stages = list(Stage.objects.filter(application=case).order_by("order").values_list("state", "left_at"))
    if who.handed_in and case.state == "draft":
        yield "handing in was acknowledged, the case is a draft"
    if [state for state, left in stages if left is None] != [case.state] or len(dict(stages)) != len(stages):
        yield f"stages {stages} do not lead to {case.state}"


def _handed_in(who: Applicant, case: Any, receipt: Any, version: Any) -> Iterator[str]:
    from keshu.bureau.programmes.applying.reading import texts_of

    for number, shown, digest in who.receipts:
        if (receipt.pk, case.number, receipt.sha256) != (number, shown, digest):
            yield f"shown receipt {number} {shown} {digest}, stored {receipt.pk} {case.number} {receipt.sha256}"
    if case.version_id != version.pk or receipt.version_id != version.pk or receipt.sha256 != version.sha256:
        yield "case, receipt and version are not of one another"
    values = texts_of(version)
    if lacking := [path for path, text in who.kept.items() if values.get(path) != text]:
        yield f"the version lacks what was acknowledged: {lacking}"
    if [one["sha256"] for one in version.papers if one["slot"] == SLOT] != [who.digest]:
        yield "the version does not name the uploaded file"


def _numbers() -> Iterator[str]:
    """Every series from 1 to its last, each number once."""
    from keshu.bureau.programmes.models import Application, NumberSeries

    given = Counter(Application.objects.exclude(number=None).values_list("number", flat=True))
    wanted = {f"{row.prefix}-{n:04d}" for row in NumberSeries.objects.all() for n in range(1, row.last + 1)}
    if twice := [number for number, times in given.items() if times > 1]:
        yield f"numbers given twice: {twice}"
    if wanted != set(given):
        yield f"numbers left out {sorted(wanted - set(given))}, out of the row {sorted(set(given) - wanted)}"


def _versions() -> Iterator[str]:
    """The hash taken again from every row, and every file that a version names."""
    from keshu.bureau.programmes.applying.versions import hash_of
    from keshu.bureau.programmes.models import FormVersion
    from keshu.bureau.records import files

    for version in FormVersion.objects.select_related("application__call"):
        if hash_of(version) != version.sha256:
            yield f"version {version.pk} is not what its hash says"
        for one in version.papers:
            path = files.path_of(one["sha256"])
            if not path.exists() or files.digest_of_file(path) != one["sha256"]:
                yield f"version {version.pk}: file {one['name']} is missing or another"


def _doctor() -> Iterator[str]:
    """`keshu doctor --audit`, as an operator runs it."""
    command = [sys.executable, "-m", "keshu.site.cli", "doctor", "--audit", "--json"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    try:
        checks = json.loads(done.stdout)["checks"]
    except (ValueError, KeyError, TypeError):
        yield f"keshu doctor --audit: {done.stdout[-300:]}{done.stderr[-300:]}"
        return
    if not any(check["name"].startswith("audit") for check in checks):
        yield "keshu doctor --audit: no audit was made"
    yield from (f"keshu doctor: {check['name']} {check['detail']}" for check in checks if not check["ok"])
