"""The loader: everything at once or every problem at once, and a site's overlay that wins."""

import json
from datetime import date
from decimal import Decimal
from textwrap import dedent

import pytest

from keshu.catalogue import CatalogueError, definition_hash, describe, describe_text, json_schema, load, validate
from keshu.catalogue.hashing import definition_content
from keshu.catalogue.kinds import KINDS

LEDGER = """\
code: probe
name: 试验台账
owner: 高新科
theme: 试验
reporting: continuous
key: [number]
fields:
  - {code: number, name: 编号, type: text, required: true, maps: number}
  - {code: holder, name: 单位, type: party, maps: party}
  - code: kind
    name: 类别
    type: code
    maps: category
    codes: {a: 甲, b: {name: 乙, aliases: [乙类]}}
  - {code: amount, name: 金额, type: money, maps: amount_1}
  - {code: started, name: 开始日期, type: date, maps: started_on}
"""
INDICATOR = """\
code: probe.count
name: 试验数
unit: 家
kind: stock
facts: {ledger: probe, where: {kind: a}, count: party}
theme: 试验
owner: 高新科
"""


@pytest.fixture(scope="module")
def catalogue():
    return load()


@pytest.fixture
def overlay(tmp_path):
    """`overlay("ledgers/probe.yaml", text, ...)` writes files and returns the directory."""

    def write(*pairs):
        for path, text in zip(pairs[::2], pairs[1::2], strict=True):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(dedent(text), encoding="utf-8")
        return tmp_path

    return write


def test_the_package_is_valid():
    assert validate() == []


def test_codes_are_keys(catalogue):
    for kind in KINDS:
        assert all(code == model.code for code, model in catalogue.of_kind(kind.name).items())
    assert catalogue.find("title") is catalogue.ledgers["title"]
    assert catalogue.find("no_such_thing") is None


def test_an_overlay_adds_and_replaces_by_code(catalogue, overlay):
    own = definition_content(catalogue.parameters["text.small_base"]) | {"values": [{"value": 5, "origin": "local"}]}
    site = overlay("ledgers/probe.yaml", LEDGER, "parameters/own.yaml", json.dumps([own], ensure_ascii=False))
    with_site = load(site)
    assert set(with_site.ledgers) - set(catalogue.ledgers) == {"probe"}
    assert with_site.parameters["text.small_base"].value_on(date(2026, 1, 1)) == Decimal(5)
    assert catalogue.parameters["text.small_base"].value_on(date(2026, 1, 1)) == Decimal(10)
    assert set(with_site.parameters) == set(catalogue.parameters)


def test_every_ledger_gets_the_standard_fields(catalogue, overlay):
    probe = load(overlay("ledgers/probe.yaml", LEDGER)).ledgers["probe"]
    assert [field.code for field in probe.fields if field.standard] == ["place", "remark", "highlight", "story"]
    assert probe.column("place") == "place"
    for ledger in catalogue.ledgers.values():
        assert ledger.mapped("place") is not None
        assert {"highlight", "story"} <= {field.code for field in ledger.fields}


def test_a_place_of_its_own_is_kept(catalogue):
    towns = catalogue.ledgers["tepaiyuan"]
    assert towns.mapped("place") is towns.field("town")
    assert towns.field("place") is None


ERRORS = [
    pytest.param(("maps: number", "maps: title1"), 8, "fields.0.maps", "不能写", "number", id="column that is none"),
    pytest.param(
        ("type: money, maps: amount_1", "type: money, maps: quantity_1"),
        15,
        "fields.3.maps",
        "不能映射",
        "amount_1",
        id="money in a count",
    ),
    pytest.param(("maps: party", "maps: title"), 9, "fields.1.maps", "不能映射", "party", id="party in a text"),
    pytest.param(
        ("type: date, maps: started_on", "type: text, maps: number"),
        16,
        "fields.4.maps",
        "都映射到",
        "换一列",
        id="column taken twice",
    ),
    pytest.param(("code: amount", "code: holder"), 15, "fields.3.code", "重复", "自己的代码", id="field code twice"),
    pytest.param(("name: 金额", "name: 单位"), 15, "fields.3.name", "已经属于", "删去一处", id="header of two fields"),
    pytest.param(
        ("aliases: [乙类]", "aliases: [甲]"),
        14,
        "fields.2.codes",
        "两个代码",
        "删去其中一处",
        id="choice spelled twice",
    ),
    pytest.param(
        ("    codes: {a: 甲, b: {name: 乙, aliases: [乙类]}}\n", ""),
        10,
        "fields.2.codes",
        "取值表不符",
        "codes",
        id="choices missing",
    ),
    pytest.param(("key: [number]", "key: [nummer]"), 6, "key.0", "不存在的字段", "字段代码", id="key without a field"),
    pytest.param(("required: true, ", ""), 6, "key", "都可以为空", "key_else", id="key that may be empty"),
    pytest.param(
        ("reporting: continuous", "reporting: daily"),
        5,
        "reporting",
        "不能写“daily”",
        "continuous、monthly",
        id="unknown rhythm",
    ),
    pytest.param(("owner: 高新科\n", ""), 1, "owner", "缺少必填项", "补写", id="owner missing"),
    pytest.param(("theme: 试验", "teme: 试验"), 4, "teme", "不认识", "是不是要写“theme”", id="slip of the pen"),
    pytest.param(
        ("name: 编号, type", "nam: 编号, type"), 8, "fields.0.nam", "不认识", "“name”", id="slip inside a field"
    ),
    pytest.param(("code: probe", "code: Probe-1"), 1, "code", "不合规定", "小写字母", id="code in capitals"),
    pytest.param(
        ("type: party", "type: phone"), 9, "fields.1.personal", "个人信息", "personal: true", id="phone not marked"
    ),
    pytest.param(
        ("type: party, maps: party", "type: text, maps: title, personal: true"),
        9,
        "fields.1.maps",
        "不得映射",
        "删去 maps",
        id="personal field in a column",
    ),
]


@pytest.mark.parametrize(("change", "line", "key", "message", "remedy"), ERRORS)
def test_an_error_in_a_ledger_names_its_place_and_remedy(overlay, change, line, key, message, remedy):
    assert change[0] in LEDGER
    site = overlay("ledgers/probe.yaml", LEDGER.replace(*change, 1))
    found = [problem for problem in validate(site) if problem.key == key]
    assert [(problem.line, problem.file) for problem in found] == [(line, str(site / "ledgers/probe.yaml"))]
    assert message in found[0].message
    assert remedy in found[0].remedy


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ('{code: x, rule: "amount <= total", message: 甲, remedy: 乙}', "不存在的字段“total”"),
        ('{code: x, rule: "amount ** 2 <= 3", message: 甲, remedy: 乙}', "不在允许的写法之内"),
        ('{code: x, rule: "amount >= 0", when: {kind: c}, message: 甲, remedy: 乙}', "“c”不是字段“类别”的取值"),
    ],
)
def test_an_error_in_a_check(overlay, check, message):
    (problem,) = validate(overlay("ledgers/probe.yaml", f"{LEDGER}checks:\n  - {check}\n"))
    assert problem.line == 18
    assert message in problem.message


@pytest.mark.parametrize(
    ("feed", "message"),
    [
        ("{ledger: nowhere, when: [revenue]}", "没有“nowhere”这个台账"),
        ("{ledger: profile, when: [revenue], fields: {holder: holder}}", "主键字段“year”"),
        ("{ledger: profile, when: [turnover], fields: {holder: holder}}", "没有字段“turnover”"),
        ("{ledger: profile, when: [revenue], fields: {holder: who}}", "没有字段“who”"),
        ("{ledger: profile, when: [revenue], sheet_year: {field: staff}}", "不是台账“企业年度数据”的年度字段"),
    ],
)  # fmt: skip
def test_an_error_in_a_feed(overlay, feed, message):
    problems = validate(overlay("ledgers/probe.yaml", f"{LEDGER}feeds:\n  - {feed}\n"))
    assert any(message in problem.message and problem.line == 18 for problem in problems)


@pytest.mark.parametrize(
    ("change", "line", "message", "remedy"),
    [
        pytest.param(("ledger: probe", "ledger: prob"), 5, "没有“prob”这个台账", "可用台账", id="no such ledger"),
        pytest.param(("{kind: a}", "{kind: z}"), 5, "“z”不是字段“类别”的取值", "a、b", id="no such value"),
        pytest.param(("{kind: a}", "{sort: a}"), 5, "没有字段“sort”", "number、holder", id="no such field"),
        pytest.param(("{kind: a}", "{remark: 甲}"), 5, "没有映射到事实列", "maps", id="a field that no column holds"),
        pytest.param(("{kind: a}", "{amount: 多}"), 5, "类型不对", "money", id="a word for an amount"),
        pytest.param(("{kind: a}", "{kind: {range: [1, 2]}}"), 5, "不能用范围", "in", id="a range of codes"),
        pytest.param(("{kind: a}", "{amount: {range: [2, 1]}}"), 5, "下限大于上限", "前面", id="a range upside down"),
        pytest.param(("count: party", "count: sum(holder)"), 5, "可以求和", "amount", id="a sum of names"),
        pytest.param(("count: party", "count: max(amount)"), 5, "不合规定", "", id="an unknown way of counting"),
        pytest.param(("kind: stock", "kind: flow"), 1, "没有写明按哪个日期计", "补写 on", id="a flow without its date"),
        pytest.param(("kind: stock", "kind: ratio"), 1, "缺少 numerator", "补写", id="a ratio without parts"),
        pytest.param(("kind: stock", "kind: received"), 1, "不应有 facts", "删去 facts", id="received, yet counted"),
        pytest.param(("theme: 试验", "valid_from: 2025-01-01\nvalid_to: 2024-01-01\ntheme: 试验"), 1, "启用日期晚于停用日期", "valid_from", id="dates turned round"),
        pytest.param(("theme: 试验", "also: [{ledger: profile, where: {above_scale: 是}}]\ntheme: 试验"), 6, "类型不对", "bool", id="a word for yes"),
        pytest.param(("theme: 试验", "scopes:\n  all:\n    says: 全部\n    where: {kind: {in: [a, c]}}\ntheme: 试验"), 9, "“c”不是", "a、b", id="a scope with a wrong value"),
    ],
)  # fmt: skip
def test_an_error_in_an_indicator(overlay, change, line, message, remedy):
    assert change[0] in INDICATOR
    site = overlay("ledgers/probe.yaml", LEDGER, "indicators/probe.yaml", INDICATOR.replace(*change, 1))
    (problem,) = validate(site)
    assert problem.line == line, problem
    assert problem.file.endswith("indicators/probe.yaml")
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_formula_takes_only_arithmetic_of_known_indicators(overlay):
    head = "name: 试验\nunit: 家\nkind: formula\ntheme: 试验\nowner: 高新科\n"
    texts = [
        f'code: probe.{code}\n{head}formula: "{formula}"\n'
        for code, formula in {
            "good": "(hte.valid + 1) / 2 - hte.valid * 3",
            "loop": "probe.back + 1",
            "back": "probe.loop",
            "gone": "no.such",
            "bad": "hte.valid ** 2",
        }.items()
    ]
    problems = validate(overlay("indicators/probe.yaml", "---\n".join(texts)))
    assert [(problem.line, problem.key) for problem in problems] == [(line, "formula") for line in (15, 23, 31, 39)]
    words = [problem.message for problem in problems]
    assert "由它自己算出" in words[0]
    assert "由它自己算出" in words[1]
    assert "没有“no.such”这个指标" in words[2]
    assert "不允许的写法" in words[3]


@pytest.mark.parametrize(
    ("values", "key", "message"),
    [
        ("[{value: 1, to: 2020-12-31}, {value: 2, from: 2020-12-31}]", "values.1", "时间上重叠"),
        ("[{value: 1, from: 2021-01-01, to: 2020-01-01}]", "values.0", "启用日期晚于停用日期"),
        ("[{value: 7}]", "values.0.value", "大于上限 5"),
        ("[{value: 甲}]", "values.0.value", "与类型 number 不符"),
        ("[{value: 1, origin: law}]", "values.0", "没有写文号"),
        ("[]", "values", "是空的"),
    ],
)
def test_an_error_in_a_parameter(overlay, values, key, message):
    text = f"code: probe.limit\nname: 界限\ntheme: 试验\nmaximum: 5\nvalues: {values}\n"
    (problem,) = validate(overlay("parameters/probe.yaml", text))
    assert (problem.line, problem.key) == (5, key)
    assert message in problem.message


def test_ranges_of_two_places_may_overlap(overlay):
    text = 'code: probe.limit\nname: 界限\ntheme: 试验\nvalues: [{value: 1}, {value: 2, place: "990121"}]\n'
    limit = load(overlay("parameters/probe.yaml", text)).parameters["probe.limit"]
    day = date(2026, 1, 1)
    assert limit.value_on(day) == 1
    assert limit.value_on(day, ["990121", "990100"]) == 2
    assert limit.value_on(day, ["990102", "990100"]) == 1


def test_a_switch_names_what_exists(overlay):
    text = "code: probe\nname: 试验\ntheme: 试验\nledgers: [nowhere]\nindicators: [no.such, 'no.*']\n"
    problems = validate(overlay("switches.yaml", text))
    assert [(problem.line, problem.key) for problem in problems] == [(4, "ledgers.0"), (5, "indicators.0")]


def test_all_errors_come_at_once_in_order(overlay):
    site = overlay(
        "ledgers/a.yaml", LEDGER.replace("owner: 高新科\n", "").replace("reporting: continuous", "reporting: daily"),
        "ledgers/b.yaml", "a: [",
        "parameters/c.yaml", "- {code: x, name: 甲}\n",
        "notes.yaml", "a: 1\n",
    )  # fmt: skip
    with pytest.raises(CatalogueError) as caught:
        load(site)
    found = [(problem.file.removeprefix(f"{site}/"), problem.key) for problem in caught.value.problems]
    assert found == [
        ("ledgers/a.yaml", "owner"),
        ("ledgers/a.yaml", "reporting"),
        ("ledgers/b.yaml", ""),
        ("notes.yaml", ""),
        ("parameters/c.yaml", "theme"),
        ("parameters/c.yaml", "values"),
    ]
    assert all(problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize("broken", [LEDGER.replace("owner: 高新科\n", ""), LEDGER + "a: [\n"])
def test_who_names_a_broken_ledger_is_not_blamed(overlay, broken):
    (problem,) = validate(overlay("ledgers/probe.yaml", broken, "indicators/probe.yaml", INDICATOR))
    assert problem.file.endswith("ledgers/probe.yaml")


def test_what_else_is_wrong_is_said_beside_a_broken_file(overlay):
    wrong = INDICATOR.replace("probe", "title", 1).replace("ledger: probe", "ledger: title")
    site = overlay("ledgers/probe.yaml", "- [1]\n", "indicators/other.yaml", wrong)
    assert {problem.file.rsplit("/", 2)[1] for problem in validate(site)} == {"ledgers", "indicators"}


def test_one_code_twice_in_one_layer_is_an_error(overlay):
    (problem,) = validate(overlay("ledgers/a.yaml", LEDGER, "ledgers/b.yaml", LEDGER))
    assert problem.file.endswith("ledgers/b.yaml")
    assert "ledgers/a.yaml" in problem.message


def test_a_missing_overlay_is_said(tmp_path):
    (problem,) = validate(tmp_path / "gone")
    assert "不存在" in problem.message


def ledger_of(overlay, *change):
    return load(overlay("ledgers/probe.yaml", LEDGER.replace(*change, 1) if change else LEDGER)).ledgers["probe"]


@pytest.mark.parametrize(
    "change",
    [
        ("name: 试验台账", "name: 另一个名字"),
        ("name: 金额", "name: 总额"),
        ("maps: party}", "maps: party, aliases: [企业], help: 说明}"),
        ("a: 甲", "a: {name: 丙, aliases: [丁]}"),
        ("owner: 高新科", "owner: 创新科"),
        ("theme: 试验", "theme: 创新主体"),
        ("maps: amount_1", "maps: amount_1, required: false"),
    ],
)
def test_rewording_leaves_the_hash(overlay, change):
    before = definition_hash(ledger_of(overlay))
    assert definition_hash(ledger_of(overlay, *change)) == before


@pytest.mark.parametrize(
    "change",
    [
        ("maps: amount_1", "maps: amount_2"),
        ("key: [number]", "key: [number, holder]"),
        ("{a: 甲,", "{c: 甲,"),
        ("type: money", "type: money, required: true"),
        ("reporting: continuous", "reporting: yearly"),
        ("code: started", "code: begun"),
    ],
)
def test_another_meaning_is_another_hash(overlay, change):
    before = definition_hash(ledger_of(overlay))
    assert definition_hash(ledger_of(overlay, *change)) != before


def test_an_indicator_keeps_its_hash_when_renamed(overlay):
    files = ("ledgers/probe.yaml", LEDGER, "indicators/probe.yaml")
    before = definition_hash(load(overlay(*files, INDICATOR)).indicators["probe.count"])
    renamed = INDICATOR.replace("name: 试验数", "name: 新名\naliases: [旧名]")
    assert definition_hash(load(overlay(*files, renamed)).indicators["probe.count"]) == before
    changed = INDICATOR.replace("{kind: a}", "{kind: b}")
    assert definition_hash(load(overlay(*files, changed)).indicators["probe.count"]) != before


def test_a_definition_survives_being_stored(catalogue):
    """What is stored when a version is first used gives the same model back."""
    for kind in KINDS:
        for model in catalogue.of_kind(kind.name).values():
            stored = json.loads(json.dumps(definition_content(model), ensure_ascii=False))
            again = kind.model.model_validate(stored)
            assert again == model
            assert definition_hash(again) == definition_hash(model)


def test_every_definition_can_be_described(catalogue):
    for kind in KINDS:
        for model in catalogue.of_kind(kind.name).values():
            shown = describe(model)
            assert (shown["definition"], shown["code"], len(shown["hash"])) == (kind.name, model.code, 64)
            json.dumps(shown, ensure_ascii=False)
            assert describe_text(model).startswith(model.name)
    text = describe_text(catalogue.ledgers["tech_contract"])
    assert "traded  技术交易额" in text
    assert "校验 traded-within-total" in text


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_has_a_json_schema(kind):
    schema = json_schema(kind)
    assert schema["type"] == "object"
    assert {"code", "name"} <= set(schema["required"])


def test_an_unknown_kind_names_the_known_ones():
    with pytest.raises(KeyError, match="ledgers"):
        json_schema("things")
