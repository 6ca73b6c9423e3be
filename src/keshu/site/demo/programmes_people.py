"""Who acts in the cases of the demo city: accounts that anybody may sign in with, and colleagues who only sign acts."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from keshu.bureau.accounts import members, services
from keshu.bureau.accounts.access import RIGHTS, Grant, Viewer, viewer_of
from keshu.bureau.accounts.models import Membership, User
from keshu.bureau.parties.describing import describe_party
from keshu.bureau.parties.models import Party
from keshu.bureau.records.services import Actor, digest_of, writing
from keshu.site.demo import city
from keshu.site.demo.numbers import phone
from keshu.site.demo.people import _FAMILY, _GIVEN
from keshu.site.demo.world import Firm, World

INDUSTRIES = {
    "新材料": "化学纤维制造业", "智能装备": "通用设备制造业", "电子": "电子元件制造业", "生物": "生物药品制品制造业",
    "医药": "医药制造业", "软件": "软件和信息技术服务业", "环保": "生态保护和环境治理业", "光电": "光电子器件制造业",
    "仪表": "仪器仪表制造业", "农业": "农副食品加工业", "包装": "塑料制品业", "新能源": "电气机械和器材制造业",
}  # fmt: skip
STREETS = ("科创路", "工业大道", "创业街", "兴业路", "滨江路")
#: (account, person, role): members of the two enterprises of the demo
UNIT_ACCOUNTS = (
    ("firm", "陈立", "unit_admin", 0),
    ("firm-staff", "赵晓", "applicant", 0),
    ("firm2", "林岚", "unit_admin", 1),
)
COUNTY_ACCOUNTS = {city.COUNTY: "county", city.PARK: "park"}  # who recommends in the places of those enterprises


@dataclass
class People:
    """Everybody by what she does; enterprises by the index of the firm."""

    world: World
    parties: list[int]
    shown: list[int] = field(default_factory=list)  # firms whose people have accounts

    def account(self, username: str) -> Viewer:
        return _account(username)

    def clerk(self, section: str) -> Viewer:
        return self.account({"农社科": "clerk-agri", "计财科": "clerk-plan"}.get(section, "clerk"))

    def head(self, section: str) -> Viewer:
        return self.account("head" if section == "高新科" else "head2")

    def county(self, place: str) -> Viewer:
        if place in COUNTY_ACCOUNTS:
            return self.account(COUNTY_ACCOUNTS[place])
        actor = Actor(f"county-{place}", "县区科技局")
        return Viewer(0, actor, (Grant("county", RIGHTS["county"], place, frozenset()),))

    def unit(self, firm: Firm) -> Viewer:
        """Who fills in and hands over for an enterprise: its administrator."""
        if firm.index in self.shown:
            return self.account("firm" if firm.index == self.shown[0] else "firm2")
        return self.account(username_of(firm))


@cache
def _account(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username))


def person_of(world: World, firm: Firm, part: str) -> str:
    draw = world.draw("person", firm.index, part)
    return draw.choice(_FAMILY) + draw.choice(_GIVEN)


def pool(world: World, n: int = 150) -> list[Firm]:
    """The enterprises that apply: those that do research, from every county; the two with accounts come first."""
    draw = world.draw("programme-pool")
    fit = [f for f in world.firms if f.intensity > 0.045 and f.since <= 2020 and 800 < f.size < 30000]
    firm2 = next((f for f in fit if f.place == city.COUNTY), world.firms_of(city.COUNTY)[0])
    fit = [f for f in fit if f is not firm2]
    draw.shuffle(fit)
    first = next(f for f in fit if f.place == city.PARK and f.sector != "农业")
    return [first, firm2, *[f for f in fit if f is not first][: n - 2]]


def describe(world: World, firms: list[Firm], parties: list[int], by: Actor) -> None:
    """What the enterprises say of themselves."""
    for firm in firms:
        draw = world.draw("facts", firm.index)
        told: dict[str, Any] = {
            "unit_type": "企业", "registered_on": date(firm.since, draw.randint(1, 12), draw.randint(1, 28)),
            "address": f"{place_name(firm.place)}{draw.choice(STREETS)}{draw.randint(1, 188)}号",
            "legal_person": person_of(world, firm, "legal"), "industry": INDUSTRIES[firm.sector],
            "capital": Decimal(draw.choice((300, 500, 800, 1000, 2000, 5000))) * 10000, "phone": phone(draw),
        }  # fmt: skip
        describe_party(parties[firm.index], told, by=by)


def username_of(firm: Firm) -> str:
    return f"u{firm.code[-9:-1].lower()}"


def open_silent_accounts(people: People, firms: list[Firm], by: Actor) -> None:
    """The administrators of all other enterprises: they act and are told, and nobody can sign in as they."""
    parties = Party.objects.in_bulk([people.parties[firm.index] for firm in firms])
    with writing(verb="member.add", by=by, reason="演示单位的账号，没有密码") as act:
        at = act.act.at
        for firm in firms:
            user = User(username=username_of(firm), name=person_of(people.world, firm, "contact"))
            user.created_at = user.password_changed_at = at
            user.set_unusable_password()
            user.save()
            act.wrote(digest_of(["user", user.username, user.name, ""]))
            members.join(user, parties[people.parties[firm.index]], "unit_admin", within=act)


@cache
def place_name(code: str) -> str:
    return next(spec.name for spec in city.places() if spec.code == code)


def open_accounts(people: People, password: str, by: Actor) -> list[dict[str, str]]:
    """The members of the two enterprises; answers the rows of the table of logins."""
    rows = []
    for username, name, role, which in UNIT_ACCOUNTS:
        user = services.add_user(username, name=name, password=password, by=by, must_change=False)
        party = Party.objects.get(pk=people.parties[people.shown[which]])
        with writing(verb="member.add", by=by, subject=f"party:{party.pk}") as act:
            members.join(user, party, role, within=act)
        label = str(Membership.Role(role).label)
        rows.append({"username": username, "name": name, "role": label, "password": password, "says": party.name})
    _account.cache_clear()
    return rows
