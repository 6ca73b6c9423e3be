"""What the public is told: lists under publicity, objections with sealed names, corrections, issued documents."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.programmes.models.calls import Call
from keshu.bureau.programmes.models.cases import Application, Reminder
from keshu.bureau.records.models import Act, File


class Publicity(models.Model):
    """A list shown to everybody for some working days; `ends_on` is its last day, stored when it begins."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="publicities")
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("公示内容"), blank=True)
    starts_on = models.DateField(_("开始日期"))
    days = models.IntegerField(_("公示天数"))
    ends_on = models.DateField(_("截止日期"))
    contact = models.CharField(_("受理异议的联系方式"), max_length=200)
    ended_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")  # its batch was undone

    class Meta:
        indexes = [models.Index(fields=["-starts_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="publicity_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.title


class PublicityItem(models.Model):
    """One line of the list as it was published: the columns that the public sees, and no others."""

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="publicity_items")
    order = models.IntegerField()
    columns = models.JSONField()  # [[label, text], ...]
    removed_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publicity", "application"], name="case_once_in_publicity")]


class Correction(models.Model):
    """A correction of a list that is out already: what stood there, what stands there now, why. Append-only."""

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="corrections")
    item = models.ForeignKey(PublicityItem, null=True, on_delete=models.PROTECT, related_name="corrections")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(max_length=300)
    on = models.DateField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")


class Objection(models.Model):
    """An objection 异议 with the real name of who raises it; handled by a day, with an outcome.

    Everything that was written by hand may name the person, so it is kept sealed; `ticket` is a blind index.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("办理中")
        UPHELD = "upheld", _("异议成立")
        DISMISSED = "dismissed", _("异议不成立")
        INVALID = "invalid", _("不予受理")

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="objections")
    name = models.TextField()  # sealed
    contact = models.TextField()  # sealed
    organisation = models.TextField(blank=True)  # sealed
    content = models.TextField()  # sealed
    by_letter = models.BooleanField(default=False)  # registered by a clerk from paper
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")  # its bytes are sealed
    ticket = models.CharField(max_length=64, unique=True)  # blind index of what the objector asks by
    received_on = models.DateField()
    due_on = models.DateField()
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    reply = models.TextField(blank=True)  # sealed
    handled_on = models.DateField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    handled_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", handled_on__isnull=True, handled_act__isnull=True)
                | (~Q(outcome="") & Q(handled_on__isnull=False) & Q(handled_act__isnull=False)),
                name="handled_objection_says_when",
            )
        ]


class ObjectionReminder(models.Model):
    """A day on which whoever has to handle an objection is reminded; made with it, marked when told."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="reminders")
    on = models.DateField(db_index=True)
    kind = models.CharField(max_length=6, choices=Reminder.Kind)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objection", "on", "kind"], name="objection_reminded_once"),
        ]


class IssuedDocument(models.Model):
    """A document with its number 文号 that covers some cases: 立项文件, 资金下达文件, 上报函, a superior's result."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="documents")
    template = models.CharField(max_length=40)
    number = models.CharField(_("文号"), max_length=80, blank=True)  # empty while it is a draft
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("正文"), blank=True)
    addressee = models.CharField(_("主送机关"), max_length=200, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=100, blank=True)  # several: 主办机关、联署机关
    issued_on = models.DateField(_("成文日期"), null=True)
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    dropped_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], condition=~Q(number=""), name="document_number_once"),
            models.CheckConstraint(
                condition=Q(number="", issued_on__isnull=True) | (~Q(number="") & Q(issued_on__isnull=False)),
                name="numbered_document_says_when",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by__isnull=True) | Q(number=""), name="numbered_document_is_not_dropped"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentItem(models.Model):
    """A case that the document covers. `number` is the project's or certificate's own number, where it gives one.

    `result` is what a superior's document says about the case.
    """

    class Result(models.TextChoices):
        NONE = "", _("未写结果")
        APPROVED = "approved", _("通过")
        REJECTED = "rejected", _("未通过")

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    order = models.IntegerField()
    number = models.CharField(max_length=80, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=8, choices=Result, blank=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "application"], name="case_once_in_document"),
        ]


class ArchiveIndex(models.Model):
    """What lay in the file of a case when it was archived: every version, paper and document with its hash."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="archive")
    rows = models.JSONField()  # [[part, name, sha256, size, day], ...]
    sha256 = models.CharField(max_length=64)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
