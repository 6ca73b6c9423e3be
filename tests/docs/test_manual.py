"""The manual and the operator's guide name everything that the program has."""

import argparse
import re

import pytest

from keshu.bureau.accounts.access import RIGHTS
from keshu.bureau.accounts.models import Membership
from keshu.catalogue import load
from keshu.catalogue.loader import validate
from keshu.site.cli import parser
from tests.docs.pages import MANUAL, SOURCE, answer_keys, commands, manual, page, problem_codes, section

REFERENCE = "docs/manual/08-commands.md"
LEAVES = dict(commands(parser()))


@pytest.mark.parametrize("command", LEAVES)
def test_every_command_has_its_part_of_the_reference_with_every_option(command):
    told = section(page(REFERENCE), command)
    assert told, f"{REFERENCE} 缺少“## {command}”"
    common = {"--help", "--json", "--data", "--by"}
    for action in LEAVES[command]._actions:
        for option in set(action.option_strings) - common - {"-h"}:
            assert re.search(rf"`{option}[ `]", told), f"{command} 的 {option} 没有说明"
        for choice in action.choices or () if not isinstance(action, argparse._SubParsersAction) else ():
            assert f"`{choice}`" in page(REFERENCE), f"{command} 的 {choice} 没有说明"


def test_the_reference_describes_no_command_that_is_gone():
    told = set(re.findall(r"^## (keshu .+)$", page(REFERENCE), re.MULTILINE))
    assert told == set(LEAVES)


def test_every_setting_is_in_the_operators_guide():
    used = {
        name for path in SOURCE.rglob("*.py") for name in re.findall(r"KESHU_[A-Z_]+[A-Z]", path.read_text("utf-8"))
    }
    told = set(re.findall(r"^\| `(KESHU_[A-Z_]+)` \|", page("docs/operator.md"), re.MULTILINE))
    assert told == used


def test_every_problem_code_is_explained_and_none_that_is_gone():
    told = set(
        re.findall(r"^\| `([a-z-]+)` \|", page("docs/manual/03-import.md").partition("## 问题代码")[2], re.MULTILINE)
    )
    assert told == problem_codes()


def test_every_key_of_a_json_answer_is_in_the_reference():
    text = page(REFERENCE)
    missing = {key for key in answer_keys() if f'"{key}"' not in text and f"`{key}`" not in text}
    assert not missing


def test_the_listing_names_every_definition():
    text, catalogue = page("docs/manual/12-listing.md"), load()
    told = set(re.findall(r"^\| `([a-z0-9_.-]+)` \|", text, re.MULTILINE))
    codes = {*catalogue.countable, *catalogue.indicators, *catalogue.parameters, *catalogue.switches}
    codes |= {
        code for kind in (catalogue.summaries, catalogue.programmes) for code, one in kind.items() if not one.abstract
    }
    codes |= {check.code for ledger in catalogue.ledgers.values() for check in ledger.checks}
    assert told == codes, "目录有变动,请运行 .venv/bin/python tools/listing.py"


def test_the_table_of_roles_is_what_the_program_grants():
    roles = [role.value for role in Membership.Role]
    row = rf"^\| [^|]+ \| `([a-z.]+)` \|((?: *●? *\|){{{len(roles)}}})$"
    rows = re.findall(row, page("docs/manual/10-roles.md"), re.MULTILINE)
    told = {role: set() for role in roles}
    for right, marks in rows:
        for role, mark in zip(roles, marks.split("|")[:-1], strict=True):
            if "●" in mark:
                told[role].add(right)
    assert told == {role: set(RIGHTS[role]) for role in roles}


def test_the_example_of_a_sites_own_definitions_loads(tmp_path):
    text = page("docs/manual/11-catalogue.md")
    files = re.findall(r"文件 `([^`]+)`：\n\n```yaml\n(.*?)```", text, re.DOTALL)
    assert len(files) == 3
    for name, content in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    switches = re.findall(r"```yaml\n(switches:.*?)```", text, re.DOTALL)
    (tmp_path / "switches.yaml").write_text(switches[0], encoding="utf-8")
    assert validate(tmp_path) == []
    own, plain = load(tmp_path), load()
    assert set(own.ledgers) - set(plain.ledgers) == {"lab_check"}
    added = {"labcheck.count", "labcheck.mend", "labcheck.mended", "labcheck.rate", "labcheck.hazards"}
    assert set(own.indicators) - set(plain.indicators) == added
    assert own.switches["earthquake"].default is True


def test_the_keyboard_table_has_every_letter_of_the_menu():
    from keshu.site.navigation import MENU

    text = page("docs/manual/01-start.md")
    for _title, items in MENU:
        for item in items:
            if item.key:
                assert f"`g` `{item.key}`" in text, f"手册缺少 g {item.key}"


def test_the_index_of_the_manual_lists_every_page():
    listed = re.findall(r"\]\((\d\d-[a-z-]+\.md)\)：", page("docs/manual/README.md"))
    assert listed == sorted(path.name for path in MANUAL.glob("[0-9]*.md"))


def test_every_kind_of_target_and_chain_is_explained():
    from keshu.bureau.reports.rules import CHAINS
    from keshu.bureau.targets.models import Kind

    assert all(str(kind.label) in page("docs/manual/06-targets.md") for kind in Kind)
    for steps in CHAINS.values():
        assert "，".join(step.name for step in steps) in manual()
