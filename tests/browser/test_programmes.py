"""One application from the guide to the archive by the people whose work it is, each in her own browser.

The end of the publicity is moved in the database: nobody waits seven working days for a test.
"""

import datetime as dt
import re
import sqlite3
import zipfile

import pytest
from playwright.sync_api import expect

from .walking import MONEY, Walk, case_of, downloaded, field, fill_form, pdf, saved, upload_papers

pytestmark = pytest.mark.browser
CALL = "2027年度市级重点研发计划项目"
POINTS = {
    "topic": 7, "target": 10, "content": 13, "route": 12, "novelty": 17, "base": 7, "team": 6, "worth": 6, "budget": 6,
}  # fmt: skip
SECOND = {"leader_name": "陆宛", "leader_idcard": "990102198803152029"}  # a leader may apply once a year
TODAY = dt.date.today().isoformat()


@pytest.fixture
def walk(page_as, picture) -> Walk:
    return Walk(page_as, picture)


def test_an_application_goes_from_the_guide_to_the_archive(walk, chromium, site, city, tmp_path):
    public = chromium.new_context(locale="zh-CN", base_url=site, viewport={"width": 1366, "height": 768}).new_page()
    apply(walk, public)
    recommend_and_check(walk)
    score_and_decide(walk)
    publish_and_object(walk, public, city)
    issue_and_sign(walk)
    run(walk)
    conclude(walk)
    path = archive(walk, tmp_path)
    public.context.close()
    names = zipfile.ZipFile(path).namelist()
    assert any(name.endswith("卷内目录.xlsx") for name in names)
    for paper in ("申报书（第1版）", "任务书（第2版）", "科技报告"):
        assert any(paper in name for name in names), (paper, names)


def test_whoever_is_sent_back_or_refused_reads_why(walk):
    begin(walk)
    expect(walk.see("firm").locator(".k-case-obstacles, .k-case-actions").first).to_be_attached()
    fill_form(walk, "firm-staff", leader=SECOND)
    upload_papers(walk, "firm-staff")
    send(walk, "firm-staff", "提交单位审核")
    walk.take("firm", "退回修改", reason="摘要没有写明指标，请补充后再报。")
    told(walk, "摘要没有写明指标")
    send(walk, "firm-staff", "提交单位审核")
    send(walk, "firm", "提交")
    walk.take("park", "退回修改", reason="请改正一处。", **{"defects-lines": "预算测算说明过简；逐项写明测算依据"})
    told(walk, "预算测算说明过简", "逐项写明测算依据")
    send(walk, "firm", "改好再报")
    walk.take("park", "推荐")
    walk.take(
        "clerk", "要求补正", reason="请在十个工作日内补正。", **{"defects-lines": "创新点没有对比；与现有工艺逐项对比"}
    )
    told(walk, "创新点没有对比")
    page = walk.see("firm", "form/sections/content/")
    field(page, "novelty").fill("与间歇炉法相比，能耗降低四成，幅宽由三十厘米提高到一米。")
    page.locator("main h2").first.click()
    saved(page)
    page = send(walk, "firm", "补正")
    page.get_by_role("link", name="与上一版的差异").click()
    expect(page.locator("main")).to_contain_text("能耗降低四成")
    expect(page.locator("main")).to_contain_text("分段张力控制")
    walk.take("clerk", "受理")
    fail_items(walk, "一次退回全部问题")
    told(walk, "职称证书不清", "审计报告缺附注")
    send(walk, "firm", "改好再审")
    fail_items(walk, "不通过", reason="两处问题改后仍不符合要求。")
    told(walk, "未通过形式审查", "两处问题改后仍不符合要求")


def begin(walk: Walk) -> None:
    page = walk.go("firm-staff", "/programmes/mine/")
    page.locator(".k-answer", has=page.get_by_role("link", name=CALL)).locator("a[href*='/mine/begin/']").click()
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url(re.compile(r"/cases/\d+/form/"))
    walk.case = case_of(page)


def send(walk: Walk, user: str, label: str):
    """Hand over from the page that checks everything."""
    page = walk.see(user, "form/check/")
    page.get_by_role("button", name=label, exact=True).click()
    walk.settled(page)
    return page


def told(walk: Walk, *words: str) -> None:
    """The applicant reads these words on the page of her case."""
    page = walk.see("firm")
    for word in words:
        expect(page.locator("main")).to_contain_text(word)


def fail_items(walk: Walk, label: str, reason: str = "") -> None:
    """Everything that is still open passes, two items do not; then the button."""
    page = walk.see("clerk", "check/")
    for radio in page.locator("[data-item][data-automatic=''] input[value=yes]").all():
        radio.dispatch_event("click")
    for code, why in (("attachments", "职称证书不清"), ("figures", "审计报告缺附注")):
        page.locator(f"[name='truth-{code}'][value=no]").dispatch_event("click")
        page.fill(f"[name='reason-{code}']", why)
    page.fill("#reason", reason)
    with page.expect_navigation():
        page.locator(".h-foot").get_by_role("button", name=label).click()


def apply(walk: Walk, public) -> None:
    """Guide, 我能报什么, draft, form, papers, check, both hands, receipt."""
    public.goto("/programmes/guides/")
    public.get_by_role("link", name=CALL).first.click()
    expect(public.locator("h1")).to_contain_text(CALL)
    walk.picture(public, "programmes-guide")
    page = walk.go("firm-staff", "/programmes/mine/")
    answer = page.locator(".k-answer", has=page.get_by_role("link", name=CALL))
    expect(answer).to_contain_text("可以填报")
    walk.picture(page, "programmes-mine")
    answer.locator("a[href*='/mine/begin/']").click()
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url(re.compile(r"/cases/\d+/form/"))
    walk.case = case_of(page)
    page = walk.see("firm-staff", "form/check/")
    expect(page.locator("main")).to_contain_text("要补充或改正")
    assert page.get_by_role("button", name="提交单位审核").count() == 0
    assert page.locator(".ap-list a").count() > 10
    fill_form(walk, "firm-staff")
    upload_papers(walk, "firm-staff")
    page = walk.see("firm-staff", "form/check/")
    expect(page.locator("main")).to_contain_text("检查通过")
    walk.picture(page, "programmes-check")
    page.get_by_role("button", name="提交单位审核").click()
    walk.settled(page)
    page = walk.see("firm", "form/check/")
    page.get_by_role("button", name="提交", exact=True).click()
    walk.settled(page)
    expect(page.locator(".ap-receipt .k-mono")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    walk.picture(page, "programmes-receipt")


def recommend_and_check(walk: Walk) -> None:
    walk.take("park", "推荐")
    walk.take("clerk", "受理")
    page = walk.see("clerk", "check/")
    for _item in range(page.locator("[data-item]").count()):
        page.keyboard.press("y")
        if page.evaluate("document.activeElement.matches('[data-item] input:not([type=radio])')"):
            page.keyboard.type("已核对原件")
            page.keyboard.press("Enter")
    walk.picture(page, "programmes-formal-check")
    with page.expect_navigation():
        page.keyboard.press("s")
    page = walk.see("clerk", "check/")
    assert page.locator(".h-item.is-open, .h-item.is-no").count() == 0
    with page.expect_navigation():
        page.keyboard.press("p")
    walk.take("clerk", "查重通过")


def score_and_decide(walk: Walk) -> None:
    points = {f"p-{code}": n for code, n in POINTS.items()}
    for n in range(1, 6):
        walk.ask("clerk", "scores/", expert=f"专家{n}", day=TODAY, **points)
    walk.take("clerk", "评审结束")
    walk.take("clerk", "考察结束")
    advice = {"advice-verdict": "建议支持", "advice-amount": "30万", "advice-note": "技术指标明确"}
    walk.take("clerk", "提出建议", **advice)
    page = walk.go("director", "/programmes/deciding/")
    box = page.locator(f"input[name=case][value^='{walk.case}:']")
    box.check()
    page.locator("form", has=box).locator("button.btn-primary").click()
    page.locator("input[name=event][value=agree]").check()
    page.locator("button[value=preview]").click()
    page.fill("#meeting", "2026年第22次局务会")
    page.locator("button[value=preview]").click()
    expect(page.locator("tfoot")).to_contain_text("300,000.00")
    walk.picture(page, "programmes-batch")
    page.locator("button[value=keep]").click()
    walk.settled(page)
    batch = page.url
    assert "局务会" in walk.state("director")
    page.goto(batch)
    page.get_by_role("button", name="发布勾选的申报").click()
    walk.settled(page)
    assert "待公示" in walk.state("director")


def publish_and_object(walk: Walk, public, city) -> None:
    page = walk.see("clerk")
    page = walk.go("clerk", "/programmes/publicities/")
    page.locator("main a[href$='/publicity/']").first.click()
    page.locator(f"input[name=case][value='{walk.case}']").check()
    walk.fill(page, {"contact": "高新科 周经"})
    page.get_by_role("button", name="公示选中的申报").click()
    page.wait_for_url(re.compile(r"/publicities/\d+/"))
    number = int(re.search(r"publicities/(\d+)", page.url)[1])
    public.goto(f"/programmes/public/{number}/")
    walk.picture(public, "programmes-publicity")
    ticket = object_to(walk, public)
    page = walk.go("clerk", f"/programmes/publicities/{number}/")
    page.get_by_role("link", name=re.compile("号异议")).click()
    objection = re.search(r"/programmes/objections/\d+/", page.url)[0]
    assert "钟其真" not in page.locator("main").inner_text()
    page.get_by_role("button", name="转入异议处理").click()
    assert "异议处理" in walk.state("clerk")
    page = walk.go("deputy", objection)
    walk.fill(page, {"outcome": "dismissed", "reply": "经核对原项目材料，本项目的连续制备工艺为新内容，异议不成立。"})
    page.get_by_role("button", name="办结并答复").click()
    walk.settled(page)
    public.goto("/programmes/public/ticket/")
    public.fill("[name=ticket]", ticket)
    public.locator("main form button").first.click()
    expect(public.locator("main")).to_contain_text("异议不成立")
    end_in_the_past(city, number)
    page = walk.go("clerk", f"/programmes/publicities/{number}/")
    page.get_by_role("button", name="公示期满，全部放行").click()
    walk.settled(page)


def object_to(walk: Walk, public) -> str:
    public.get_by_role("link", name="提出异议", exact=True).click()
    said = "该项目与三年前已验收的项目内容相近，请核实技术指标是否有实质提升。"
    walk.fill(public, {"name": "钟其真", "contact": "13812345678", "content": said})
    public.locator("select[name=application]").select_option(str(walk.case))
    public.get_by_role("button", name="提交异议").click()
    return public.locator("#ticket").inner_text()


def end_in_the_past(city, number: int) -> None:
    """The seam of this test: the list was published nine days ago and ended yesterday."""
    ended = dt.date.today() - dt.timedelta(days=1)
    began = ended - dt.timedelta(days=8)
    with sqlite3.connect(city / "data" / "keshu.sqlite3", timeout=30) as base:
        base.execute(
            "UPDATE programmes_publicity SET starts_on=?, ends_on=? WHERE id=?", (str(began), str(ended), number)
        )


def issue_and_sign(walk: Walk) -> None:
    page = walk.go("office", "/programmes/documents/")
    page.locator("li", has_text=CALL).get_by_role("link", name="起草").click()
    page.get_by_role("button", name="起草").click()
    page.wait_for_url(re.compile(r"/programmes/documents/\d+/"))
    form = page.locator("main form").first
    for name, text in (("number", "云科〔2026〕188号"), ("issued_on", TODAY), ("issuer", "云岭市科学技术局")):
        form.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("link", name=re.compile("办理名单")).click()
    page.get_by_role("button", name="办理", exact=True).click()
    walk.settled(page)
    page = walk.see("firm", "task-book/")
    page.fill("[name='v-goal']", "建成年产六十万平方米的中试线，导热系数不低于每米开尔文一千五百瓦。")
    page.get_by_role("button", name="保存修改").click()
    expect(page.locator(".k-note-warn")).to_contain_text("五十万平方米")
    page.locator(".k-note-warn").first.scroll_into_view_if_needed()
    walk.picture(page, "programmes-task-book")
    page.get_by_role("button", name="本单位确认").click()
    page = walk.see("clerk", "task-book/")
    page.get_by_role("button", name="主管部门确认").click()
    walk.settled(page)
    walk.take("clerk", "签订任务书")


def pay(walk: Walk, voucher: str) -> None:
    page = walk.go("finance", f"/money/cases/{walk.case}/pay/")
    walk.fill(page, {"voucher_no": voucher})
    page.get_by_role("button", name="登记拨付").click()
    walk.settled(page)


def run(walk: Walk) -> None:
    """The first payment, half a year more by a meeting's decision, reports, a visit."""
    pay(walk, "2026-10-0088")
    walk.picture(walk.see("firm"), "programmes-case")
    walk.picture(walk.go("finance", "/money/"), "programmes-money")
    page = walk.see("firm", "change/?kind=extension")
    page.get_by_label("计划完成日期").fill("2029-06-30")
    walk.fill(page, {"reason": "关键设备交付推迟，需延长半年。"})
    page.locator("main form button.btn-primary").first.click()
    assert "变更审批" in walk.state("clerk")
    walk.take("clerk", "同意变更", **{"decision-meeting": "2026年第23次局务会", "decision-day": TODAY})
    expect(walk.see("firm").locator("#grant")).to_contain_text("任务书第 2 版")
    walk.ask("firm", "reports/new/", kind="年度报告", period="2027", text="完成工艺定型。", target_0="1320 W/(m·K)")
    walk.see("clerk").locator("#grant").get_by_role("link", name="通过", exact=True).first.click()
    walk.of("clerk").locator("main form[method=post] button.btn-primary").first.click()
    walk.ask("clerk", "visits/new/", on=TODAY, by="高新科", findings="设备已到位，按进度实施。")


def conclude(walk: Walk) -> None:
    """Reports, three verdicts by three offices, acceptance, the rest of the money, evaluation."""
    last = {"target_0": "1530 W/(m·K)", "target_1": "2 件"}
    spent = {
        f"spent-budget-{row}-{code}": text
        for row, pair in MONEY.items()
        for code, text in zip(("grant", "own"), pair, strict=True)
    }
    last |= spent | {"spent-budget-2-grant": "118500.50"}
    walk.ask("firm", "reports/new/?kind=acceptance", text="指标全部完成。", file=pdf("验收材料"), **last)
    walk.ask("firm", "reports/new/", kind="科技报告", text="全文。", file=pdf("科技报告"))
    walk.ask("firm", "reports/new/", kind="审计报告", text="全文。", file=pdf("审计报告"))
    walk.take("firm", "申请验收")
    for user, kind, office, more in (
        ("head", "项目", "高新科", {}), ("finance", "经费", "计财科", {}), ("clerk", "绩效", "绩效评价组", {"points": "91"}),
    ):  # fmt: skip
        walk.ask(user, "verdicts/new/", kind=kind, office=office, result="合格", day=TODAY, **more)
    walk.take("head", "通过验收")
    pay(walk, "2026-11-0099")
    walk.take("head", "评价结束")


def archive(walk: Walk, folder):
    walk.take("clerk", "归档")
    assert "已归档" in walk.state("clerk")
    page = walk.see("clerk")
    return downloaded(page, page.get_by_role("link", name="下载卷宗"), folder)
