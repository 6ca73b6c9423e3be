"""Reads about accounts: for the pages of the administrators and for signing in."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from keshu.bureau.accounts.models import Membership, SignIn, User


def current_memberships() -> QuerySet[Membership]:
    """Memberships that have not ended, the oldest first."""
    return Membership.objects.filter(ended_at__isnull=True).select_related("place", "party").order_by("pk")


def accounts(*, text: str = "", role: str = "", active: bool | None = None) -> QuerySet[User]:
    """Accounts with their current memberships in `.held`, for the users and roles pages; two queries a page."""
    rows = User.objects.prefetch_related(Prefetch("memberships", current_memberships(), to_attr="held"))
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if role:
        rows = rows.filter(pk__in=Membership.objects.filter(role=role, ended_at__isnull=True).values("user_id"))
    return rows if active is None else rows.filter(is_active=active)


def roles_of(user_id: int) -> set[str]:
    return set(current_memberships().filter(user_id=user_id).values_list("role", flat=True))


def place_names(user_id: int) -> list[str]:
    """Places and organisations of the memberships, each once, in order; an empty list means the whole bureau."""
    held = [m.place or m.party for m in current_memberships().filter(user_id=user_id)]
    return list(dict.fromkeys(one.name for one in held if one))


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """What the people behind these accounts are called; unknown ones are left out."""
    return dict(User.objects.filter(username__in=set(usernames)).values_list("username", "name"))


def sign_ins(*, text: str = "", outcome: str = "") -> QuerySet[SignIn]:
    rows = SignIn.objects.all()
    if text:
        rows = rows.filter(
            Q(username__icontains=text) | Q(address=text) if _is_address(text) else Q(username__icontains=text)
        )
    return rows.filter(outcome=outcome) if outcome else rows


def _is_address(text: str) -> bool:
    return text.count(".") == 3 or ":" in text


def open_sessions(user_ids: Iterable[int]) -> QuerySet[SignIn]:
    """Sessions that nobody has ended, the newest first."""
    return SignIn.objects.filter(user_id__in=list(user_ids), outcome="opened", ended_at__isnull=True).order_by(
        "-at", "-pk"
    )
