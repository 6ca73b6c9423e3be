"""What other programs read: the command line's JSON and /api/v1/figures, in one shape."""

import json
from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.records.services import Actor
from keshu.bureau.statistics import commands, services
from keshu.bureau.statistics.definitions import UnknownIndicator
from keshu.bureau.statistics.services import SourceSpec, ValueSpec
from keshu.kernel.measure.period import BadPeriod, Period

CLERK = Actor("clerk", "周经办")
CITY, ROCK = "990100", "990121"
TABLE = "2025年主要指标,,\n地区,地区生产总值(亿元),位次\n江川区,120.5,1\n青岩县,88.1,2\n大荒县,1,3\n".encode()


@pytest.fixture
def gdp(places):
    spec = SourceSpec("统计局", "统计公报", date(2025, 12, 31), date(2026, 2, 1), status="annual")
    value = ValueSpec("econ.gdp", CITY, Period.parse("2025"), Decimal("1234.50"), cell="表1!B3")
    return services.add_source(spec, by=CLERK, values=[value])


def test_a_figure_as_json(gdp):
    found = commands.figure(["econ.gdp", "hte.pass_rate"], place=CITY, period="2025", with_lineage=True)
    assert json.loads(json.dumps(found)) == found
    gross, rate = found
    assert (gross["value"], gross["unit"], gross["presence"], gross["status"]) == ("1234.5", "元", "value", "annual")
    assert gross["lineage"] == [
        {"source": "received", "id": gdp.source, "revision": gdp.rows[0].pk, "part": "value", "cell": "表1!B3"}
    ]
    assert (rate["value"], rate["presence"], rate["numerator"]) == (None, "not_applicable", "0")
    assert {"code", "name", "place", "period", "known_at"} <= gross.keys()


def test_as_of_a_day_before_nothing_is_known(gdp):
    assert commands.figure(["econ.gdp"], place=CITY, period="2025", as_of=date(2020, 1, 1))[0]["presence"] == "missing"


def test_what_cannot_be_asked_is_said(places):
    with pytest.raises(UnknownIndicator):
        commands.figure(["nothing"], place=CITY, period="2025")
    with pytest.raises(BadPeriod):
        commands.figure(["econ.gdp"], place=CITY, period="去年")


def test_a_bulletin_by_the_command_line(places, tmp_path):
    file = tmp_path / "通报.csv"
    file.write_bytes(TABLE)
    told = {"period": "2025", "issuer": "统计局", "title": "通报", "by": CLERK}
    looked = commands.import_bulletin(file, **told)
    assert (looked["rows"]["new"], looked["rows"]["wrong"], looked["committed"]) == (2, 1, False)
    assert looked["problems"][0]["row"] == 5
    refused = commands.import_bulletin(file, commit=True, **told)
    assert (refused["committed"], refused["act"]) == (False, None)
    done = commands.import_bulletin(file, commit=True, skip_wrong=True, **told)
    again = commands.import_bulletin(file, commit=True, skip_wrong=True, **told)
    assert (done["committed"], done["rows"]["new"]) == (True, 2)
    assert (again["act"], again["rows"]["new"], again["rows"]["unchanged"], again["source"]) == (
        None,
        0,
        2,
        done["source"],
    )


def test_the_api_answers_in_the_same_shape(client_as, gdp):
    client = client_as("clerk")
    asked = {"place": CITY, "period": "2025", "code": ["econ.gdp", "hte.valid"]}
    answer = client.get("/api/v1/figures", asked).json()
    told = commands.figure(["econ.gdp", "hte.valid"], place=CITY, period="2025")
    assert [one | {"known_at": ""} for one in answer] == [one | {"known_at": ""} for one in told]
    stands_on = client.get("/api/v1/figures/econ.gdp/lineage", {"place": CITY, "period": "2025"}).json()
    assert stands_on["lineage"][0]["cell"] == "表1!B3"


def test_the_api_refuses_with_a_sentence(client_as, client, gdp):
    asked = {"place": CITY, "period": "2025", "code": "econ.gdp"}
    assert client.get("/api/v1/figures", asked).status_code in (401, 302)
    assert client_as("system").get("/api/v1/figures", asked).status_code == 403
    clerk = client_as("clerk")
    for wrong, words in (
        ({"code": "nothing"}, "指标库中没有"),
        ({"place": "1"}, "没有代码为"),
        ({"period": "去年"}, "不是可识别的期间"),
        ({"code": ["econ.gdp"] * 201}, "请分批"),
    ):
        answer = clerk.get("/api/v1/figures", asked | wrong)
        assert (answer.status_code, words in answer.json()["detail"]) == (400, True), wrong
