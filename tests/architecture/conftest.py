"""A bureau in small with something on every page, for the tests that walk the site."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

# with importlib mode pytest does not put this directory on the path; the helpers lie here
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def bureau(users, places):
    """One organisation, its title, a source with a value, a target and a summary of 青岩县; the ids that addresses need."""
    from cases import make_cases

    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.ledgers.services import create_entry
    from keshu.bureau.parties.services import PartySpec, register_party
    from keshu.bureau.records.models import Act
    from keshu.bureau.reports.services import compose_summary
    from keshu.bureau.statistics.models import ReceivedValue, Source
    from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
    from keshu.bureau.targets.services import set_target
    from keshu.bureau.targets.writing import TargetSpec
    from keshu.bureau.texts.services import TextSpec, keep_text, read_text
    from keshu.kernel.measure.period import Period

    by, county = users["clerk"].actor, places["990121"]
    firm = register_party(PartySpec("青岩远景农业有限公司", "", county.pk), by=by)
    title = {"holder": firm.pk, "kind": "hte", "number": "GR202499000001", "issued": date(2025, 11, 1)}
    entry = create_entry("title", title, place_id=county.pk, by=by)
    spec = SourceSpec(issuer="省科技厅", title="高企通报", cut_off=date(2026, 9, 30), obtained_on=date(2026, 10, 9))
    add_source(spec, by=by, values=[ValueSpec("hte.valid", "990121", Period.parse("2026-01..2026-09"), Decimal(1))])
    target = set_target(
        TargetSpec("hte.valid", "990121", 2026, "at_least", low=Decimal(3), issuer="市局", document="1号"), by=by
    )
    summary = compose_summary("990121", Period.parse("2026-01..2026-10"), "county", by=by)
    spec = TextSpec("990121", 2026, "draft", "青岩县半年材料", "半年材料.txt")
    text = keep_text(spec, "全县新认定高新技术企业5家，其中规上企业3家、规下企业4家。".encode(), by=by)
    read_text(text.pk)
    section = summary.sections.order_by("order").first()
    return make_cases(places["990100"], county, firm, viewer_of(users["head"])) | {
        "user_id": users["clerk"].pk,
        "membership_id": users["clerk"].memberships.get().pk,
        "act_id": Act.objects.order_by("-pk").first().pk,
        "party_id": firm.pk,
        "entry_id": entry.entry_id,
        "ledger": "title",
        "source_id": Source.objects.get().pk,
        "value_id": ReceivedValue.objects.get().pk,
        "target_id": target.target_id,
        "summary_id": summary.pk,
        "section": section.code,
        "form": "docx",
        "text_id": text.pk,
        "finding": 0,
        "kind": "indicators",
    }


CODES = {"places": "990121", "statistics": "hte.valid", "catalogue": "hte.valid", "ledgers": "title"}


@pytest.fixture
def example(bureau):
    """`example(route name, argument)`: an existing value where we have one, so that the page shows something."""

    def value(route, argument):
        space = route.split(":")[0]
        if argument == "code":
            return bureau["section"] if space == "summaries" else CODES.get(space, "title")
        return bureau.get(argument, 1)

    return value
