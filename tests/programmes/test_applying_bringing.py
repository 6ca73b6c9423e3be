"""Rows that the bureau knows are brought into a table, not typed: patents of the unit, its projects."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import Http404
from django.urls import reverse

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.programmes.applying.cells import Change, bring_rows, change_rows, save_cells
from keshu.bureau.programmes.applying.reading import draft_of
from keshu.bureau.programmes.problems import CaseProblem
from tests.conftest import CLERK
from tests.ledgers.workbooks import patent_number

pytestmark = pytest.mark.django_db
NUMBERS = [patent_number(2024, 1, n) for n in (11, 12, 13)]


@pytest.fixture
def case(begun, open_call, firm, places):
    """A draft of 专利资助; of the enterprise's patents two are granted, one is not yet."""
    days = (date(2025, 3, 4), date(2025, 6, 7), None)
    for number, day in zip(NUMBERS, days, strict=True):
        values = {
            "number": number, "name": f"一种{number[-3:]}装置", "kind": "invention", "holders": [firm.pk],
            "filed": date(2024, 1, 2), "granted": day, "status": "valid" if day else "filed",
        }  # fmt: skip
        create_entry("patent", values, place_id=places["990121"].pk, by=CLERK)
    return begun(open_call("payout.patent"))


@pytest.fixture
def bring(case, applicant):
    def run(table="patents", parties=None):
        own = applicant.parties("programmes.apply") if parties is None else parties
        return bring_rows(case.pk, table, parties=own, by=applicant.actor, at=datetime.now(UTC))

    return run


def rows(case):
    form = draft_of(case, at=datetime.now(UTC)).form
    table = form.layout.tables["patents"][0]
    return [[form.text(f"patents:{row}:{column.code}") for column in table.columns] for row in form.rows(table)]


def test_granted_patents_come_and_what_the_ledger_lacks_is_left_to_the_applicant(case, bring):
    assert bring() == 2
    found = rows(case)
    assert sorted(row[0] for row in found) == sorted(NUMBERS[:2])
    assert sorted(row[2] for row in found) == ["2025-03-04", "2025-06-07"]
    assert {row[3] for row in found} == {""}


def test_what_stands_there_already_does_not_come_again(case, bring, applicant):
    assert bring() == 2
    assert bring() == 0
    row = next(iter(draft_of(case, at=datetime.now(UTC)).form.rows(case_table(case))))
    own = applicant.parties("programmes.apply")
    change_rows(case.pk, "patents", "remove", row, parties=own, by=applicant.actor, at=datetime.now(UTC))
    assert bring() == 1, "a row that was removed may be brought back"
    assert len(rows(case)) == 2


def test_a_number_that_was_typed_is_not_doubled(case, bring, applicant):
    own = applicant.parties("programmes.apply")
    typed = [Change("patents:000000001aaa:number", NUMBERS[0], 0), Change("patents:000000001aaa:fee", "900", 0)]
    save_cells(case.pk, typed, parties=own, by=applicant.actor, at=datetime.now(UTC))
    assert bring() == 1
    assert sorted(row[0] for row in rows(case)) == sorted(NUMBERS[:2])


def test_the_sum_goes_on_over_brought_and_typed_rows(case, bring, applicant):
    bring()
    form = draft_of(case, at=datetime.now(UTC)).form
    first = form.rows(case_table(case))[0]
    own = applicant.parties("programmes.apply")
    save_cells(
        case.pk, [Change(f"patents:{first}:fee", "955", 0)], parties=own, by=applicant.actor, at=datetime.now(UTC)
    )
    form = draft_of(case, at=datetime.now(UTC)).form
    assert form.sums(case_table(case)) == {"fee": Decimal(955)}


def test_others_and_unknown_tables_get_nothing(case, bring):
    with pytest.raises(Http404):
        bring(parties=frozenset())
    with pytest.raises(CaseProblem):
        bring(table="nothing")
    assert rows(case) == []


def test_the_button_stands_below_the_table_and_says_what_came(case, client_as):
    client, address = client_as("applicant"), reverse("programmes:section", args=[case.pk, "patents"])
    assert "从“专利”台账带入" in client.get(address).content.decode()
    answer = client.post(address, {"do": "bring:patents"}, follow=True)
    assert "已从台账带入 2 行，请补充其余各列" in answer.content.decode()
    again = client.post(address, {"do": "bring:patents"}, follow=True)
    assert "台账中没有可以带入的，或都已在表中" in again.content.decode()


def case_table(case):
    return draft_of(case, at=datetime.now(UTC)).layout.tables["patents"][0]
