"""Which enterprises may apply for what: by their figures, the titles that ledgers know, and what they applied for before."""

from collections.abc import Sequence
from datetime import date

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.programmes.definitions import programme_of
from keshu.site.demo.programmes_desk import Plan
from keshu.site.demo.world import Firm

LEADS = "plan."  # an enterprise has one person who leads projects, and she may lead one of them a year
Span = tuple[date, date]


class Fitness:
    """Judges before the demo begins; whoever is chosen is remembered."""

    def __init__(self, parties: Sequence[int]) -> None:
        self.parties = parties
        self.titles: dict[str, dict[int, list[Span]]] = {}
        rows = Revision.objects.filter(ledger="title", status="valid", known_to__isnull=True, voided=False)
        for kind, party, since, until in rows.values_list("category", "party_id", "started_on", "ended_on"):
            self.titles.setdefault(kind, {}).setdefault(party, []).append((since or date.min, until or date.max))
        platforms = Revision.objects.filter(ledger="platform", known_to__isnull=True, voided=False)
        self.platforms = set(platforms.values_list("party_id", "category", "level"))
        self.used: dict[str, set[int]] = {}
        self.leading: set[tuple[int, int]] = set()

    def choose(self, plan: Plan, firms: Sequence[Firm], n: int) -> list[Firm]:
        """The first n of the firms that may apply; fewer where there are no more."""
        chosen = [firm for firm in firms if self.fits(plan, firm)][: max(n, 0)]
        self.used.setdefault(plan.programme, set()).update(firm.index for firm in chosen)
        if plan.programme.startswith(LEADS):
            self.leading.update((plan.year, firm.index) for firm in chosen)
        return chosen

    def fits(self, plan: Plan, firm: Firm) -> bool:
        """Whether the call would let this enterprise hand in."""
        revenue = firm.size * firm.growth ** (plan.year - 1 - 2023)
        if plan.programme.startswith(LEADS) and (plan.year, firm.index) in self.leading:
            return False
        match plan.programme:
            case "payout.voucher":
                return self._holds("tsme", plan, firm)
            case "plan.major" | "payout.rd_segment":
                return firm.above_scale or self._holds("hte", plan, firm)
            case "platform.engineering_center":
                return revenue >= 2000 and not self._has_platform(plan, firm)
            case "title.hte":
                return firm.intensity >= 0.05 and not self._ever("hte", firm)
            case "title.phte":
                return not self._ever("hte", firm) and firm.index not in self.used.get("title.hte", ())
            case "title.tsme":
                return revenue * 1.2 <= 20000
        return True

    def _holds(self, kind: str, plan: Plan, firm: Firm) -> bool:
        """While the call is open; where the bureau keeps no such titles nobody is asked for one."""
        spans = self.titles.get(kind, {}).get(self.parties[firm.index], [])
        return kind not in self.titles or any(since <= plan.opens and plan.closes <= until for since, until in spans)

    def _ever(self, kind: str, firm: Firm) -> bool:
        return self.parties[firm.index] in self.titles.get(kind, {})

    def _has_platform(self, plan: Plan, firm: Firm) -> bool:
        said = [one.set for one in programme_of(plan.programme).outcomes if one.ledger == "platform"]
        kinds = {(self.parties[firm.index], one.get("kind"), one.get("level")) for one in said}
        return firm.index in self.used.get(plan.programme, ()) or bool(kinds & self.platforms)
