"""The ledgers of the package: complete, honest about persons, and known by the headers that offices really use."""

import re

import pytest

from keshu.catalogue import load, normalise_header, split_header
from keshu.catalogue.columns import AMOUNTS, CODES, DATES, QUANTITIES

REQUIRED = {
    "title",
    "profile",
    "platform",
    "incubator",
    "incubatee",
    "project",
    "funding",
    "payout",
    "rd_deduction",
    "patent",
    "trademark",
    "geo_indication",
    "ip_pledge",
    "ip_enforcement",
    "ip_standard",
    "achievement",
    "tech_contract",
    "award",
    "cooperation",
    "need",
    "talent",
    "tepaiyuan",
    "tepaiyuan_log",
    "activity",
    "media",
    "policy_doc",
    "tech_finance",
    "visit",
    "quake_terminal",
    "task",
    "worklog",
    "honour",
    "project_output",
    "service_log",
    "snapshot",
    "park",
    "construction",
    "reserve",
    "attraction",
    "meeting",
    "phrase",
}
#: headings of real workbooks: (ledger, headings, headings that go to the second ledger)
WORKBOOKS = [
    pytest.param(
        "title",
        ["企业名称", "统一社会信用代码", "所属\n县区", "证书编号", "发证日期", "有效期至", "认定类别", "备注"],
        {"上年营业收入": "revenue", "研发费用": "rd_expense"},
        id="list of high-tech enterprises",
    ),
    pytest.param(
        "patent",
        ["专利号", "专利名称", "专利类型", "专利权人", "申请日", "授权公告日", "法律状态"],
        {},
        id="patents granted",
    ),
    pytest.param(
        "tech_contract",
        [
            "合同编号",
            "合同名称",
            "合同类别",
            "卖方名称",
            "买方名称",
            "合同成交总额(元)",
            "其中:技术交易额(元)",
            "登记日期",
        ],
        {},
        id="technology contracts",
    ),
    pytest.param(
        "activity",
        ["活动名称", "时间", "地点", "主办单位", "场次", "参与人次", "备注"],
        {},
        id="science activities",
    ),
]


@pytest.fixture(scope="module")
def catalogue():
    return load()


@pytest.fixture(scope="module", params=sorted(REQUIRED))
def ledger(request, catalogue):
    return catalogue.ledgers[request.param]


def test_all_of_them_are_there(catalogue):
    assert set(catalogue.ledgers) == REQUIRED


def test_a_ledger_has_the_fields_of_a_real_one(ledger):
    own = [field for field in ledger.fields if not field.standard]
    assert 10 <= len(own) <= 32
    assert ledger.help
    assert re.fullmatch(r"[一-龥]{2,5}", ledger.owner)
    assert any(column in DATES for field in own for column in field.columns), "nothing dates its rows"
    assert ledger.mapped("party") is not None
    assert ledger.mapped("title") or ledger.mapped("number") or ledger.code in ("profile", "rd_deduction")


def test_every_name_and_alias_finds_its_field(ledger):
    headers = ledger.headers()
    for field in ledger.fields:
        for text in field.spellings:
            assert headers[normalise_header(text)] == field.code
            assert headers[normalise_header(f" {text}\n(万元)")] == field.code


def test_every_spelling_of_a_choice_is_understood(ledger):
    for field in ledger.fields:
        for code, choice in field.codes.items():
            assert field.choice_of(code) == code
            assert {field.choice_of(spelling) for spelling in choice.spellings} == {code}
            assert field.choice_of(f"　{choice.name} ") == code
        assert field.type == "code" or field.choice_of("高企") is None


def test_money_is_in_yuan_and_counts_say_their_unit(ledger):
    for field in ledger.fields:
        if field.type == "money":
            assert field.unit == "元"
            assert field.maps is None or field.maps in AMOUNTS
        if field.type == "quantity":
            assert field.unit in ("平方米", "亩")
        if field.maps in QUANTITIES and field.type == "integer":
            assert field.unit or field.code == "class_n"


def test_persons_are_marked(ledger):
    for field in ledger.fields:
        named = any(word in field.name for word in ("身份证", "电话", "手机", "账号", "联系人"))
        assert field.personal == named, field.code
        assert not (field.personal and field.maps)


def test_levels_run_from_high_to_low(ledger):
    for field in ledger.fields:
        if field.maps == "level" and "national" in field.codes:
            assert list(field.codes)[:4] == ["national", "provincial", "municipal", "county"]


def test_defaults_belong_to_their_type(ledger):
    for field in ledger.fields:
        if field.default is not None:
            assert field.default in field.codes or re.fullmatch(r"\d+", field.default)


def test_only_code_fields_fill_code_columns(ledger):
    for field in ledger.fields:
        if field.maps in CODES:
            assert field.type in ("code", "bool")


@pytest.mark.parametrize(("code", "headings", "fed"), WORKBOOKS)
def test_real_workbooks_are_understood_to_the_last_column(catalogue, code, headings, fed):
    ledger = catalogue.ledgers[code]
    found = [ledger.headers().get(split_header(heading)[0]) for heading in headings]
    assert None not in found
    assert len(set(found)) == len(headings)
    targets = [catalogue.ledgers[feed.ledger] for feed in ledger.feeds]
    for heading, wanted in fed.items():
        assert ledger.headers().get(normalise_header(heading)) is None
        assert [target.headers().get(normalise_header(heading)) for target in targets] == [wanted]


def test_a_list_of_enterprises_also_tells_last_year(catalogue):
    (feed,) = catalogue.ledgers["title"].feeds
    assert feed.ledger == "profile"
    assert {"revenue", "rd_expense"} <= set(feed.when)
    assert (feed.sheet_year.field, feed.sheet_year.shift) == ("year", -1)


def test_the_title_of_a_workbook_says_what_its_rows_are(catalogue):
    layouts = {word: layout.set for layout in catalogue.ledgers["title"].layouts for word in layout.words}
    assert layouts["高新技术企业"] == {"kind": "hte", "level": "national"}
    assert layouts["省级高新技术企业"] == {"kind": "phte", "level": "provincial"}


@pytest.mark.parametrize(
    ("name", "kind", "campaign"),
    [
        ("科普进校园(第二场)", "campus", None),
        ("科技活动周主场", "main_event", "tech_week"),
        ("全国科普日系列活动", "main_event", "science_day"),
        ("农技培训班", "agri_training", None),
        ("高新技术企业申报培训会", "policy_training", None),
        ("机关篮球赛", None, None),
    ],
)
def test_the_kind_of_an_activity_is_told_from_its_name(catalogue, name, kind, campaign):
    ledger = catalogue.ledgers["activity"]
    assert ledger.field("kind").infer == "name"
    assert ledger.field("kind").choice_in(name) == kind
    assert ledger.field("campaign").choice_in(name) == campaign


def test_a_year_is_a_span_of_days(catalogue):
    profile = catalogue.ledgers["profile"]
    assert profile.field("year").columns == ("started_on", "ended_on")
    assert profile.column("year") == "started_on"
    assert profile.column("tax") is None
    assert profile.column("nowhere") is None
