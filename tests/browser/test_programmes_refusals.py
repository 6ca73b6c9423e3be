"""Every way in which a case is sent back, refused or taken away: one person does it, the applicant reads it, nobody else can.

The cases come from `refusal_cases.py`, each at the door at which somebody says no. Deadlines are moved in the database.
"""

import datetime as dt
import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.city import environment

from .walking import field, put, saved

pytestmark = pytest.mark.browser
TODAY = dt.date.today().isoformat()
MEETING = {"decision-meeting": "2026年第24次党组会", "decision-day": TODAY}
ASK = "有疑问或不同意见的，请联系"
LATER = "以后的批次开放时，符合条件的可以再报"
MONEY = "应缴回的资金和期限，见“经费”一栏"


@dataclass(frozen=True)
class Refusal:
    """Who takes which event with what; the state and the words that the applicant then reads on her page."""

    case: str
    event: str
    by: str
    state: str
    why: str = ""
    given: dict[str, str] = default(default_factory=dict)
    reads: tuple[str, ...] = ()
    picture: str = ""

    def __str__(self) -> str:
        return f"{self.case}-{self.event}"


REFUSALS = (
    Refusal("declined", "decline", "park", "未获推荐", "与本区产业方向不符。", reads=("请先向推荐单位了解", LATER)),
    Refusal("refused", "refuse", "clerk", "不予受理", "申报方向不在本批次指南支持范围。", reads=(ASK, LATER, "不予受理通知书"),
            picture="programmes-refused"),
    Refusal("not_supplemented", "not_supplemented", "clerk", "不予受理",
            reads=("逾期未补正", "到期没有办理", "没有改正的问题", "承诺书没有法定代表人签字")),
    Refusal("not_mended", "not_mended", "clerk", "未通过形式审查", reads=("逾期未改", "到期没有办理", "没有改正的问题")),
    Refusal("duplicate", "call_duplicate", "clerk", "未通过审核", "与2024年已立项项目的研究内容重复。", reads=("认定重复", ASK)),
    Refusal("rejected", "reject", "deputy", "未立项", "评审得分低于本批入围线。", MEETING, ("会议不同意", ASK, LATER)),
    Refusal("not_proposed", "not_propose", "deputy", "未入选", "综合评审得票未过半数。", MEETING, (ASK, LATER)),
    Refusal("not_approved", "deny_award", "deputy", "未获奖", "市政府会议未批准。", MEETING, ("未批准", ASK)),
    Refusal("forfeited", "forfeit", "clerk", "已放弃", "逾期三十日没有签订任务书。", reads=("放弃或逾期", ASK)),
    Refusal("denied", "deny_change", "clerk", "实施中", "拟任负责人已有两项在研项目。", reads=("不同意变更", "未同意")),
    Refusal("corrected", "order_correction", "clerk", "整改中", "自筹经费没有到位。",
            reads=("限期整改", "完成整改后，办理“整改完成”", "已停拨")),
    Refusal("terminated", "terminate", "deputy", "已终止", "技术路线已无应用前景。", MEETING, (MONEY, "应收回", "不再拨付")),
    Refusal("revoked", "revoke", "deputy", "已撤销", "申报材料中的检测报告系伪造。", MEETING,
            (MONEY, "因此不能申报的事项和期限"), "programmes-revoked"),
    Refusal("repaired", "order_repair", "head", "整改中", "检测样品数量不足，补测后复验。",
            reads=("整改后复验", "需要整改", "完成整改后，办理“申请复验”")),
    Refusal("partly", "close_partly", "head", "绩效评价中", "因客观原因未完成产业化指标。", {"recovery-amount": "2万元"},
            ("结题", "应收回", "20,000.00")),
    Refusal("failed", "fail_acceptance", "head", "未通过验收", "主要技术指标没有完成。", MEETING, (MONEY, "不能申报的事项")),
    Refusal("recovered", "recover", "deputy", "已追回", "核查发现研发费用重复归集。", MEETING, (MONEY, "应收回")),
    Refusal("stripped", "strip", "deputy", "已取消", "有效期内发生重大安全事故。", MEETING, ("取消资格", ASK)),
    Refusal("delisted", "order_improvement", "clerk", "整改中", "开放服务没有达到考核要求。",
            reads=("限期整改", "完成整改后，办理“整改完成”")),
    Refusal("delisted", "delist", "deputy", "已撤销", "整改后仍不合格。", MEETING, ("没有改正的问题", ASK)),
    Refusal("cancelled", "ask_more_logs", "clerk-agri", "服务期内", "服务日志缺第三季度。", reads=("退回补充",)),
    Refusal("cancelled", "cancel", "director", "已取消", "全年没有到过服务地点。", MEETING, ("取消资格", MONEY)),
)  # fmt: skip


@pytest.fixture(scope="module")
def prepared(city, site) -> dict:
    script = Path(__file__).with_name("refusal_cases.py")
    done = subprocess.run([sys.executable, script], env=environment(city), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def cases(prepared) -> dict[str, int]:
    """The number of each case by the name of what awaits it."""
    return prepared["cases"]


@pytest.fixture
def case(cases, desk_of):
    """`case("refused", "kin")` is the page of that case as this account sees it."""

    def see(name: str, user: str = "kin", rest: str = "") -> Page:
        return go(desk_of(user), f"/programmes/cases/{cases[name]}/{rest}")

    return see


def go(page: Page, address: str) -> Page:
    answer = page.goto(address)
    assert answer and answer.status == 200, f"{address}: {answer and answer.status}"
    return page


def reads(page: Page, *words: str) -> None:
    text = page.locator("main").inner_text()
    assert [one for one in words if one not in text] == [], text


def press(page: Page, name: str) -> None:
    """The button of a form, and the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    wrong = page.locator("main .k-error-list, main .invalid-feedback, main .k-note-bad, .k-message-bad")
    assert wrong.count() == 0, wrong.all_inner_texts()


def told(desk_of, *words: str) -> None:
    """The newest message in the inbox says so."""
    first = go(desk_of("kin"), "/messages/").locator(".k-letters li").first.inner_text()
    assert [one for one in words if one not in first] == [], first


@pytest.mark.parametrize("one", REFUSALS, ids=str)
def test_a_refusal_is_read_with_its_reason_and_what_to_do(one, case, cases, desk_of, picture):
    address = f"/programmes/cases/{cases[one.case]}/do/{one.event}/"
    page = case(one.case, one.by)
    link = page.locator(f".k-case-actions a[href='{address}']")
    assert link.count() == 1
    nobody_else(desk_of, address)
    link.click()
    label = page.locator("h1").inner_text()
    if one.why:
        unsaid(page, label)
    for name, text in ({"reason": one.why} | one.given).items():
        put(page.locator(f"main form [name={name}]"), text)
    press(page, label)
    page = case(one.case)
    assert one.state in page.locator("#case-now").inner_text()
    reads(page, one.why, *one.reads)
    if one.picture:
        page.reload()  # without the answer to what she tried above
        picture(page, one.picture)
    told(desk_of, one.state, one.why)


def unsaid(page: Page, label: str) -> None:
    """Without its reason the event is not taken, and the page says so."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()
    reads(page, "请填写此项")


def nobody_else(desk_of, address: str) -> None:
    """Neither the applicant, nor another applicant, nor another county, nor a colleague without the right."""
    for user, status in (("kin", 302), ("firm", 404), ("county", 404), ("office", 302)):
        context = desk_of(user).context
        token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
        form = {"csrfmiddlewaretoken": token, "seen": "1", "reason": "越权"}
        assert context.request.post(address, form=form, max_redirects=0).status == status, user


def test_whose_project_was_revoked_reads_what_she_may_not_apply_for(prepared, desk_of, case):
    if "已撤销" not in case("revoked").locator("#case-now").inner_text():
        pytest.skip("the project was not revoked in this run")
    page = go(desk_of("kin"), f"/programmes/mine/?party={prepared['revoked']}")
    reads(page, "不可以申报", "不可以，因为", "撤销")


def test_a_case_that_goes_back_to_the_section_tells_its_applicant_nothing(case, desk_of):
    page = case("reconsidered", "deputy")
    page.get_by_role("link", name="退回科室再议").click()
    page.fill("[name=reason]", "请补充与在研项目的区别。")
    press(page, "退回科室再议")
    reads(page, "请补充与在研项目的区别")
    page = case("reconsidered")
    assert "审核中" in page.locator("#case-now").inner_text()
    assert "请补充与在研项目的区别" not in page.content()


def test_an_objection_that_is_upheld_takes_the_case_from_the_list(case, cases, city, desk_of):
    number = stored(city, "SELECT id FROM programmes_objection WHERE application_id=?", cases["excluded"])
    objection = f"/programmes/objections/{number}/"
    for user in ("kin", "firm", "county"):
        assert desk_of(user).context.request.get(objection).status in (403, 404), user
    page = go(desk_of("clerk"), objection)
    press(page, "转入异议处理")
    assert "公示中" in case("excluded").locator("#case-now").inner_text()
    page = go(desk_of("deputy"), objection)
    put(page.locator("main [name=outcome]"), "upheld")
    put(page.locator("main [name=reply]"), "经核查，公示的研究内容与已授权的发明专利相同，异议成立。")
    press(page, "办结并答复")
    page = case("excluded")
    assert "未立项" in page.locator("#case-now").inner_text()
    reads(page, "异议成立", ASK, LATER)
    assert "钟其真" not in page.content()
    told(desk_of, "异议成立", "未立项")


def test_a_title_that_the_superior_refused(case, cases, city, desk_of):
    number = stored(city, "SELECT number FROM programmes_application WHERE id=?", cases["upper_rejected"])
    page = go(desk_of("office"), f"/programmes/calls/{call_of(city, cases['upper_rejected'])}/upper/")
    for name, text in (("title", "关于公布省级高企备案结果的通知"), ("number", "云中科〔2026〕99号"), ("issued_on", TODAY),
                       ("issuer", "云中省科学技术厅"), ("text", f"受理编号\t结果\n{number}\t未通过")):  # fmt: skip
        put(page.locator(f"main [name={name}]"), text)
    press(page, "登记")
    page.get_by_role("link", name=re.compile("办理名单")).click()
    press(page, "办理")
    page = case("upper_rejected")
    reads(page, "上级未通过", ASK, LATER)
    told(desk_of, "上级未通过")


def test_a_file_that_does_not_fit_is_refused_with_its_remedy(case, picture, tmp_path):
    page = case("too_late", rest="form/papers/")
    slot = page.locator("#slot-licence")
    for name, size, words in (
        ("表格.xlsx", 10, "不是这里要求的文件类型；请上传：PDF、JPG、PNG"),
        ("改名.pdf", 900, "的内容是可执行程序，不在允许的类型之内"),
        ("扫描.pdf", 21 * 2**20, "超过上限 20.0 MB；请降低扫描分辨率或拆分后再上传"),
    ):
        with (tmp_path / name).open("wb") as file:
            file.write(b"MZ")
            file.truncate(size)
        page.set_input_files("#file-licence", tmp_path / name)
        expect(slot).to_contain_text(words)
    picture(page, "programmes-wrong-file")


def test_who_leads_a_project_already_is_over_the_limit(case, prepared):
    page = case("over_limit", rest="form/sections/leader/")
    field(page, "leader_idcard").fill(prepared["leader"])
    page.locator("main h2").first.click()
    saved(page)
    page = case("over_limit", rest="form/check/")
    reads(page, "负责人限项", "负责人本年主持申报数 2 > 负责人年度限报项数 1")
    if page.get_by_role("button", name="提交单位审核").count():  # the unit's own administrator is stopped
        press(page, "提交单位审核")
        page = case("over_limit", rest="form/check/")
        reads(page, "申报条件不符合")
    assert page.get_by_role("button", name="提交", exact=True).count() == 0


def test_a_deadline_that_passes_takes_nothing_away_and_can_be_extended(case, cases, city, desk_of, picture):
    page = case("too_late", rest="form/sections/content/")
    closed_a_minute_ago(city, call_of(city, cases["too_late"]))
    field(page, "novelty").fill("截止以后写的：与间歇炉法相比，能耗降低四成。")
    page.locator("main h2").first.click()
    saved(page)
    page = case("too_late", rest="form/check/")
    reads(page, "截止", "确需补报的请联系周经")
    assert page.get_by_role("button", name="提交单位审核").count() == 0
    page = case("too_late")
    reads(page, "这份申报没有提交", "填写的内容和附件都保留着", f"报申报序号 {cases['too_late']}")
    picture(page, "programmes-too-late")
    extend(desk_of("clerk"), call_of(city, cases["too_late"]), cases["too_late"])
    page = case("too_late", rest="form/check/")
    press(page, "提交单位审核")
    page = case("too_late", rest="form/check/")
    press(page, "提交")
    reads(case("too_late", rest="form/whole/"), "截止以后写的")


def extend(page: Page, call: int, number: int) -> None:
    """The section lets this one case have another day."""
    go(page, f"/programmes/calls/{call}/extend/")
    until = dt.datetime.now() + dt.timedelta(days=1)
    put(page.locator("main [name=closes_at]"), until.strftime("%Y-%m-%dT%H:%M"))
    put(page.locator("main [name=number]"), str(number))
    put(page.locator("main [name=reason]"), "系统维护影响提交。")
    press(page, "延期")


def stored(city, question: str, *values: object):
    with sqlite3.connect(city / "data" / "keshu.sqlite3", timeout=30) as base:
        return base.execute(question, values).fetchone()[0]


def call_of(city, case: int) -> int:
    return stored(city, "SELECT call_id FROM programmes_application WHERE id=?", case)


def closed_a_minute_ago(city, call: int) -> None:
    at = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    with sqlite3.connect(city / "data" / "keshu.sqlite3", timeout=30) as base:
        base.execute("UPDATE programmes_call SET closes_at=? WHERE id=?", (at.strftime("%Y-%m-%d %H:%M:%S"), call))


def test_a_form_that_nobody_handed_in_has_lapsed(case):
    page = case("lapsed")
    assert "已过期" in page.locator("#case-now").inner_text()
    reads(page, "申报截止以后没有提交，系统自动办结", LATER)
