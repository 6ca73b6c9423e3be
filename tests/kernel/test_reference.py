"""References: printing and parsing are inverse, faults have a place and a remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import BadReference, Form, Reference, fill, find_references

codes = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z0-9_]{1,5}){0,2}", fullmatch=True)
references = st.builds(
    Reference,
    code=codes,
    place=st.sampled_from(["", "990121", "青岩县"]),
    period=st.sampled_from(["", "2025", "2025-01..2025-10", "2021..2025", "last", "next_year"]),
    form=st.sampled_from(list(Form)),
    argument=st.sampled_from(["", "2", "hte.valid"]),
    unit=st.sampled_from(["", "万元", "家", "%"]),
)


@given(references)
def test_printing_and_parsing_are_inverse(reference):
    assert Reference.parse(str(reference)) == reference


@given(st.lists(references, max_size=4), st.text("甲乙，。1", max_size=5))
def test_references_are_found_where_they_stand(given_references, text):
    whole = text.join(["", *map(str, given_references), ""])
    found, faults = find_references(whole)
    assert not faults and [located.reference for located in found] == given_references
    assert all(whole[located.start : located.end] == str(located.reference) for located in found)
    assert fill(whole, str) == whole


def test_parts():
    parsed = Reference.parse("{hte.valid@990121/2025-01..2025-10:without_largest(2)|家}")
    assert (parsed.code, parsed.place, parsed.period) == ("hte.valid", "990121", "2025-01..2025-10")
    assert (parsed.form, parsed.argument, parsed.unit) == (Form.WITHOUT_LARGEST, "2", "家")
    assert str(Reference.parse("{a}")) == "{a}" and str(Reference.parse("{a:value}")) == "{a}"
    assert all(form.label for form in Form)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("{}", 1),
        ("{Hte}", 1),
        ("{a@}", 3),
        ("{a/}", 3),
        ("{a/2025-13}", 3),
        ("{a@x/去年}", 5),
        ("{a@x/2025:raise}", 10),
        ("{a|}", 3),
        ("{a:growth|}", 10),
    ],
)
def test_faults_say_where_and_what_to_do(text, position):
    with pytest.raises(BadReference) as caught:
        Reference.parse(text)
    assert caught.value.position == position
    assert caught.value.remedy and caught.value.message


def test_all_faults_of_a_text_at_once():
    found, faults = find_references("前{hte}中{Bad}后{open 再{b:growth}末}")
    assert [located.reference.code for located in found] == ["hte", "b"]
    assert [fault.position for fault in faults] == [8, 13, 31]
    with pytest.raises(BadReference):
        fill("{Bad}", str)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("", "2026-01..2026-10"),
        ("last", "2025-01..2025-10"),
        ("year", "2026"),
        ("last_year", "2025"),
        ("next_year", "2027"),
        ("five_years", "2022..2026"),
        ("last_five_years", "2017..2021"),
        ("previous", "2025-03..2025-12"),
        ("2021..2025", "2021..2025"),
    ],
)
def test_periods_are_seen_from_the_summary(period, expected):
    base = Period.parse("2026-01..2026-10")
    assert str(Reference(code="a", period=period).resolve_period(base)) == expected
