"""The pages of money, button by button."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from keshu.bureau.money.models import (
    Approval,
    BudgetLine,
    Instalment,
    Payment,
    Proposal,
    Recovery,
    RecoveryReceipt,
    Surplus,
)
from keshu.bureau.money.planning import instalments_of
from keshu.bureau.money.problems import MoneyProblem
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.programmes.models import Application, Batch, Call
from keshu.bureau.records.audit import faults
from keshu.bureau.records.services import ZONE
from tests.conftest import CLERK
from tests.money.test_cases import SERVICES, decision

TODAY = datetime.now(UTC).astimezone(ZONE).date()
INDEX, BULK = "/money/", "/money/pay/"


@pytest.fixture
def paying(standing, go):
    """`paying()`: a subsidy of 800 that waits for its payment."""

    def make(amount=800, party=None):
        case = go(
            standing("payout.rd_reserve", "deciding", party=party), "agree", "director", decision=decision(amount)
        )
        from keshu.bureau.programmes.models import Stage

        Application.objects.filter(pk=case.pk).update(state="issuing")
        Stage.objects.filter(application=case, left_at=None).update(state="issuing")
        return go(case, "issue", "head")

    return make


def typed(case, **more):
    row = instalments_of(case.pk)[0]
    said = {
        "key": "k1",
        "instalment": row.pk,
        "level": "municipal",
        "amount": "800",
        "paid_on": TODAY,
        "voucher_no": "拨1",
    }
    return said | more


def test_paying_one_instalment(client_as, paying):
    case = paying()
    url = reverse("money:pay", args=[case.pk])
    client = client_as("finance")
    shown = client.get(url).content.decode()
    assert 'value="800.00"' in shown
    answer = client.post(url, typed(case))
    assert answer.url == reverse("programmes:case", args=[case.pk])
    case = Application.objects.get(pk=case.pk)
    assert (case.state, Payment.objects.get().amount) == ("paid", Decimal(800))
    again = client.post(url, typed(case))
    assert again.status_code == 200
    assert Payment.objects.count() == 1
    assert not list(faults())


def test_a_payment_that_is_too_much_is_said_on_the_form(client_as, paying):
    case = paying()
    answer = client_as("finance").post(reverse("money:pay", args=[case.pk]), typed(case, amount="800.01"))
    assert "超过“一次拨付”尚未拨付的 800 元" in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize("role", ["clerk", "head", "director", "county", "unit_admin", "audit"])
def test_only_finance_opens_the_pages_of_paying(client_as, paying, role):
    case = paying()
    client = client_as(role)
    for url in (reverse("money:pay", args=[case.pk]), BULK, reverse("money:recover", args=[case.pk])):
        assert client.get(url).status_code == 403
        assert client.post(url, typed(case)).status_code == 403
    assert not Payment.objects.exists()


def table(*rows):
    return "\n".join(
        "\t".join(map(str, row)) for row in [("受理编号", "单位名称", "金额", "拨付日期", "凭证号"), *rows]
    )


def test_a_voucher_number_with_signs_that_nobody_sees_is_refused_wherever_it_is_typed(client_as, paying, go):
    case = paying()
    url = reverse("money:pay", args=[case.pk])
    answer = client_as("finance").post(url, typed(case, voucher_no="拨\u200b1")).content.decode()
    assert "有看不见的字符（U+200B）" in answer
    said = {"amount": "800", "paid_on": str(TODAY), "voucher_no": "拨\u200b1"}
    with pytest.raises(MoneyProblem, match="看不见"):
        go(case, "pay", "finance", payment=said)
    assert not Payment.objects.exists()


def test_many_payments_from_a_table_are_one_act_that_can_be_taken_back(client_as, paying, users):
    one, other = paying(), paying(500)
    text = table((one.number, "", 800, TODAY, "拨1"), (other.number, "云岭测试仪器有限公司", "500元", TODAY, "拨2"))
    client = client_as("finance")
    shown = client.post(BULK, {"text": text}).content.decode()
    assert "全部可以登记" in shown
    assert not Payment.objects.exists()
    key = shown.split('name="key" value="')[1].split('"')[0]
    answer = client.post(BULK, {"text": text, "step": "keep", "key": key})
    batch = Batch.objects.get()
    assert answer.url == reverse("programmes:batch", args=[batch.pk])
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [500, 800]
    assert len(set(Payment.objects.values_list("act_id", flat=True))) == 1
    client.post(BULK, {"text": text, "step": "keep", "key": key})
    assert Payment.objects.count() == 2
    again = client.post(BULK, {"text": text}).content.decode()
    assert f"E2：凭证号 拨1 已登记过（{one.number}），不再重复登记" in again and "没有找到" not in again
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.programmes.handling.batches import undo_batch

    undo_batch(batch.pk, viewer=viewer_of(users["finance"]), reason="国库退回")
    assert Payment.objects.filter(voided_by=None).count() == 0
    assert set(Application.objects.values_list("state", flat=True)) == {"paying"}
    client.post(BULK, {"text": text, "step": "keep", "key": "new"})
    assert Payment.objects.filter(voided_by=None).count() == 2
    assert not list(faults())


def test_a_sheet_of_the_treasury_may_bear_titles_above_and_a_sum_below(client_as, paying):
    case = paying()
    text = f"国库集中支付明细表\n单位：元\n{table((case.number, '', 800, TODAY, '拨1'), ('合计', '', 800, '', ''))}"
    shown = client_as("finance").post(BULK, {"text": text}).content.decode()
    assert "全部可以登记" in shown and "预览：1 笔" in shown
    lacking = client_as("finance").post(BULK, {"text": "明细表\n受理编号\t金额\nX\t1"}).content.decode()
    assert "表头缺少：拨付日期、凭证号" in lacking


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("X", "", 800, TODAY, "拨1"), "A2：没有找到待拨付的款项"),
        (("{n}", "", 801, TODAY, "拨1"), "A2：“一次拨付”只剩 800 元未拨"),
        (("{n}", "", "", TODAY, "拨1"), "C2：没有填金额"),
        (("{n}", "", "八百", "某日", ""), "D2：拨付日期没有填写或不是日期"),
        (("{n}", "", 800, f"{TODAY.year + 1}-12-31", "拨1"), "D2：拨付日期晚于今天"),
        (("{n}", "", 800, TODAY, ""), "E2：没有填凭证号"),
        (("{n}", "别的公司", 800, TODAY, "拨1"), "B2：编号"),
        (("{n}", "", 800, TODAY, "拨\u200b1"), "E2：有看不见的字符（U+200B）"),
        (("{n}", "", 800, TODAY, "拨\x1c1"), "E2：有看不见的字符（U+001C）"),
        (("{n}", "云岭测试仪器\u202e有限公司", 800, TODAY, "拨1"), "B2：有看不见的字符（U+202E）"),
        (("{n}", "", 800, TODAY, "9" * 61), "E2：凭证号超过60字"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_by_cell_and_nothing_is_booked(client_as, paying, row, why):
    case = paying()
    text = table(tuple(str(cell).format(n=case.number) for cell in row))
    answer = client_as("finance").post(BULK, {"text": text, "step": "keep", "key": "k"}).content.decode()
    assert why in answer
    assert not Payment.objects.exists()


def test_a_table_by_names_alone_finds_the_one_with_this_amount(client_as, paying):
    paying(), paying(500)
    text = f"单位名称\t金额\t支付日期\t凭证号\n云岭测试仪器有限公司\t500\t{TODAY}\t1\n云岭测试仪器有限公司\t700\t{TODAY}\t1"
    shown = client_as("finance").post(BULK, {"text": text}).content.decode()
    assert "A3：有 2 笔待拨付的款项" in shown
    assert "D3：凭证号与第 2 行相同" in shown


def test_a_workbook_of_the_treasury_is_read(client_as, paying):
    import xlsxwriter

    case, file = paying(), io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["受理编号", "支付金额", "支付日期", "支付凭证号"])
    sheet.write_row(1, 0, [case.number, 800])
    sheet.write_datetime(
        1, 2, datetime(TODAY.year, TODAY.month, TODAY.day), book.add_format({"num_format": "yyyy-mm-dd"})
    )
    sheet.write(1, 3, "拨9")
    book.close()
    file.seek(0)
    file.name = "支付表.xlsx"
    assert "全部可以登记" in client_as("finance").post(BULK, {"file": file}).content.decode()


def test_a_payment_booked_wrongly_is_voided_with_its_reason(client_as, paying):
    case = paying()
    client = client_as("finance")
    client.post(reverse("money:pay", args=[case.pk]), typed(case))
    payment, seen = Payment.objects.get(), Application.objects.get().revision
    url = reverse("money:void", args=[payment.pk])
    assert client.post(url, {"seen": seen, "reason": ""}).status_code == 200
    client.post(url, {"seen": seen, "reason": "凭证号登错"})
    assert Payment.objects.get().voided_by.reason == "凭证号登错"
    stale = client.post(url, {"seen": seen, "reason": "再来一次"})
    assert "刚刚由他人办理过" in stale.content.decode()
    client.post(reverse("money:pay", args=[case.pk]), typed(case, key="k2"))
    assert Payment.objects.filter(voided_by=None).count() == 1


def test_an_instalment_is_stopped_resumed_promised_and_given_up_by_hand(client_as, paying):
    case = paying()
    client, url = client_as("finance"), reverse("money:instalment", args=[instalments_of(case.pk)[0].pk])

    def do(what, **more):
        seen = Application.objects.get().revision
        return client.post(url, {"seen": seen, "what": what, "reason": "审计意见", **more})

    assert do("stop").status_code == 302
    assert Instalment.objects.get().stopped_by is not None
    assert "已停止拨付" in client.get(reverse("money:pay", args=[case.pk])).content.decode()
    assert do("resume").status_code == 302
    assert "请填写应拨日期" in do("promise").content.decode()
    later = TODAY + timedelta(days=90)
    assert do("promise", promised_on=later).status_code == 302
    assert (Instalment.objects.get().promised_on, Instalment.objects.get().stopped_by) == (later, None)
    assert do("lapse").status_code == 302
    assert Instalment.objects.get().lapsed_by is not None


def test_money_is_asked_back_and_received(client_as, paying):
    case = paying()
    client = client_as("finance")
    client.post(reverse("money:pay", args=[case.pk]), typed(case))

    def seen():
        return Application.objects.get().revision

    url = reverse("money:recover", args=[case.pk])
    said = {"reason": "多拨", "due_on": TODAY + timedelta(days=5)}
    assert "超过已拨而未收回的 800 元" in client.post(url, {"seen": seen(), "amount": "801", **said}).content.decode()
    client.post(url, {"seen": seen(), "amount": "100", **said})
    row = Recovery.objects.get()
    assert "多拨" in client.get("/money/recoveries/").content.decode()
    back = {"amount": "100", "received_on": TODAY, "voucher_no": "缴1", "key": "b1"}
    client.post(reverse("money:receive", args=[row.pk]), {"seen": seen(), **back})
    assert RecoveryReceipt.objects.get().amount == Decimal(100)
    assert "多拨" not in client.get("/money/recoveries/").content.decode()
    assert "多拨" in client.get("/money/recoveries/?state=all").content.decode()
    client.post(
        reverse("money:surplus", args=[case.pk]),
        {"seen": seen(), "amount": "50", "disposal": "returned", "note": "审计"},
    )
    assert (Surplus.objects.get().amount, Recovery.objects.count()) == (Decimal(50), 2)


def test_another_total_moves_what_is_not_paid_yet(client_as, paying):
    case = paying()
    client = client_as("head")
    url = reverse("money:total", args=[case.pk])
    said = {"seen": Application.objects.get().revision, "amount": "900", "day": TODAY, "reference": "云科〔2026〕9号"}
    assert client.post(url, said).status_code == 302
    assert (Approval.objects.get(replaced_by=None).amount, Instalment.objects.get().amount) == (900, 900)
    assert client_as("finance").get(url).status_code == 403


def test_the_ledger_of_instalments_by_state_and_as_a_workbook(client_as, paying):
    case = paying()
    client = client_as("clerk")
    Instalment.objects.update(promised_on=date(2026, 1, 5))
    shown = client.get(INDEX, {"state": "overdue"}).content.decode()
    assert case.number in shown
    assert '<td class="k-num">800.00</td><td class="k-num">800.00</td>' in shown
    assert "0.08" in shown  # 万元, above the list
    assert case.number not in client.get(INDEX, {"state": "paid"}).content.decode()
    assert case.number in client.get(INDEX).content.decode()
    assert "超预算" not in client.get("/money/calls/").content.decode()
    Call.objects.update(budget=799)
    assert "超预算" in client.get("/money/calls/").content.decode()
    assert case.number in client.get(INDEX, {"q": "云岭测试"}).content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.get("/money/export/").streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [rows[1][0], *rows[1][9:]] == [case.number, 800, 0, 800, "逾期未拨"]


def test_the_ledger_opens_with_what_is_unpaid_and_due_the_earliest_first(client_as, paying, put_payment):
    """What waits for its condition and what is paid lies one choice away."""
    cases = [paying(100 + number) for number in range(4)]
    rows = list(Instalment.objects.order_by("pk"))
    for row, day in zip(rows, (date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1), None), strict=True):
        Instalment.objects.filter(pk=row.pk).update(promised_on=day)
    put_payment(rows[2], 102, voucher="7")
    client = client_as("finance")

    def numbers(**query):
        page = client.get(INDEX, query).content.decode()
        return [
            one.number
            for one in sorted(cases, key=lambda one: page.find(f"{one.number} ·"))
            if f"{one.number} ·" in page
        ]

    late, early, paid, waiting = (one.number for one in cases)
    assert numbers() == [early, late]
    assert numbers(q=paid) == []
    assert (numbers(state="paid"), numbers(state="waiting")) == ([paid], [waiting])
    assert numbers(state="all") == [paid, early, late, waiting]


@pytest.mark.parametrize("n", [1, 3])
def test_lists_cost_as_many_queries_with_three_rows_as_with_one(client_as, paying, n, django_assert_num_queries):
    cases = [paying(100 + i) for i in range(n)]
    client = client_as("finance")
    for url, queries in (
        (INDEX, QUERIES["index"]), ("/money/calls/", QUERIES["calls"]),
        (reverse("money:call", args=[cases[0].call_id]), QUERIES["call"]), ("/money/recoveries/", QUERIES["recoveries"]),
    ):  # fmt: skip
        client.get(url)
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


QUERIES = {"index": 9, "calls": 6, "call": 18, "recoveries": 6}


def test_a_call_shows_its_money_by_treasury_and_what_differs(client_as, paying):
    case = paying()
    client = client_as("finance")
    url = reverse("money:call", args=[case.call_id])
    assert "没有不一致" in client.get(url).content.decode()
    said = {"level": "municipal", "year": 2026, "name": "科技专项", "amount": "700"}
    client.post(reverse("money:budget-new", args=[case.call_id]), said)
    shown = client.get(url).content.decode()
    assert "核定 800 元" in shown
    assert "预算 700 元" in shown
    line = BudgetLine.objects.get()
    client.post(reverse("money:budget", args=[case.call_id, line.pk]), said | {"amount": "1000"})
    assert list(BudgetLine.objects.filter(replaced_by=None).values_list("amount", flat=True)) == [1000]
    assert "没有不一致" in client.get(url).content.decode()
    assert client.get(reverse("money:call-export", args=[case.call_id])).status_code == 200
    again = client_as("clerk").post(reverse("money:budget-new", args=[case.call_id]), said)
    assert "已经登记" in again.content.decode()


def test_a_budget_that_is_short_reduces_every_claim_alike(client_as, standing):
    first = standing("payout.voucher", "deciding", changes=SERVICES, budget=Decimal(60000))
    standing("payout.voucher", "advising", changes=SERVICES)
    client = client_as("head")
    url = reverse("money:propose", args=[first.call_id])
    shown = client.get(url).content.decode()
    assert "100,000" in shown
    assert "预算不足" in shown
    client.post(url)
    assert list(Proposal.objects.values_list("full", "amount")) == [(Decimal(50000), Decimal(30000))] * 2
    assert client_as("finance").post(url).status_code == 403


def test_what_was_proposed_is_what_the_meeting_approves(client_as, standing, go):
    first = standing("payout.voucher", "deciding", changes=SERVICES, budget=Decimal(60000))
    standing("payout.voucher", "advising", changes=SERVICES)
    client_as("head").post(reverse("money:propose", args=[first.call_id]))
    go(first, "agree", "director", decision=decision())
    assert Approval.objects.get().amount == Decimal(30000)


def test_an_enterprise_sees_its_own_money_and_no_other(client_as, paying, places):
    mine = paying()
    other = register_party(PartySpec("江川远望科技有限公司", "", places["990102"].pk), by=CLERK)
    theirs = paying(party=other)
    client_as("finance").post(reverse("money:pay", args=[theirs.pk]), typed(theirs))
    client = client_as("unit_admin")
    shown = client.get("/money/own/").content.decode()
    assert f"/programmes/cases/{mine.pk}/" in shown
    assert f"/programmes/cases/{theirs.pk}/" not in shown
    assert client.get(reverse("money:notice", args=[Payment.objects.get().pk])).status_code == 404
    for url in (INDEX, "/money/calls/", "/money/recoveries/", "/money/vouchers/"):
        assert client.get(url).status_code == 403


def test_a_notice_tells_what_was_paid(client_as, paying):
    from keshu.office.texts import read_text

    case = paying()
    client = client_as("finance")
    client.post(reverse("money:pay", args=[case.pk]), typed(case))
    answer = client.get(reverse("money:notice", args=[Payment.objects.get().pk]))
    text = read_text(answer.content, "通知.docx")
    assert "800元" in str(getattr(text, "string", None) or getattr(text, "text", ""))
    assert client_as("unit_admin").get(answer.request["PATH_INFO"]).status_code == 200


def test_what_is_due_stands_on_the_home_page_of_finance(client_as, paying):
    case = paying()
    Instalment.objects.update(promised_on=TODAY - timedelta(days=1))
    assert reverse("money:pay", args=[case.pk]) in client_as("finance").get("/").content.decode()
    assert reverse("money:pay", args=[case.pk]) not in client_as("clerk").get("/").content.decode()
