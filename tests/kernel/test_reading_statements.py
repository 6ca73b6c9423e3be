"""What a figure says: kind, subject, scope, period, base and role, on sentences of every common build."""

from decimal import Decimal as D

import pytest

from keshu.kernel.prose.figure import Kind, Role
from keshu.kernel.prose.reading import as_json, read, scan


def said(text):
    return [(f.text, f.kind.value, f.subject) for f in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the noun before, the noun behind, the object of a predicate
        ("全市高新技术企业达96家。", [("96家", "count", "高新技术企业")]),
        ("新增87家高新技术企业，", [("87家", "count", "高新技术企业")]),
        ("确认412个研究开发项目，", [("412个", "count", "研究开发项目")]),
        ("3人当选省级特派员标兵。", [("3人", "count", "省级特派员标兵")]),
        ("林岚等3人入选领军人才名单。", [("3人", "count", "领军人才名单")]),
        ("甲公司、乙公司等6家企业通过复审。", [("6家", "count", "企业")]),
        ("完成了近5万批次的检测服务。", [("5万批次", "count", "检测服务")]),
        # two nouns of which the second is not the first
        (
            "对12家创新型企业和30项科技成果给予奖励。",
            [("12家", "count", "创新型企业"), ("30项", "count", "科技成果")],
        ),
        ("科普讲座18场，听众2600人次。", [("18场", "count", "科普讲座"), ("2600人次", "count", "听众")]),
        ("兑现高企奖励8家120万元。", [("8家", "count", "高企奖励"), ("120万元", "amount", "高企奖励")]),
        # a growth clause goes on about what was named last
        ("专利申请量3258件，同比增长8.3%。", [("3258件", "count", "专利申请量"), ("8.3%", "growth", "专利申请量")]),
        (
            "成交额8.46亿元，增长12%，居全省第3位。",
            [("8.46亿元", "amount", "成交额"), ("12%", "growth", "成交额"), ("第3位", "rank", "成交额")],
        ),
        ("税收收入12亿元，占比66.7%。", [("12亿元", "amount", "税收收入"), ("66.7%", "ratio", "税收收入占比")]),
        ("研发投入由3.2亿元增至8.6亿元，增长1.7倍。", [
            ("3.2亿元", "amount", "研发投入"), ("8.6亿元", "amount", "研发投入"), ("1.7倍", "growth", "研发投入"),
        ]),
        # coordination
        (
            "高技术制造业、装备制造业增加值分别增长8.9%、7.7%，",
            [("8.9%", "growth", "高技术制造业增加值"), ("7.7%", "growth", "装备制造业增加值")],
        ),
        (
            "城镇和农村居民人均可支配收入分别达到45678元、21345元，分别增长4.8%和6.9%。",
            [
                ("45678元", "amount", "城镇居民人均可支配收入"),
                ("21345元", "amount", "农村居民人均可支配收入"),
                ("4.8%", "growth", "城镇居民人均可支配收入"),
                ("6.9%", "growth", "农村居民人均可支配收入"),
            ],
        ),
        (
            "合同登记126份、成交额3.2亿元，同比分别增长12.5%、38.6%。",
            [
                ("126份", "count", "合同登记"),
                ("3.2亿元", "amount", "成交额"),
                ("12.5%", "growth", "合同登记"),
                ("38.6%", "growth", "成交额"),
            ],
        ),
        ("众创空间9家，其中省级3家。", [("9家", "count", "众创空间"), ("3家", "count", "省级众创空间")]),
        # levels, shares, gaps, targets
        ("覆盖率提高到90.4%。", [("90.4%", "ratio", "覆盖率")]),
        ("覆盖率提高1.5个百分点至92.3%。", [("1.5个百分点", "growth", "覆盖率"), ("92.3%", "ratio", "覆盖率")]),
        ("投资增速由12.4%回落到8.1%。", [("12.4%", "growth", "投资"), ("8.1%", "growth", "投资")]),
        (
            "研发投入26亿元，高于全省平均水平1.2个百分点。",
            [("26亿元", "amount", "研发投入"), ("1.2个百分点", "ratio", "研发投入")],
        ),
        ("高企62家，完成年度任务的94%。", [("62家", "count", "高企"), ("94%", "ratio", "高企完成年度任务")]),
        ("到2027年，研发投入年均增长10%以上。", [("10%", "target_change", "研发投入")]),
        ("近七成的成果实现转化。", [("七成", "ratio", "成果")]),
        ("县均特派员服务站达x.x个。", [("x.x个", "placeholder", "县均特派员服务站")]),
        ("投入产出比5∶1。", [("5∶1", "ratio", "投入产出比")]),
    ],
)  # fmt: skip
def test_kind_and_subject(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("技术合同成交额增长15.6%。", Role.ACTUAL),
        ("力争技术合同成交额增长15%以上。", Role.TARGET),
        ("2027年目标：技术合同成交额增长15%。", Role.TARGET),
        ("三、下一步打算\n技术合同成交额增长15%。", Role.TARGET),
        ("2025年争取上级科技经费0.47亿元。", Role.ACTUAL),
        ("全年争取到上级资金2300万元。", Role.ACTUAL),
        ("力争2026年争取上级资金2300万元。", Role.TARGET),
        ("出口由2019年的21亿元增至2023年的28亿元。", None),
        ("预计全年技术合同成交额增长15%。", Role.FORECAST),
        ("技术合同成交额完成年度目标的94%。", Role.ACTUAL),
    ],
)
def test_roles(text, role):
    assert {figure.role for figure in read(text)} == {role or Role.ACTUAL}


def test_a_heading_of_either_level_opens_a_part_about_what_is_to_come():
    text = "一、今年工作\n新增高企20家。\n（二）下一步打算\n新增高企30家。\n二、存在问题\n缺口5家。\n三、明年思路\n（一）强主体\n新增高企40家。"
    assert [figure.role for figure in read(text)] == [Role.ACTUAL, Role.TARGET, Role.ACTUAL, Role.TARGET]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("三、计划管理", Role.ACTUAL),
        ("三、科技计划项目", Role.ACTUAL),
        ("三、下半年工作安排", Role.TARGET),
        ("三、2026年工作计划", Role.TARGET),
        ("三、存在问题和打算", Role.TARGET),
        ("三、经费安排落实", Role.ACTUAL),
    ],
)
def test_which_headings_open_a_part_about_what_is_to_come(heading, role):
    assert [figure.role for figure in read(f"一、工作情况\n{heading}\n项目45项。")] == [role]


def test_a_plan_is_one_from_its_title_on_and_a_summary_with_next_years_plan_from_that_year_on():
    (aim,) = read("滨河区科技局2026年工作计划\n\n占比提高1.5个百分点。")
    assert aim.kind is Kind.TARGET_CHANGE
    said, aimed = read("县科技局2013年工作总结及2014年工作要点\n一、项目。产值增长12%。\n二、2014年 产值增长20%。")
    assert (said.kind, aimed.kind) == (Kind.GROWTH, Kind.TARGET_CHANGE)


def test_a_list_of_aims_stays_one_to_its_end():
    figures = read("明年主要预期目标是：生产总值增长6%左右；居民消费价格涨幅3%左右；单位能耗下降3%以上。\n去年增长5%。")
    assert [figure.kind for figure in figures] == [Kind.TARGET_CHANGE] * 3 + [Kind.GROWTH]


def test_scope_period_and_base_are_the_words_of_the_text():
    growth, share = read("今年以来，全市规上工业增加值比上年增长7.8%，高技术制造业占比18.3%。", 2026)
    assert (growth.scope, growth.period, growth.base) == ("规上工业", "今年以来", "比上年")
    assert (share.scope, share.period, share.base) == ("全市", "今年以来", "")
    (stock,) = read("截至9月底，全县高企62家，", 2026)
    assert (stock.period, stock.scope) == ("截至9月底", "全县")
    (plain,) = read("发放资料5000份。", 2026)
    assert plain.period == "2026年"
    assert read("发放资料5000份。")[0].period == ""
    assert read("1—10月，成交额8亿元，同比增长5%。")[1].base == "同比"


def test_the_outside_form():
    figure, slot, money = (as_json(found) for found in read("新增3—5家企业，发放xx万元，成交8.46亿元。"))
    assert figure == {
        "start": 2, "end": 6, "text": "3—5家", "value": "3..5", "unit": "家", "canonical": "家", "approx": "range",
        "kind": "count", "subject": "企业", "scope": "", "period": "", "base": "", "role": "actual",
    }  # fmt: skip
    assert (slot["value"], slot["unit"], slot["kind"]) == (None, "元", "placeholder")
    assert money["value"] == "846000000"


def test_read_finds_what_scan_finds():
    text = "全市培育高企96家，增长23.1%；力争明年达到120家，居全省第3位，投入xx万元。"
    assert [(f.start, f.end, f.value, f.unit, f.approx) for f in read(text)] == [
        (f.start, f.end, f.value, f.unit, f.approx) for f in scan(text)
    ]
    assert D(96) == read(text)[0].value


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("申报省级计划20项，立项10项，完成8项。", ["省级计划", "省级计划立项", "省级计划完成"]),
        ("专利申请3200件、授权1850件，分别增长5%、8%。", ["专利申请", "专利授权", "专利申请", "专利授权"]),
        ("信访件受理320件，办结315件。", ["信访件受理", "信访件办结"]),
        ("旅游总收入56亿元，接待游客3.6万人次，分别增长15%和12%。", ["旅游总收入", "游客", "旅游总收入", "游客"]),
        ("注册用户数为xxxxx，在x市排名第x位，在全省排名第x位。", ["注册用户数"] * 3),
        (
            "一般公共预算支出89亿元，占生产总值的比重保持在12%以上。",
            ["一般公共预算支出", "一般公共预算支出占生产总值比重"],
        ),
        ("收入由2020年的2.6万元提高到3.5万元，是全国平均水平的1.1倍。", ["收入"] * 3),
        ("在上年基础上又增加12家。", [""]),
        ("获省级财政80万元资助。", ["资助"]),
        ("18项主要指标中有15项超额完成。", ["主要指标", "主要指标"]),
        # verbs behind the noun, the same period of another year, parts that stand beside each other
        ("有效高新技术企业达96家。", ["有效高新技术企业"]),
        ("发放科技创新券39.5万元，上年同期为30.0万元，同比增长31.7%。", ["科技创新券"] * 3),
        ("实用技术讲座共举办28场次。", ["实用技术讲座"]),
        ("科普讲座累计开展36场。", ["科普讲座"]),
        (
            "培育库入库企业139家，其中成熟期38家、成长期42家，初创期59家。",
            ["培育库入库企业", "成熟期培育库入库企业", "成长期培育库入库企业", "初创期培育库入库企业"],
        ),
        ("31家企业新获高新技术企业认定。", ["新获高新技术企业认定企业"]),
        ("24个平台新获认定，其中省级3个、市级21个。", ["新获认定平台", "省级新获认定平台", "市级新获认定平台"]),
        ("1—10月组织申报省级以上科技计划项目31项。", ["省级以上科技计划项目"]),
        ("截至10月底累计培育科技型中小企业310家。", ["科技型中小企业"]),
        ("生产总值跨上4万亿元台阶、达到40126亿元，增长5.8%。", ["生产总值"] * 3),
        ("进出口从2019年的21亿元增至2023年的286亿元，增长12.6倍。", ["进出口"] * 3),
        ("考核得分94.3分，位列32个县直部门第6、综合组第二名。", ["考核得分", "县直部门", "考核得分", "考核得分"]),
        ("隐患403条，整改率98.5%，余6条限期整改。", ["隐患", "整改率", "隐患"]),
        (
            "技术交易额由2020年的12.8亿元跃升至2024年的46.3亿元，总量居全市第二。",
            ["技术交易额"] * 2 + ["技术交易额总量"],
        ),
        ("新增平台9家，总数达78家。", ["平台", "平台总数"]),
        ("兑现奖补资金1860万元，平均每家16.6万元。", ["奖补资金", "平均每家奖补资金"]),
        (
            "科技型企业112家，其中：大型12、中型35、小微65。",
            ["科技型企业"] + [f"{size}科技型企业" for size in ("大型", "中型", "小微")],
        ),
        ("全市现有国家级实验室1家、省级18家，工程中心市级32家。", ["国家级实验室", "省级实验室", "市级工程中心"]),
        ("外观设计166件，对接企业180家，尚有4项指标未完成。", ["外观设计", "对接企业", "指标"]),
        ("（一）新增高企30家。**产值**12亿元。", ["高企", "产值"]),
        ("高企目标210家，实际231家。", ["高企目标", "高企目标"]),
        ("专利申请312件，授权187件，分别增长26.3%，18.4%。", ["专利申请", "专利授权", "专利申请", "专利授权"]),
        (
            "培训班12期，开工率95%，新型研发机构8家，有效发明专利36件。",
            ["培训班", "开工率", "新型研发机构", "有效发明专利"],
        ),
    ],
)
def test_subjects_through_steps_places_and_bases(text, subjects):
    assert [figure.subject for figure in read(text)] == subjects


def test_an_aim_holds_to_the_end_of_its_statement():
    figures = read("到2030年，高新技术企业达1000家；成交额年均增长18%。成交额同比增长5%。")
    assert [figure.role for figure in figures] == [Role.TARGET, Role.TARGET, Role.ACTUAL]
    assert [figure.kind for figure in figures] == [Kind.COUNT, Kind.TARGET_CHANGE, Kind.GROWTH]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("截至2025年6月末，贷款余额3.6万亿元，增长11.8%。", ["amount", "growth"]),
        ("新增财力的七成投向基层。", ["ratio"]),
        ("综合指数3.65，改善8.3%。", ["count", "growth"]),
        ("收入比由2.5缩小到2.3。", ["ratio", "ratio"]),
        ("31家企业新获认定，占全市新认定企业的39.73%。", ["count", "ratio"]),
        ("申请312，授权187，分别增长26.3%，18.4%。", ["count", "count", "growth", "growth"]),
        ("到位资金1420万，比去年增长15个点。", ["amount", "growth"]),
        ("管理人口42万，惠及群众3.5万。", ["count", "count"]),
        ("劳动生产率14.2万元/人，研发强度1.68。", ["amount", "ratio"]),
        ("增长面77.1%，医药增速最快，达78.4%。", ["ratio", "growth"]),
        ("成交额103.7亿元（+41.2%），出口8亿元（-3.1%）。", ["amount", "growth", "amount", "growth"]),
        ("占比3.42%，比目标差0.08个百分点。", ["ratio", "ratio"]),
        ("自然增长率为-3.02‰。", ["ratio"]),
        ("赤字率按2.6%安排，比上年低0.4个百分点。", ["ratio", "growth"]),
    ],
)
def test_kinds_by_the_words_around(text, kinds):
    assert [figure.kind.value for figure in read(text)] == kinds
