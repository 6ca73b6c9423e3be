"""What can be wrong with a case, in sentences for the person who tried."""

from django.utils.translation import gettext as _


class CaseProblem(Exception):
    """It cannot be done now; the message says why and what to do."""


class StaleCase(CaseProblem):
    """Somebody has dealt with the case since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("这件申报刚刚由他人办理过，请刷新页面，在新的状态上继续办理"))
