"""Pages by key: together they are the whole list, in order, each row once, forwards and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from keshu.bureau.accounts.models import SignIn
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.records.services import now

SORTS = {"ended": "ended_at", "name": "username"}


def attempts(names):
    at = now()
    ended = {"a": at, "b": None}
    return [
        SignIn.objects.create(username=name, outcome="opened", at=at, ended_at=ended.get(name[0], at), session=str(n))
        for n, name in enumerate(names)
    ]


def walk(sort, size):
    """All pages to the end, then all the way back."""
    query, forwards, backwards = {"sort": sort}, [], []
    while True:
        page = page_of(SignIn.objects.all(), query, sorts=SORTS, default="name", size=size)
        forwards.append([row.pk for row in page.rows])
        if not page.next:
            break
        query = {"sort": sort, "page": page.next}
    while page.previous:
        backwards.insert(0, [row.pk for row in page.rows])
        page = page_of(
            SignIn.objects.all(), {"sort": sort, "page": page.previous}, sorts=SORTS, default="name", size=size
        )
    backwards.insert(0, [row.pk for row in page.rows])
    return forwards, backwards


class Walking(TestCase):
    @given(
        names=st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=0, max_size=9),
        size=st.integers(min_value=1, max_value=4),
        sort=st.sampled_from(["name", "-name", "ended", "-ended"]),
    )
    def test_every_row_once_in_order_and_back_again(self, names, size, sort):
        rows = attempts(names)
        down, column = sort.startswith("-"), SORTS[sort.removeprefix("-")]
        given_rows = [row for row in rows if getattr(row, column) is not None]
        given_rows.sort(key=lambda row: (getattr(row, column), row.pk), reverse=down)
        empty = sorted((row for row in rows if getattr(row, column) is None), key=lambda row: row.pk, reverse=down)
        forwards, backwards = walk(sort, size)
        assert [pk for page in forwards for pk in page] == [row.pk for row in [*given_rows, *empty]]
        assert sorted(pk for page in backwards for pk in page) == sorted(pk for page in forwards for pk in page)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WyJhIiwgbnVsbCwgInoiXQ", "eyJhIjoxfQ", "WyJ6IiwgIjEiLCAxXQ"])
def test_a_cursor_that_cannot_be_read_gives_the_first_page(db, cursor):
    attempts(["a", "c"])
    page = page_of(SignIn.objects.all(), {"page": cursor}, sorts=SORTS, default="name")
    assert [row.username for row in page.rows] == ["a", "c"]


def test_an_unknown_sort_is_the_default(db):
    assert page_of(SignIn.objects.all(), {"sort": "password"}, sorts=SORTS, default="-name").sort == "-name"


def test_one_query_a_page(db, django_assert_num_queries):
    attempts(["a", "c", "d"])
    first = page_of(SignIn.objects.all(), {}, sorts=SORTS, default="name", size=1)
    with django_assert_num_queries(1):
        page_of(SignIn.objects.all(), {"page": first.next}, sorts=SORTS, default="name", size=1)


def test_a_row_added_meanwhile_shifts_nothing(db):
    attempts(["b", "d"])
    first = page_of(SignIn.objects.all(), {}, sorts=SORTS, default="name", size=1)
    attempts(["a"])
    assert [
        r.username for r in page_of(SignIn.objects.all(), {"page": first.next}, sorts=SORTS, default="name").rows
    ] == ["d"]
