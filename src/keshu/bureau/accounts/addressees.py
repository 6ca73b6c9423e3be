"""Who is behind a username, and who administers an organisation: told to the outbox, which lies below."""

from collections.abc import Collection

from keshu.bureau.accounts.models import Membership, User
from keshu.bureau.accounts.profile import phone_of
from keshu.bureau.outbox.addressees import Addressee, Addressees


def lookup(usernames: Collection[str], party_ids: Collection[int]) -> Addressees:
    """Accounts in use only; one statement for people, one for organisations."""
    users = User.objects.filter(username__in=usernames, is_active=True) if usernames else ()
    rows = Membership.objects.filter(
        party_id__in=party_ids, role=Membership.Role.UNIT_ADMIN, ended_at__isnull=True, user__is_active=True
    )
    parties: dict[int, tuple[Addressee, ...]] = {}
    for row in rows.select_related("user").order_by("pk") if party_ids else ():
        parties[row.party_id] = (*parties.get(row.party_id, ()), _addressee(row.user))
    return Addressees({user.username: _addressee(user) for user in users}, parties)


def _addressee(user: User) -> Addressee:
    return Addressee(user.username, user.name, user.email, phone_of(user))
