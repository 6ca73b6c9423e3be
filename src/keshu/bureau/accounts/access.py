"""Who may open what: rights by role, declared on every view, and the scope that cuts every list.

`requires(right)`, `signed_in` and `public` are the only three declarations; a test refuses a URL without one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from keshu.bureau.accounts.models import Delegation, Membership, User
from keshu.bureau.places.queries import Tree, tree_on
from keshu.bureau.records.services import Actor

READ = {
    "entries.view",
    "figures.view",
    "sources.view",
    "targets.view",
    "summaries.view",
    "texts.view",
    "parties.view",
    "catalogue.view",
}
EDIT = READ | {
    "entries.edit",
    "entries.import",
    "entries.void",
    "parties.edit",
    "summaries.edit",
    "sources.edit",
    "texts.edit",
}
CASES = {"cases.view"}
CLERK = {
    "calls.edit",
    "claims.decide",
    "programmes.accept",
    "programmes.check",
    "programmes.review",
    "programmes.advise",
    "programmes.announce",
    "programmes.contract",
    "programmes.supervise",
    "programmes.archive",
}
RIGHTS: dict[str, frozenset[str]] = {
    "system": frozenset({"users.manage", "catalogue.view", "system.manage", "outbox.view", "outbox.manage"}),
    "security": frozenset({"users.view", "roles.grant"}),
    "audit": frozenset({"audit.view"}),
    "director": frozenset(
        READ
        | CASES
        | {
            "summaries.sign",
            "summaries.freeze",
            "targets.edit",
            "texts.edit",
            "programmes.decide",
            "delegations.view",
        }
    ),
    "deputy": frozenset(READ | CASES | {"summaries.sign", "texts.edit", "programmes.decide", "delegations.view"}),
    "office": frozenset(
        EDIT
        | CASES
        | {
            "summaries.compose",
            "summaries.sign",
            "summaries.freeze",
            "targets.edit",
            "places.edit",
            "personal.unmask",
            "texts.remove",
            "calls.edit",
            "claims.decide",
            "programmes.issue",
            "programmes.announce",
            "programmes.archive",
            "outbox.view",
            "outbox.manage",
            "delegations.view",
        }
    ),
    "head": frozenset(
        EDIT
        | CASES
        | CLERK
        | {
            "summaries.sign",
            "targets.edit",
            "personal.unmask",
            "texts.remove",
            "programmes.issue",
            "programmes.conclude",
            "delegations.view",
        }
    ),
    "clerk": frozenset(EDIT | CASES | CLERK | {"personal.unmask"}),
    "county": frozenset((EDIT - {"sources.edit"}) | CASES | {"programmes.recommend"}),
    "finance": frozenset(READ | CASES | {"programmes.pay"}),
    "unit_admin": frozenset({"programmes.apply", "programmes.endorse", "own.view", "own.manage"}),
    "applicant": frozenset({"programmes.apply", "own.view"}),
}
ADMINISTRATORS = frozenset({"system", "security", "audit"})
# What members of an organisation hold; no bureau role has any of these, so `requires` alone keeps both sides apart.
UNIT_RIGHTS = RIGHTS["unit_admin"] | RIGHTS["applicant"]

DELEGABLE = (Membership.Scope.PLACE, Membership.Scope.ALL)  # what a deputy may use: never organisations, never panels


@dataclass(frozen=True)
class Grant:
    """What one membership opens: rights, the place below which, the sections for which (empty: all).

    With `party` it opens them for that organisation alone, and neither place nor section can be asked of it.
    `on_behalf_of` names the absent colleague whose grant it is; empty for one's own.
    """

    role: str
    rights: frozenset[str]
    place: str
    sections: frozenset[str]
    party: int | None = None
    on_behalf_of: str = ""


@dataclass(frozen=True)
class Viewer:
    """A user with everything that decides what the user sees; made once a request, handed down as an argument.

    Two kinds of grants never mix: those within places answer questions about places and sections, those of an
    organisation answer only the question about that very organisation.
    """

    user_id: int
    actor: Actor
    grants: tuple[Grant, ...]
    _trees: list[Tree] = field(default_factory=list, init=False, compare=False, repr=False)
    _below: dict[str, frozenset[str]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def rights(self) -> frozenset[str]:
        """Every right held anywhere: what opens a page. Whose row it may touch is asked of `may`."""
        return frozenset().union(*(grant.rights for grant in self.grants))

    def may(self, right: str, *, section: str = "", place: str = "", party: int | None = None) -> bool:
        """True if one of the memberships gives the right, for this section and at or below this place where given.

        A right held for an organisation counts only when that organisation, and nothing else, is asked for.
        """
        if party is not None and not section and not place and party in self.parties(right):
            return True
        return any(self._covers(grant, section, place) for grant in self._placed(right))

    def acting_for(self, right: str, *, section: str = "", place: str = "") -> str | None:
        """The absent colleague without whose delegation the viewer would not hold the right here; None otherwise."""
        fitting = [grant for grant in self._placed(right) if self._covers(grant, section, place)]
        if not fitting or any(not grant.on_behalf_of for grant in fitting):
            return None
        return fitting[0].on_behalf_of

    def actor_for(self, right: str, *, section: str = "", place: str = "") -> Actor:
        """The viewer as the actor of an act under this right; one of a deputy also names who is absent."""
        absent = self.acting_for(right, section=section, place=place)
        return self.actor if absent is None else replace(self.actor, on_behalf_of=absent)

    def _covers(self, grant: Grant, section: str, place: str) -> bool:
        return (not section or not grant.sections or section in grant.sections) and (
            not place or not grant.place or place in self._inside(grant.place)
        )

    def parties(self, right: str) -> frozenset[int]:
        """The organisations for which the right is held as a member of theirs."""
        return frozenset(g.party for g in self.grants if g.party is not None and right in g.rights)

    @property
    def unit_only(self) -> bool:
        """True for somebody with no role in the bureau: a member of organisations, or not even that yet."""
        return all(grant.party is not None for grant in self.grants)

    def _placed(self, right: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.party is None and right in grant.rights]

    def _tree(self) -> Tree:
        """Today's places, read once a request, and only where a question is about places."""
        if not self._trees:
            self._trees.append(tree_on())
        return self._trees[0]

    def _inside(self, place: str) -> frozenset[str]:
        """The place and all below it, worked out once a request."""
        if place not in self._below:
            self._below[place] = self._tree().below(place)
        return self._below[place]

    def places(self, right: str) -> tuple[str, ...] | None:
        """The places below which the right holds; None means everywhere."""
        found = {grant.place for grant in self._placed(right)}
        return None if "" in found else tuple(sorted(found))

    def place_ids(self, right: str) -> frozenset[int] | None:
        """Ids of all places where the right holds, those below included; None means everywhere."""
        roots = self.places(right)
        if roots is None:
            return None
        return frozenset().union(*(self._tree().ids_below(code) for code in roots))

    def sections(self, right: str) -> frozenset[str] | None:
        """The sections for which the right holds; None means all of them."""
        grants = self._placed(right)
        return None if any(not g.sections for g in grants) else frozenset().union(*(g.sections for g in grants))


def viewer_of(user: User, *, on: date | None = None) -> Viewer:
    """Everything that the user's memberships open; on a day also those of colleagues for whom the user stands in."""
    held = Q(user=user) if on is None else Q(user=user) | _stood_in_for(user, on)
    rows = list(Membership.objects.filter(held, ended_at__isnull=True).select_related("place", "user").order_by("pk"))
    grants = [_grant(row) for row in rows if row.user_id == user.pk]
    borrowed = [_grant(row, row.user.name) for row in rows if row.user_id != user.pk] if _may_stand_in(grants) else []
    absent = "、".join(dict.fromkeys(grant.on_behalf_of for grant in borrowed))
    actor = replace(user.actor, stands_in_for=absent)
    return Viewer(user_id=user.pk, actor=actor, grants=(*grants, *_inherited(grants), *borrowed))


def _stood_in_for(user: User, on: date) -> Q:
    """What a deputy may use: bureau roles of those away, in use; never administrators, organisations or panels.

    Only memberships are borrowed, never what was borrowed itself: there are no chains.
    """
    away = Delegation.objects.filter(deputy=user, starts_on__lte=on, ends_on__gte=on, ended_at__isnull=True)
    return Q(user__in=away.values("user"), user__is_active=True, scope__in=DELEGABLE) & ~Q(role__in=ADMINISTRATORS)


def _may_stand_in(own: Iterable[Grant]) -> bool:
    """Who works in the bureau and is none of the three administrators."""
    roles = {grant.role for grant in own if grant.party is None}
    return bool(roles) and not roles & ADMINISTRATORS


def _grant(row: Membership, on_behalf_of: str = "") -> Grant:
    place = row.place.code if row.scope == Membership.Scope.PLACE and row.place else ""
    return Grant(row.role, RIGHTS[row.role], place, frozenset(row.sections), row.party_id, on_behalf_of)


def _inherited(grants: Iterable[Grant]) -> Iterator[Grant]:
    """A member of an organisation that was merged into another is a member of the one that is left."""
    placed = [grant for grant in grants if grant.party is not None]
    if not placed:
        return
    from keshu.bureau.parties.queries import heirs

    last = heirs({grant.party for grant in placed if grant.party is not None})
    for grant in placed:
        if grant.party is not None and last[grant.party] != grant.party:
            yield replace(grant, party=last[grant.party])


def refuses(roles: Iterable[str]) -> bool:
    """True if these roles may not lie in one hand: two administrators, or an administrator with any other role."""
    held = set(roles)
    return bool(held & ADMINISTRATORS) and len(held) > 1


def _through_others(viewer: Viewer, rights: Iterable[str]) -> Viewer:
    """Where the page is open only because somebody is away, everything done on it names that colleague too.

    Where the viewer has the right of their own as well, the service knows whose row it is: `actor_for`. Where nobody
    asks, the act still says for whom its actor stood in at the time.
    """
    opening = [grant for grant in viewer.grants if grant.rights.intersection(rights)]
    if any(not grant.on_behalf_of for grant in opening):
        return viewer
    return replace(viewer, actor=replace(viewer.actor, on_behalf_of=opening[0].on_behalf_of))


View = Callable[..., HttpResponse]


def requires(*rights: str) -> Callable[[View], View]:
    """Only for people one of whose memberships gives one of the rights; sets `request.viewer`.

    Others get the sign-in page, or 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            viewer = viewer_of(request.user, on=localdate())
            request.viewer = viewer  # type: ignore[attr-defined]
            if not viewer.rights.intersection(rights):
                raise PermissionDenied(" ".join(rights))
            request.viewer = _through_others(viewer, rights)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.access = " ".join(rights)  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """For everybody with an account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.viewer = viewer_of(request.user, on=localdate())  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    guarded.access = "signed-in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """For everybody; say so where it is meant."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    opened.access = "public"  # type: ignore[attr-defined]
    return opened
