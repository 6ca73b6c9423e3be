"""The words of `wording` in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from keshu.bureau.texts import wording

WORDS = (
    gettext_noop("确定"), gettext_noop("很可能"), gettext_noop("请确认"), gettext_noop("错误"), gettext_noop("疑问"),
    gettext_noop("提示"), gettext_noop("与台账一致"), gettext_noop("与台账不一致"), gettext_noop("与另一时点一致"),
    gettext_noop("有几个可能的指标"), gettext_noop("台账中没有"), gettext_noop("数量"), gettext_noop("金额"),
    gettext_noop("比率"), gettext_noop("增减"), gettext_noop("位次"), gettext_noop("待填"), gettext_noop("目标增减"),
    gettext_noop("实际"), gettext_noop("目标"), gettext_noop("预计"), gettext_noop("说的是"), gettext_noop("数值"),
    gettext_noop("种类"), gettext_noop("期间"), gettext_noop("范围"), gettext_noop("对比"), gettext_noop("性质"),
)  # fmt: skip


def choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """For a select: codes with their words."""
    return [(code, gettext(name)) for code, name in names.items()]


def certainty(code: str) -> str:
    return gettext(wording.CERTAINTIES.get(code, code))


def severity(code: str) -> str:
    return gettext(wording.SEVERITIES.get(code, code))


def verdict(code: str) -> str:
    return gettext(wording.VERDICTS.get(code, code))


def facts(figure: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(gettext(label), text) for label, text in wording.facts(figure)]


def kind(code: str) -> str:
    return gettext(wording.KINDS.get(code, code)) if code else ""


def role(code: str) -> str:
    return gettext(wording.ROLES.get(code, code)) if code else ""
