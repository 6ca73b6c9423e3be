"""A case 申报: one party's application and everything that becomes of it; the stages it was in, with their due dates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.ledgers.models import Entry
from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.models.calls import Call
from keshu.bureau.records.models import Act

ENDS = (
    "withdrawn", "refused", "rejected", "approved", "completed", "failed", "terminated", "revoked", "expired",
)  # fmt: skip


class Application(models.Model):
    """The case. `state` is a code of the call's definition; `revision` grows with every act that concerns the case."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="applications")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="applications", db_index=False)
    title = models.CharField(_("名称"), max_length=200, blank=True)
    leader = models.CharField(_("负责人"), max_length=50, blank=True)
    number = models.CharField(_("受理编号"), max_length=40, null=True, unique=True)
    state = models.CharField(max_length=40)
    end = models.CharField(max_length=10, blank=True)
    revision = models.IntegerField(default=1)
    created_by = models.CharField(max_length=150)  # account name
    created_at = models.DateTimeField()
    version = models.ForeignKey(
        "programmes.FormVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )  # the one that counts
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)
    issued_on = models.DateField(null=True)
    concluded_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="applications")  # the act that wrote it last

    class Meta:
        indexes = [
            models.Index(fields=["call", "state"]),
            models.Index(fields=["state", "id"]),
            models.Index(fields=["place", "state"]),
            models.Index(fields=["-submitted_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False, number__isnull=False, version__isnull=False)
                | Q(submitted_at__isnull=True, number__isnull=True, version__isnull=True),
                name="submitted_case_has_number_and_version",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False)
                | Q(state__in=("draft", "endorsing"))
                | Q(end__in=("withdrawn", "expired")),
                name="only_submitted_cases_are_handled",
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True) | (~Q(end="") & Q(ended_at__isnull=False)),
                name="ended_case_says_when",
            ),
            models.CheckConstraint(condition=Q(end="") | Q(end__in=ENDS), name="case_end_is_known"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(submitted_at__isnull=False), name="decided_case_was_submitted"
            ),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True) | Q(issued_on__isnull=False), name="concluded_case_was_issued"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.number or f"#{self.pk}"


class CasePerson(models.Model):
    """Who leads and who takes part, found by a blind index: the limits across years and units are counted on these."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="people")
    blind = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=50)
    leads = models.BooleanField(default=False)
    order = models.IntegerField(default=0)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "blind"], name="person_once_in_case")]


class StandingStages(models.Manager["Stage"]):
    """The stages that the case went through as it is known now: those of a move that was taken back are left out."""

    def get_queryset(self) -> models.QuerySet["Stage"]:
        return super().get_queryset().filter(undone_by__isnull=True)


class Stage(models.Model):
    """A stretch of time that the case spent in one state. The due date is stored when the stage begins.

    No row goes away: one of a move that was taken back stays, marked, and the stage that the move had ended runs on in
    a row of its own, which says the same as the first and is known since then.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="stages")
    state = models.CharField(max_length=40)
    order = models.IntegerField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    late = models.BooleanField(null=True)  # said when it is left: after its due date
    event = models.CharField(max_length=40, blank=True)  # that led here
    left_by = models.CharField(max_length=40, blank=True)  # event that led away
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    left_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    # Neither is looked up, and nearly every row has neither: an index of them would draw SQLite to read the whole table.
    restored_by = models.ForeignKey(
        Act, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # known since this act
    undone_by = models.ForeignKey(
        Act, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # known until this act

    every = models.Manager()
    objects = StandingStages()

    class Meta:
        default_manager_name = "objects"
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["due_on"]),
            models.Index(fields=["state", "due_on"], name="stage_open_state", condition=Q(left_at__isnull=True)),
            models.Index(fields=["due_on", "id"], name="stage_open_due", condition=Q(left_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(left_at__isnull=True), name="case_is_in_one_stage"
            ),
            models.UniqueConstraint(
                fields=["application", "order"], condition=Q(undone_by__isnull=True), name="stage_order_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(left_at__isnull=False), name="undone_stage_was_left"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")), name="stage_left_after_entered"
            ),
        ]


class CaseEntry(models.Model):
    """The ledger row in which the outcome of the case stands: one in each ledger that the definition names."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="entries")
    ledger = models.CharField(max_length=40)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="cases")
    former = models.ForeignKey(
        Entry, null=True, on_delete=models.PROTECT, related_name="+"
    )  # its own row, voided when the act found that an imported one is the same
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "ledger"], name="case_has_one_row_in_ledger")]


class Reminder(models.Model):
    """A day on which somebody is reminded of a stage's due date; made with the stage, marked when told."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("到期前")
        DUE = "due", _("到期日")
        AFTER = "after", _("逾期后")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="reminders")
    on = models.DateField(db_index=True)
    kind = models.CharField(max_length=6, choices=Kind)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "on", "kind"], name="reminded_once")]
