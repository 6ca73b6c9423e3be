"""What kinds of problems are called, for filtering a long list of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: dict[str, str | Promise] = {
    "required": gettext_lazy("缺少必填内容"),
    "duplicate": gettext_lazy("表内重复"),
    "duplicate-differs": gettext_lazy("表内重复但内容不同"),
    "held-elsewhere": gettext_lazy("已由其他区划登记"),
    "held-by-another": gettext_lazy("编号已在其他单位名下"),
    "place-missing": gettext_lazy("没有区划"),
    "place-unknown": gettext_lazy("区划名称不认识"),
    "place-ambiguous": gettext_lazy("区划重名"),
    "place-outside": gettext_lazy("区划不在导入范围"),
    "region-differs": gettext_lazy("信用代码与区划不符"),
    "party-name": gettext_lazy("不像单位名称"),
    "party-ambiguous": gettext_lazy("单位重名"),
    "party-variant": gettext_lazy("单位名称写法不同"),
    "party-renamed": gettext_lazy("单位疑似更名"),
    "party-near": gettext_lazy("单位名称相近"),
    "party-other-name": gettext_lazy("代码与单位名称不符"),
    "code-conflict": gettext_lazy("信用代码冲突"),
    "several-parties": gettext_lazy("填了多个单位"),
    "swapped": gettext_lazy("两栏填反"),
    "choice": gettext_lazy("不在可选范围"),
    "bool": gettext_lazy("不是“是”或“否”"),
    "negative": gettext_lazy("数值为负"),
    "not-whole": gettext_lazy("应为整数"),
    "number-large": gettext_lazy("数值过大"),
    "unit-suspected": gettext_lazy("疑似单位错误"),
    "lost-digits": gettext_lazy("科学计数法丢失数字"),
    "lookalike": gettext_lazy("字母误作数字"),
    "number-odd": gettext_lazy("编号与其余各行不同"),
    "holder-twice": gettext_lazy("同一企业出现两次"),
    "date-missing": gettext_lazy("缺少日期"),
    "uncalculated": gettext_lazy("公式没有结果"),
    "total-count": gettext_lazy("合计行数不符"),
    "total-disagrees": gettext_lazy("合计与各行不符"),
    "date-future": gettext_lazy("日期晚于今天"),
    "date-other-year": gettext_lazy("日期不在表头年份"),
    "date-after-cut-off": gettext_lazy("日期晚于截止日"),
    "date-order": gettext_lazy("结束早于开始"),
    "assumed": gettext_lazy("按推断读取"),
    "feed-incomplete": gettext_lazy("另一台账缺少字段"),
    "no-heading": gettext_lazy("没有找到表头"),
    "columns-missing": gettext_lazy("缺少必需的列"),
    "file-empty": gettext_lazy("文件没有数据"),
    "text-long": gettext_lazy("内容过长"),
}
FAMILIES: dict[str, str | Promise] = {
    "date": gettext_lazy("日期有误"),
    "number": gettext_lazy("数字有误"),
    "year": gettext_lazy("年份有误"),
    "place": gettext_lazy("区划有误"),
    "party": gettext_lazy("单位有误"),
}


def kind_name(code: str, example: Mapping[str, Any]) -> str:
    """The kind in words: its own, its family's, or the column that the first one of it lies in."""
    name = NAMES.get(code) or FAMILIES.get(code.partition("-")[0])
    if name is not None:
        return str(name)
    return _("%(column)s不合要求") % {"column": example["column"]} if example.get("column") else example["message"][:16]
