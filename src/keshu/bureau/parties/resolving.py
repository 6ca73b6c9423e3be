"""Which party a name or a code means: the code first, then the name as it is or was.

A party that nobody knows yet gets a negative number while its row waits in staging; it becomes a row of its own in the
act that takes the row in. One resolver serves one file, so that the second mention finds what the first one brought.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from keshu.bureau.parties.queries import Directory
from keshu.kernel.typed import Problem, core_name, former_name, normal_name

_NAME_LIKE = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")
_CODE_LIKE = re.compile(r"[0-9A-Z]{15,18}")


@dataclass
class Stranger:
    """A party that a file brings: how it is written, its code, its place, its former names."""

    name: str
    uscc: str = ""
    place_id: int | None = None
    former: tuple[str, ...] = ()
    row: int = 0

    def as_json(self) -> list[Any]:
        return [self.name, self.uscc, self.place_id, list(self.former)]


@dataclass
class Found:
    """The party that was meant (None: nobody can say), and what a person should know about it."""

    party: int | None
    problem: Problem | None = None
    fatal: bool = False


@dataclass
class Resolver:
    """`strangers` are the parties that the file brings, -1 the first; `learnt` the codes it adds to known ones."""

    directory: Directory
    strangers: list[Stranger] = field(default_factory=list)
    learnt: dict[int, str] = field(default_factory=dict)
    _by_name: dict[str, int] = field(default_factory=dict)
    _by_code: dict[str, int] = field(default_factory=dict)
    _by_form: dict[str, int] = field(default_factory=dict)
    _by_core: dict[str, int] | None = None
    _plain: dict[tuple[str, str], Found] = field(default_factory=dict)  # answers about which nothing need be said

    def find(self, name: str, *, uscc: str = "", place_id: int | None = None, row: int = 0) -> Found:
        """The party with this code and name; brings a stranger when nobody is known."""
        known = self._plain.get((name, uscc))
        if known is not None:
            return known
        answer = self._find(name, uscc, place_id, row)
        if answer.problem is None:
            self._plain[name, uscc] = answer
        return answer

    def _find(self, name: str, uscc: str, place_id: int | None, row: int) -> Found:
        current, former = former_name(name)
        if not _NAME_LIKE.search(current) or _CODE_LIKE.fullmatch(current.upper()):
            return Found(None, Problem("party-name", f"“{name}”不像单位名称", "请核对是否错列"), fatal=True)
        wanted = Stranger(current, uscc, place_id, (former,) if former else (), row)
        return self._by_code_of(wanted) if uscc else self._by_name_of(wanted)

    def _by_code_of(self, wanted: Stranger) -> Found:
        pk = self.directory.of_code(wanted.uscc) or self._by_code.get(wanted.uscc)
        if pk is not None:
            return Found(pk, self._other_name(pk, wanted))
        same = self._known(wanted.name)
        if len(same) > 1:
            same = tuple(pk for pk in same if not self.code_of(pk))[:1]
        if not same:
            return Found(self._bring(wanted))
        known = self.code_of(same[0])
        if known:
            return Found(same[0], _conflict(wanted, known), fatal=True)
        self._teach(same[0], wanted.uscc)
        return Found(same[0])

    def _by_name_of(self, wanted: Stranger) -> Found:
        known = self._known(wanted.name)
        if len(known) == 1:
            return Found(known[0])
        if known:
            message = f"“{wanted.name}”对应{len(known)}个主体"
            remedy = "请补填统一社会信用代码，或在“主体”页合并重复的主体"
            return Found(None, Problem("party-ambiguous", message, remedy), fatal=True)
        return self._by_likeness(wanted)

    def _by_likeness(self, wanted: Stranger) -> Found:
        """有限公司 and 有限责任公司 are one legal form; a former name given in brackets leads to the old record."""
        form = same_form(wanted.name)
        pk = self.directory.of_form(form) or self._by_form.get(form)
        if pk is not None:
            message = f"“{wanted.name}”与“{self.name_of(pk)}”仅公司类型写法不同，按同一主体处理"
            return Found(pk, Problem("party-variant", message, "请核对；如不是同一单位，请补填统一社会信用代码"))
        for former in wanted.former:
            olds = self._known(former)
            if len(olds) == 1:
                message = f"“{former}”疑似更名为“{wanted.name}”，按同一主体处理"
                return Found(olds[0], Problem("party-renamed", message, "请在“主体”页登记更名，使新旧名称都能找到它"))
        near = self._near(wanted.name)
        problem = near and Problem(
            "party-near",
            f"“{wanted.name}”与已登记的“{self.name_of(near)}”相近，暂按新主体处理",
            "如为同一单位，请改正名称或补填统一社会信用代码",
        )
        return Found(self._bring(wanted), problem or None)

    def _other_name(self, pk: int, wanted: Stranger) -> Problem | None:
        if pk in self._known(wanted.name) or normal_name(self.name_of(pk)) == normal_name(wanted.name):
            return None
        if any(pk in self._known(former) for former in wanted.former):
            return None
        name = self.name_of(pk)
        likely = "是否更名或曾用名？" if core_name(name) != core_name(wanted.name) else "仅公司类型写法不同"
        where = f"（第{self.strangers[-pk - 1].row}行）" if pk < 0 and self.strangers[-pk - 1].row else ""
        return Problem(
            "party-other-name",
            f"代码{wanted.uscc}登记的名称是“{name}”{where}，这里写作“{wanted.name}”，{likely}",
            "代码无误则按已登记主体处理，并请在“主体”页登记更名或别名；代码有误请改正",
        )

    def _known(self, name: str) -> tuple[int, ...]:
        normal = normal_name(name)
        known = self.directory.by_name.get(normal, ())
        if known:
            return known
        pk = self._by_name.get(normal)
        return (pk,) if pk is not None else ()

    def _near(self, name: str) -> int | None:
        if self._by_core is None:
            self._by_core = {core_name(known): pk for pk, known in self.directory.names.items()}
        core = core_name(name)
        return self._by_core.get(core) if len(core) >= 4 and core != normal_name(name) else None

    def code_of(self, pk: int) -> str:
        if pk < 0:
            return self.strangers[-pk - 1].uscc
        return self.learnt.get(pk) or self.directory.codes.get(pk, "")

    def name_of(self, pk: int) -> str:
        return self.strangers[-pk - 1].name if pk < 0 else self.directory.names.get(pk, "")

    def _bring(self, wanted: Stranger) -> int:
        self.strangers.append(wanted)
        pk = -len(self.strangers)
        self._by_name.setdefault(normal_name(wanted.name), pk)
        self._by_form.setdefault(same_form(wanted.name), pk)
        if self._by_core is not None:
            self._by_core.setdefault(core_name(wanted.name), pk)
        if wanted.uscc:
            self._by_code[wanted.uscc] = pk
        return pk

    def _teach(self, pk: int, uscc: str) -> None:
        if pk < 0:
            self.strangers[-pk - 1].uscc = uscc
        else:
            self.learnt[pk] = uscc
        self._by_code[uscc] = pk


def same_form(name: str) -> str:
    """The name with 有限责任公司 written as 有限公司: the two words mean one legal form."""
    return normal_name(name).replace("有限责任公司", "有限公司")


def _conflict(wanted: Stranger, known: str) -> Problem:
    return Problem(
        "code-conflict",
        f"“{wanted.name}”的统一社会信用代码已登记为{known}，这里为{wanted.uscc}",
        "请对照营业执照核对代码；如确为两家同名单位，请先在“主体”页登记另一家",
    )
