"""The tasks that a text counts are those of its own bureau, as the page of tasks counts them."""

from datetime import date

import pytest

from keshu.bureau.records.services import now
from keshu.bureau.statistics.queries import Ask, figures, lineage
from keshu.bureau.targets.tasks import progress_of
from keshu.kernel.measure.period import Period
from tests.reports.conftest import COUNTY

pytestmark = pytest.mark.django_db
CITY, YEAR = "990100", Period.parse("2026")


@pytest.fixture
def tasks(bureau, add):
    """Two of the county in the fixture of the bureau; three of the city, one of them done."""
    for n in range(3):
        done = {"status": "done", "done_on": date(2026, 9, 1)} if n == 0 else {"status": "running"}
        add("task", at=CITY, name=f"市级任务{n}", source="plan", theme="rd", year=2026, due=date(2026, 12, 20), **done)


def test_a_place_counts_its_own_tasks_and_not_those_below_it(tasks):
    asks = [Ask(code, place, YEAR) for place in (CITY, COUNTY) for code in ("task.total", "task.done")]
    found = figures(asks, known_at=now())
    assert [int(found[ask].value or 0) for ask in asks] == [3, 1, 2, 0]
    for ask in asks:
        assert len(lineage(ask, known_at=now()).rows) == found[ask].row_count == int(found[ask].value or 0)


def test_the_page_of_tasks_says_the_same(client_as, tasks):
    page = client_as("office").get("/targets/tasks/", {"place": CITY, "year": 2026})
    assert (page.context["counts"]["total"], page.context["counts"]["done"]) == progress_of(CITY, 2026) == (3, 1)
