"""The command line's own words in Chinese: usage, help and what is wrong with the arguments."""

import argparse
import re
from typing import NoReturn

#: what argparse says -> what we say; groups are kept
SAYINGS = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"没有这些参数：\1"),
    (r"argument (.+?): expected one argument", r"\1 后面要写一个值"),
    (r"argument (.+?): expected at least one argument", r"\1 后面至少要写一个值"),
    (r"argument (.+?): invalid int value: (.+)", r"\1 应为整数，收到 \2"),
    (r"argument (.+?): invalid (?:\w+) value: (.+)", r"\1 的值 \2 不能识别"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2；可用：\3"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 不能与 \2 同用"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 不带值，收到 \2"),
    (r"ambiguous option: (.+?) could match (.+)", r"\1 有歧义，可能是 \2"),
)
HEADINGS = {"usage: ": "用法：", "positional arguments:": "参数：", "options:": "选项："}


class Misused(Exception):
    """The command itself is written wrongly; `usage` shows how it is written."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese; what it cannot use raises Misused with a sentence."""

    def __init__(self, *args: object, **given: object) -> None:
        helped = given.pop("add_help", True)
        super().__init__(*args, add_help=False, **given)  # type: ignore[arg-type]
        if helped:
            self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="显示帮助")

    def error(self, message: str) -> NoReturn:
        raise Misused(f"{self.prog}：{said(message)}。用 {self.prog} --help 查看用法", self.format_usage())

    def format_usage(self) -> str:
        return _headed(super().format_usage())

    def format_help(self) -> str:
        return _headed(super().format_help())


def said(message: str) -> str:
    """The parser's message in our words; as it stands where we have none."""
    for pattern, words in SAYINGS:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, words, message, flags=re.DOTALL)
    return f"参数不能识别（{message}）"


def _headed(text: str) -> str:
    for english, chinese in HEADINGS.items():
        text = text.replace(english, chinese)
    return text
