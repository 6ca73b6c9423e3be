"""Three years of calls and cases, carried through the services by people of the demo city, on the days on which they lie."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from keshu.bureau.programmes.models import Application, Publicity
from keshu.bureau.programmes.publicity.objecting import Said, file_objection
from keshu.bureau.records.services import ZONE, Actor, now
from keshu.site.demo.programmes_calls import plans
from keshu.site.demo.programmes_clock import Clock, at, simulated
from keshu.site.demo.programmes_desk import Desk, Life, Plan
from keshu.site.demo.programmes_fit import Fitness
from keshu.site.demo.programmes_late import call_life
from keshu.site.demo.programmes_people import People, describe, open_accounts, open_silent_accounts, pool
from keshu.site.demo.world import Firm, World

BY = Actor("demo", "演示数据")
BEGINS = date(2024, 1, 2)


def load_programmes(
    world: World, *, parties: Sequence[int], place_ids: Mapping[str, int], password: str, say: Callable[[str], None]
) -> tuple[list[dict[str, str]], int]:
    """Accounts, calls, cases; answers the rows of the table of logins, and how many cases there are.

    `say` hears of every year that is done: this is most of the minute that the demo takes.
    """
    real = now()
    firms = pool(world)
    people = People(world, list(parties), shown=[firms[0].index, firms[1].index])
    today = real.astimezone(ZONE).date()
    desk = Desk(world, people, Clock(at(BEGINS)), firms, place_ids, today)
    logins = open_accounts(people, password, BY)  # today: an old password would have to be changed first
    with transaction.atomic(), simulated(desk.clock):
        open_silent_accounts(people, firms[2:], BY)
        describe(world, firms, people.parties, BY)
        calls: dict[Any, Any] = {}
        turn = Turns(firms, Fitness(people.parties))
        for plan in plans(today):
            desk.start(call_life(desk, plan, turn.of(plan), calls))
        desk.start(_objection(desk, today))
        with seldom_collected():
            desk.run(
                real - timedelta(minutes=30),
                tell=lambda year: say(f"{year} 年申报已办理，累计 {Application.objects.count()} 件"),
            )
    return logins, Application.objects.count()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """A hundred thousand small queries leave little rubbish in circles; looking for it would take a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Turns:
    """Which enterprises apply to which call: those that may, in turn, farming ones for what is about farming."""

    def __init__(self, firms: Sequence[Firm], fitness: Fitness) -> None:
        self.firms, self.fitness = firms, fitness
        self.next = {True: 0, False: 0}
        self.farming = [f for f in firms[2:] if f.sector in ("农业", "生物")]
        self.others = [f for f in firms[2:] if f.sector not in ("农业", "生物")]

    def of(self, plan: Plan) -> list[Firm]:
        """The two enterprises with accounts are the first two where it is theirs to apply."""
        farming = plan.programme in ("plan.agri", "tepaiyuan.selection")
        own = self.firms[:2] if plan.programme in OWN and plan.cases else ()
        mine = self.fitness.choose(plan, own, len(own))
        rows, begin = self.farming if farming else self.others, self.next[farming]
        self.next[farming] = (begin + plan.cases - len(mine)) % len(rows)
        return mine + self.fitness.choose(plan, [*rows[begin:], *rows[:begin]], plan.cases - len(mine))


OWN = ("plan.key_rd", "payout.voucher", "title.phte")


def _objection(desk: Desk, today: date) -> Life:
    """Somebody objects, under her name, against one line of the list that is under publicity now."""
    yield at(today - timedelta(days=1), 16, 20)
    list_now = Publicity.objects.filter(ended_at__isnull=True, ends_on__gte=desk.clock.today).order_by("-pk").first()
    if list_now is not None:
        item = list_now.items.order_by("order").last()
        said = Said(
            "吴晓梅",
            "13800000000",
            "该单位申报的知识产权与另一家企业存在权属争议，请核实。",
            application=item.application_id,
        )
        file_objection(list_now.pk, said, day=desk.clock.today)
