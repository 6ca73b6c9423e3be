"""One paper of each template, with everything in it."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from keshu.office.papers import shapes
from keshu.office.papers.parts import (
    Attachment,
    Case,
    Grid,
    Head,
    Issuer,
    Item,
    Listing,
    LongText,
    Opinion,
    Section,
    Verification,
)  # fmt: skip

DAY = date(2026, 9, 18)
PROOF = Verification("3f" * 32, "https://keshu.example.cn/v/CASE-2026-0017?h=3f3f3f3f3f3f")
ISSUER = Issuer("云岭市科学技术局", "云岭市科学技术局文件", "周经办", "0999-8866001", "云岭市人民路1号")
CASE = Case(
    "高海拔果园智能灌溉关键技术研究与示范", "云岭绿源农业科技有限公司", "市级科技计划项目（农业）",
    "YL2026NY0017", "林晓岚", "2026年度市级科技计划第一批",
)  # fmt: skip

BUDGET = Listing(
    (Head("预算科目", 2), Head("专项经费", 1, "right"), Head("自筹经费", 1, "right"), Head("测算依据", 3)),
    (
        ("设备费", "12.00", "30.00", "土壤墒情传感器120套，每套3500元"),
        ("业务费", "20.00", "15.50", "材料、测试、差旅"),
        ("劳务费", "8.00", "10.00", "研究生3名，每人每月2000元"),
    ),
    title="经费预算表", unit="万元", total=("合计", "40.00", "55.50", ""),
)  # fmt: skip
TEXT = (
    "本项目针对高海拔果园水分利用率低的问题，研究根区墒情感知、需水预测与变量灌溉的成套方法。\n"
    "拟在青岩县建立示范园二百亩，形成可以复制的技术规程，预计亩均节水三成以上。"
)


def form(fields: int = 30) -> shapes.FormPaper:
    items = tuple(
        Item(f"字段{place}", f"第{place}项填写的内容" + "，说明较长时占一整行" * (place % 5 == 0))
        for place in range(1, fields + 1)
    )
    return shapes.FormPaper(
        title="云岭市科技计划项目申报书", case=CASE, issuer=ISSUER,
        cover=(
            Item("项目名称", CASE.title), Item("申报单位", CASE.applicant), Item("项目负责人", CASE.leader),
            Item("推荐单位", "青岩县科学技术局"), Item("起止年月", "2027年1月至2028年12月"),
        ),
        sections=(
            Section("基本信息", (Grid((*items, Item("注册资本", ""), Item("合作单位", None))),)),
            Section("研究内容", (LongText("研究内容与技术路线", TEXT), LongText("创新点", TEXT))),
            Section("经费预算", (BUDGET,)),
        ),
        verification=PROOF,
        attachments=tuple(
            Attachment("营业执照", f"营业执照副本{n}.pdf", 1_234_567 * n, f"{n:064x}") for n in range(1, 5)
        ),
        pledge="本单位承诺：申报材料真实、完整、合法，没有重复申报。\n如有不实，愿意承担相应责任。",
        opinions=(Opinion("申报单位意见", "同意申报。", "林晓岚", DAY), Opinion("推荐单位意见")),
        day=DAY, note="第 3 版",
    )  # fmt: skip


def book() -> shapes.FormPaper:
    changed = Grid((Item("专项经费", "35万元", before="40万元"), Item("示范面积", "二百亩", before="二百亩")))
    sections = (Section("变动内容", (changed, LongText("考核指标", TEXT, before="节水两成。"))),)
    return shapes.FormPaper(
        "云岭市科技计划项目任务书", CASE, ISSUER, (Item("项目名称", CASE.title),), sections, PROOF,
        opinions=(Opinion("甲方"), Opinion("乙方")), day=DAY,
    )  # fmt: skip


NARROW = Listing(
    (Head("序号", 0.5, "center"), Head("项目名称", 3), Head("承担单位", 2), Head("金额", 1, "right")),
    tuple((str(n), f"果园灌溉技术第{n}课题", f"云岭单位{n}公司", f"{n}.00") for n in range(1, 31)),
    unit="万元", total=("", "合计", "", "465.00"),
)  # fmt: skip
WIDE = Listing(
    tuple(
        Head(name, 2 if len(name) > 3 else 1)
        for name in ("序号", "项目名称", "申报单位", "所属县区", "负责人", "职称", "联系电话", "合作单位", "申请经费", "推荐意见")
    ),
    tuple(
        (str(n), f"高海拔果园智能灌溉关键技术研究第{n}课题", f"云岭绿源农业科技有限公司{n}", "青岩县", "林晓岚", "高级工程师", "0999-8866001",
         "云岭大学", "40.00", "同意推荐")
        for n in range(1, 16)
    ),
    unit="万元",
)  # fmt: skip

SAMPLES = {
    "application_form": form(),
    "task_book": book(),
    "receipt": shapes.Receipt(
        CASE, ISSUER, datetime(2026, 9, 18, 16, 3, 27, tzinfo=ZoneInfo("Asia/Shanghai")), PROOF, 4, "青岩县科学技术局",
        date(2026, 9, 30),
    ),
    "acceptance_notice": shapes.Acceptance(
        CASE, ISSUER, DAY, "云科受〔2026〕17号", steps=("形式审查，5个工作日", "专家评审，20个工作日")
    ),
    "correction_notice": shapes.Correction(
        CASE, ISSUER, DAY,
        (
            shapes.Defect("基本信息·注册资本", "没有填写", "按营业执照填写"),
            shapes.Defect("附件·审计报告", "缺少2025年度报告", "补传加盖公章的扫描件"),
            shapes.Defect("经费预算", "合计与各科目之和相差2万元", "核对后改正"),
        ),
        date(2026, 9, 25), "云科补〔2026〕3号", late="逾期没有补正的，按撤回申报处理",
    ),
    "refusal_notice": shapes.Refusal(
        CASE, ISSUER, DAY,
        (shapes.Reason("申报单位注册不满一年", "《申报指南》第二条第一项"), shapes.Reason("负责人已有两项在研项目")),
        "云科不受〔2026〕1号", 5, "条件具备后，可以参加下一批申报。",
    ),
    "recommendation_list": shapes.ListPaper(
        "青岩县2026年度市级科技计划项目推荐汇总表", Issuer("青岩县科学技术局"), WIDE, DAY, summary="共推荐15项。"
    ),
    "check_report": shapes.CheckReport(
        CASE, ISSUER,
        (
            shapes.Check("申报单位在本市注册", "通过", "注册地：青岩县", "系统"),
            shapes.Check("负责人限项", "通过", "在研1项，限2项", "周经办", "另一项已于8月结题"),
            shapes.Check("承诺书已签", "不通过", "缺负责人签字", "周经办"),
            shapes.Check("合作协议", "不适用"),
        ),
        "退回补正。", "周经办", DAY,
    ),
    "score_sheet": shapes.ScoreSheet(
        CASE, ISSUER,
        (
            shapes.ScoreLine("技术", "创新性", Decimal(30), Decimal("25.5"), "18—30：方法新"),
            shapes.ScoreLine("技术", "可行性", Decimal(30), Decimal(26)),
            shapes.ScoreLine("效益", "经济效益", Decimal(40), Decimal(33), remark="示范面积偏小"),
        ),
        "专家07", "建议支持。", DAY,
    ),
    "review_report": shapes.ReviewReport(
        CASE, ISSUER,
        tuple(shapes.GivenScore(f"专家{n:02}", Decimal(80 + n), counted=n not in (1, 5)) for n in range(1, 6)),
        Decimal("83.00"), "去掉一个最高分和一个最低分后取平均", "研究目标明确，技术路线可行。", "建议立项。", DAY,
        "第3名（共42项）", "高专家", ("甲专家", "乙专家"),
    ),
    "publicity_notice": shapes.Publicity(
        "2026年度云岭市科技计划拟立项项目", ISSUER, NARROW, date(2026, 9, 28), date(2026, 10, 12), 5, DAY,
        "《云岭市科技计划管理办法》", "9月21日公示的第4项承担单位名称有误",
    ),
    "approval_document": shapes.Approval(
        "2026年度云岭市科技计划项目", ISSUER, "云科发〔2026〕12号", "各县区科学技术局，各有关单位",
        "根据《云岭市科技计划管理办法》", NARROW, "2026年度云岭市科技计划项目立项名单", 30, DAY,
        amount=Decimal(4650000), first_amount=Decimal(2790000),
        demands=("承担单位应当在30日内签订任务书", "专项经费专款专用，单独核算"), copies_to="市财政局，市审计局",
    ),
    "change_reply": shapes.ChangeReply(
        CASE, ISSUER,
        (shapes.Change("完成时间", "2028年12月", "2029年6月"), shapes.Change("项目负责人", "林晓岚", "何川")), True,
        date(2026, 9, 1), DAY, "因示范园受灾", ("调整后不再延期",), "云科函〔2026〕8号",
    ),
    "conclusion_reply": shapes.Conclusion(
        CASE, ISSUER,
        (
            shapes.Verdict("项目", "通过", "指标全部完成", "农业科技科", DAY),
            shapes.Verdict("经费", "通过", "支出合规", "云岭中和会计师事务所", DAY),
            shapes.Verdict("绩效", "良", "86分", "计划财务科", DAY),
        ),
        "通过", "同意通过验收。", DAY,
        Listing(
            (Head("指标", 2), Head("任务书约定", 1), Head("变更后", 1), Head("实际完成", 1)),
            (("示范面积（亩）", "200", "—", "230"), ("发明专利（件）", "1", "—", "0")),
        ),
        ("甲专家", "乙专家", "丙专家"), ("两个月内提交科技报告",),
    ),
    "certificate": shapes.Certificate(
        "认定证书", "云岭绿源农业科技有限公司", "云岭市工程技术研究中心", ISSUER, "YLGC-2026-004", DAY, PROOF,
        "云科发〔2026〕15号文件", DAY, date(2029, 9, 17),
    ),
    "payment_notice": shapes.PaymentNotice(
        CASE, ISSUER, "首批经费", Decimal(240_000), Decimal(400_000), Decimal(0), DAY, bank="云岭银行青岩支行",
        account="6222 0000 1234 5678", number="云科财〔2026〕6号",
    ),
    "report_letter": shapes.ReportLetter(
        "2026年度省级重点研发计划项目", Issuer("云岭市科学技术局", "云岭市科学技术局文件", "周经办", "0999-8866001"),
        "云科报〔2026〕9号", "云州省科学技术厅", WIDE, "2026年度省级重点研发计划推荐项目汇总表", 15, DAY,
        "《关于组织申报省级重点研发计划的通知》", signers=("郑局长",),
    ),
}  # fmt: skip
