"""Promise 8: below the views nobody reads the clock, the user or the request out of the air.

The source is read as a tree. A view, a command, a task or a middleware is a door, and so is any function that is handed
the request (a card of the home page): it reads the clock once and hands it down. `records.services` is the one exception below: it takes the lock first and only then reads the clock.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "keshu"
DOORS = ("views.py", "_views.py", "commands.py", "api.py", "tasks.py", "middleware.py")
OUTSIDE = ("site/", "bureau/pages/")  # the wiring, and what every page shares
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localdate", "time.time",
    "time.localtime", "time.gmtime", "timezone.localtime", "localdate",
}  # fmt: skip
GLOBALS = {"threading.local", "ContextVar", "contextvars.ContextVar", "get_current_user", "get_current_request", "crum"}
SQL_CLOCKS = ("clock_timestamp(", "current_timestamp", "current_date", "datetime('now", "now()")
LOCK = "bureau/records/services.py"  # first the lock, then the clock

#: module -> why the database's clock may be read there; only as the default of an instant that a caller may give
DEFAULTS = {
    "bureau/ledgers/importing/services.py": "staging: the page gives `at`, the command line leaves it out",
    "bureau/statistics/queries.py": "root_place(known_at): the caller may ask about any instant",
    "bureau/targets/progress.py": "known_at: the caller may ask about any instant",
    "bureau/reports/services.py": "composing takes seconds, so its instant is taken before the write begins",
    "bureau/texts/services.py": "reading a kept text: the page may give `at`, the worker leaves it out",
    "bureau/reports/queries.py": "later changes are those up to this instant",
}


def offences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what) for everything that reads the clock or keeps somebody in a global."""
    for node in _outside_pages(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            dotted = _dotted(node)
            tail = ".".join(dotted.split(".")[-2:])
            kept = tail in GLOBALS or dotted.split(".")[-1] in GLOBALS
            if kept or (tail in CLOCKS and not _converts(node, tree)):
                yield node.lineno, dotted
        elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield node.value.lineno, node.arg
        elif isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] == "Now":
            yield node.lineno, "Now()"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql_clock(node.value):
            yield node.lineno, node.value[:40]


def _outside_pages(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those inside a function that is handed the request."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef) and "request" in {argument.arg for argument in child.args.args}:
            continue
        yield child
        yield from _outside_pages(child)


def _is_sql_clock(text: str) -> bool:
    lower = text.lower()
    return lower.lstrip().startswith(("select", "insert", "update", "delete", "with")) and any(
        c in lower for c in SQL_CLOCKS
    )


def _converts(node: ast.AST, tree: ast.AST) -> bool:
    """timezone.localtime(value) turns a value, it reads no clock."""
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and call.func is node]
    return _dotted(node).endswith("localtime") and all(call.args for call in calls) and bool(calls)


def _of_viewer(function):
    """Names of what was made of the viewer that the function was given."""
    made = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
    asked = [node for node in made if any(_dotted(one) == "viewer" for one in node.value.args)]
    return {target.id for node in asked for target in node.targets if isinstance(target, ast.Name)}


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _is_door(path: str) -> bool:
    return path.startswith(OUTSIDE) or path.endswith(DOORS) or "/migrations/" in path


def _below_the_views() -> list[tuple[str, ast.Module]]:
    files = sorted(SOURCE.rglob("*.py"))
    named = [(str(path.relative_to(SOURCE)), path) for path in files]
    return [(name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in named if not _is_door(name)]


@pytest.fixture(scope="module")
def modules():
    found = _below_the_views()
    assert len(found) > 150
    return found


def test_nobody_below_the_views_reads_the_clock_or_keeps_the_user(modules):
    found = [f"{name}:{line} {what}" for name, tree in modules if name != LOCK for line, what in offences(tree)]
    assert found == []


def test_the_lock_reads_the_clock_in_one_function_only(modules):
    tree = dict(modules)[LOCK]
    (now,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "now"]
    assert [what for line, what in offences(tree) if not now.lineno <= line <= now.end_lineno] == []
    for name in ("writing", "freezing"):
        (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
        calls = [_dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
        assert calls.index("_lock") < calls.index("now"), "the lock before the clock"


def test_the_clock_of_the_lock_is_read_elsewhere_only_as_a_default(modules):
    found = {name for name, tree in modules if name != LOCK and _clock_calls(tree)}
    assert found <= set(DEFAULTS), f"在视图或命令中读取时钟,作为参数传入:{sorted(found - set(DEFAULTS))}"
    plain = [f"{name}:{line}" for name, tree in modules if name in DEFAULTS for line in _plain_readings(tree)]
    assert plain == [], "写成 known_at or now(),让调用者可以给出时刻"


def _plain_readings(tree: ast.AST) -> list[int]:
    """Lines where the clock is read although nobody could have given an instant."""
    choices = [node for node in ast.walk(tree) if isinstance(node, ast.BoolOp | ast.IfExp)]
    defaults = {id(call) for choice in choices for call in _clock_calls(choice)}
    return [call.lineno for call in _clock_calls(tree) if id(call) not in defaults]


def _clock_calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in _outside_pages(tree) if isinstance(node, ast.Call) and _dotted(node.func) == "now"]


def test_kernel_catalogue_and_office_never_hear_of_the_bureau_s_clock(modules):
    pure = [(name, tree) for name, tree in modules if name.startswith(("kernel/", "catalogue/", "office/"))]
    assert len(pure) > 60
    assert [name for name, tree in pure if _clock_calls(tree)] == []


def test_every_write_names_who_does_it_by_an_argument(modules):
    """`writing(by=...)` gets what the function was given: by, viewer.actor, spec.by; never something looked up.

    Of a given viewer it may be asked first whose right is used.
    """
    found, writes = [], 0
    for name, tree in modules:
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            given = {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}
            given |= _of_viewer(function) if "viewer" in given else set()
            for call in _writes_in(function):
                writes += 1
                by = {keyword.arg: keyword.value for keyword in call.keywords}.get("by")
                if by is None or _dotted(by).split(".")[0] not in given:
                    found.append(f"{name}:{call.lineno}")
    assert found == []
    assert writes > 30, "the walk found the services"


def _writes_in(function: ast.FunctionDef) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [call for call in calls if _dotted(call.func) in ("writing", "freezing")]


REQUESTS = {  # below the views, yet made for a page: each is handed the request as an argument
    "bureau/accounts/access.py": "the guards of the views",
    "bureau/accounts/sessions.py": "what a sign-in page reads off its request",
}


def test_services_queries_and_rules_never_see_a_request(modules):
    kinds = (
        "services.py",
        "queries.py",
        "rules.py",
        "models.py",
        "writer.py",
        "engine.py",
        "lineage.py",
        "freezing.py",
    )
    found = []
    for name, tree in modules:
        pure = name.startswith(("kernel/", "catalogue/", "office/")) or Path(name).name in kinds
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        if pure and name not in REQUESTS and ("HttpRequest" in names or "request" in arguments):
            found.append(name)
    assert found == []


PLANTED = """
    from datetime import date, datetime
    import threading, time
    from contextvars import ContextVar
    from django.db import models
    from django.db.models.functions import Now
    from django.utils import timezone

    STATE = threading.local()
    USER = ContextVar("user")

    class Row(models.Model):
        made = models.DateTimeField(auto_now_add=True)
        day = models.DateField(default=timezone.now)

    def f(cursor, value):
        a = datetime.now()
        b = date.today()
        c = timezone.localdate()
        d = time.time()
        e = get_current_user()
        g = Row.objects.update(made=Now())
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        h = timezone.localtime()
        return timezone.localtime(value)
"""


def test_the_search_finds_what_is_planted():
    lines = dedent(PLANTED).splitlines()
    found = {line for line, _ in offences(ast.parse(dedent(PLANTED)))}
    words = (
        "threading.local()", "ContextVar(", "auto_now_add", "default=timezone.now", "datetime.now()", "date.today()",
        "localdate()", "time.time()", "get_current_user()", "Now())", "CURRENT_TIMESTAMP", "timezone.localtime()",
    )  # fmt: skip
    missed = [word for word in words if not any(word in lines[number - 1] for number in found)]
    assert missed == []
    assert not any("localtime(value)" in lines[number - 1] for number in found)
