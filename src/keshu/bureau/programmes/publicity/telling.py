"""Who of the bureau is told about lists, objections and documents of a call."""

from keshu.bureau.accounts.access import RIGHTS
from keshu.bureau.accounts.models import Membership
from keshu.bureau.places.queries import tree_on
from keshu.bureau.programmes.models import Call


def announcers(call: Call) -> list[str]:
    """Account names of those who may announce for this call: of its section, or of no section in particular."""
    roles = [role for role, rights in RIGHTS.items() if "programmes.announce" in rights]
    above = tree_on().paths.get(call.place.code, call.place.code).split("/")
    rows = Membership.objects.filter(role__in=roles, ended_at__isnull=True, user__is_active=True)
    found = rows.select_related("user", "place").order_by("user__username")
    return [
        row.user.username
        for row in found
        if (not row.sections or call.section in row.sections) and (row.place is None or row.place.code in above)
    ]
