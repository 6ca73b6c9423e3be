"""Saving what is typed: nothing lost, nobody overwritten, nothing written where it must not be."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.cells import Change, change_rows, new_row, save_cells
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.applying.papers import add_paper, change_paper, merged, paper_for, received
from keshu.bureau.programmes.applying.reading import draft_of
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import FormCell, Paper
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor
from keshu.office.filetypes import FileRefused
from tests.programmes.filling import PDF

pytestmark = pytest.mark.django_db
OTHER = Actor("other", "同事")


def now():
    return datetime.now(UTC)


@pytest.fixture
def save(application, applicant):
    def run(*changes, by=None, at=None):
        rows = [Change(*change) for change in changes]
        parties = applicant.parties("programmes.apply")
        return save_cells(application.pk, rows, parties=parties, by=by or applicant.actor, at=at or now())

    return run


def text(path):
    return FormCell.objects.values_list("text", "version").get(path=path)


def test_a_cell_is_saved_with_its_version_and_without_an_act(save):
    acts = Act.objects.count()
    assert save(("project_name", "甲", 0)).versions == {"project_name": 1}
    assert save(("project_name", "乙", 1)).versions == {"project_name": 2}
    assert text("project_name") == ("乙", 2)
    assert Act.objects.count() == acts


def test_somebody_elses_text_is_never_overwritten_unseen(save):
    save(("project_name", "甲", 0))
    save(("project_name", "乙", 1), by=OTHER)
    found = save(("project_name", "丙", 1), ("keywords", "丁", 0))
    (conflict,) = found.conflicts
    assert (conflict.theirs, conflict.mine, conflict.version, conflict.by) == ("乙", "丙", 2, "other")
    assert text("project_name") == ("乙", 2)
    assert found.versions == {"keywords": 1}, "the other cells are saved"
    assert save(("project_name", "丙", 2)).versions == {"project_name": 3}, "having seen it, one may choose"


def test_two_who_begin_the_same_cell_at_once_are_told(save):
    save(("project_name", "甲", 0), by=OTHER)
    assert save(("project_name", "乙", 0)).conflicts[0].theirs == "甲"


def test_a_save_whose_answer_was_lost_may_be_repeated(save):
    save(("project_name", "甲", 0), ("leader_phone", "13800138000", 0))
    again = save(("project_name", "甲", 0), ("leader_phone", "13800138000", 0))
    assert (again.versions, again.conflicts) == ({"project_name": 1, "leader_phone": 1}, [])


def test_personal_texts_are_sealed(save):
    save(("leader_idcard", "350423198806123011", 0))
    assert personal.unseal(text("leader_idcard")[0]) == "350423198806123011"


@pytest.mark.parametrize(
    "path",
    ["nothing", "grant_total", "members:", "members::name", "members:r1:nothing", "members:R-1:name", "budget:5:grant",
     "members:r1:name:x", "", "slot:licence", "members:" + "a" * 17 + ":name"],
)  # fmt: skip
def test_a_path_that_the_form_has_not_is_refused_and_nothing_is_written(path, save):
    with pytest.raises(CaseProblem):
        save(("project_name", "甲", 0), (path, "x", 0))
    assert not FormCell.objects.exists()


def test_a_text_beyond_all_measure_is_refused_with_its_length(save):
    with pytest.raises(CaseProblem, match="20001"):
        save(("summary", "长" * 20001, 0))
    save(("summary", "长" * 600, 0))  # too long for the form, kept all the same: its check tells


def test_a_case_of_others_is_no_case(application):
    with pytest.raises(Http404):
        save_cells(application.pk, [Change("project_name", "x", 0)], parties=frozenset({99}), by=OTHER, at=now())
    with pytest.raises(Http404):
        save_cells(10**9, [], parties=frozenset({application.party_id}), by=OTHER, at=now())


def test_what_was_handed_in_cannot_be_typed_over(save, filled, submit):
    pass_case(filled.pk, "hand_in", seen=filled.revision, viewer=_viewer(filled))
    with pytest.raises(CaseProblem, match="不能再修改"):
        save(("project_name", "乙", 1))
    assert text("project_name")[0] == "在线测试仪器关键技术研究"


def _viewer(_application):
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.accounts.models import User

    return viewer_of(User.objects.get(username="applicant"))


def test_one_cell_costs_two_statements_and_a_hundred_cost_two_and_a_count(save):
    with CaptureQueriesContext(connection) as one:
        save(("project_name", "甲", 0))
    with CaptureQueriesContext(connection) as many:
        save(
            *[(f"equipment:r{n:02}:name", "x", 0) for n in range(0)],
            *[(f"members:r{n:02}:name", "甲", 0) for n in range(100)],
        )
    assert [len(_said(one)), len(_said(many))] == [2, 3]


def _said(queries):
    return [q["sql"] for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]


# rows


@pytest.fixture
def rows(application, applicant):
    def run(kind, row, table="members"):
        parties = applicant.parties("programmes.apply")
        return change_rows(application.pk, table, kind, row, parties=parties, by=applicant.actor, at=now())

    return run


def test_rows_are_added_moved_removed_and_restored(rows, save, application):
    assert [rows("add", "a1"), rows("add", "b1"), rows("up", "b1")][-1] == ["b1", "a1"]
    save(("members:a1:name", "林远", 0))
    assert rows("remove", "a1") == ["b1"]
    assert draft_of(application, at=now()).form.values["成员"] == ()
    assert rows("restore", "a1") == ["b1", "a1"]
    assert draft_of(application, at=now()).form.values["成员.姓名"] == ("林远",)


def test_a_row_that_a_colleague_fills_while_another_is_removed_stays(rows, save):
    save(("members:c1:name", "周宁", 0), by=OTHER)
    rows("add", "a1")
    save(("members:d1:name", "吴晓", 0), by=OTHER)
    assert rows("remove", "a1") == ["c1", "d1"]


def test_a_fixed_table_has_no_rows_to_add(rows):
    with pytest.raises(CaseProblem):
        rows("add", "5", table="budget")
    with pytest.raises(CaseProblem):
        rows("add", "a", table="nothing")


def test_no_more_rows_than_the_definition_allows(rows):
    for number in range(30):
        rows("add", f"r{number:02}")
    with pytest.raises(CaseProblem, match="30"):
        rows("add", "r30")


def test_names_of_new_rows_sort_by_time_and_differ():
    at = now()
    names = [new_row(at, number) for number in range(50)]
    assert names == sorted(names)
    assert len(set(names)) == 50
    assert all(len(name) == 12 for name in names)


# papers


@pytest.fixture
def put(application, applicant):
    def run(slot="licence", content=PDF, name="执照.pdf"):
        layout = layout_of(programme_for(application.call))
        arrived = received(layout.slots[slot], name, content)
        parties = applicant.parties("programmes.apply")
        return add_paper(application.pk, slot, arrived, parties=parties, by=applicant.actor, at=now())

    return run


def test_a_slot_for_one_file_takes_the_later_one(put):
    put()
    second = put(content=PDF + b"%2")
    assert list(Paper.objects.filter(removed_at__isnull=True)) == [second]


def test_the_same_file_again_is_there_already(put):
    assert put() == put()


def test_a_wrong_type_is_told_before_anything_is_kept(put):
    with pytest.raises(FileRefused):
        put(content=b"MZ\x00\x00 program" + b"\x00" * 99, name="执照.pdf")
    assert not Paper.objects.exists()


def test_files_of_a_slot_are_put_in_order_and_removed(put, application, applicant):
    parties = applicant.parties("programmes.apply")
    one, two = put("other"), put("other", PDF + b"%2", "二.pdf")
    change_paper(application.pk, two.pk, "up", parties=parties, by=applicant.actor, at=now())
    assert list(Paper.objects.order_by("order")) == [two, one]
    change_paper(application.pk, two.pk, "remove", parties=parties, by=applicant.actor, at=now())
    with pytest.raises(Http404):
        change_paper(application.pk, two.pk, "remove", parties=parties, by=applicant.actor, at=now())
    with pytest.raises(Http404):
        paper_for(application, two.sha256, own=True)


def test_the_bureau_sees_what_was_handed_in_alone(submitted):
    papers = list(submitted.papers.all())
    assert paper_for(submitted, papers[0].sha256, own=False) == papers[0]
    draft = Paper.objects.create(
        application=submitted, slot="other", name="x.pdf", sha256="a" * 64, size=1, mime="application/pdf",
        added_by="x", added_at=now(),
    )  # fmt: skip
    with pytest.raises(Http404):
        paper_for(submitted, draft.sha256, own=False)
    assert paper_for(submitted, draft.sha256, own=True) == draft


def test_pictures_become_one_pdf(application):
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "PNG")
    slot = layout_of(programme_for(application.call)).slots["licence"]
    arrived = merged(slot, [("一.png", picture.getvalue()), ("二.png", picture.getvalue())])
    assert (arrived.name, arrived.mime) == ("一_2.pdf", "application/pdf")
