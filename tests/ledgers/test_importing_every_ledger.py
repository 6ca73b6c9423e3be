"""Every ledger of the catalogue, as a clerk would type it: any heading that the definition knows, any spelling of a value.

The rows come from the demo city's generators. They must come in without a complaint, and mean what they meant.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random

import pytest

from keshu.bureau.ledgers.catalogue import catalogue, ledger_of
from keshu.bureau.ledgers.importing import services, staging
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import key_of, values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.personal import decrypt, is_token
from keshu.bureau.places.services import plant_places
from keshu.kernel.typed.read import cleaned
from keshu.site.demo import city as demo_city
from keshu.site.demo.world import GENERATORS, Row, build
from tests.ledgers.conftest import CLERK, NOW, said
from tests.ledgers.workbooks import Sheet, xlsx

ROWS = 40
#: ledgers of functions that the demo city has not, or that people fill by hand only
BY_HAND = {
    "ip_enforcement": [Row({"number": f"云知法字〔2025〕{n}号", "name": f"涉嫌假冒专利案{n}", "kind": "fake",
                            "opened": date(2025, 3, n)}, "990100") for n in range(1, 4)],
    "quake_terminal": [Row({"name": f"城关中学{n}", "kind": "terminal"}, "990121")
                       for n in range(1, 4)],
    "phrase": [Row({"text": f"坚持创新驱动{n}", "slot": "term", "started": date(2025, 1, n), "document": "云委发〔2025〕1号"},
                   "990100") for n in range(1, 4)],
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    from keshu.site.demo import enterprises, innovation, market, people, projects, work  # noqa: F401

    return build()


@pytest.fixture
def places(db):
    return {code: place.pk for code, place in plant_places(demo_city.places(), by=CLERK, since=demo_city.SINCE).items()}


def test_every_ledger_has_a_generator(world):
    assert set(GENERATORS) == set(catalogue().ledgers)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("code", sorted(catalogue().ledgers))
def test_a_ledger_typed_by_a_clerk_comes_in_and_means_what_it_meant(world, places, code, seed):
    ledger, draw = ledger_of(code), Random(f"{code}:{seed}")
    made = [row for year in (2024, 2025) for row in islice(GENERATORS[code](world, year), ROWS)]
    rows = _different(ledger, made or BY_HAND[code], places)
    names = [firm.name for firm in world.firms] + list(world.others)
    content = _workbook(ledger, rows, names, draw)
    batch = services.stage(code, content, name="表.xlsx", place="990100", by=CLERK, at=NOW)
    assert said(batch) == set(), list(staging.problems_of(batch))[:5]
    assert batch.counts["new"] == len(rows)
    services.commit(batch.pk, by=CLERK)
    stored = {int(row.origin_cell.rsplit("!", 1)[1]): row for row in Revision.objects.filter(ledger=code)}
    parties = dict(Party.objects.values_list("pk", "name"))
    for number, row in enumerate(rows, start=2):
        assert _plainly(ledger, values_of(ledger, stored[number]), parties) == _meant(ledger, row, names, places)


def _different(ledger, rows, places):
    """Rows with keys of their own, with an identity that reads as one."""
    kept = {}
    for row in rows:
        values = dict(row.values)
        kept.setdefault(key_of(ledger, values, place_id=places[row.place]), row)
    return list(kept.values())


def _workbook(ledger, rows, names, draw):
    used = [item for item in ledger.fields if any(_has(row.values.get(item.code)) for row in rows)]
    known = ledger.headers()
    heads, units = [], {}
    from keshu.catalogue.headers import normalise_header

    for item in used:
        spellings = [s for s in item.spellings if known.get(normalise_header(s)) == item.code]
        unit = draw.choice(["", "(元)", "（万元）"]) if item.type == "money" else ""
        units[item.code] = Decimal(10_000) if "万" in unit else Decimal(1)
        heads.append(draw.choice(spellings) + unit)
    lacking = ledger.mapped("place") and ledger.mapped("place").code not in {item.code for item in used}
    place_of = {spec.code: spec.name for spec in demo_city.places()}
    parent = {spec.code: spec.parent for spec in demo_city.places()}
    body = []
    for row in rows:
        cells = [
            _cell(item, row.values.get(item.code), names, place_of, parent, units[item.code], draw) for item in used
        ]
        body.append([*cells, _place(row.place, place_of, parent)] if lacking else cells)
    return xlsx(Sheet("表", [[*heads, "所属区划"] if lacking else heads, *body]))


def _place(code, place_of, parent):
    return place_of[code] if len(code) <= 6 else f"{place_of[parent[code]]}{place_of[code]}"


def _has(value):
    return value is not None and value != "" and value != []


def _cell(item, value, names, place_of, parent, unit, draw):
    if not _has(value):
        return draw.choice(["", "/", "无"]) if item.type in ("money", "date") else ""
    match item.type:
        case "party":
            return names[value]
        case "parties":
            return draw.choice("、;；").join(names[index] for index in value)
        case "place":
            return _place(value, place_of, parent)
        case "code":
            return draw.choice([item.codes[value].name, *item.codes[value].aliases])
        case "bool":
            return draw.choice(["是", "√", "有"] if value else ["否", "×"])
        case "money":
            amount = Decimal(value) / unit
            return draw.choice([float(amount), f"{amount:,f}"]) if amount < 10**9 else f"{amount:f}"
        case "quantity" | "integer" | "number":
            return draw.choice([float(value), str(value)])
        case "date":
            return _day(value, draw)
        case "month":
            year, month = str(value)[:7].split("-")
            return draw.choice([f"{year}年{int(month)}月", f"{year}-{month}", f"{year}{month}"])
        case "year":
            return draw.choice([int(value), f"{value}年", f"{value}年度"])
        case _:
            return str(value)


def _day(day, draw):
    styles = [
        day, f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", (day - date(1899, 12, 30)) // timedelta(days=1),
    ]  # fmt: skip
    return draw.choice(styles)


def _plainly(ledger, values, parties):
    found = {}
    for item in ledger.fields:
        value = values.get(item.code)
        if not _has(value) or value is False:
            continue
        if item.type == "party":
            value = parties[value]
        elif item.type == "parties":
            value = [parties[pk] for pk in value]
        found[item.code] = decrypt(value) if is_token(value) else value
    return found


def _meant(ledger, row, names, places):
    found = {}
    for item in ledger.fields:
        value = row.values.get(item.code)
        if item.maps == "place" and not _has(value):
            value = row.place
        if not _has(value) and item.default is not None:
            value = item.default
        if not _has(value) or value is False:
            continue
        match item.type:
            case "party":
                value = names[value]
            case "parties":
                value = [names[index] for index in value]
            case "place":
                value = places[value]
            case "money" | "quantity" | "integer" | "number":
                value = Decimal(value)
            case "year":
                value = int(value)
            case "text":
                value = cleaned(value)  # brackets and signs as they are compared: half-width
            case _:
                value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        found[item.code] = value
    return found
