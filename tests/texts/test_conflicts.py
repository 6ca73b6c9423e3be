"""The same figure in two drafts; a figure copied from last year although the records moved."""

import pytest

from keshu.bureau.records.services import Actor
from keshu.bureau.texts.conflicts import conflicts
from keshu.bureau.texts.models import Text
from keshu.bureau.texts.pairing import Change
from keshu.bureau.texts.services import TextSpec, keep_text, read_text

CLERK = Actor("office", "王主任")


@pytest.fixture
def drop(places):
    def make(words, title, place="990121"):
        spec = TextSpec(place=place, year=2026, kind="draft", title=title, file_name=f"{title}.txt")
        kept = keep_text(spec, words.encode(), by=CLERK)
        read_text(kept.pk)
        return Text.objects.select_related("reading").get(pk=kept.pk)

    return make


def test_two_drafts_that_say_it_differently(drop):
    one = drop("1—10月，全县专利申请量625件，授权301件。", "成果科")
    other = drop("1—10月，全县专利申请量645件，授权301件。", "办公室")
    found = conflicts([one, other])
    assert [{mention.said for mention in conflict.mentions} for conflict in found] == [{"625件", "645件"}]
    assert {mention.text.title for mention in found[0].mentions} == {"成果科", "办公室"}


def test_rounding_is_no_conflict(drop):
    one = drop("1—10月，全县技术合同成交额5438.32万元。", "成果科")
    other = drop("1—10月，全县技术合同成交额0.54亿元。", "办公室")
    assert conflicts([one, other]) == []


def test_two_places_may_differ(drop):
    one = drop("1—10月，全县专利申请量625件。", "青岩")
    other = drop("1—10月，全区专利申请量645件。", "江川", place="990102")
    assert conflicts([one, other]) == []


@pytest.mark.parametrize(
    ("state", "verdict", "stale"),
    [
        ("same", "differs", True),
        ("same", "agrees_other_date", True),
        ("same", "agrees", False),
        ("moved", "differs", False),
    ],
)
def test_a_copied_figure_is_stale_only_where_the_records_moved(state, verdict, stale):
    figure = {"text": "96家", "verdict": {"verdict": verdict}}
    assert Change(0, figure, figure, state).stale is stale


def test_the_page_lists_them(drop, client_as):
    drop("1—10月，全县专利申请量625件。", "成果科")
    drop("1—10月，全县专利申请量645件。", "办公室")
    page = client_as("office").get("/texts/differing/").content.decode()
    assert "645件" in page
    assert "625件" in page
