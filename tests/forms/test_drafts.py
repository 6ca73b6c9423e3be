"""Drafts: kept for their owner, sealed where they are personal, gone when handed in."""

from datetime import UTC, datetime

import pytest

from keshu.bureau.forms.drafts import Sheet, draft_of, drop_draft, save_draft, texts_of, unfinished
from keshu.bureau.forms.models import Draft

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
NEW = Sheet("clerk", "ledger:title", "new:a1")


def keep(sheet=NEW, at=AT, **texts):
    return save_draft(sheet, texts, personal_codes=["phone"], version=0, at=at)


@pytest.mark.django_db
def test_what_was_typed_comes_back_as_it_was():
    keep(holder="云岭仪表", phone="13800000001", issued="2025年12月")
    assert texts_of(draft_of(NEW)) == {"holder": "云岭仪表", "phone": "13800000001", "issued": "2025年12月"}


@pytest.mark.django_db
def test_a_personal_field_lies_sealed_in_the_database():
    keep(phone="13800000001")
    assert "13800000001" not in str(Draft.objects.values("values"))


@pytest.mark.django_db
def test_the_later_state_takes_the_place_of_the_earlier():
    keep(holder="甲")
    keep(holder="乙", at=AT.replace(hour=3))
    kept = Draft.objects.get()
    assert (texts_of(kept), kept.saved_at.hour) == ({"holder": "乙"}, 3)


@pytest.mark.django_db
def test_everybody_has_drafts_of_their_own():
    keep(holder="甲")
    other = Sheet("office", "ledger:title", "new:a1")
    assert draft_of(other) is None
    drop_draft(other)
    assert Draft.objects.count() == 1


@pytest.mark.django_db
def test_new_things_wait_the_latest_first_changes_do_not():
    keep(holder="甲")
    keep(Sheet("clerk", "ledger:title", "new:b2"), AT.replace(hour=5), holder="乙")
    keep(Sheet("clerk", "ledger:title", "entry:7"), holder="丙")
    assert [draft.subject for draft in unfinished("clerk", "ledger:title")] == ["new:b2", "new:a1"]
