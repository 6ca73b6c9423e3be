"""Lists of names, parts of a total, ordinals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal

from keshu.kernel.numerals import write_numeral
from keshu.kernel.prose.changes import Printer
from keshu.kernel.prose.rules import DEFAULT, Rules
from keshu.kernel.typed.names import core_name


def joined(items: Sequence[str], *, sign: str = "、") -> str:
    return sign.join(item for item in items if item)


def names_list(
    names: Sequence[str], *, total: int | None = None, unit: str = "家", noun: str = "企业", rules: Rules = DEFAULT
) -> str:
    """甲、乙等4家企业; all by name: 甲、乙2家企业; one alone: 甲. 等 stands only where some are left out."""
    count = len(names) if total is None else total
    if count < len(names):
        raise ValueError("列出的名称多于总数")
    shown = list(names[: rules.names_listed])
    if not shown:
        return f"{count}{unit}{noun}" if count else ""
    if count == len(shown):
        return shown[0] if count == 1 else f"{joined(shown)}{count}{unit}{noun}"
    return f"{joined(shown)}等{count}{unit}{noun}"


def names_in_brackets(names: Sequence[str], *, rules: Rules = DEFAULT) -> str:
    """（甲、乙、丙）: brackets carry all names, so that more than six give no bracket."""
    return f"（{joined(names)}）" if 0 < len(names) <= rules.names_in_brackets else ""


def short_names(names: Sequence[str], *, known: dict[str, str] | None = None) -> dict[str, str]:
    """Short forms for second mention: the registered one, else without the legal form; never one that two share."""
    forms = {name: (known or {}).get(name) or core_name(name) for name in names}
    shared = Counter(forms.values())
    return {name: form if shared[form] == 1 else name for name, form in forms.items()}


def mention(name: str, *, seen: Collection[str], short: dict[str, str]) -> str:
    """The full name at first mention, the short one afterwards."""
    return short.get(name, name) if name in seen else name


def parts_words(
    parts: Sequence[tuple[str, Decimal | None]], *, show: Printer, complete: bool = True, name_first: bool = True
) -> str:
    """其中国家级3家、省级12家; empty classes are left out; an incomplete list begins with 主要包括."""
    filled = [(name, value) for name, value in parts if value]
    if not filled:
        return ""
    texts = [f"{name}{show(value)}" if name_first else f"{show(value)}{name}" for name, value in filled]
    return ("其中" if complete else "主要包括") + joined(texts)


def scoped(name: str, *, says: str = "") -> str:
    """An indicator's name with the words of its scope: 有效高新技术企业（含公示）."""
    return f"{name}（{says}）" if says else name


def title(text: str) -> str:
    """《…》 around a document's name; inner ones become 〈〉."""
    return f"《{text.strip('《》').replace('《', '〈').replace('》', '〉')}》"


def quoted(text: str) -> str:
    """“…” around a project's name; inner ones become ‘’."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def heading_number(place: int, *, level: int = 1) -> str:
    """一、 （一） 1. （1） as official documents number their levels."""
    match level:
        case 1:
            return f"{write_numeral(place)}、"
        case 2:
            return f"（{write_numeral(place)}）"
        case 3:
            return f"{place}."
        case 4:
            return f"（{place}）"
    raise ValueError("标题层次为1至4")


def item_lead(place: int) -> str:
    """一是, 二是."""
    return f"{write_numeral(place)}是"
