"""Who may do what to a summary and its sections, as declared transitions; and the chains of signatures."""

from dataclasses import dataclass
from typing import Any

from keshu.bureau.records.machine import Machine, Transition, register_condition

SIGN, EDIT, COMPOSE, FREEZE = "summaries.sign", "summaries.edit", "summaries.compose", "summaries.freeze"

SECTION = Machine(
    "section",
    (
        Transition("draft", "sign", "signed", SIGN, "签字", ("section-open",)),
        Transition("signed", "return", "draft", SIGN, "退回", ("section-open",)),
        Transition("draft", "edit", "draft", EDIT, "修改", ("section-open",)),
        Transition("signed", "edit", "draft", EDIT, "修改并撤销签字", ("section-open",)),
        Transition("draft", "compose", "draft", COMPOSE, "重新生成", ("section-open",)),
        Transition("signed", "compose", "draft", COMPOSE, "重新生成并撤销签字", ("section-open",)),
    ),
)
SUMMARY = Machine(
    "summary",
    (
        Transition("writing", "pass", "writing", SIGN, "签批", ("sections-signed",)),
        Transition("writing", "return", "writing", SIGN, "退回", ()),
        Transition("writing", "freeze", "frozen", FREEZE, "冻结", ("may-freeze",)),
    ),
)


@dataclass(frozen=True)
class Step:
    """A step of the chain after the sections have signed."""

    code: str
    name: str
    roles: tuple[str, ...]


#: chains of one to five steps; a county bureau often has the first, a city bureau the last
CHAINS: dict[str, tuple[Step, ...]] = {
    "one": (Step("director", "局长签发", ("director",)),),
    "two": (Step("office", "办公室核稿", ("office",)), Step("director", "局长签发", ("director",))),
    "three": (
        Step("office", "办公室核稿", ("office",)),
        Step("deputy", "分管领导审核", ("deputy", "director")),
        Step("director", "局长签发", ("director",)),
    ),
    "five": (
        Step("office", "办公室核稿", ("office",)),
        Step("deputy", "分管领导审核", ("deputy", "director")),
        Step("director", "局长审定", ("director",)),
        Step("committee", "党组会审议", ("director", "office")),
        Step("send", "办公室报出", ("office",)),
    ),
}
CHAIN_NAMES = {
    "one": "局长签发",
    "two": "办公室—局长",
    "three": "办公室—分管领导—局长",
    "five": "办公室—分管领导—局长—党组会—报出",
}
USUAL_CHAIN = {"county": "two", "half": "two", "city": "three", "closing": "five"}


def chain_for(kind: str) -> list[dict[str, Any]]:
    """The usual chain of a skeleton, as data that a site may change on the summary."""
    return chain_named(USUAL_CHAIN.get(kind, "two"))


def chain_named(name: str) -> list[dict[str, Any]]:
    return [{"code": step.code, "name": step.name, "roles": list(step.roles)} for step in CHAINS[name]]


def _section_open(section: Any) -> str:
    return "总结已冻结，不能再改动；请另立更正说明" if section.summary.state == "frozen" else ""


def _sections_signed(summary: Any) -> str:
    waiting = [s.heading or s.code for s in summary.sections.filter(included=True).exclude(state="signed")]
    return f"还有 {len(waiting)} 个科室部分未签：{'、'.join(waiting[:5])}" if waiting else ""


def _may_freeze(summary: Any) -> str:
    from keshu.bureau.reports.blocking import obstacles

    return "；".join(one.words for one in obstacles(summary) if one.blocks)


def register_conditions() -> None:
    """Called when the app is ready; the machines are checked against what is registered."""
    register_condition("section-open", _section_open)
    register_condition("sections-signed", _sections_signed)
    register_condition("may-freeze", _may_freeze)
    SECTION.check()
    SUMMARY.check()
