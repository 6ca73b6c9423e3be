"""Who may sign in, and what each of their memberships opens to them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act
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
