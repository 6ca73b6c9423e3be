"""The page of the formal check, as a form without any script."""

import pytest

from keshu.bureau.programmes.handling.checking import current_verdicts
from keshu.bureau.programmes.models import CasePerson
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.services import Actor, writing
from tests.programmes.cases_at import again, put


@pytest.fixture
def checking(call, firm, bureau):
    case = put(call, firm, "accepting")
    return again(pass_case(case.pk, "accept", seen=case.revision, viewer=bureau["clerk"]))


def url(case):
    return f"/programmes/cases/{case.pk}/check/"


def everything(case, **other):
    """What the page sends when every item passes, but for `other`."""
    rows = current_verdicts(case)
    data = {"seen": again(case).revision, "action": "save"}
    for code, row in rows.items():
        truth, reason = other.get(code, ("", "") if row.automatic == "yes" else ("yes", "已核对"))
        data |= {f"truth-{code}": truth, f"reason-{code}": reason}
    return data


def test_the_page_shows_items_limits_papers_and_the_form(checking, call, firm, client_as):
    other = put(call, firm, "running", title="同单位的另一项")
    with writing(verb="test.people", by=Actor("t")) as act:
        for case in (checking, other):
            CasePerson.objects.create(application=case, blind="b" * 64, name="林远", leads=True, act=act.act)
    text = client_as("clerk").get(url(checking)).content.decode()
    for words in (
        "单位限项",
        "同单位的另一项",
        "同单位、同一负责人主持",
        "本年单位申报",
        "营业执照",
        "自动：通过",
        "合计",
    ):
        assert words in text, words
    assert "350423198806123011" not in text  # the leader's number is masked


def test_saving_and_passing_leads_to_the_next_case(checking, call, firm, bureau, client_as):
    other = put(call, firm, "accepting")
    pass_case(other.pk, "accept", seen=other.revision, viewer=bureau["clerk"])
    client = client_as("clerk")
    response = client.post(url(checking), everything(checking) | {"action": "pass_check"})
    assert again(checking).state == "comparing"
    assert response.url == url(other)
    response = client.post(url(other), everything(other) | {"action": "pass_check"})
    assert response.url == "/programmes/work/"


def test_returning_lists_items_and_lines(checking, client_as):
    data = everything(checking, letter=("no", "不明确")) | {
        "action": "return_defects",
        "defects": "封面没有盖章；盖章后重传\n\n",
    }
    client_as("clerk").post(url(checking), data)
    assert [(row.text, row.remedy) for row in checking.defects.order_by("pk")] == [
        ("封面没有盖章", "盖章后重传"),
        ("推荐意见：不明确", "由推荐单位补正"),
    ]


def test_a_refusal_is_a_sentence_on_the_page_and_loses_nothing_said(checking, client_as):
    data = {"seen": checking.revision, "truth-letter": "yes", "reason-letter": "", "action": "pass_check"}
    response = client_as("clerk").post(url(checking), data)
    assert response.status_code == 200
    assert "形式审查还没有审完" in response.content.decode()
    assert current_verdicts(checking)["letter"].said == "yes"


def test_an_override_without_reason_is_told(checking, client_as):
    response = client_as("clerk").post(
        url(checking), {"seen": checking.revision, "truth-pledge": "no", "action": "save"}
    )
    assert "请写明理由" in response.content.decode()


def test_a_stale_page_is_told(checking, client_as):
    client = client_as("clerk")
    client.post(url(checking), {"seen": checking.revision, "truth-letter": "yes", "action": "save"})
    response = client.post(
        url(checking), {"seen": checking.revision, "truth-letter": "no", "reason-letter": "x", "action": "save"}
    )
    assert "刚刚由他人办理过" in response.content.decode()


def test_a_case_elsewhere_leads_to_its_own_page(call, firm, client_as):
    case = put(call, firm, "accepting")
    assert client_as("clerk").get(url(case)).url == f"/programmes/cases/{case.pk}/"


@pytest.mark.parametrize("role", ["county", "director", "applicant"])
def test_others_do_not_open_the_check(checking, client_as, role):
    assert client_as(role).get(url(checking)).status_code == 403


def test_the_check_of_another_section_is_not_there(checking, users, client_as):
    from keshu.bureau.accounts.models import Membership

    Membership.objects.filter(user=users["clerk"]).update(sections=["农社科"])
    assert client_as("clerk").get(url(checking)).status_code == 404
