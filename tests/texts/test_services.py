"""Keeping, reading, judging, removing: one act for each, the reading a cache of the file."""

from decimal import Decimal

import pytest

from keshu.bureau.records import files
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.texts import services, tasks
from keshu.bureau.texts.models import Judgement, Reading, Text, TextFigure, TextFinding
from keshu.bureau.texts.problems import TextProblem
from keshu.bureau.texts.queries import judgements_of, open_findings
from keshu.bureau.texts.services import TextSpec
from tests.texts.conftest import CLERK, WORDS, word_file

pytestmark = pytest.mark.django_db


def test_a_text_is_kept_with_who_and_when_and_read_into_figures(keep):
    text = keep(title="半年情况")
    act = Act.objects.get(verb="text.add")
    assert (act.by, act.place, act.subject) == ("clerk", "990121", "text:《半年情况》")
    assert (text.state, text.added_by, text.added_name, text.added_at) == ("ready", "clerk", "周经办", act.at)
    assert text.reading.content == WORDS
    rows = list(text.figures.order_by("number").values_list("said", "value", "unit"))
    assert rows == [
        ("5家", Decimal(5), "家"), ("3家", Decimal(3), "家"), ("4家", Decimal(4), "家"),
        ("8.46亿元", Decimal(846000000), "元"), ("15.3%", Decimal("15.3"), "%"),
    ]  # fmt: skip
    assert all(one["verdict"]["verdict"] for one in text.reading.figures)
    assert list(faults()) == []


def test_a_word_file_is_read_with_its_paragraphs(keep):
    text = keep(word_file("青岩县总结", "全县高新技术企业46家。"), name="总结.docx")
    assert [row.said for row in text.figures.all()] == ["46家"]
    assert [block["where"] for block in text.reading.blocks][:2] == ["第1段", "第2段"]


def test_the_same_file_of_the_same_place_and_year_is_kept_once(keep):
    first, again, other = keep(), keep(), keep(year=2025)
    assert first.pk == again.pk != other.pk
    assert Act.objects.filter(verb="text.add").count() == 2


def test_an_unknown_place_is_refused_before_anything_is_written(places):
    with pytest.raises(TextProblem, match="990999"):
        services.keep_text(TextSpec("990999", 2026, "draft", "材料", "a.txt"), b"x", by=CLERK)
    assert not Text.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"), [(b"PK\x03\x04broken", "坏.docx"), (b"%PDF-1.4 broken", "坏.pdf"), (b"", "空.txt"), (b"\xff\xd8\xff\xe0", "图.jpg")]
)  # fmt: skip
def test_what_cannot_be_read_says_so_in_words(keep, content, name):
    text = keep(content, name=name)
    assert text.state == "failed"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in text.message)
    assert not Reading.objects.exists()


def test_a_file_that_the_disk_lost_is_told(keep):
    text = keep(read=False)
    files.path_of(text.sha256).unlink()
    assert tasks.read_text.call(text.pk) == "failed"
    text.refresh_from_db()
    assert "重新上传" in text.message


def test_the_worker_may_read_again_and_nothing_doubles(keep, accused):
    """A worker that was killed in the middle is asked again: the second run leaves what the first would have left."""
    accused("5家", "3家")
    text = keep()
    before = [list(model.objects.values_list("number")) for model in (TextFigure, TextFinding)]
    Text.objects.filter(pk=text.pk).update(state=Text.State.READING, step=2)
    assert tasks.read_text.call(text.pk) == "ready"
    assert [list(model.objects.values_list("number")) for model in (TextFigure, TextFinding)] == before
    assert Reading.objects.count() == 1
    assert Act.objects.filter(verb__startswith="text").count() == 1


def test_a_fault_in_the_middle_leaves_the_reading_that_was_there(keep, monkeypatch):
    text = keep()

    def broken(*_args, **_more):
        raise RuntimeError("killed")

    monkeypatch.setattr(services.comparing, "verdicts", broken)
    with pytest.raises(RuntimeError):
        services.read_text(text.pk)
    assert text.figures.count() == 5 and Reading.objects.get().text_id == text.pk


def test_a_text_that_was_removed_while_it_was_read_stays_removed(keep):
    text = keep(read=False)
    pk = text.pk
    services.remove_text(pk, by=CLERK, reason="")
    assert tasks.read_text.call(pk) == ""
    assert not Text.objects.exists() and not Reading.objects.exists()


def test_removing_leaves_an_act_and_takes_the_file_along(keep, django_capture_on_commit_callbacks):
    text = keep(title="错发的材料")
    path = files.path_of(text.sha256)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_text(text.pk, by=CLERK, reason="发错了")
    act = Act.objects.get(verb="text.remove")
    assert (act.reason, act.note["title"], act.note["sha256"]) == ("发错了", "错发的材料", text.sha256)
    assert not path.exists()
    assert not TextFigure.objects.exists() and not Reading.objects.exists()


def test_a_file_that_another_text_also_has_stays(keep, django_capture_on_commit_callbacks):
    text, other = keep(), keep(year=2025)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_text(text.pk, by=CLERK, reason="")
    assert files.path_of(other.sha256).exists()


def test_a_judgement_is_kept_and_carried_over_while_the_sentence_stays(keep, accused):
    accused("5家", "3家")
    first = keep()
    services.judge_finding(first.pk, 0, verdict="verified", note="含一家迁入", by=CLERK)
    second = keep(WORDS.replace("同比增长15.3%", "同比增长16.1%"), title="第二稿")
    (held,) = judgements_of(second).values()
    assert (held.verdict, held.note, held.by, held.text_id) == ("verified", "含一家迁入", "clerk", first.pk)
    assert not open_findings([first.pk, second.pk]).exists()


@pytest.mark.parametrize(
    "changed", [WORDS.replace("新认定", "新增"), WORDS.replace("规下企业4家", "规下企业3家")], ids=["words", "figures"]
)
def test_a_judgement_does_not_hold_for_another_sentence(keep, accused, changed):
    accused("5家", "3家")
    services.judge_finding(keep().pk, 0, verdict="verified", note="", by=CLERK)
    second = keep(changed, title="第二稿")
    assert judgements_of(second) == {}
    assert open_findings([second.pk]).count() == 1


def test_a_judgement_of_one_place_says_nothing_of_another(keep, accused):
    accused("5家", "3家")
    services.judge_finding(keep().pk, 0, verdict="verified", note="", by=CLERK)
    assert judgements_of(keep(place="990102")) == {}


def test_a_judgement_is_taken_back(keep, accused):
    accused("5家", "3家")
    text = keep()
    services.judge_finding(text.pk, 0, verdict="corrected", note="", by=CLERK)
    services.judge_finding(text.pk, 0, verdict="", note="", by=CLERK)
    assert not Judgement.objects.exists()
    assert Act.objects.filter(verb="text.judge").count() == 2


def test_a_judgement_outlives_the_text_on_which_it_was_made(keep, accused):
    accused("5家", "3家")
    first = keep()
    services.judge_finding(first.pk, 0, verdict="verified", note="", by=CLERK)
    services.remove_text(first.pk, by=CLERK, reason="")
    assert [one.text_id for one in judgements_of(keep(title="又一稿")).values()] == [None]


def test_no_number_is_too_large_for_the_index(keep):
    """The index keeps what a column can hold; the reading keeps every figure as it is."""
    text = keep("全年产值99999999999999999999亿元，精度0.123456%。")
    values = dict(text.figures.values_list("unit", "value"))
    assert values["元"] is None and values["%"] == Decimal("0.1235")
    assert [one["value"] for one in text.reading.figures][-1] == "0.123456"


def test_a_phrase_of_the_ledger_that_is_out_of_date_is_found(keep, places):
    """The site's own phrases count beside those of the catalogue: of the place and those above it."""
    from datetime import date

    from keshu.bureau.ledgers.services import create_entry

    phrase = {"text": "三区一带布局", "slot": "strategy", "started": date(2020, 1, 1), "ended": date(2023, 12, 31),
              "document": "县发〔2020〕1号", "replaced_by": "两核三带布局"}  # fmt: skip
    create_entry("phrase", phrase, place_id=places["990100"].pk, by=CLERK)
    words = "围绕三区一带布局，全县高新技术企业达到46家。"
    found = [one for one in keep(words).reading.findings if one["type"] == "phrase"]
    assert [words[start:end] for one in found for start, end in one["spans"]] == ["三区一带布局"]
    assert "两核三带布局" in found[0]["statement"] + found[0]["expected"]
    earlier = keep(words, year=2022).reading.findings
    assert [one for one in earlier if one["type"] == "phrase"] == []
