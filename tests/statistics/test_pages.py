"""Pages of figures and sources: what they show, to whom, and what a button leaves behind."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from keshu.bureau.ledgers.snapshots import compose
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.statistics import services
from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.bureau.statistics.services import SourceSpec, Upload, ValueSpec
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
CITY, RIVER, ROCK = "990100", "990102", "990121"
SPEC = SourceSpec("省统计局", "年度通报", date(2025, 12, 31), date(2026, 3, 1), "省统〔2026〕7号")
HEAD = {
    "issuer": "省统计局", "title": "年度通报", "number": "", "cut_off": "2025-12-31", "obtained_on": "2026-03-01",
    "status": "flash", "release": "internal", "note": "",
}  # fmt: skip


@pytest.fixture
def stories(places):
    """Two stories in the press: one in 青岩县, one in 江川区."""
    from keshu.bureau.ledgers.catalogue import catalogue

    ledger = catalogue().ledgers["media"]
    rows = []
    for place, title in ((ROCK, "青岩有稿"), (RIVER, "江川有稿")):
        values = {"name": title, "published": date(2025, 5, 5), "outlet": "云岭日报", "kind": "news"}
        values |= {"status": "published", "pieces": Decimal(1)}
        with writing(verb="test.row", by=CLERK) as under_way:
            change = Change(compose(ledger, values, place_id=places[place].pk))
            rows += put(ledger, [change], origin="form", within=under_way)
    return rows


@pytest.fixture
def source(places):
    def make(*values):
        return services.add_source(SPEC, by=CLERK, values=values, upload=Upload(b"%PDF-1.4 scan", "通报.pdf")).source

    return make


def test_the_list_shows_a_theme_and_finds_by_name(client_as, places):
    client = client_as("clerk")
    page = client.get(reverse("statistics:index")).content.decode()
    assert "有效高新技术企业数" in page
    found = client.get(reverse("statistics:index"), {"q": "技术合同", "period": "2025"}).content.decode()
    assert "技术合同" in found
    assert "有效高新技术企业数" not in found


def test_a_slip_in_the_period_is_said_and_the_page_still_comes(client_as, places):
    page = client_as("clerk").get(reverse("statistics:index"), {"period": "去年"})
    assert (page.status_code, "不是可识别的期间" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(("name", "args"), [("index", []), ("indicator", ["media.count"]), ("figure", [])])
def test_an_address_that_names_no_period_or_place_says_so(client_as, stories, name, args):
    address = reverse(f"statistics:{name}", args=args)
    wrong = client_as("clerk").get(address, {"ref": "media.count", "period": "2026-13", "place": "1"})
    text = wrong.content.decode()
    assert "没有代码为“1”的区划，现显示云岭市" in text
    assert "2026-13" in text.split('role="alert"')[1].split("</div>")[0]
    if name != "figure":
        files = {"index": "index-export", "indicator": "rows-export"}
        file = reverse(f"statistics:{files[name]}", args=args)
        assert client_as("clerk").get(file, {"period": "2026-13"}).status_code == 404
    right = client_as("clerk").get(address, {"ref": "media.count", "period": "2025", "place": ROCK}).content.decode()
    assert "现显示" not in right


def test_money_too_small_for_its_unit_goes_in_the_smaller_one(client_as, source):
    source(
        ValueSpec("econ.gdp", ROCK, Period.parse("2025"), Decimal(4_123_400)),
        ValueSpec("econ.gdp", RIVER, Period.parse("2025"), Decimal(250_000_000)),
    )
    client = client_as("clerk")
    listed = {
        place: client.get(reverse("statistics:index"), {"q": "econ.gdp", "period": "2025", "place": place})
        for place in (ROCK, RIVER)
    }
    lines = {place: page.context["lines"][0] for place, page in listed.items()}
    assert (lines[ROCK].value, lines[ROCK].unit) == ("412.34", "万元")
    assert (lines[RIVER].value, lines[RIVER].unit) == ("2.50", "亿元")
    page = client.get(reverse("statistics:indicator", args=["econ.gdp"]), {"period": "2025", "place": CITY})
    below = {line.place: (line.value, line.unit) for line in page.context["whole"].place_lines}
    assert below == {ROCK: ("412.34", "万元"), RIVER: ("25,000.00", "万元")}


def test_the_list_costs_the_same_for_one_and_for_many_indicators(client_as, places, django_assert_max_num_queries):
    client = client_as("clerk")
    with django_assert_max_num_queries(45):  # at most two statements for each ledger of the theme, and the shell
        client.get(reverse("statistics:index"), {"theme": "平台载体", "period": "2025"})


def test_every_kind_of_indicator_has_its_page(client_as, places, source):
    client = client_as("clerk")
    source(ValueSpec("econ.gdp", CITY, Period.parse("2025"), Decimal(12345678900), cell="表1!B3"))
    for code in ("hte.valid", "hte.new", "hte.pass_rate", "hte.new_all_levels", "econ.gdp"):
        page = client.get(reverse("statistics:indicator", args=[code]), {"period": "2025"})
        assert page.status_code == 200, code
    page = client.get(reverse("statistics:indicator", args=["econ.gdp"]), {"period": "2025"}).content.decode()
    assert "123.46 亿元" in page
    assert "表1!B3" in page
    assert client.get(reverse("statistics:indicator", args=["no.such"])).status_code == 404


def test_a_figure_opens_its_rows_and_hides_those_of_other_places(client_as, stories):
    address = reverse("statistics:figure") + f"?ref=media.count@{CITY}/2025"
    everything = client_as("clerk").get(address)
    text = everything.content.decode()
    assert "青岩有稿" in text
    assert "江川有稿" in text
    county = client_as("county").get(address).content.decode()
    assert "青岩有稿" in county
    assert "江川有稿" not in county
    assert "另有 1 条不在您的权限内" in county


def test_a_figure_opens_its_document(client_as, source):
    source(ValueSpec("econ.gdp", CITY, Period.parse("2025"), Decimal(12345678900), cell="表1!B3"))
    page = client_as("clerk").get(reverse("statistics:figure") + f"?ref=econ.gdp@{CITY}/2025:growth").content.decode()
    assert "《年度通报》(省统〔2026〕7号)" in page
    assert "表1!B3" in page
    for wrong in ("no.such", "econ.gdp:nonsense", "econ.gdp@123", ""):
        assert client_as("clerk").get(reverse("statistics:figure"), {"ref": wrong}).status_code == 404, wrong


def test_exports_are_workbooks(client_as, places, source):
    client = client_as("clerk")
    number = source(ValueSpec("econ.gdp", CITY, Period.parse("2025"), Decimal(1)))
    for address in (
        reverse("statistics:index-export") + "?theme=创新主体&period=2025",
        reverse("statistics:rows-export", args=["hte.valid"]),
        reverse("statistics:places-export", args=["hte.valid"]),
        reverse("statistics:sources-export"),
        reverse("statistics:source-export", args=[number]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"".join(answer.streaming_content).startswith(b"PK"), address


def test_a_source_is_entered_by_hand_and_carries_its_values(client_as, places):
    client = client_as("clerk")
    answer = client.post(reverse("statistics:source-add"), HEAD)
    source = Heading.objects.get()
    assert answer.url == reverse("statistics:source", args=[source.source_id])
    value = {"indicator": "GDP", "place": CITY, "period": "2025", "value": "123.4亿元", "rank": "3", "rank_of": "9"}
    client.post(reverse("statistics:source-value", args=[source.source_id]), value)
    row = ReceivedValue.objects.get()
    assert (row.indicator, row.value, row.rank) == ("econ.gdp", Decimal(12_340_000_000), 3)
    page = client.get(reverse("statistics:source", args=[source.source_id])).content.decode()
    assert "123.40" in page
    assert Act.objects.filter(verb__in=["source.add", "received.record"]).count() == 2


def test_bad_values_are_refused_with_a_sentence(client_as, source):
    number = source()
    client = client_as("clerk")
    for value, words in (
        ({"indicator": "没有的指标"}, "指标库中没有"),
        ({"period": "某年"}, "不是可识别的期间"),
        ({"value": "见附件"}, "请填写一个数"),
        ({"value": ""}, "至少填一项"),
        ({"rank": "9", "rank_of": "3"}, "请核对通报"),
    ):
        form = {"indicator": "GDP", "place": CITY, "period": "2025", "value": "1"} | value
        page = client.post(reverse("statistics:source-value", args=[number]), form)
        assert words in page.content.decode(), value
    assert ReceivedValue.objects.count() == 0


def test_correcting_wants_the_newest_state(client_as, source):
    number = source()
    client = client_as("clerk")
    client.post(reverse("statistics:source-edit", args=[number]), HEAD | {"title": "更正后", "seen": "1"})
    stale = client.post(reverse("statistics:source-edit", args=[number]), HEAD | {"title": "又改", "seen": "1"})
    assert "请刷新后" in stale.content.decode()
    assert Heading.objects.get(known_to__isnull=True).title == "更正后"


def test_withdrawing_voiding_and_undoing(client_as, source):
    number = source(ValueSpec("econ.gdp", CITY, Period.parse("2025"), Decimal(1)))
    client = client_as("clerk")
    value = ReceivedValue.objects.get()
    assert client.get(reverse("statistics:value-void", args=[value.pk])).status_code == 200
    client.post(reverse("statistics:value-void", args=[value.pk]), {"reason": "录错"})
    assert ReceivedValue.objects.get(known_to__isnull=True).voided
    client.post(reverse("statistics:source-withdraw", args=[number]), {"reason": ""})
    assert not Heading.objects.get(known_to__isnull=True).voided
    client.post(reverse("statistics:source-withdraw", args=[number]), {"reason": "收回"})
    assert Heading.objects.get(known_to__isnull=True).voided
    again = client.post(reverse("statistics:undo", args=[value.act_id]), follow=True)
    assert again.status_code == 200
    assert client.get(reverse("statistics:undo", args=[value.act_id])).status_code == 405


def test_a_bulletin_is_shown_before_it_is_taken_in(client_as, places):
    table = "2025年主要指标,,\n地区,地区生产总值(亿元),位次\n江川区,120.5,2\n青岩县,88.1,1\n全市,300,\n".encode()
    client = client_as("clerk")

    def upload():
        from django.core.files.uploadedfile import SimpleUploadedFile

        return HEAD | {"file": SimpleUploadedFile("通报.csv", table), "period": ""}

    preview = client.post(reverse("statistics:source-import"), upload())
    text = preview.content.decode()
    assert "读到 3 个数值" in text
    assert "120.50" in text
    assert ReceivedValue.objects.count() == 0
    done = client.post(reverse("statistics:source-import"), {"token": preview.context["token"]})
    assert done.status_code == 302
    assert sorted(ReceivedValue.objects.values_list("place__code", "rank")) == [(CITY, None), (RIVER, 2), (ROCK, 1)]
    again = client.post(reverse("statistics:source-import"), upload())
    client.post(reverse("statistics:source-import"), {"token": again.context["token"]})
    assert (ReceivedValue.objects.count(), Heading.objects.count()) == (3, 1)
    forged = client.post(reverse("statistics:source-import"), {"token": "x" + preview.context["token"]}, follow=True)
    assert "请重新上传" in forged.content.decode()


def test_the_whole_of_a_bulletin_is_the_place_of_whoever_brings_it(client_as, users, places):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from keshu.bureau.accounts.models import Membership

    Membership.objects.filter(user=users["clerk"]).update(place=places[ROCK])
    client = client_as("clerk")
    page = client.get(reverse("statistics:source-import")).content.decode()
    assert f'<option value="{ROCK}" selected>' in page
    assert f'<option value="{RIVER}"' not in page
    file = SimpleUploadedFile("通报.csv", "2025年,\n地区,地区生产总值(亿元)\n全县,88.1\n".encode())
    preview = client.post(reverse("statistics:source-import"), HEAD | {"file": file, "period": ""})
    client.post(reverse("statistics:source-import"), {"token": preview.context["token"]})
    assert list(ReceivedValue.objects.values_list("place__code", flat=True)) == [ROCK]


def test_only_those_who_may_edit_sources_do(client_as, source):
    number = source(ValueSpec("econ.gdp", ROCK, Period.parse("2025"), Decimal(1)))
    value = ReceivedValue.objects.get()
    doors = [
        reverse("statistics:source-add"), reverse("statistics:source-import"),
        reverse("statistics:source-edit", args=[number]), reverse("statistics:source-value", args=[number]),
        reverse("statistics:source-withdraw", args=[number]), reverse("statistics:value-void", args=[value.pk]),
        reverse("statistics:undo", args=[value.act_id]),
    ]  # fmt: skip
    for role in ("county", "director", "system"):
        for door in doors:
            assert client_as(role).post(door).status_code == 403, (role, door)
    assert client_as("county").get(reverse("statistics:source", args=[number])).status_code == 200
    assert ReceivedValue.objects.count() == 1


def test_a_county_sees_only_its_values_of_a_bulletin(client_as, source):
    number = source(
        ValueSpec("econ.gdp", ROCK, Period.parse("2025"), Decimal(100_000_000)),
        ValueSpec("econ.gdp", RIVER, Period.parse("2025"), Decimal(900_000_000)),
    )
    page = client_as("county").get(reverse("statistics:source", args=[number])).content.decode()
    assert "1.00" in page
    assert "9.00" not in page


def test_the_home_page_names_what_rows_and_documents_tell_differently(client_as, stories, source):
    from django.utils import timezone

    year = timezone.localdate().year - 1
    source(
        ValueSpec("media.count", CITY, Period.of_year(year), Decimal(7)),
        ValueSpec("media.adopted", CITY, Period.of_year(year), Decimal(0)),
    )
    page = client_as("clerk").get(reverse("desk:home")).content.decode()
    assert "台账与来源件不一致" in page
    assert "媒体报道篇数" in page
    assert "信息采用" not in page.split("台账与来源件不一致")[1].split("</section>")[0]


def test_search_finds_documents(client_as, source):
    source()
    page = client_as("clerk").get(reverse("desk:search"), {"q": "年度通报"}).content.decode()
    assert "省统〔2026〕7号" in page
