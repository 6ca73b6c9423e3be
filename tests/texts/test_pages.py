"""The pages of texts, button by button."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from keshu.bureau.records.models import Act
from keshu.bureau.texts import dropping, forms, services
from keshu.bureau.texts.models import Judgement, Text
from keshu.office.texts import read_text
from tests.texts.conftest import WORDS, word_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(settings, monkeypatch):
    """The worker's queue: what waits there, and nobody takes it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    from django_tasks import default_task_backend

    return default_task_backend.results


def drop(client, *files, **more):
    data = {"place": "990121", "year": 2026, "kind": "draft", "files": list(files)} | more
    return client.post(reverse("texts:new"), data, follow=True)


def txt(name="材料.txt", words=WORDS):
    return SimpleUploadedFile(name, words.encode())


def test_a_small_file_is_read_at_once_and_shown(client_as):
    page = drop(client_as("clerk"), txt("半年情况.txt"))
    text = Text.objects.get()
    assert page.redirect_chain[-1][0] == reverse("texts:text", args=[text.pk])
    assert (text.title, text.state, text.added_by) == ("半年情况", "ready", "clerk")
    said = page.content.decode()
    assert 'data-figure="3"' in said and "8.46亿元" in said


def test_a_pasted_text_takes_its_first_line_as_title(client_as):
    drop(client_as("clerk"), pasted="全县高新技术企业46家。\n第二行")
    text = Text.objects.get()
    assert (text.title, text.file_name, text.state) == ("全县高新技术企业46家。", "粘贴的文字.txt", "ready")


def test_several_files_wait_for_the_worker_and_show_their_progress(client_as, queue):
    client = client_as("clerk")
    page = drop(client, txt("一.txt"), txt("二.txt", WORDS + "二"), pasted="三个数：3家。")
    assert page.redirect_chain[-1][0] == reverse("texts:index")
    assert set(Text.objects.values_list("state", flat=True)) == {"queued"}
    assert len(queue) == 3
    assert 'hx-trigger="load delay:2s"' in page.content.decode()
    waiting = client.get(reverse("texts:text", args=[Text.objects.first().pk]))
    assert "排队中" in waiting.content.decode()
    for text in Text.objects.all():
        services.read_text(text.pk)
    assert "load delay:2s" not in client.get(reverse("texts:index")).content.decode()


def test_a_large_file_waits_for_the_worker(client_as, monkeypatch, queue):
    monkeypatch.setattr(dropping, "AT_ONCE", 10)
    drop(client_as("clerk"), txt())
    assert Text.objects.get().state == "queued"


def test_the_progress_turns_into_the_page_itself(client_as, keep):
    client, text = client_as("clerk"), keep(read=False)
    asked = client.get(reverse("texts:text", args=[text.pk]), headers={"HX-Request": "true"})
    assert "排队中" in asked.content.decode() and "<html" not in asked.content.decode()
    services.read_text(text.pk)
    done = client.get(reverse("texts:text", args=[text.pk]), headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("file", "word"),
    [
        (SimpleUploadedFile("空.txt", b""), "空"),
        (SimpleUploadedFile("图.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50), "图"),
        (SimpleUploadedFile("程序.docx", b"MZ\x90\x00" + b"\x00" * 100), "程序"),
    ],
    ids=["empty", "picture", "program"],
)
def test_what_is_no_text_is_refused_by_name_and_nothing_is_kept(client_as, file, word):
    page = drop(client_as("clerk"), file)
    assert word in "".join(page.context["form"].errors["files"])
    assert not Text.objects.exists() and not Act.objects.filter(verb="text.add").exists()


def test_all_refusals_are_told_at_once(client_as):
    page = drop(
        client_as("clerk"), SimpleUploadedFile("甲.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50), txt(),
        SimpleUploadedFile("乙.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50),
    )  # fmt: skip
    told = page.context["form"].errors["files"]
    assert len(told) == 2 and "甲" in told[0] and "乙" in told[1]
    assert not Text.objects.exists()


def test_too_large_a_file_and_too_many_are_refused(client_as, monkeypatch):
    from keshu.office.texts import Limits

    client = client_as("clerk")
    monkeypatch.setattr(forms, "FILES_AT_ONCE", 2)
    page = drop(client, txt("一.txt"), txt("二.txt"), txt("三.txt"))
    assert "最多 2 个" in "".join(page.context["form"].errors["files"])
    monkeypatch.setattr(dropping, "Limits", lambda: Limits(bytes=20))
    page = drop(client, txt())
    assert "超过上限" in "".join(page.context["form"].errors["files"])
    assert not Text.objects.exists()


def test_nothing_dropped_gets_a_sentence(client_as):
    page = drop(client_as("clerk"))
    assert "请选择文件" in "".join(page.context["form"].non_field_errors())


def test_a_county_drops_for_itself_and_sees_its_own_only(client_as, keep):
    own, other = keep(title="本县材料"), keep(place="990102", title="邻县材料")
    client = client_as("county")
    page = drop(client, txt(), place="990102")
    assert page.context["form"].errors["place"]
    said = client.get(reverse("texts:index")).content.decode()
    assert "本县材料" in said and "邻县材料" not in said
    assert client.get(reverse("texts:text", args=[own.pk])).status_code == 200
    for name, arguments in (
        ("text", [other.pk]), ("download", [other.pk, "json"]), ("change", [other.pk]), ("remove", [other.pk]),
    ):  # fmt: skip
        assert client.get(reverse(f"texts:{name}", args=arguments)).status_code == 404, name
    for name, arguments in (
        ("read", [other.pk]),
        ("judge", [other.pk, 0]),
        ("remove", [other.pk]),
        ("change", [other.pk]),
    ):
        assert client.post(reverse(f"texts:{name}", args=arguments), {"verdict": "verified"}).status_code == 404, name
    assert client.get(f"{reverse('texts:compare')}?before={own.pk}&after={other.pk}").status_code == 404


def test_the_city_sees_the_texts_of_its_counties_and_the_town_s(client_as, keep):
    keep(title="本县材料")
    keep(place="990121001", title="乡镇材料")
    said = client_as("office").get(reverse("texts:index"), {"place": "990121"}).content.decode()
    assert "本县材料" in said and "乡镇材料" in said


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("county", 200), ("director", 200), ("deputy", 200), ("audit", 403), ("system", 403)]
)  # fmt: skip
def test_who_may_open_the_pages(client_as, role, status):
    client = client_as(role)
    assert [client.get(reverse(f"texts:{name}")).status_code for name in ("index", "new", "figures", "compare")] == [
        status
    ] * 4


def test_the_library_is_filtered_and_counts_what_is_open(client_as, keep, accused):
    accused("5家", "3家")
    first, second = keep(title="半年情况"), keep(year=2025, kind="final", title="去年总结")
    client = client_as("office")
    lines = {line.text.pk: line for line in client.get(reverse("texts:index")).context["lines"]}
    assert [(lines[one.pk].figures, lines[one.pk].certain, lines[one.pk].likely) for one in (first, second)] == [
        (5, 1, 0),
        (5, 1, 0),
    ]
    for query, titles in (
        ({"q": "半年"}, ["半年情况"]),
        ({"year": 2025}, ["去年总结"]),
        ({"kind": "final"}, ["去年总结"]),
    ):
        rows = client.get(reverse("texts:index"), query).context["page"].rows
        assert [row.title for row in rows] == titles
    services.judge_finding(first.pk, 0, verdict="verified", note="", by=services.Actor("clerk"))
    lines = {line.text.pk: line for line in client.get(reverse("texts:index")).context["lines"]}
    assert (lines[first.pk].certain, lines[second.pk].certain) == (0, 0), "the same sentence of the same place"


def test_the_library_is_exported_as_it_is_filtered(client_as, keep, accused):
    accused("5家", "3家")
    keep(title="半年情况")
    keep(place="990102", title="邻县材料")
    keep(year=2025, title="去年总结")
    answer = client_as("county").get(reverse("texts:export"), {"year": 2026})
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as parts:
        sheet = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "半年情况" in sheet and "邻县材料" not in sheet and "去年总结" not in sheet


def test_a_list_of_three_costs_as_many_statements_as_of_one(client_as, keep):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, asked = client_as("office"), []
    client.get(reverse("texts:index"))
    for n in (1, 3):
        while Text.objects.count() < n:
            keep(WORDS + str(Text.objects.count()))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(reverse("texts:index"))
        asked.append(len(caught))
    assert asked[0] == asked[1]


def test_findings_are_filtered_and_marked_and_the_mark_is_taken_back(client_as, keep, accused):
    accused("5家", "3家")
    client, text = client_as("county"), keep()
    address = reverse("texts:text", args=[text.pk])
    assert len(client.get(address, {"certainty": "certain"}).context["lines"]) == 1
    assert client.get(address, {"certainty": "likely"}).context["lines"] == []
    assert client.get(address, {"severity": "hint"}).context["lines"] == []
    judge = reverse("texts:judge", args=[text.pk, 0])
    page = client.post(judge, {"verdict": "verified", "note": "含迁入", "back": "certainty=certain"}, follow=True)
    assert page.redirect_chain[-1][0] == f"{address}?certainty=certain#line-0"
    assert "含迁入" in page.content.decode() and "已核实无误" in page.content.decode()
    assert client.get(address, {"state": "open"}).context["lines"] == []
    assert len(client.get(address, {"state": "judged"}).context["lines"]) == 1
    client.post(judge, {"verdict": ""})
    assert not Judgement.objects.exists()
    assert client.post(judge, {"verdict": "nonsense"}, follow=True).status_code == 200
    assert client.post(reverse("texts:judge", args=[text.pk, 9]), {"verdict": "verified"}).status_code == 404
    assert not Judgement.objects.exists()


def test_a_figure_opens_with_and_without_scripts(client_as, keep):
    client, text = client_as("clerk"), keep()
    address = reverse("texts:text", args=[text.pk])
    whole = client.get(address, {"figure": 3}).content.decode()
    part = client.get(address, {"figure": 3}, headers={"HX-Request": "true"}).content.decode()
    assert "技术合同成交额" in part and "8.46亿元" in part and "<html" not in part
    assert "is-open" in whole and '<section class="k-card tx-detail"' in whole
    for odd in ("99", "x", "-1", "9" * 30):
        assert client.get(address, {"figure": odd, "part": odd}).status_code == 200


def test_everything_may_be_taken_away(client_as, keep, accused):
    accused("5家", "3家")
    client, text = client_as("clerk"), keep(word_file(*WORDS.splitlines()), name="总结.docx")

    def fetched(form):
        answer = client.get(reverse("texts:download", args=[text.pk, form]))
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"], form
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    with ZipFile(BytesIO(fetched("docx"))) as parts:
        assert "3＋4＝7" in parts.read("word/comments.xml").decode()
    assert read_text(fetched("original"), "总结.docx").text == text.reading.content
    page = fetched("html").decode()
    assert "分项相加不等于5家" in page and "3＋4＝7" in page and "http" not in page.replace("http-equiv", "")
    data = json.loads(fetched("json"))
    assert [one["id"] for one in data["findings"]] == ["sum-0"] and len(data["figures"]) == 5
    with ZipFile(BytesIO(fetched("xlsx"))) as parts:
        assert (
            "技术合同成交额" in parts.read("xl/sharedStrings.xml").decode()
            if "xl/sharedStrings.xml" in parts.namelist()
            else "技术合同成交额" in parts.read("xl/worksheets/sheet1.xml").decode()
        )
    assert client.get(reverse("texts:download", args=[text.pk, "exe"])).status_code == 404


def test_a_settled_finding_leaves_the_margin(client_as, keep, accused):
    accused("5家", "3家")
    client, text = client_as("clerk"), keep(word_file(*WORDS.splitlines()), name="总结.docx")
    client.post(reverse("texts:judge", args=[text.pk, 0]), {"verdict": "verified"})
    with ZipFile(BytesIO(client.get(reverse("texts:download", args=[text.pk, "docx"])).content)) as parts:
        told = parts.read("word/comments.xml").decode() if "word/comments.xml" in parts.namelist() else ""
    assert "3＋4＝7" not in told


def test_a_text_says_what_it_says_and_nothing_runs(client_as, keep):
    """Markup in a text is text: on the page, in the report, in the name of the file."""
    evil = "情况：<script>alert(1)</script>[[FINDINGS]] 全县高新技术企业46家 </script><img src=x onerror=alert(2)>"
    client, text = client_as("clerk"), keep(evil, title="<b>题</b>", name="<i>.txt")
    page = client.get(reverse("texts:text", args=[text.pk])).content.decode()
    report = client.get(reverse("texts:download", args=[text.pk, "html"])).content.decode()
    for said in (page, report):
        assert "<script>alert" not in said and "<img src=x" not in said and "<b>题" not in said
    assert "[[FINDINGS]]" in report


def test_reading_again_asks_the_worker_and_not_twice(client_as, keep, queue):
    client, text = client_as("clerk"), keep()
    client.post(reverse("texts:read", args=[text.pk]))
    client.post(reverse("texts:read", args=[text.pk]))
    assert len(queue) == 1
    text.refresh_from_db()
    assert text.state == "queued"


def test_title_year_and_kind_are_mended(client_as, keep, queue):
    client, text = client_as("clerk"), keep()
    client.post(reverse("texts:change", args=[text.pk]), {"title": "去年总结", "year": 2025, "kind": "final"})
    text.refresh_from_db()
    assert (text.title, text.year, text.kind) == ("去年总结", 2025, "final")
    assert Act.objects.filter(verb="text.change").count() == 1
    assert len(queue) == 1


@pytest.mark.parametrize(("role", "status"), [("office", 302), ("head", 302), ("deputy", 403), ("county", 403)])
def test_who_may_delete_what_another_dropped(client_as, keep, role, status):
    text = keep()
    answer = client_as(role).post(reverse("texts:remove", args=[text.pk]), {"reason": "重复"})
    assert answer.status_code == status
    assert Text.objects.exists() == (status != 302)


def test_one_deletes_one_s_own_after_being_asked(client_as, places):
    client = client_as("county")
    drop(client, txt())
    pk = Text.objects.get().pk
    assert "不能恢复" in client.get(reverse("texts:remove", args=[pk])).content.decode()
    assert Text.objects.exists()
    client.post(reverse("texts:remove", args=[pk]), {})
    assert not Text.objects.exists()


def test_figures_are_found_over_all_texts_one_may_see(client_as, keep):
    keep("2024年，全县高新技术企业达到41家。", year=2024, title="前年总结", kind="final")
    keep("全县高新技术企业46家，技术合同成交额3亿元。", title="今年材料")
    keep("全区高新技术企业99家。", place="990102", year=2024, title="邻县")
    client = client_as("county")
    found = client.get(reverse("texts:figures"), {"q": "高企", "year": 2024, "place": "990121"})
    assert [(one.figure.said, one.figure.text.title) for one in found.context["found"]] == [("41家", "前年总结")]
    said = client.get(reverse("texts:figures"), {"q": "高新技术企业"})
    assert {one.figure.said for one in said.context["found"]} == {"41家", "46家"}
    assert client.get(reverse("texts:figures")).context["found"] == []
    export = client.get(reverse("texts:figures-export"), {"q": "高新技术企业"})
    with ZipFile(BytesIO(b"".join(export.streaming_content))) as parts:
        sheet = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "前年总结" in sheet and "邻县" not in sheet


def test_two_texts_stand_side_by_side(client_as, keep):
    before = keep("一段没有动。\n全县高新技术企业41家，培训12场。\n旧事一桩，不再提起。", year=2025, title="去年")
    after = keep("一段没有动。\n全县高新技术企业46家，培训12场。\n新办的事情，写了一段。", title="今年")
    page = client_as("county").get(reverse("texts:compare"), {"before": before.pk, "after": after.pk})
    pairs = page.context["pairs"]
    assert [pair.state for pair in pairs] == ["same", "figures", "new", "gone"]
    assert [(one.state, one.figure["text"]) for one in pairs[1].figures] == [("moved", "46家"), ("same", "12场")]
    assert pairs[1].words == (
        ("equal", "全县高新技术企业"),
        ("removed", "41"),
        ("added", "46"),
        ("equal", "家，培训12场。"),
    )


def test_a_long_text_is_turned_over_in_parts(client_as, keep, monkeypatch):
    from keshu.bureau.texts import showing

    monkeypatch.setattr(showing, "PART", 40)
    text = keep("\n".join(f"第{n}段说全县高新技术企业{n + 100}家。" for n in range(10)))
    client, address = client_as("clerk"), reverse("texts:text", args=[text.pk])
    first = client.get(address)
    assert (
        len(first.context["parts"]) > 3 and "第0段" in first.content.decode() and "第9段" not in first.content.decode()
    )
    assert "第9段" in client.get(address, {"figure": 9}).content.decode()


def test_the_home_page_and_the_search_know_of_texts(client_as, keep):
    keep(title="青岩半年情况")
    client = client_as("office")
    assert "青岩半年情况" in client.get("/").content.decode()
    assert "青岩半年情况" in client.get("/search/", {"q": "半年情况"}).content.decode()
