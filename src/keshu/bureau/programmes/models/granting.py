"""A grant under way: task book, milestones, changes, reports, visits, verdicts, conclusion, and the credit record."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.parties.models import Party
from keshu.bureau.programmes.models.cases import Application
from keshu.bureau.records.models import Act, File


class TaskBook(models.Model):
    """One version of the contract: what was promised. It holds once both sides have agreed; a change makes the next."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="task_books")
    number = models.IntegerField(default=1)
    values = models.JSONField()  # path: text, as in the form
    agreed_by_unit = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_by_bureau = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField(null=True)
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.IntegerField(default=1)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="task_book_number_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_by__isnull=True), name="one_task_book_holds"
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(agreed_by_unit__isnull=False, agreed_by_bureau__isnull=False),
                name="agreed_task_book_has_both_sides",
            ),
        ]


class Milestone(models.Model):
    """A node of the plan with its day; done when somebody says so with a proof."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="milestones")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    starts_on = models.DateField(null=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    proof = models.CharField(max_length=300, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    done_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code"], condition=Q(replaced_by__isnull=True), name="milestone_once"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_act__isnull=False), name="done_milestone_names_its_act"
            ),
        ]


class ChangeRequest(models.Model):
    """A wish to change the task book: before, after, why; decided by whom its weight asks for."""

    class Kind(models.TextChoices):
        LEADER = "leader", _("负责人")
        UNIT = "unit", _("承担单位")
        TARGET = "target", _("考核指标")
        BUDGET = "budget", _("预算")
        EXTENSION = "extension", _("延期")
        MEMBERS = "members", _("参与人员")
        OTHER = "other", _("其他")

    class Weight(models.TextChoices):
        MAJOR = "major", _("重大")
        IMPORTANT = "important", _("重要")
        PLAIN = "plain", _("一般")

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        ALLOWED = "allowed", _("已同意")
        DENIED = "denied", _("未同意")
        FILED = "filed", _("已备案")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="changes")
    number = models.IntegerField()
    kind = models.CharField(max_length=9, choices=Kind)
    weight = models.CharField(max_length=9, choices=Weight)
    right = models.CharField(max_length=40)  # who decides
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    asked_on = models.DateField()
    decided_on = models.DateField(null=True)
    reply = models.TextField(blank=True)
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    decided_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="change_number_once"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_on__isnull=True)
                | (~Q(state="asked") & Q(decided_on__isnull=False, decided_act__isnull=False)),
                name="decided_change_says_when",
            ),
        ]


class CaseReport(models.Model):
    """A report that is due: made as a row when the obligation begins, filled when it is filed."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("年度报告")
        MIDTERM = "midterm", _("中期报告")
        CORRECTION = "correction", _("整改报告")
        ACCEPTANCE = "acceptance", _("验收申请材料")
        AUDIT = "audit", _("审计报告")
        SCIENCE = "science", _("科技报告")
        LOG = "log", _("服务记录")
        EVALUATION = "evaluation", _("绩效自评")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=10, choices=Kind)
    period = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True)
    filed_on = models.DateField(null=True)
    values = models.JSONField(default=dict)  # delivered figures by promised target, texts
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    filed_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "period"], condition=Q(replaced_by__isnull=True), name="report_once"
            ),
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True) | Q(filed_act__isnull=False), name="filed_report_names_its_act"
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True) | Q(filed_on__isnull=False, accepted_act__isnull=False),
                name="accepted_report_was_filed",
            ),
        ]


class Visit(models.Model):
    """A supervision visit 监理: who went when, what was found, what is to be mended until when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    by = models.CharField(max_length=100)
    findings = models.TextField()
    serious = models.BooleanField(default=False)
    remedy = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closing = models.CharField(max_length=500, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    closed_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")


class Verdict(models.Model):
    """One of the three verdicts, each by its own office. Append-only; a new one replaces an old one by its order."""

    class Kind(models.TextChoices):
        PROJECT = "project", _("项目")
        MONEY = "money", _("经费")
        PERFORMANCE = "performance", _("绩效")

    class Result(models.TextChoices):
        PASSED = "passed", _("合格")
        MEND = "mend", _("需整改")
        FAILED = "failed", _("不合格")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=11, choices=Kind)
    office = models.CharField(max_length=60)
    result = models.CharField(max_length=6, choices=Result)
    points = models.CharField(max_length=10, blank=True)  # performance: of a hundred
    note = models.CharField(max_length=1000, blank=True)
    day = models.DateField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(replaced_by__isnull=True), name="verdict_of_each_kind_once"
            ),
            models.UniqueConstraint(
                fields=["application", "office"],
                condition=Q(replaced_by__isnull=True),
                name="office_gives_one_verdict",
            ),
        ]


class Conclusion(models.Model):
    """How the grant came out: one of six. Append-only."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("通过")
        MENDED = "mended", _("整改后复验")
        CLOSED = "closed", _("结题")
        FAILED = "failed", _("不通过")
        TERMINATED = "terminated", _("终止")
        REVOKED = "revoked", _("撤销")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conclusions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    day = models.DateField()
    note = models.CharField(max_length=1000, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")


class Credit(models.Model):
    """A mark of bad credit of an organisation or a person: what, how grave, barred until when; repair ends it."""

    class Level(models.TextChoices):
        ORDINARY = "ordinary", _("一般失信")
        SERIOUS = "serious", _("较重失信")
        GRAVE = "grave", _("严重失信")

    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="credits")
    person = models.CharField(max_length=64, blank=True, db_index=True)  # blind index
    person_name = models.CharField(max_length=50, blank=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="credits")
    level = models.CharField(max_length=8, choices=Level)
    what = models.CharField(max_length=300)
    basis = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)  # barred from applying to this day; None: noted only
    repaired_on = models.DateField(null=True)
    repair_note = models.CharField(max_length=300, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    repaired_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(party__isnull=False) | ~Q(person=""), name="credit_is_of_somebody"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="credit_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(repaired_on__isnull=True) | Q(repaired_act__isnull=False),
                name="repaired_credit_names_its_act",
            ),
        ]
