"""A form with what stands in it: typed values by the names of rules, what shows, sums, and everything that is wrong.

Nothing here reads the database or is stored: texts go in, and what follows from them is worked out when it is asked for.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.forms.readers import Surroundings, reader_of
from keshu.bureau.programmes.applying.layout import Layout, Spot, name_of, rows_of
from keshu.catalogue.schema.programme_form import FormField, Section, Slot, Table
from keshu.kernel.rules import as_decimal, compile_rule
from keshu.kernel.typed.read import Read

_CHINESE = r"\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[{_CHINESE}]|[^\s{_CHINESE}]+")


PAPERS = "papers"  # the section under which what is said about slots lies


def words_in(text: str) -> int:
    """Words as office programs count them: each Chinese sign is one, a run of other signs is one."""
    return len(_WORD.findall(text))


@dataclass(frozen=True)
class Remark:
    """Something that is not right yet: where, what, and how it is mended. `path` "slot:code" speaks about a slot."""

    path: str
    section: str
    where: str
    message: str
    remedy: str = ""
    missing: bool = False  # nothing is wrong, something is not there yet

    @property
    def text(self) -> str:
        return f"{self.message}；{self.remedy}" if self.remedy else self.message


class Filled:
    """The form of a programme with its texts. `facts` are what is known from elsewhere, `papers` how many files lie where."""

    def __init__(
        self, layout: Layout, texts: Mapping[str, str], *, around: Surroundings, facts: Mapping[str, Any],
        papers: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self.layout, self.texts, self.around = layout, texts, around
        self.facts, self.papers = dict(facts), dict(papers or {})
        self._reads: dict[str, Read[Any]] = {}

    # what was read

    def text(self, path: str) -> str:
        return self.texts.get(path, "")

    def read(self, path: str, field: FormField) -> Read[Any]:
        """What the reader of the field makes of the text."""
        found = self._reads.get(path)
        if found is None:
            text = self.text(path)
            long = field.type == "longtext"
            found = Read(text.strip() or None) if long else reader_of(field, "", self.around)(text)
            self._reads[path] = found
        return found

    def rows(self, table: Table) -> list[str]:
        """The rows that count: those of a fixed table, else those in which something stands."""
        rows = rows_of(table, self.texts)
        return rows if table.rows else [row for row in rows if not self.is_blank(table, row)]

    def is_blank(self, table: Table, row: str) -> bool:
        return not any(self.text(f"{table.code}:{row}:{column.code}").strip() for column in table.columns)

    # values by the names of rules

    @cached_property
    def values(self) -> dict[str, Any]:
        """Typed values by the names that rules use, without what the form leaves out."""
        everything = dict(self._values(frozenset()))
        known = self.layout.sheet.filled({**self.facts, **everything})
        hidden = frozenset(name for name, when in self._conditional() if compile_rule(when).truth(known) is False)
        return dict(self._values(hidden)) if hidden else everything

    @cached_property
    def known(self) -> dict[str, Any]:
        """Every fact: from elsewhere, from the form, computed."""
        return self.layout.sheet.filled({**self.facts, **self.values})

    def _conditional(self) -> Iterator[tuple[str, str]]:
        for section in self.layout.programme.sections:
            if section.when:
                yield f"section {section.code}", section.when
            for part in (*section.fields, *section.tables):
                if part.when:
                    yield part.code, part.when

    def _values(self, hidden: Collection[str]) -> Iterator[tuple[str, Any]]:
        for section in self.layout.programme.sections:
            if f"section {section.code}" in hidden:
                continue
            for field in section.fields:
                name = name_of(field)
                if name and not field.computed and field.code not in hidden:
                    yield name, self._value(field, field.code)
            for table in section.tables:
                if table.code not in hidden:
                    yield from self._of_table(table)

    def _value(self, field: FormField, path: str) -> Any:
        value = self.read(path, field).value
        if field.type == "parties":
            return value or ()  # nobody named is nobody, not unknown
        if field.type == "month" and isinstance(value, str):
            return date.fromisoformat(f"{value}-01")
        return value

    def _of_table(self, table: Table) -> Iterator[tuple[str, Any]]:
        base, rows = name_of(table), self.rows(table)
        if base is None:
            return
        yield base, tuple(rows)
        for column in table.columns:
            name = name_of(column)
            if name is None:
                continue
            found = [self._value(column, f"{table.code}:{row}:{column.code}") for row in rows]
            yield f"{base}.{name}", tuple(one for one in found if one is not None or column.required)
            for label, one in zip(table.rows, found, strict=False):
                yield f"{base}.{label}.{name}", one

    def sums(self, table: Table) -> dict[str, Decimal]:
        """Totals of the columns that have one, over the cells that can be read."""
        columns = [column for column in table.columns if column.code in table.sums]
        return {column.code: self._total(table, column) for column in columns}

    def _total(self, table: Table, column: FormField) -> Decimal:
        values = (self.read(f"{table.code}:{row}:{column.code}", column).value for row in self.rows(table))
        return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))

    def computed(self, field: FormField) -> Decimal | str | None:
        """The value of a computed field, rounded to 分 where it is money; None while something is missing."""
        value = self.known.get(field.fact or field.name)
        if value is None or isinstance(value, (str, bool)):
            return value
        places = 2 if field.type in ("money", "number") else 0 if field.type == "integer" else 4
        return as_decimal(value).quantize(Decimal(1).scaleb(-places))

    # what shows

    def holds(self, when: str | None) -> bool | None:
        """Whether a part shows: yes, no, or unknown while a fact is missing."""
        return True if when is None else compile_rule(when).truth(self.known)

    def sections(self) -> list[Section]:
        return [part for part in self.layout.programme.sections if self.holds(part.when) is not False]

    def slots(self) -> list[Slot]:
        return [slot for slot in self.layout.programme.attachments if self.holds(slot.when) is not False]

    # what is wrong

    @cached_property
    def problems(self) -> list[Remark]:
        """Everything at once, in the order of the form."""
        found = [remark for section in self.sections() for remark in self._of_section(section)]
        return found + [remark for slot in self.slots() for remark in self._of_slot(slot)]

    def problems_of(self, section: str) -> list[Remark]:
        return [remark for remark in self.problems if remark.section == section]

    def problem_at(self, path: str) -> list[Remark]:
        return [remark for remark in self.problems if remark.path == path]

    def _of_section(self, section: Section) -> Iterator[Remark]:
        if section.when and self.holds(section.when) is None:
            missing = "、".join(self.layout.sheet.missing(compile_rule(section.when).names, self.known))
            message = _("还不能判断是否要填“%(name)s”，缺少：%(missing)s") % {"name": section.name, "missing": missing}
            yield Remark("", section.code, section.name, message, _("请先在单位资料或相应栏目中补充"))
            return
        for field in section.fields:
            if not field.computed and self.holds(field.when) is not False:
                yield from self._of_field(Spot(field.code, field, section), field.name)
        for table in section.tables:
            if self.holds(table.when) is not False:
                yield from self._of_rows(table, section)

    def _of_field(self, spot: Spot, label: str) -> Iterator[Remark]:
        field, text = spot.field, self.text(spot.path)
        where = f"{spot.section.name} · {label}"
        read = self.read(spot.path, field)
        if read.problem:
            yield Remark(spot.path, spot.section.code, where, read.problem.message, read.problem.remedy)
        elif read.missing and field.required and self.holds(field.when) is True:
            message = _("没有填写%(name)s") % {"name": field.name}
            yield Remark(spot.path, spot.section.code, where, message, missing=True)
        if field.most_words and (counted := words_in(text)) > field.most_words:
            words = {"name": field.name, "counted": counted, "most": field.most_words}
            message = _("%(name)s有 %(counted)s 字，超过 %(most)s 字") % words
            yield Remark(spot.path, spot.section.code, where, message, _("请精简，详细内容可作为附件"))

    def _of_rows(self, table: Table, section: Section) -> Iterator[Remark]:
        rows = self.rows(table)
        words = {"name": table.name, "least": table.least, "most": table.most, "there": len(rows)}
        if len(rows) < table.least:
            message = _("“%(name)s”至少填 %(least)s 行，现有 %(there)s 行") % words
            yield Remark(f"{table.code}:", section.code, f"{section.name} · {table.name}", message, missing=True)
        if len(rows) > table.most:
            message = _("“%(name)s”最多填 %(most)s 行，现有 %(there)s 行") % words
            yield Remark(f"{table.code}:", section.code, f"{section.name} · {table.name}", message, _("请合并或删去"))
        for number, row in enumerate(rows, start=1):
            title = table.rows[number - 1] if table.rows else _("第 %(number)s 行") % {"number": number}
            for column in table.columns:
                if column.computed or self.holds(column.when) is False:
                    continue
                spot = Spot(f"{table.code}:{row}:{column.code}", column, section, table, row)
                yield from self._of_field(spot, f"{table.name} {title} {column.name}")

    def _of_slot(self, slot: Slot) -> Iterator[Remark]:
        if slot.required and self.holds(slot.when) is True and not self.papers.get(slot.code):
            where = _("附件 · %(name)s") % {"name": slot.name}
            message = _("没有上传%(name)s") % {"name": slot.name}
            yield Remark(f"slot:{slot.code}", PAPERS, where, message, slot.help, missing=True)
