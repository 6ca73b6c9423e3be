"""The pages of targets and tasks, button by button."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from keshu.bureau.ledgers.services import snapshot_for
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.targets import services
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.services import TargetSpec

CITY, RIVER, ROCK = "990100", "990102", "990121"
OFFICE = Actor("office", "苏文")
INDEX, NEW, TASKS = "/targets/", "/targets/new/", "/targets/tasks/"
YEAR = timezone.localdate().year


@pytest.fixture
def target(places):
    """`target()` sets 高企 of the city for this year; `target(place=…, indicator=…)` another."""

    def make(indicator="hte.valid", place=CITY, low="10", kind="at_least", **more):
        values = {"year": YEAR, "issuer": "市政府", "document": "云政1号"} | more
        spec = TargetSpec(indicator=indicator, place=place, kind=kind, low=Decimal(low) if low else None, **values)
        return services.set_target(spec, by=OFFICE)

    return make


@pytest.fixture
def section_head(users):
    """The head answers for 高新科 in 青岩县 only."""
    held = users["head"].memberships.get()
    held.place, held.sections = Place.objects.get(code=ROCK), ["高新科"]
    held.save()
    return users["head"]


def filled(**more):
    said = {
        "year": str(YEAR), "place": CITY, "indicator": "contract.total", "section": "", "kind": "at_least", "tier": "",
        "low": "6.5", "high": "", "issuer": "云中省科学技术厅", "document": "云中科函6号", "promised_in": "", "weight": "5", "note": "",
    }  # fmt: skip
    return said | more


def adjusted(row, **more):
    said = {
        "kind": "at_least", "tier": "", "low": "12", "high": "", "issuer": "市政府", "document": "云政1号", "promised_in": "",
        "weight": "", "note": "", "reason": "云政〔2026〕9号", "seen": str(row.number),
    }  # fmt: skip
    return said | more


def acts():
    return list(Act.objects.filter(verb__startswith="target.").order_by("pk").values_list("verb", "by", "reason"))


def test_setting_a_target_leaves_exactly_this(client_as):
    answer = client_as("office").post(NEW, filled())
    row = TargetRevision.objects.get()
    assert answer.url == reverse("targets:detail", args=[row.target_id])
    assert (row.indicator, row.place.code, row.year, row.low, row.weight) == (
        "contract.total",
        CITY,
        YEAR,
        650_000_000,
        5,
    )
    assert acts() == [("target.set", "office", "")]


@pytest.mark.parametrize(
    ("typed", "low"),
    [("6.5亿元", 650_000_000), ("6500万元", 65_000_000), ("６.５", 650_000_000)],
    ids=["with its unit", "in another unit", "full width"],
)
def test_amounts_are_read_as_people_type_them(client_as, typed, low):
    client_as("office").post(NEW, filled(low=typed))
    assert TargetRevision.objects.get().low == low


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"low": "很多"}, "low"), ({"indicator": "no.such"}, "indicator"), ({"place": "000000"}, "place"),
        ({"issuer": ""}, "issuer"), ({"year": "1900"}, "year"), ({"low": ""}, "__all__"), ({"document": ""}, "__all__"),
        ({"kind": "range", "high": "5"}, "__all__"),
    ],
)  # fmt: skip
def test_a_wrong_target_says_where(client_as, wrong, field):
    answer = client_as("office").post(NEW, filled(**wrong))
    assert list(answer.context["form"].errors) == [field]
    assert not TargetRevision.objects.exists()
    assert acts() == []


def test_pressed_twice_it_is_set_once(client_as):
    client = client_as("office")
    client.post(NEW, filled())
    again = client.post(NEW, filled())
    assert "已下达同一档次" in again.context["form"].non_field_errors()[0]
    assert TargetRevision.objects.count() == 1


def test_adjusting_keeps_what_was(client_as, target):
    row = target()
    other = target(indicator="patent.filed")
    url = reverse("targets:edit", args=[row.target_id])
    assert client_as("office").get(url).context["form"].initial["low"] == "10"
    assert client_as("office").post(url, adjusted(row)).url == reverse("targets:detail", args=[row.target_id])
    found = TargetRevision.objects.filter(target_id=row.target_id).order_by("number").values_list("low", "number")
    assert list(found) == [(10, 1), (12, 2)]
    assert TargetRevision.objects.filter(target_id=other.target_id).count() == 1
    assert acts()[2:] == [("target.revise", "office", "云政〔2026〕9号")]


def test_money_comes_back_as_it_was_shown(client_as, target):
    row = target(indicator="contract.total", low="650000000")
    url = reverse("targets:edit", args=[row.target_id])
    shown = client_as("office").get(url).context["form"].initial["low"]
    client_as("office").post(url, adjusted(row, low=shown, note="改说明"))
    assert TargetRevision.objects.get(target_id=row.target_id, number=2).low == 650_000_000


def test_adjusting_without_a_reason_or_from_a_stale_page(client_as, target):
    row = target()
    client, url = client_as("office"), reverse("targets:edit", args=[row.target_id])
    assert list(client.post(url, adjusted(row, reason="")).context["form"].errors) == ["reason"]
    client.post(url, adjusted(row))
    stale = client.post(url, adjusted(row, low="13"))
    assert "修改，请刷新" in stale.context["form"].non_field_errors()[0]
    assert TargetRevision.objects.get(known_to=None).low == 12


def test_withdrawing_wants_a_reason_and_leaves_the_list(client_as, target):
    row = target()
    client, url = client_as("office"), reverse("targets:withdraw", args=[row.target_id])
    assert client.get(url).status_code == 200
    assert list(client.post(url, {"seen": "1"}).context["form"].errors) == ["reason"]
    assert client.post(url, {"seen": "1", "reason": "上级取消"}).url == INDEX
    assert acts()[1:] == [("target.withdraw", "office", "上级取消")]
    again = client.post(url, {"seen": "1", "reason": "上级取消"})
    assert again.context["form"].non_field_errors()
    assert "上级取消" in client.get(reverse("targets:detail", args=[row.target_id])).content.decode()
    assert client.get(INDEX).context["counts"].total == 0


def test_breaking_down_on_one_page(client_as, target):
    row = target()
    client, url = client_as("office"), reverse("targets:break-down", args=[row.target_id])
    said = {"issuer": "市科技局", "document": "云科3号", "reason": "", f"share-{RIVER}": "6", f"share-{ROCK}": "3"}
    assert client.post(url, {**said, f"share-{RIVER}": "", f"share-{ROCK}": ""}).context["form"].non_field_errors()
    assert list(client.post(url, {**said, f"share-{ROCK}": "很多"}).context["form"].errors) == [f"share-{ROCK}"]
    assert client.post(url, said).url == reverse("targets:detail", args=[row.target_id])
    client.post(url, said)
    parts = TargetRevision.objects.filter(parent_id=row.target_id)
    assert sorted(parts.values_list("place__code", "low", "number")) == [(RIVER, 6, 1), (ROCK, 3, 1)]
    assert [verb for verb, *_ in acts()] == ["target.set", "target.break-down"]
    page = client.get(reverse("targets:detail", args=[row.target_id])).content.decode()
    assert "尚有 1家 未分解" in page
    assert client.get(url).context["form"].initial["issuer"] == "市科技局"


def test_places_and_sections_stand_under_headings_of_their_own(client_as, target):
    page = client_as("office").get(reverse("targets:break-down", args=[target().target_id]))
    text = page.content.decode()
    places, sections = text.split("下达县区")[1].split("本级科室")
    assert f'share-{ROCK}"' in places
    assert f"share-{CITY}-" not in places
    assert f"share-{CITY}-" in sections
    assert f'share-{ROCK}"' not in sections


def pages_of(row):
    return [NEW, *(reverse(f"targets:{name}", args=[row.target_id]) for name in ("edit", "break-down", "withdraw"))]


@pytest.mark.parametrize("role", ["system", "security", "audit", "deputy", "clerk", "county"])
def test_nobody_else_changes_targets(client_as, target, role):
    row = target()
    client, before = client_as(role), acts()
    for url in pages_of(row):
        assert client.get(url).status_code == client.post(url, filled() | adjusted(row)).status_code == 403
    assert acts() == before


def test_not_signed_in(client, target):
    row = target()
    for url in [INDEX, TASKS, "/targets/export/", reverse("targets:detail", args=[row.target_id]), *pages_of(row)]:
        assert client.get(url).url.startswith("/accounts/sign-in/")
        assert client.post(url, {}).url.startswith("/accounts/sign-in/")


def test_wrong_methods(client_as, target):
    row = target()
    client = client_as("office")
    for url in (
        INDEX,
        "/targets/export/",
        TASKS,
        "/targets/tasks/export/",
        reverse("targets:detail", args=[row.target_id]),
    ):
        assert client.post(url).status_code == 405
    for url in pages_of(row):
        assert client.put(url).status_code == 405


def test_the_right_role_elsewhere_changes_nothing(client_as, target, section_head):
    """Another place, and another section's indicator in the own place; the own one works."""
    city, patents, own = target(), target("patent.filed", ROCK), target(place=ROCK)
    client = client_as("head")
    for row in (city, patents):
        for url in pages_of(row)[1:]:
            assert client.post(url, adjusted(row)).status_code == 403
    for wrong, field in (({"place": CITY, "indicator": "hte.new"}, "place"), ({"place": ROCK}, "indicator")):
        assert list(client.post(NEW, filled(**wrong)).context["form"].errors) == [field]
    assert client.post(reverse("targets:edit", args=[own.target_id]), adjusted(own)).status_code == 302
    assert [verb for verb, *_ in acts()][3:] == ["target.revise"]


def test_the_list_shows_everybodys_targets_and_hides_what_one_may_not_do(client_as, target):
    row = target()
    target("contract.total", low="650000000", kind="range", high=Decimal(700000000))
    page = client_as("county").get(f"{INDEX}?place={CITY}")
    assert "6.5亿元—7亿元" in page.content.decode() or "6.5—7亿元" in page.content.decode()
    assert NEW not in page.content.decode()
    detail = client_as("county").get(reverse("targets:detail", args=[row.target_id])).content.decode()
    assert "/edit/" not in detail
    assert "/edit/" in client_as("office").get(reverse("targets:detail", args=[row.target_id])).content.decode()


def test_the_filter_leaves_what_is_asked_for(client_as, target):
    target(low="0")
    target("patent.filed", low="10")
    client = client_as("office")
    assert client.get(INDEX).context["counts"].total == 2
    reached = client.get(f"{INDEX}?concern=reached").context["themes"]
    assert [line.main.row.indicator for lines in reached.values() for line in lines] == ["hte.valid"]
    assert client.get(f"{INDEX}?year={YEAR + 1}").context["counts"].total == 0
    for slip in ("year=x", "place=000000", "on=x", "concern=x"):
        assert client.get(f"{INDEX}?{slip}").status_code == 200
    assert client.get(f"{INDEX}?on=2001-01-01").context["counts"].total == 0


def test_a_place_that_was_recorded_later_was_there_all_the_same(client_as, places):
    spec = TargetSpec("hte.valid", CITY, 2019, "exact", Decimal(9), issuer="市政府", document="云政1号")
    services.set_target(spec, by=OFFICE, known_on=date(2019, 1, 10))
    early = client_as("office").get(f"{INDEX}?year=2019&on=2019-06-01")
    assert early.context["form"].errors == {}
    assert "有效高新技术企业" in early.content.decode()


def test_the_export_has_what_the_list_has(client_as, target):
    target(tier="ensure")
    target(tier="strive", low="12")
    answer = client_as("office").get("/targets/export/")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    at = {name: number for number, name in enumerate(rows[0])}
    assert [(row[at["指标"]], row[at["档次"]], row[at["目标值"]]) for row in rows[1:]] == [
        ("有效高新技术企业数", "确保目标", 10), ("有效高新技术企业数", "争取目标", 12),
    ]  # fmt: skip


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_with_more_rows(client_as, target, django_assert_num_queries, n):
    for low in range(n):
        target(issuer=f"单位{low}")
    client = client_as("office")
    client.get(INDEX)  # the first visit writes the session
    with django_assert_num_queries(15):
        client.get(INDEX)


def test_an_unknown_target_is_not_found(client_as, users):
    client = client_as("office")
    for name in ("detail", "edit", "break-down", "withdraw"):
        assert client.get(reverse(f"targets:{name}", args=[4711])).status_code == 404


@pytest.fixture
def task(places):
    """`task(name, …)` writes a row of the ledger of tasks."""
    from keshu.bureau.ledgers.catalogue import ledger_of

    def make(name, place=CITY, **values):
        ledger = ledger_of("task")
        values = {"year": YEAR, "source": "letter", "status": "running"} | values
        snapshot = snapshot_for(ledger, {"name": name, **values}, places[place].pk)
        with writing(verb="test.task", by=OFFICE) as under_way:
            return put(ledger, [Change(snapshot)], origin="form", within=under_way)[0]

    return make


def test_tasks_say_who_has_not_written(client_as, task):
    today = timezone.localdate()
    task("已写", noted_on=today, section="高新科", due=date(YEAR, 12, 31))
    task("未写", section="成果科", due=date(YEAR, 1, 31))
    task("办结", status="done", done_on=today)
    task("别处", place=ROCK)
    page = client_as("office").get(TASKS)
    assert [(one.name, one.silent, one.overdue) for one in page.context["tasks"]] == [
        ("未写", True, today > date(YEAR, 1, 31)), ("已写", False, False), ("办结", False, False),
    ]  # fmt: skip
    assert page.context["counts"] == {"total": 3, "done": 1, "silent": 1, "overdue": int(today > date(YEAR, 1, 31))}
    for query, names in (
        ("state=silent", ["未写"]),
        ("section=高新科", ["已写"]),
        ("state=done", ["办结"]),
        ("year=x", None),
    ):
        found = client_as("office").get(f"{TASKS}?{query}").context["tasks"]
        assert names is None or [one.name for one in found] == names


def test_tasks_are_cut_to_what_the_viewer_may_see(client_as, task):
    task("市里的")
    task("县里的", place=ROCK)
    client = client_as("county")
    assert [one.name for one in client.get(TASKS).context["tasks"]] == ["县里的"]
    assert client.get(f"{TASKS}?place={CITY}").context["tasks"] == []


def test_the_tasks_export(client_as, task):
    task("未写", section="成果科")
    answer = client_as("office").get("/targets/tasks/export/")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert (rows[1][0], rows[1][4], rows[1][-1]) == ("未写", "成果科", "未更新")


def test_the_home_page_names_what_is_late(client_as, target, task):
    task("快到期", due=timezone.localdate(), section="高新科")
    target("hte.new", low="10")
    page = client_as("office").get("/").content.decode()
    assert "快到期" in page
    if timezone.localdate().month > 2:
        assert "滞后的目标" in page
