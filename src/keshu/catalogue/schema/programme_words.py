"""The closed vocabularies of programmes: what a definition may name and the application then has to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is there without being asked for in the form: its kind, what it is, and its values if they are few."""

    kind: str
    says: str
    choices: tuple[str, ...] = ()


APPLICANT_TYPES: Final = (
    "企业", "科研院所", "高校", "医疗机构", "事业单位", "社会组织", "农民合作社", "个人", "团队", "机关",
)  # fmt: skip

RIGHTS: Final = {
    "programmes.apply": "申报",
    "programmes.endorse": "单位审核",
    "programmes.recommend": "推荐",
    "programmes.accept": "受理",
    "programmes.check": "形式审查",
    "programmes.review": "组织评审",
    "programmes.advise": "提出科室建议",
    "programmes.decide": "会议决定",
    "programmes.announce": "公示",
    "programmes.issue": "发文公布",
    "programmes.contract": "任务书管理",
    "programmes.pay": "拨款",
    "programmes.supervise": "过程管理",
    "programmes.conclude": "验收考核",
    "programmes.archive": "归档",
}

CONDITIONS: Final = {
    "within_call": "在申报时间内",
    "complete": "申报材料填写完整",
    "eligible": "申报条件没有不符合的",
    "committed": "承诺书已签",
    "checks_done": "形式审查各项都有结论",
    "no_defects": "形式审查没有不通过的项",
    "some_defects": "形式审查有不通过的项",
    "scores_complete": "专家评分齐全",
    "score_passed": "评审得分达到要求",
    "decision_recorded": "会议决定已登记",
    "publicity_over": "公示期满",
    "no_open_objection": "没有未办结的异议",
    "document_numbered": "文件已编号",
    "task_book_agreed": "任务书双方已确认",
    "instalment_due": "拨款条件已具备",
    "reports_filed": "应交的报告已交",
    "three_verdicts": "项目、经费、绩效三项结论齐全",
    "audit_filed": "审计报告已交",
    "money_settled": "经费已结清",
    "upper_result": "上级结果已登记",
    "logs_filed": "服务记录已交",
    "overdue": "已超过期限",
}

EFFECTS: Final = {
    "freeze_version": "固定申报书版本",
    "new_version": "形成新版本并记下差异",
    "receipt": "出具回执",
    "number": "编受理编号",
    "list_defects": "列出全部问题",
    "notify_applicant": "通知申报单位",
    "notify_recommender": "通知推荐单位",
    "start_publicity": "开始公示",
    "stop_publicity": "结束公示",
    "announce_result": "公布结果",
    "allot_money": "登记核定金额",
    "plan_instalments": "生成拨款计划",
    "record_payment": "登记拨款",
    "stop_payments": "停止拨款",
    "resume_payments": "恢复拨款",
    "recover_money": "登记应收回经费",
    "record_credit": "记入科研信用",
    "bar_applicant": "限制申报",
    "issue_certificate": "出具证书",
    "open_milestones": "生成节点计划",
    "archive_file": "归入档案",
}

TEMPLATES: Final = {
    "application_form": "申报书",
    "receipt": "提交回执",
    "acceptance_notice": "受理通知书",
    "correction_notice": "补正通知书",
    "refusal_notice": "不予受理通知书",
    "recommendation_list": "推荐汇总表",
    "check_report": "形式审查意见",
    "score_sheet": "专家评分表",
    "review_report": "评审意见书",
    "publicity_notice": "公示",
    "approval_document": "立项（认定）文件",
    "task_book": "任务书",
    "change_reply": "变更批复",
    "conclusion_reply": "验收意见书",
    "certificate": "证书",
    "payment_notice": "拨款通知",
    "report_letter": "推荐上报函",
}

#: the effect that makes a row one of paying
PAYING: Final = "record_payment"

#: where a field of a form may be filled from; the part after the dot is checked against the source
PARTY_FIELDS: Final = {
    "name": "名称", "uscc": "统一社会信用代码", "place": "所属区划", "registered_on": "注册日期", "address": "地址",
    "kind": "单位类型", "legal_person": "法定代表人", "industry": "行业", "capital": "注册资本", "phone": "电话",
}  # fmt: skip
ACCOUNT_FIELDS: Final = {"name": "姓名", "phone": "电话", "email": "电子邮箱", "title": "职称", "party": "单位"}
CALL_FIELDS: Final = {"name": "批次名称", "year": "年度", "closes_on": "截止日期", "contact": "联系人"}

FACTS: Final = {
    "申报日期": Fact("date", "提交申报的日期；提交以前是当天"),
    "申报年度": Fact("number", "申报批次的年度"),
    "申报单位": Fact("any", "申报单位"),
    "申报单位.名称": Fact("text", "申报单位名称"),
    "申报单位.类型": Fact("text", "申报单位类型", APPLICANT_TYPES),
    "申报单位.注册日期": Fact("date", "注册或登记日期"),
    "申报单位.本地注册": Fact("truth", "注册地在本行政区域"),
    "申报单位.规上": Fact("truth", "最近一年在企业年度数据中为规上企业"),
    "申报单位.有效高企": Fact("truth", "申报日持有有效的国家高新技术企业证书"),
    "申报单位.有效省高": Fact("truth", "申报日持有有效的省级高新技术企业称号"),
    "申报单位.有效科小": Fact("truth", "申报日持有有效的科技型中小企业登记编号"),
    "申报单位.失信": Fact("truth", "被列入科研失信或严重违法失信名单且未修复"),
    "申报单位.经营异常": Fact("truth", "被列入经营异常名录"),
    "申报单位.限制申报": Fact("truth", "在限制申报期内"),
    "申报单位.重大事故": Fact("truth", "一年内发生重大安全、质量事故或严重环境违法"),
    "申报单位.在研项目数": Fact("number", "已立项未验收的本级项目数"),
    "申报单位.逾期项目数": Fact("number", "超过期限未验收的项目数"),
    "申报单位.本年申报数": Fact("number", "本年度同一计划已提交的申报数，含本项"),
    "申报单位.有效发明专利数": Fact("number", "专利台账中有效的发明专利件数"),
    "申报单位.近五年科技奖数": Fact("number", "近五年国家、省科技奖励数"),
    "申报单位.省级以上平台数": Fact("number", "有效的省级以上创新平台数"),
    "申报单位.同级同类平台数": Fact("number", "已有的同级同类平台数"),
    "申报单位.本年同类兑现额": Fact("number", "本年度同一政策已核定金额"),
    "负责人.年龄": Fact("number", "按申报日计的周岁"),
    "负责人.在研主持数": Fact("number", "主持的未验收本级项目数"),
    "负责人.在研参与数": Fact("number", "主持和参与的未验收项目总数"),
    "负责人.本年主持申报数": Fact("number", "本年度作为负责人提交的申报数，含本项"),
    "负责人.公务员": Fact("truth", "是公务员或参照管理人员"),
    "负责人.失信": Fact("truth", "在科研失信惩戒期内"),
    "负责人.聘期内": Fact("truth", "实施期内在聘"),
    "推荐单位": Fact("any", "推荐单位"),
    "得分": Fact("number", "评审平均得分"),
    "核定金额": Fact("number", "会议核定的金额"),
    "已拨金额": Fact("number", "已拨付金额"),
    "决定日期": Fact("date", "立项、认定、授奖、核定文件的日期"),
    "公示日期": Fact("date", "公示开始日期"),
    "拨付日期": Fact("date", "最近一次拨付日期"),
    "验收日期": Fact("date", "验收结论日期"),
    "有效期至": Fact("date", "按有效期规则算出或上级公布的截止日期"),
    "文号": Fact("text", "决定文件的文号"),
    "编号": Fact("text", "项目编号、证书编号或登记编号"),
    "等级": Fact("text", "评审定出的等级"),
    "所属区划": Fact("any", "申报单位所属区划"),
}  # fmt: skip
