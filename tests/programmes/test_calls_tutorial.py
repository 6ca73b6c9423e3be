"""The tutorial of the manual carried out: its YAML is a programme, its commands print what it shows, its call opens."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import reverse

from keshu.bureau.programmes.calls.eligibility import answers_for
from keshu.bureau.programmes.models import Application, FormCell
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed
from tests.programmes.filling import fill

PAGE = Path(__file__).parents[2] / "docs/manual/19-new-programme.md"
CODE = "local.science_base"
LEFT_OUT = ", ended: 有效期至"


def told(command, nth=0):
    """What the page shows below the nth `$ … keshu …` line of this command."""
    blocks = PAGE.read_text().split(f"keshu {command}\n")[1:]
    lines = []
    for line in blocks[nth].splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line[4:])
    return "\n".join(lines).strip()


@pytest.fixture
def overlay(tmp_path):
    text = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes/science_base.yaml").write_text(text)
    return tmp_path


def run(overlay, *words):
    command = [sys.executable, "-m", "keshu.site.cli", *words]
    done = subprocess.run(
        command, env={**os.environ, "KESHU_CATALOGUE": str(overlay)}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


def test_the_commands_print_what_the_page_shows(overlay):
    assert run(overlay, "catalogue", "validate") == (0, told("catalogue validate"))
    assert run(overlay, "catalogue", "show", CODE) == (0, told(f"catalogue show {CODE}"))


def test_the_mistake_is_named_as_the_page_says(overlay):
    path = overlay / "programmes/science_base.yaml"
    assert LEFT_OUT in path.read_text()
    path.write_text(path.read_text().replace(LEFT_OUT, ""))
    status, said = run(overlay, "catalogue", "validate")
    assert status == 1
    assert said.removeprefix(f"{overlay}/programmes/") == told("catalogue validate", 1)


@pytest.fixture
def site(overlay, settings):
    """The site as it runs with the overlay."""
    from keshu.bureau.ledgers.catalogue import catalogue

    settings.CATALOGUE_OVERLAY = str(overlay)
    catalogue.cache_clear()
    yield
    catalogue.cache_clear()


@pytest.mark.usefixtures("site")
def test_a_call_of_it_opens_and_an_enterprise_applies(client_as, firm, open_call, unit_admin, submit):
    choice = client_as("head").get(reverse("programmes:call-choose")).content.decode()
    assert "市级科普基地认定" in choice
    call = open_call(CODE)
    (answer,) = answers_for(firm.pk, at=datetime.now(UTC))
    assert answer.verdict == "later" and "展示面积" in {need.name for need in answer.needs_in_form}
    client_as("applicant").post(reverse("programmes:begin", args=[call.pk]))
    mine = Application.objects.select_related("call__place", "place", "party").get()
    with pytest.raises(NotAllowed, match="场所：展示面积 12 < 200"):
        submit(fill(mine, changes={"area": "12", "days": "200", "visitors": "5000", "staff": "4"}))
    FormCell.objects.filter(application=mine, path="area").update(text="320")
    mine.refresh_from_db()
    case = pass_case(mine.pk, "submit", seen=mine.revision, viewer=unit_admin)
    assert (case.state, bool(case.number)) == ("recommending", True)
    text = client_as("applicant").get(reverse("programmes:case", args=[case.pk])).content.decode()
    assert "公示中" in text and "局务会" not in text
