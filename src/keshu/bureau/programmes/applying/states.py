"""In which states an applicant may change the form, and by which event she hands it back."""

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application

EDITABLE = frozenset({"draft", "reworking", "supplementing", "mending"})
LOST = frozenset({"withdrawn", "refused", "rejected", "failed", "terminated", "revoked", "expired"})  # ends without it
APPLY, ENDORSE = "programmes.apply", "programmes.endorse"


def may_edit(viewer: Viewer, application: Application) -> bool:
    """Her own organisation's case, in a state in which the form is in the applicant's hands."""
    return application.state in EDITABLE and APPLY in rights_in(viewer, application)


def is_theirs(case: Case) -> bool:
    """Whether the next step is the applicant's."""
    return case.state.who == "applicant" and not case.state.end
