"""Calls: drafted, published with the definition pinned, extended, cancelled; what the public reads."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from keshu.bureau.programmes import closing
from keshu.bureau.programmes.calls import services, showing
from keshu.bureau.programmes.calls.services import CallProblem, CallSpec, StaleCall
from keshu.bureau.programmes.calls.wording import in_words, reason_in_words
from keshu.bureau.programmes.definitions import programme_of
from keshu.bureau.programmes.models import Call, Extension
from keshu.bureau.records.models import Act, Definition
from tests.conftest import CLERK

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def spec(**said):
    start = datetime.now(UTC).replace(microsecond=0)
    given = {
        "programme": "plan.soft", "year": start.year, "name": "软科学研究项目（第一批）", "place": "990100",
        "section": "计财科", "opens_at": start + timedelta(days=1), "closes_at": start + timedelta(days=30),
        "contact": "周经办", "phone": "0594-2345678", "guide": "支持方向：创新体系研究。\n\n请按时申报。",
    }  # fmt: skip
    return CallSpec(**{**given, **said})


@pytest.fixture
def draft(places):
    return services.draft_call(spec(), by=CLERK)


@pytest.fixture
def published(draft):
    return services.publish_call(draft.pk, seen=draft.revision, by=CLERK)


def posted(**changed):
    """The form of a call as a browser sends it."""
    one = spec()
    local = {name: showing.minute(getattr(one, name)).replace(" ", "T") for name in ("opens_at", "closes_at")}
    plain = {name: value for name, value in vars(one).items() if value is not None}
    return {**plain, **local, **changed}


def test_publishing_pins_the_definition_and_says_when(published):
    assert published.state == "published" and published.published_at is not None
    assert Definition.objects.filter(kind="programmes", code="plan.soft", version=published.version).count() == 1
    assert Act.objects.filter(verb="call.publish", subject=f"call:{published.pk}").exists()


def test_publishing_is_refused_outside_the_programmes_own_time(places):
    patent = programme_of("payout.patent")
    assert patent.valid_to is not None
    after = datetime.combine(patent.valid_to, datetime.min.time(), UTC) + timedelta(days=700)
    call = services.draft_call(
        spec(programme="payout.patent", opens_at=after, closes_at=after + timedelta(days=9)), by=CLERK
    )
    with pytest.raises(CallProblem, match="执行期"):
        services.publish_call(call.pk, seen=call.revision, by=CLERK)


def test_publishing_is_refused_while_a_condition_is_nobodys(draft, monkeypatch):
    from keshu.bureau.records import machine

    monkeypatch.delitem(machine._conditions, "publicity_over")
    with pytest.raises(CallProblem, match="publicity_over"):
        services.publish_call(draft.pk, seen=draft.revision, by=CLERK)


def test_publishing_twice_or_without_a_guide_is_refused(places, published):
    with pytest.raises(CallProblem, match="已经发布"):
        services.publish_call(published.pk, seen=published.revision, by=CLERK)
    bare = services.draft_call(spec(guide=" "), by=CLERK)
    with pytest.raises(CallProblem, match="申报指南"):
        services.publish_call(bare.pk, seen=bare.revision, by=CLERK)


def test_nobody_overwrites_what_another_saved_meanwhile(draft):
    services.revise_call(draft.pk, spec(name="甲"), seen=draft.revision, by=CLERK)
    with pytest.raises(StaleCall):
        services.revise_call(draft.pk, spec(name="乙"), seen=draft.revision, by=CLERK)
    assert Call.objects.get(pk=draft.pk).name == "甲"


def test_a_call_that_is_out_changes_only_in_words_and_with_a_reason(published):
    same = {"opens_at": published.opens_at, "closes_at": published.closes_at}
    later = spec(**{**same, "closes_at": published.closes_at + timedelta(days=5)})
    with pytest.raises(CallProblem, match="延期"):
        services.revise_call(published.pk, later, seen=published.revision, by=CLERK, reason="改时间")
    with pytest.raises(CallProblem, match="原因"):
        services.revise_call(published.pk, spec(**same, guide="新指南"), seen=published.revision, by=CLERK)
    changed = services.revise_call(
        published.pk, spec(**same, guide="新指南"), seen=published.revision, by=CLERK, reason="补充方向"
    )
    assert changed.guide == "新指南"


def test_extension_is_an_act_with_its_scope(published, places):
    later = published.closes_at + timedelta(days=7)
    county = places["990121"]
    services.extend_call(
        published.pk, seen=published.revision, closes_at=later, reason="台风停电", place=county.code, by=CLERK
    )
    row = Extension.objects.get()
    assert (row.place_id, row.reason, row.act.verb) == (county.pk, "台风停电", "call.extend")
    assert closing.closing_for([published], county.pk) == {published.pk: later}
    assert closing.closing_for_all([published]) == {published.pk: published.closes_at}


def test_extension_is_refused_when_it_is_earlier_or_the_case_is_of_another_call(published):
    def extend(revision, **given):
        words = {"reason": "延期", "by": CLERK, "closes_at": published.closes_at + timedelta(days=1), **given}
        return services.extend_call(published.pk, seen=revision, **words)

    with pytest.raises(CallProblem, match="晚于"):
        extend(published.revision, closes_at=published.closes_at)
    with pytest.raises(CallProblem, match="没有编号"):
        extend(published.revision, number="A-1")
    with pytest.raises(CallProblem, match="只能选一种"):
        extend(published.revision, number="A-1", place="990121")


def test_copy_moves_every_year_on(places):
    at = datetime(2025, 3, 1, 1, tzinfo=UTC)
    call = services.draft_call(
        spec(year=2025, name="2025年度软科学", guide="2025年支持方向", opens_at=at, closes_at=at + timedelta(days=30)),
        by=CLERK,
    )
    copied = services.next_year(call, date.today())
    year = date.today().year
    assert (copied["year"], copied["name"], copied["guide"]) == (year, f"{year}年度软科学", f"{year}年支持方向")
    assert showing.minute(copied["opens_at"]) == f"{year}-03-01 09:00"
    assert services.draft_call(CallSpec(**copied), by=CLERK).state == "draft"


def test_clerk_drafts_publishes_and_extends_on_the_pages(client_as, places):
    client = client_as("clerk")
    page = client.get(reverse("programmes:call-add", args=["plan.soft"]))
    assert page.context["form"].initial["section"] == "计财科"
    response = client.post(reverse("programmes:call-add", args=["plan.soft"]), posted(budget="120.5"))
    call = Call.objects.get()
    assert response.status_code == 302 and call.budget == 1_205_000
    url = reverse("programmes:call-publish", args=[call.pk])
    assert client.post(url, {"seen": call.revision}).status_code == 302
    call.refresh_from_db()
    assert call.state == "published"
    at = showing.minute(call.closes_at + timedelta(days=3)).replace(" ", "T")
    data = {"seen": call.revision, "closes_at": at, "reason": "系统维护"}
    assert client.post(reverse("programmes:call-extend", args=[call.pk]), data).status_code == 302
    text = client.get(reverse("programmes:call", args=[call.pk])).content.decode()
    assert "系统维护" in text and "已延期" in text


def test_stale_form_keeps_what_was_typed(client_as, draft):
    data = posted(name="我改的名字", seen=draft.revision - 1)
    text = client_as("clerk").post(reverse("programmes:call-edit", args=[draft.pk]), data).content.decode()
    assert "刚刚由他人修改过" in text and "我改的名字" in text


def test_dates_are_shanghai_minutes(client_as, places):
    client = client_as("clerk")
    client.post(
        reverse("programmes:call-add", args=["plan.soft"]),
        posted(opens_at="2026-12-01T09:00", closes_at="2026-12-31T17:30"),
    )
    assert Call.objects.get().closes_at == datetime(2026, 12, 31, 9, 30, tzinfo=UTC)


def test_the_form_of_a_call_that_is_out_locks_what_stays_and_writes_numbers_out(client_as, published):
    Call.objects.filter(pk=published.pk).update(budget=7_600_000)
    form = client_as("clerk").get(f"/programmes/calls/{published.pk}/edit/").context["form"]
    assert str(form.initial["budget"]) == "760"  # never 7.6E+2
    locked = {name for name, one in form.fields.items() if one.disabled}
    assert {"name", "closes_at", "section"} <= locked and not {"guide", "budget", "phone"} & locked


def test_others_cannot_write_calls_and_see_no_drafts(client_as, draft, published):
    hidden = services.draft_call(spec(name="草稿批次"), by=CLERK)
    for role in ("county", "finance", "director"):
        client = client_as(role)
        assert client.get(reverse("programmes:call", args=[hidden.pk])).status_code == 404
        assert client.get(reverse("programmes:call-edit", args=[published.pk])).status_code == 403
        assert "草稿批次" not in client.get(reverse("programmes:calls")).content.decode()


def test_county_sees_the_citys_call(client_as, published):
    assert published.name in client_as("county").get(reverse("programmes:calls")).content.decode()


def test_list_is_cut_by_state_year_programme_and_section(client_as, open_call, draft):
    soft, key = open_call("plan.soft", name="软一"), open_call("plan.key_rd", name="重一", section="高新科")
    client = client_as("office")

    def found(**query):
        response = client.get(reverse("programmes:calls"), query)
        return {line.call.pk for line in response.context["lines"]}

    assert found(state="open") == {soft.pk, key.pk}
    assert found(state="draft") == {draft.pk}
    assert found(programme="plan.key_rd") == {key.pk}
    assert found(section="高新科") == {key.pk}
    assert found(year=str(soft.year), state="open", programme="plan.soft") == {soft.pk}
    assert found(year="12") == {soft.pk, key.pk, draft.pk}


def test_export_has_one_row_for_each_call(client_as, open_call):
    from keshu.office.tables import read_workbook

    open_call("plan.soft", name="软一")
    response = client_as("clerk").get(reverse("programmes:calls-export"))
    sheet = read_workbook(b"".join(response.streaming_content), "申报批次.xlsx")[0]
    assert [row[0] for row in sheet.values] == ["批次名称", "软一"]


def test_public_reads_open_calls_without_an_account(client, published):
    listed = client.get(reverse("programmes:guides"))
    assert published.name in listed.content.decode()
    page = client.get(reverse("programmes:guide", args=[published.pk]))
    text = page.content.decode()
    assert "支持方向" in text and "周经办 0594-2345678" in text
    assert "申报条件" in text and "公示中" in text
    assert page["Cache-Control"] == "max-age=300, public"


def test_public_never_reads_a_draft_and_markup_in_a_guide_stays_text(client, draft):
    assert client.get(reverse("programmes:guide", args=[draft.pk])).status_code == 404
    same = {"opens_at": draft.opens_at, "closes_at": draft.closes_at}
    services.revise_call(draft.pk, spec(**same, guide="<script>alert(1)</script>"), seen=draft.revision, by=CLERK)
    services.publish_call(draft.pk, seen=draft.revision + 1, by=CLERK)
    text = client.get(reverse("programmes:guide", args=[draft.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in text and "<script>alert" not in text


def test_extension_of_one_case_is_nobody_elses_business(client, published, begun):
    application = begun(published)
    later = published.closes_at + timedelta(days=1)
    services.extend_call(
        published.pk, seen=published.revision, closes_at=later, reason="材料被盗", number=str(application.pk), by=CLERK
    )
    assert "材料被盗" not in client.get(reverse("programmes:guide", args=[published.pk])).content.decode()


@pytest.mark.parametrize(("url", "queries_needed"), [("programmes:calls", 10), ("programmes:guides", 2)])
def test_lists_cost_the_same_with_one_and_three_calls(
    client_as, client, open_call, django_assert_num_queries, url, queries_needed
):
    client = client_as("clerk") if url == "programmes:calls" else client
    open_call("plan.soft", name="一")
    client.get(reverse(url))
    with django_assert_num_queries(queries_needed):
        client.get(reverse(url))
    open_call("plan.key_rd", name="二")
    open_call("plan.agri", name="三")
    with django_assert_num_queries(queries_needed):
        client.get(reverse(url))


@pytest.mark.parametrize(
    ("programme", "said"),
    [
        ("title.hte", "科技人员占比 不低于 10%"),
        ("title.giant", "上年营业收入 不低于 "),
        ("payout.voucher", "申报日持有有效的科技型中小企业登记编号"),
        ("title.hte", "没有下列情形：一年内发生重大安全、质量事故或严重环境违法"),
    ],
)
def test_conditions_are_said_in_words(programme, said):
    from keshu.bureau.ledgers.catalogue import catalogue

    one = programme_of(programme)
    words = in_words(one, catalogue().parameters, on=NOW.date())
    found = [words(item.rule) for item in one.requirements]
    assert any(said in text for text in found), found


def test_no_condition_of_any_programme_shows_a_code_to_an_applicant():
    import re

    from keshu.bureau.ledgers.catalogue import catalogue
    from keshu.bureau.programmes.definitions import programmes

    for programme in programmes().values():
        words = in_words(programme, catalogue().parameters, on=NOW.date())
        for item in programme.requirements:
            assert not re.search(r"[a-z]{3,}", words(item.rule)), (programme.code, item.rule, words(item.rule))


def test_reasons_name_parameters_and_choices():
    from keshu.bureau.ledgers.catalogue import catalogue

    said = reason_in_words("科技人员占比 9.5% < hte.staff_share 10%", catalogue().parameters, {})
    assert said == "科技人员占比 9.5% < 高企科技人员占比下限 10%"
    said = reason_in_words(
        "职称 “none” 不属于（senior、middle）", {}, {"none": "无", "senior": "正高", "middle": "中级"}
    )
    assert said == "职称 “无” 不属于（正高、中级）"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("months_between(计划开始日期, 计划完成日期) 17 ≥ 6", "计划开始日期至计划完成日期的月数 17 ≥ 6"),
        ("预算.间接费用.专项经费 8800 ≤ 间接费用上限 20460", "预算·间接费用·专项经费 8800 ≤ 间接费用上限 20460"),
        ("申报单位.经营异常：是；科研诚信承诺：是", "被列入经营异常名录：是；科研诚信承诺：是"),
        ("申报单位.研发占比 1.5% < 2%", "研发占比 1.5% < 2%"),
    ],
)
def test_reasons_are_said_without_functions_and_paths(found, said):
    assert reason_in_words(found, {}, {}) == said


def test_what_must_not_be_is_one_list():
    words = in_words(programme_of("plan.key_rd"), {}, on=NOW.date())
    assert words("not 申报单位.经营异常 and not 负责人.公务员") == (
        "没有下列情形：被列入经营异常名录；是公务员或参照管理人员"
    )
