"""Who may sign in, and what each of their memberships opens to them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act, File
from keshu.bureau.records.services import Actor

UNIT_ROLES = ("unit_admin", "applicant")  # held in an organisation, never in a place; all others the other way round


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One person's account; everything it may do comes from its memberships."""

    username = models.CharField(_("账号"), max_length=150, unique=True)
    name = models.CharField(_("姓名"), max_length=50)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.TextField(_("电话"), blank=True)  # sealed (parties.personal)
    title = models.CharField(_("职称"), max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor(self) -> Actor:
        return Actor(self.username, self.name)

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, label: str) -> bool:
        return False


class Membership(models.Model):
    """A role within a scope. One person may hold several, except that the three administrators are three people."""

    class Role(models.TextChoices):
        SYSTEM = "system", _("系统管理员")
        SECURITY = "security", _("安全管理员")
        AUDIT = "audit", _("审计管理员")
        DIRECTOR = "director", _("局领导")
        DEPUTY = "deputy", _("分管领导")
        OFFICE = "office", _("办公室")
        HEAD = "head", _("科室负责人")
        CLERK = "clerk", _("科室经办")
        COUNTY = "county", _("县区经办")
        FINANCE = "finance", _("财务")
        UNIT_ADMIN = "unit_admin", _("单位管理员")
        APPLICANT = "applicant", _("申报人")

    class Scope(models.TextChoices):
        PLACE = "place", _("区划")
        PARTY = "party", _("主体")
        PANEL = "panel", _("评审组")
        ALL = "all", _("全部")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    scope = models.CharField(max_length=6, choices=Scope, default=Scope.PLACE)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="memberships")
    sections = models.JSONField(default=list)  # names of owner sections that the role covers; empty: all of them
    ended_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(scope="place") | Q(place__isnull=False), name="membership_in_a_place_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(scope="party") | Q(party__isnull=False), name="membership_for_a_party_names_it"
            ),
            models.CheckConstraint(
                condition=Q(scope="party", place__isnull=True, role__in=UNIT_ROLES)
                | (~Q(scope="party") & Q(party__isnull=True) & ~Q(role__in=UNIT_ROLES)),
                name="unit_roles_belong_to_a_party",
            ),
            models.UniqueConstraint(
                fields=["user", "party"],
                condition=Q(party__isnull=False, ended_at__isnull=True),
                name="one_current_role_in_a_party",
            ),
        ]


UNIT_CHOICES = [(role, Membership.Role(role).label) for role in UNIT_ROLES]


class OldPassword(models.Model):
    """Hash of a former password, so that the last few are not used again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField()


class Unmasking(models.Model):
    """A personal field was shown in full: to whom, of whom, why. Append-only."""

    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    subject = models.CharField(max_length=120)
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)


class SignIn(models.Model):
    """One attempt to sign in, and until when the session that it opened lasted. Append-only."""

    class Outcome(models.TextChoices):
        OPENED = "opened", _("已登录")
        REFUSED = "refused", _("账号或密码不对")
        LOCKED = "locked", _("尝试过多，已锁定")
        UNPROVED = "unproved", _("找回密码未通过")

    username = models.CharField(max_length=150, db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="sign_ins")
    outcome = models.CharField(max_length=8, choices=Outcome)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    session = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="opened") | Q(ended_at__isnull=True), name="only_opened_sessions_end"
            ),
        ]


class Claim(models.Model):
    """Somebody says that they act for an organisation. Its administrators decide, else the bureau, on a proof."""

    class State(models.TextChoices):
        PENDING = "pending", _("待审核")
        APPROVED = "approved", _("已通过")
        REFUSED = "refused", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Addressee(models.TextChoices):
        UNIT = "unit", _("单位管理员")
        BUREAU = "bureau", _("主管部门")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)  # as the claimant writes it
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="claims")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=UNIT_CHOICES)
    proof = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    addressee = models.CharField(max_length=6, choices=Addressee)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    membership = models.OneToOneField(Membership, null=True, on_delete=models.PROTECT, related_name="claim")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["state", "made_at"], name="claim_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True, decided_by="", membership__isnull=True)
                | Q(state="approved", decided_at__isnull=False, party__isnull=False, membership__isnull=False)
                & ~Q(decided_by="")
                | Q(state="refused", decided_at__isnull=False, membership__isnull=True)
                & ~Q(decided_by="")
                & ~Q(reason="")
                | Q(state="withdrawn", decided_at__isnull=False, membership__isnull=True) & ~Q(decided_by=""),
                name="claim_state_has_its_columns",
            ),
            models.CheckConstraint(condition=Q(role__in=UNIT_ROLES), name="claim_for_a_unit_role"),
            models.CheckConstraint(
                condition=Q(addressee="unit", party__isnull=False) | Q(addressee="bureau", proof__isnull=False),
                name="claim_to_the_bureau_brings_proof",
            ),
            models.UniqueConstraint(
                fields=["user", "uscc"], condition=Q(state="pending"), name="one_pending_claim_of_a_code"
            ),
        ]


class Invitation(models.Model):
    """An administrator asks somebody into the organisation: an account by its name, or whoever brings the code."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=UNIT_CHOICES)
    username = models.CharField(max_length=150, blank=True)  # need not exist: the answer is the same for the inviter
    digest = models.CharField(max_length=64, null=True, unique=True)  # of the code; the code itself is nowhere
    note = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=UNIT_ROLES), name="invitation_to_a_unit_role"),
            models.CheckConstraint(
                condition=Q(username="", digest__isnull=False) | (~Q(username="") & Q(digest__isnull=True)),
                name="invitation_by_name_or_by_code",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False, ended_at__isnull=True),
                name="invitation_used_by_somebody_or_ended",
            ),
        ]


class Recovery(models.Model):
    """One way back into an account, good once: a link sent by e-mail, a printed code, a code from one's administrator."""

    class Kind(models.TextChoices):
        LINK = "link", _("邮件链接")
        PRINTED = "printed", _("恢复码")
        HELPER = "helper", _("单位管理员代办")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    kind = models.CharField(max_length=7, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.CharField(max_length=150)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # a newer one took its place, or the password changed
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="printed", expires_at__isnull=True)
                | (~Q(kind="printed") & Q(expires_at__isnull=False)),
                name="recovery_expires_unless_printed",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(ended_at__isnull=True), name="recovery_used_or_ended"
            ),
        ]


class Attempt(models.Model):
    """Something that may be tried only so often from one address or for one account; kept no longer than it counts."""

    what = models.CharField(max_length=20)
    key = models.CharField(max_length=64)  # a blind index, neither address nor name
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["what", "key", "at"], name="attempt_counted")]


class Delegation(models.Model):
    """While somebody is away, another stands in for them. Only `ended_at` is ever set later, once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standing_in")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["deputy", "ends_on"], name="standing_in", condition=Q(ended_at=None))]
        constraints = [
            models.CheckConstraint(condition=~Q(user=F("deputy")), name="delegation_needs_two"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_it_begins"),
        ]
