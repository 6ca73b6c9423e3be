"""Scores by hand: one sheet an expert, never changed; mean, deviation, ranking; the table that is read back."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from keshu.bureau.programmes.definitions import programme_of
from keshu.bureau.programmes.handling.scoring import (
    ScoreSpec,
    add_score,
    items_of,
    ranking,
    result_of,
    total_of,
    withdraw_score,
)
from keshu.bureau.programmes.models import Score
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.audit import faults
from keshu.bureau.records.machine import NotAllowed
from tests.programmes.cases_at import again, put

TODAY = date.today()
SHEET = programme_of("plan.key_rd").scoring


@pytest.fixture
def reviewing(call, firm):
    return put(call, firm, "reviewing")


def share(percent):
    """Every item at this share of its most."""
    return {item.code: str((item.most * percent / 100).quantize(Decimal("0.01"))) for item in items_of(SHEET)}


def give(case, viewer, expert, percent=80, **other):
    spec = ScoreSpec(expert, share(percent) | other, TODAY)
    return add_score(case.pk, spec, seen=again(case).revision, viewer=viewer)


def test_the_mean_leaves_out_the_highest_and_the_lowest(reviewing, bureau):
    for n, percent in enumerate((60, 70, 80, 90, 100)):
        give(reviewing, bureau["clerk"], f"专家{n}", percent)
    result = result_of(SHEET, list(Score.objects.order_by("pk")))
    assert [line.total for line in result.lines] == [60, 70, 80, 90, 100]
    assert (result.mean, result.complete) == (Decimal("80.00"), True)
    assert [line.off for line in result.lines] == [False] * 5


def test_one_who_lies_far_off_is_flagged(reviewing, bureau):
    for n, percent in enumerate((90, 90, 90, 90, 40)):
        give(reviewing, bureau["clerk"], f"专家{n}", percent)
    assert [line.off for line in result_of(SHEET, list(Score.objects.order_by("pk"))).lines] == [False] * 4 + [True]


def test_a_review_ends_only_with_enough_sheets(reviewing, bureau):
    for n in range(4):
        give(reviewing, bureau["clerk"], f"专家{n}")
    with pytest.raises(NotAllowed, match="至少5份，已登记4份"):
        pass_case(reviewing.pk, "finish_review", seen=again(reviewing).revision, viewer=bureau["clerk"])
    give(reviewing, bureau["clerk"], "专家5")
    assert (
        pass_case(reviewing.pk, "finish_review", seen=again(reviewing).revision, viewer=bureau["clerk"]).state
        != "reviewing"
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"topic": "8.5"}, "应在0至8分之间"),
        ({"topic": "-1"}, "应在0至8分之间"),
        ({"topic": ""}, "没有打分"),
        ({"topic": "很好"}, "不是数字"),
        ({"topic": "7.123"}, "最多两位小数"),
    ],
)
def test_points_outside_the_sheet_are_refused(reviewing, bureau, wrong, sentence):
    with pytest.raises(CaseProblem, match=sentence):
        give(reviewing, bureau["clerk"], "专家甲", **wrong)
    assert Score.objects.count() == 0


def test_an_expert_scores_a_case_once_and_corrects_by_withdrawing(reviewing, bureau):
    first = give(reviewing, bureau["clerk"], "专家甲", 50)
    with pytest.raises(CaseProblem, match="已经给这件申报打过分"):
        give(reviewing, bureau["clerk"], "专家甲", 60)
    with pytest.raises(CaseProblem, match="必须写明理由"):
        withdraw_score(first.pk, seen=again(reviewing).revision, viewer=bureau["clerk"], reason=" ")
    withdraw_score(first.pk, seen=again(reviewing).revision, viewer=bureau["clerk"], reason="抄错一栏")
    give(reviewing, bureau["clerk"], "专家甲", 60)
    assert list(Score.objects.filter(withdrawn_by=None).values_list("expert", flat=True)) == ["专家甲"]
    assert total_of(SHEET, Score.objects.get(withdrawn_by=None).points) == 60
    assert list(faults()) == []


def test_scores_belong_to_the_review(call, firm, bureau):
    with pytest.raises(CaseProblem, match="不在评审环节"):
        give(put(call, firm, "checking"), bureau["clerk"], "专家甲")


def test_a_score_of_tomorrow_is_refused(reviewing, bureau):
    spec = ScoreSpec("专家甲", share(80), TODAY + timedelta(days=2))
    with pytest.raises(CaseProblem, match="晚于今天"):
        add_score(reviewing.pk, spec, seen=reviewing.revision, viewer=bureau["clerk"])


def test_leaders_enter_no_scores(reviewing, bureau):
    with pytest.raises(NotAllowed):
        give(reviewing, bureau["director"], "专家甲")


def test_the_ranking_has_the_highest_first_and_ties_share_a_place(call, firm, bureau):
    cases = [put(call, firm, "reviewing", title=title) for title in "甲乙丙丁"]
    for case, percent in zip(cases, (70, 90, 70, 0), strict=True):
        for n in range(5):
            if percent:
                give(case, bureau["clerk"], f"专家{n}", percent)
    rows = ranking(SHEET, [again(case) for case in cases])
    assert [(row.application.title, row.rank, row.passed) for row in rows] == [
        ("乙", 1, True), ("甲", 2, True), ("丙", 2, True), ("丁", None, None),
    ]  # fmt: skip


def book(rows):
    file = BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    workbook.close()
    file.seek(0)
    file.name = "评分.xlsx"
    return file


def exported(client, call):
    content = b"".join(client.get(f"/programmes/calls/{call.pk}/scores/export/").streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_exported_table_is_filled_in_and_read_back(reviewing, call, client_as):
    client = client_as("clerk")
    head, line = exported(client, call)
    points = [float(text) for text in share(80).values()]
    rows = [head] + [[line[0], line[1], f"专家{n}", *points, "可行", ""] for n in range(5)]
    response = client.post(f"/programmes/calls/{call.pk}/scores/", {"table": book(rows)})
    assert response.status_code == 302, response.context["problems"]
    assert Score.objects.count() == 5
    assert Score.objects.values("act").distinct().count() == 1
    text = client.get(f"/programmes/calls/{call.pk}/scores/").content.decode()
    assert "80.00" in text and "达线" in text
    response = client.post(f"/programmes/calls/{call.pk}/scores/", {"table": book(rows)})
    assert "没有新的评分" in response.content.decode() and Score.objects.count() == 5


def test_a_wrong_table_is_told_cell_by_cell_and_enters_nothing(reviewing, call, client_as):
    client = client_as("clerk")
    head, line = exported(client, call)
    points = [float(text) for text in share(80).values()]
    rows = [
        head,
        [line[0], "", "专家甲", *points],
        [line[0], "", "专家乙", 99, *points[1:]],
        ["X", "", "专家丙", *points],
    ]
    response = client.post(f"/programmes/calls/{call.pk}/scores/", {"table": book(rows)})
    assert [one.split("：")[0] for one in response.context["problems"]] == ["D3", "A4"]
    assert Score.objects.count() == 0
    response = client.post(f"/programmes/calls/{call.pk}/scores/", {"table": book([["编号", "专家"]])})
    assert "缺少列" in response.content.decode()


def test_the_sheet_is_entered_and_withdrawn_on_its_page(reviewing, client_as):
    client = client_as("clerk")
    url = f"/programmes/cases/{reviewing.pk}/scores/"
    data = {"seen": reviewing.revision, "expert": "专家甲", "day": TODAY.isoformat()}
    data |= {f"p-{code}": points for code, points in share(90).items()}
    client.post(url, data)
    assert "90.00" in client.get(url).content.decode()
    score = Score.objects.get()
    page = f"{url}{score.pk}/withdraw/"
    assert "撤回理由" in client.get(page).content.decode()
    client.post(page, {"seen": again(reviewing).revision, "reason": "抄错"})
    text = client.get(url).content.decode()
    assert "还没有评分" in text and "抄错" in text


@pytest.mark.parametrize(("role", "status"), [("county", 403), ("director", 403), ("applicant", 403)])
def test_others_do_not_open_the_sheet(reviewing, client_as, role, status):
    assert client_as(role).get(f"/programmes/cases/{reviewing.pk}/scores/").status_code == status


def test_a_ranking_costs_the_same_for_more_cases(reviewing, call, firm, bureau, client_as, django_assert_num_queries):
    client, url = client_as("clerk"), f"/programmes/calls/{call.pk}/scores/"
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
    for _ in range(2):
        give(put(call, firm, "reviewing"), bureau["clerk"], "专家甲")
    with django_assert_num_queries(8):
        assert len(client.get(url).context["lines"]) == 3
