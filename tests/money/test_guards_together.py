"""Two hands on the same money at once, on PostgreSQL. These tests empty the database behind them; it is filled again."""

import threading

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection

from keshu.bureau.money.problems import said
from tests.money.test_guards import use, voucher  # noqa: F401 - a fixture

ALONE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
together = pytest.mark.skipif(ALONE, reason="SQLite has one writer at a time")


@pytest.fixture(scope="module", autouse=True)
def whole_again(django_db_setup, django_db_blocker):
    """What the migrations planted is there for whichever file comes next."""
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


def both(*works):
    """What comes of the works, done at the same time by as many people."""
    barrier, found = threading.Barrier(len(works)), []

    def do(work):
        barrier.wait()
        try:
            work()
            found.append("done")
        except (IntegrityError, OperationalError) as error:
            found.append(str(said(error)) if isinstance(error, IntegrityError) else str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found, key=lambda text: text != "done")


@together
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_clerks_who_pay_the_last_instalment_exactly_one_succeeds(approved, put_payment):
    case = approved(1000, first=600, last=400)
    put_payment(case.instalments.get(code="first"), 600, voucher="1")
    last = case.instalments.get(code="last")
    found = both(*(lambda n=n: put_payment(last, 400, voucher=f"尾{n}") for n in range(2)))
    assert found[0] == "done" and "超过" in found[1]
    assert last.payments.count() == 1


@together
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_instalments_at_once_stay_within_what_was_approved(approved, put_payment):
    case = approved(1000, first=600, last=600)
    parts = list(case.instalments.order_by("order"))
    found = both(*(lambda part=part: put_payment(part, 600, voucher=part.code) for part in parts))
    assert found[0] == "done" and "超过核定金额" in found[1]


@together
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_voucher_spent_twice_at_once_keeps_its_quota(voucher):  # noqa: F811
    found = both(*(lambda n=n: use(voucher, 60, f"乙{n}") for n in range(2)))
    assert found[0] == "done" and "剩余额度" in found[1]
