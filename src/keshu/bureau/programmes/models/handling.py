"""What the bureau does with a case: checks, defects, scores, decisions, and batches that are released as one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.programmes.models.applying import FormVersion
from keshu.bureau.programmes.models.calls import Call
from keshu.bureau.programmes.models.cases import Application, Stage
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act, File


class CheckVerdict(models.Model):
    """One item of the formal check: what the rule says, and what a person says instead, with the reason."""

    class Truth(models.TextChoices):
        UNSAID = "", _("待审")
        YES = "yes", _("通过")
        NO = "no", _("不通过")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="check_verdicts")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=60)
    automatic = models.CharField(max_length=3, choices=Truth, blank=True)
    clause = models.TextField(blank=True)  # what the rule found, with its values
    said = models.CharField(max_length=3, choices=Truth, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "item"], condition=Q(replaced_by__isnull=True), name="check_item_judged_once"
            ),
            models.CheckConstraint(
                condition=Q(automatic="") | Q(said="") | Q(said=models.F("automatic")) | ~Q(reason=""),
                name="override_says_why",
            ),
        ]

    @property
    def truth(self) -> str:
        """What holds: the person's word before the rule's."""
        return self.said or self.automatic


class Defect(models.Model):
    """Something to be mended, told to the applicant with all others at once; `field` is the path that it speaks about."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="defects")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="defects")
    field = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=500)
    remedy = models.CharField(max_length=500, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    mended_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")


class Score(models.Model):
    """One expert's sheet, as given. It is never changed: a slip is withdrawn and entered anew."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scores")
    expert = models.CharField(max_length=50)
    kind = models.CharField(max_length=12, blank=True)
    points = models.JSONField()  # item: points as text
    comment = models.CharField(max_length=1000, blank=True)
    scored_on = models.DateField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "expert"], condition=Q(withdrawn_by__isnull=True), name="expert_scores_once"
            )
        ]


class Advice(models.Model):
    """What the section proposes to those who decide: whether, how much, why. A later one takes the place of it."""

    class Verdict(models.TextChoices):
        SUPPORT = "support", _("建议支持")
        OPPOSE = "oppose", _("建议不支持")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="advices")
    verdict = models.CharField(_("建议"), max_length=7, choices=Verdict)
    amount = MoneyField(_("建议金额"), null=True)
    grade = models.CharField(_("建议等级"), max_length=40, blank=True)
    note = models.CharField(_("理由"), max_length=500, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_by__isnull=True), name="case_has_one_advice"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="advised_amount_not_negative"
            ),
        ]


class PaperRecommendation(models.Model):
    """A recommendation that a county gave on paper, entered on its behalf by the bureau: the stamped list, and why."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="paper_recommendations")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(_("盖章日期"))
    reason = models.CharField(_("代为登记的原因"), max_length=300)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")


class Decision(models.Model):
    """What a meeting or a leader decided about a case, on which day. The amount lies with the money. Append-only."""

    class Verdict(models.TextChoices):
        AGREED = "agreed", _("同意")
        REFUSED = "refused", _("不同意")
        ENDED = "ended", _("终止（撤销、取消）")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=40)  # of the case when it was decided
    meeting = models.CharField(_("会议或决定人"), max_length=120)
    day = models.DateField(_("决定日期"))
    verdict = models.CharField(_("决定"), max_length=8, choices=Verdict)
    grade = models.CharField(_("等级"), max_length=40, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")


class Batch(models.Model):
    """Decisions taken now and announced together: nothing moves and nobody is told before the release."""

    class State(models.TextChoices):
        PENDING = "pending", _("待发布")
        RELEASED = "released", _("已发布")
        UNDONE = "undone", _("已撤销")
        DROPPED = "dropped", _("已放弃")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=120)
    right = models.CharField(max_length=40, blank=True)  # that of its event's row: whose business the batch is
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)  # since when the worker is to release it
    problem = models.CharField(max_length=500, blank=True)  # why the worker could not

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="batch_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=False) | ~Q(state__in=("released", "undone")),
                name="released_batch_names_its_act",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=False) | ~Q(state="undone"), name="undone_batch_names_its_act"
            ),
        ]


class BatchItem(models.Model):
    """One case of a batch: the event it is to take, with what the event needs; then what came of it."""

    class Result(models.TextChoices):
        WAITING = "", _("待发布")
        DONE = "done", _("已办理")
        REFUSED = "refused", _("未能办理")
        UNDONE = "undone", _("已撤销")
        LEFT = "left", _("已有后续办理，未撤销")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="batch_items")
    event = models.CharField(max_length=40)
    seen = models.IntegerField()  # revision of the case when it was put in
    given = models.JSONField(default=dict)  # what the event needs: reason, meeting, amount as text ...
    result = models.CharField(max_length=7, choices=Result, blank=True)
    message = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)  # the case's own columns before the release, for taking it back
    after = models.IntegerField(null=True)  # revision that the release left

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "application"], name="case_once_in_batch")]
