"""What a definition of a programme can get wrong: one failing example for every proof, with its line and its remedy."""

from textwrap import dedent

import pytest

from keshu.catalogue import validate

HEAD = """\
code: probe.one
name: 试验事项
library: [lib.form, lib.papers, lib.stages]
applicants: {types: [企业], recommended: false}
"""
CONDITIONS = "conditions: [{code: rd, name: 研发, rule: 上年研发费用 / 上年营业收入 >= 3%}]\n"
FORM = "form: [unit, firm, pledge]\n"
SLOTS = "slots: [licence]\n"
CHECKS = "checks: [pledge]\n"
PATH = "path: [apply, check, decide, publicity, issue, archive]\n"
OUTCOMES = """\
outcomes:
  - {ledger: payout, on: [issue], set: {kind: other, status: approved}, fields: {holder: 申报单位, approved_amount: 核定金额}}
"""
PARTS = {"head": HEAD, "conditions": CONDITIONS, "form": FORM, "slots": SLOTS, "checks": CHECKS, "path": PATH,
         "outcomes": OUTCOMES}  # fmt: skip


@pytest.fixture
def problems(tmp_path):
    """`problems(form="...", more="...")` validates a sound programme with these parts replaced."""

    def run(**changed):
        parts = {**PARTS, **{part: dedent(text) for part, text in changed.items()}}
        (tmp_path / "programmes").mkdir(exist_ok=True)
        (tmp_path / "programmes" / "probe.yaml").write_text("".join(parts.values()), encoding="utf-8")
        return validate(tmp_path)

    return run


def segment(states, transitions, entry="here"):
    """A segment behind the applying, written out."""
    return (
        f"path:\n  - apply\n  - code: own\n    name: 自拟\n    entry: {entry}\n    states:\n"
        + "".join(f"      - {{code: {code}, name: 名, public: 名{more}}}\n" for code, more in states)
        + "    transitions:\n"
        + "".join(f"      - {{{row}, label: 走, right: programmes.check}}\n" for row in transitions)
    )


NO_OUTCOME = """\
outcomes:
  - {ledger: payout, on: [submit], set: {kind: other}, fields: {holder: 申报单位}}
"""


def test_the_probe_is_sound(problems):
    assert problems() == []


CASES = [
    pytest.param({"more": "library_of: 1\n"}, "library_of", "不认识“library_of”", id="unknown key"),
    pytest.param({"head": HEAD.replace("[lib.form,", "[lib.gone, lib.form,")}, "library.0", "没有“lib.gone”", id="unknown library"),
    pytest.param({"form": "form: [unit, firm, pledge, gone]\n"}, "form.3", "库中没有“gone”这个栏目", id="unknown section"),
    pytest.param({"slots": "slots: [gone]\n"}, "slots.0", "库中没有“gone”这个附件", id="unknown slot"),
    pytest.param({"checks": "checks: [gone]\n"}, "checks.0", "库中没有“gone”这个审查项", id="unknown check"),
    pytest.param({"path": "path: [apply, gone]\n"}, "path.1", "库中没有“gone”这个流程段", id="unknown segment"),
    pytest.param({"slots": "slots: [licence, licence]\n"}, "slots.1", "写了两遍", id="named twice"),
    pytest.param({"head": HEAD.replace("企业", "公司")}, "applicants.types", "没有“公司”这类申报主体", id="unknown applicant"),
    pytest.param({"conditions": ""}, None, None, id="no condition is allowed"),
    pytest.param({"outcomes": ""}, "", "没有写结果登记", id="no outcome"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 营收 > 1}]\n"}, "conditions.0.rule", "规则用了没有的“营收”", id="unknown name"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 1 +}]\n"}, "conditions.0.rule", "条件读不懂", id="unreadable rule"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: __import__}]\n"}, "conditions.0.rule", "第 1 个字符处", id="hostile rule"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 得分 > 60}]\n"}, "conditions.0.rule", "“得分”在申报时还没有", id="too early"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 职工总数 >= 0}]\n"}, "conditions.0.rule", "总是成立", id="always true"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 职工总数 > 9 and 职工总数 < 5}]\n"}, "conditions.0.rule", "总是不成立", id="never true"),
    pytest.param({"conditions": 'conditions: [{code: a, name: 甲, rule: 申报单位.类型 == "公司"}]\n'}, "conditions.0.rule", "没有“公司”这个取值", id="no such choice"),
    pytest.param({"conditions": 'conditions: [{code: a, name: 甲, rule: 职工总数 == "多"}]\n'}, "conditions.0.rule", "不是同一类值", id="number against text"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 单位名称 + 1 > 2}]\n"}, "conditions.0.rule", "不是数的值", id="adding text"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 职工总数 > gone.limit}]\n"}, "conditions.0.rule", "没有的“gone.limit”", id="unknown parameter"),
    pytest.param({"conditions": "conditions: [{code: a, name: 甲, rule: 职工总数 > 1, origin: law}]\n"}, "conditions.0.basis", "没有写依据", id="law without a paper"),
    pytest.param({"more": "computed: [{name: 甲, formula: 乙 + 1}, {name: 乙, formula: 甲 + 1}]\n"}, "computed", "成了圈：甲 → 乙 → 甲", id="circle"),
    pytest.param({"more": "computed: [{name: 职工总数, formula: 上年营业收入}]\n"}, "computed.0.name", "重名", id="name taken"),
    pytest.param({"more": "computed: [{name: 分, of: 职工总数, tiers: [{value: 1, below: 5}, {value: 2, above: 5}]}]\n"}, "computed.0.tiers", "在 5 处有空缺", id="hole in a table"),
    pytest.param({"more": "computed: [{name: 分, of: 职工总数, tiers: [{value: 1, to: 5}, {value: 2, from: 5}]}]\n"}, "computed.0.tiers", "在 5 处有重叠", id="overlap in a table"),
    pytest.param({"more": "computed: [{name: 分, of: 职工总数, bands: [{above: 5, rate: 1%}, {above: 1, rate: 2%}]}]\n"}, "computed.0.bands", "没有从小到大", id="bands out of order"),
    pytest.param({"more": "computed: [{name: 分, formula: 1, tiers: [{value: 1}]}]\n"}, "computed.0", "要且只要一种算法", id="two ways to compute"),
    pytest.param({"more": "renamed: {gone: {name: 甲, public: 乙}}\n"}, "renamed.gone", "流程中没有状态“gone”", id="renaming nothing"),
    pytest.param({"more": "limits: {gone: 3}\n"}, "limits.gone", "流程中没有事件“gone”", id="limit of nothing"),
    pytest.param({"more": "limits: {issue: gone.days}\n"}, "limits.issue", "没有“gone.days”这个数值参数", id="limit by nothing"),
    pytest.param({"more": "without: [gone]\n"}, "without.0", "流程中没有事件“gone”", id="leaving out nothing"),
    pytest.param({"head": HEAD.replace("false", "true")}, "applicants.recommended", "要推荐却没有推荐的流程段", id="nobody recommends"),
    pytest.param({"path": "path: [apply, check, decide, publicity, issue]\n"}, "path.4", "后面没有流程段了", id="a way into nothing"),
    pytest.param({"path": "path: [apply, check, apply, archive]\n", "outcomes": NO_OUTCOME}, "path.2", "写了两遍", id="segment twice"),
    pytest.param({"path": segment([("here", ""), ("island", ", end: completed")], ["from: here, event: go, to: withdrawn"]), "outcomes": NO_OUTCOME}, "path.1", "永远走不到", id="unreachable"),
    pytest.param({"path": segment([("here", ""), ("trap", "")], ["from: here, event: go, to: trap", "from: trap, event: turn, to: trap", "from: here, event: stop, to: withdrawn"]), "outcomes": NO_OUTCOME}, "path.1", "走不到任何结束状态", id="a trap"),
    pytest.param({"path": segment([("here", ", end: completed")], ["from: here, event: go, to: withdrawn"]), "outcomes": NO_OUTCOME}, "path.1", "还能往下走", id="an end that goes on"),
    pytest.param({"path": segment([("here", "")], ["from: here, event: go, to: gone"]), "outcomes": NO_OUTCOME}, "path.1", "没有的状态“gone”", id="unknown target"),
    pytest.param({"path": segment([("here", "")], ["from: here, event: go, to: withdrawn"] * 2), "outcomes": NO_OUTCOME}, "path.1", "写了两遍", id="same event twice"),
    pytest.param({"path": segment([("here", "")], ["from: here, event: go, to: withdrawn"], entry="gone"), "outcomes": NO_OUTCOME}, "path.1.entry", "不是它的状态", id="unknown entry"),
    pytest.param({"path": segment([("here", "")], ["from: here, event: go, to: withdrawn, conditions: [gone]"]), "outcomes": NO_OUTCOME}, "path.1.transitions.0.conditions.0", "没有“gone”这个流转条件", id="unknown condition"),
    pytest.param({"path": segment([("here", "")], ["from: here, event: go, to: withdrawn, effects: [gone]"]), "outcomes": NO_OUTCOME}, "path.1.transitions.0.effects.0", "没有“gone”这个流转动作", id="unknown effect"),
    pytest.param({"path": segment([("here", "")], ["from: here, event: go, to: withdrawn"]).replace("programmes.check", "programmes.gone"), "outcomes": NO_OUTCOME}, "path.1.transitions.0.right", "没有“programmes.gone”这个权限", id="unknown right"),
    pytest.param({"outcomes": OUTCOMES.replace("payout", "gone")}, "outcomes.0.ledger", "没有“gone”这个台账", id="unknown ledger"),
    pytest.param({"outcomes": OUTCOMES.replace("on: [issue]", "on: [gone]")}, "outcomes.0.on.0", "流程中没有事件“gone”", id="outcome of nothing"),
    pytest.param({"outcomes": OUTCOMES.replace("approved_amount: 核定金额", "gone: 核定金额")}, "outcomes.0.fields.gone", "没有字段“gone”", id="unknown field"),
    pytest.param({"outcomes": OUTCOMES.replace("核定金额", "申报日期")}, "outcomes.0.fields.approved_amount", "不是要的那一类值", id="a date into an amount"),
    pytest.param({"outcomes": OUTCOMES.replace("holder: 申报单位, ", "")}, "outcomes", "缺少必填字段“受惠单位”", id="required field missing"),
    pytest.param({"outcomes": OUTCOMES.replace("kind: other", "kind: gone")}, "outcomes.0.set.kind", "gone", id="unknown choice of a ledger"),
    pytest.param({"outcomes": OUTCOMES.replace("核定金额}}", "核定金额}, validity: {length: 3}}")}, "outcomes.0.validity", "没有把“有效期至”写入台账", id="validity kept nowhere"),
    pytest.param({"more": "money: {mode: formula}\n"}, "money", "没有写金额怎么算", id="money without a rule"),
    pytest.param({"more": "money: {mode: formula, amount: 申报日期}\n"}, "money.amount", "不是要的那一类值", id="a date as money"),
    pytest.param({"more": "money: {mode: proposed, instalments: [{code: a, name: 甲, share: 60%, on: issue}]}\n"}, "money.instalments", "不是 100%", id="instalments do not add up"),
    pytest.param({"more": "money: {mode: proposed, instalments: [{code: a, name: 甲, share: 100%, on: gone}]}\n"}, "money.instalments.0.on", "没有事件“gone”", id="instalment of nothing"),
    pytest.param({"more": "scoring: {groups: [{code: a, name: 甲, most: 90, items: [{code: b, name: 乙, most: 90}]}]}\n"}, "scoring.full", "合计 90，不等于总分 100", id="sheet does not add up"),
    pytest.param({"more": "scoring: {groups: [{code: a, name: 甲, most: 100, items: [{code: b, name: 乙, most: 90}]}]}\n"}, "scoring.groups.0", "达不到满分", id="group out of reach"),
    pytest.param({"more": "scoring: {groups: [{code: a, name: 甲, most: 100, items: [{code: b, name: 乙, most: 100, by: computed}]}]}\n"}, "scoring.groups.0.items.0.of", "没有写按什么计", id="computed from nothing"),
    pytest.param({"more": "documents: [{template: gone, name: 甲, on: issue}]\n"}, "documents.0.template", "没有“gone”这个文书样式", id="unknown paper"),
    pytest.param({"more": "documents: [{template: receipt, name: 甲, on: gone}]\n"}, "documents.0.on", "没有事件“gone”", id="paper of nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "key", "message"), CASES)
def test_what_is_wrong_is_told_with_its_place(problems, changed, key, message):
    found = problems(**changed)
    if key is None:
        assert found == []
        return
    assert [one for one in found if one.key == key and message in one.message], [str(one) for one in found]
    assert all(one.remedy and one.file.endswith("probe.yaml") for one in found)


def field(text):
    return {
        "form": f"form:\n  - unit\n  - firm\n  - pledge\n  - code: own\n    name: 自拟\n    fields:\n      - {text}\n"
    }


FIELDS = [
    ("{code: a, name: 甲, type: code}", "codes", "类型与取值表不符"),
    ("{code: a, name: 甲, type: code, codes: {x: 一}, default: y}", "default", "不在取值表中"),
    ("{code: a, name: 甲, type: phone}", "personal", "是个人信息却没有标明"),
    ("{code: a, name: 甲, type: money, maps: amount_1}", "maps", "不写 maps"),
    ("{code: a, name: 甲, type: text, prefill: party.gone}", "prefill", "没有这一项"),
    ("{code: a, name: 甲, type: text, prefill: gone.name}", "prefill", "没有“gone”"),
    ("{code: a, name: 甲, type: text, prefill: profile.gone@-1}", "prefill", "没有字段“gone”"),
    ("{code: a, name: 甲, type: text, prefill: title.number@-1}", "prefill", "不是按年度的"),
    ("{code: a, name: 甲, type: money, computed: 没有的 + 1}", "computed", "没有的“没有的”"),
    ("{code: a, name: 甲, type: text, when: 没有的 > 1}", "when", "没有的“没有的”"),
]


@pytest.mark.parametrize(("text", "key", "message"), FIELDS)
def test_what_a_field_gets_wrong(problems, text, key, message):
    (found,) = problems(**field(text))
    assert (found.key, found.line) == (f"form.3.fields.0.{key}", 13)
    assert message in found.message


@pytest.mark.parametrize(
    ("table", "key", "message"),
    [
        ("sums: [a]", "sums.0", "不是本表的数值列"),
        ("sums: [gone]", "sums.0", "不是本表的数值列"),
        ("least: 9, most: 3", "least", "最少行数大于最多行数"),
    ],
)
def test_what_a_table_gets_wrong(problems, table, key, message):
    own = f"{{code: own, name: 自拟, tables: [{{code: t, name: 表, columns: [{{code: a, name: 甲, type: text}}], {table}}}]}}"
    (found,) = problems(form=f"form: [unit, firm, pledge, {own}]\n")
    assert found.key == f"form.3.tables.0.{key}"
    assert message in found.message


def test_a_library_is_told_its_own_faults_once(tmp_path):
    (tmp_path / "programmes").mkdir()
    library = "code: lib.own\nname: 自拟库\nabstract: true\nform: [{code: bad, name: 坏栏目, fields: [{code: a, name: 甲, type: code}]}]\n"
    users = "".join(f"---\n{''.join(PARTS.values())}".replace("probe.one", f"probe.{n}").replace("[lib.form,", "[lib.own, lib.form,").replace("pledge]\nslots", "pledge, bad]\nslots") for n in ("one", "two"))  # fmt: skip
    (tmp_path / "programmes" / "probe.yaml").write_text(library + users, encoding="utf-8")
    (found,) = validate(tmp_path)
    assert (found.line, found.key) == (4, "form.0.fields.0.codes")


def test_a_site_replaces_one_programme_whole(tmp_path):
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "own.yaml").write_text("".join(PARTS.values()).replace("probe.one", "plan.soft"), encoding="utf-8")  # fmt: skip
    assert validate(tmp_path) == []
