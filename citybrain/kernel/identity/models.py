"""People, organisations, areas and posts: who somebody is, for whom they act, and where."""

from __future__ import annotations

from typing import Any, Never

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.credentials import (  # noqa: F401 - Django finds this room's other models here
    Attempt,
    LinkedIdentity,
    Lock,
    PasswordState,
    PastPassword,
    RecoveryCode,
    SecondFactor,
    UserSession,
)
from citybrain.kernel.identity.scope import Scope


class Node(models.Model):
    """A node of a tree that knows its whole way from the root, so that a subtree is one indexed range of `path`."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(max_length=255, blank=True, db_index=True, editable=False)
    """Keys from the root, each closed by a slash: `yongkang/police/police-household/`. Verbs keep it true."""

    class Meta:
        abstract = True

    @property
    def depth(self) -> int:
        """Steps from the root, which has 0."""
        return max(self.path.count("/") - 1, 0)

    @property
    def way(self) -> list[str]:
        """Keys from the root down to this node."""
        return self.path.split("/")[:-1]


class Organisation(Node):
    """A department, section, town, zone, village committee or other body (机构) that provides data or handles cases."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("County government")
        GOVERNMENT = "government", _("Government department")
        INSTITUTION = "institution", _("Public institution")
        COURT = "court", _("Court")
        ASSOCIATION = "association", _("Association")
        UTILITY = "utility", _("Public utility")
        TOWN = "town", _("Town")
        SUBDISTRICT = "subdistrict", _("Subdistrict")
        ZONE = "zone", _("Functional zone")
        SECTION = "section", _("Section")
        VILLAGE = "village", _("Village or community committee")

    key = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.GOVERNMENT)
    chinese = models.CharField(max_length=128)
    english = models.CharField(max_length=128)
    short = models.CharField(max_length=32, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    """Unified social credit code (统一社会信用代码), GB 32100-2015."""
    division_code = models.CharField(max_length=12, blank=True)
    """Statistical division code for towns; zones carry a local code that no standard knows."""
    area = models.ForeignKey("identity.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The area it governs; None takes the nearest body above that has one."""
    schedule = models.SlugField(max_length=32, default="office")
    """Key of its working hours in the county's data: `office`, `round-the-clock`."""
    position = models.PositiveSmallIntegerField(default=0)
    """Order in which the county lists its bodies."""
    is_active = models.BooleanField(default=True)
    """False once it was dissolved: it keeps its history and takes nothing new."""

    AREAS = (Kind.TOWN, Kind.SUBDISTRICT, Kind.ZONE)
    """Kinds that govern a town-level area."""

    INNER = (Kind.COUNTY, Kind.SECTION, Kind.VILLAGE)
    """Kinds that the county does not list as bodies of their own: the root, parts of a body, villages under a town."""

    scope = Scope(organisation="id", area="area")

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.chinese


class Area(Node):
    """An area (区域): a division of the county, a functional zone, or a grid (网格) of a village."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("County")
        TOWN = "town", _("Town or subdistrict")
        ZONE = "zone", _("Functional zone")
        VILLAGE = "village", _("Village or neighbourhood")
        GRID = "grid", _("Grid")

    key = models.CharField(max_length=32, unique=True)
    """Statistical division code of 12 digits; zones and grids carry a local code that no standard knows."""
    kind = models.CharField(max_length=16, choices=Kind.choices)
    chinese = models.CharField(max_length=128)
    english = models.CharField(max_length=128, blank=True)
    shape: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    """Boundary: GeoJSON polygon or multipolygon, degrees, CGCS2000; None where none is known."""
    shape_source = models.CharField(max_length=200, blank=True)
    """Who drew the boundary: shown beside it, as its licence may ask."""
    is_shape_synthetic = models.BooleanField(default=False)
    """True when the boundary is made up, whatever the code is: every map and every proposal drawn from it says so."""
    seat: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    """Longitude and latitude of its seat, degrees, WGS-84; None where it is not known."""
    is_synthetic = models.BooleanField(default=False)
    """True when the area itself is made up for the demo, its code with it: every map says so."""
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)
    """By its latest value processes see that the boundaries they keep are old."""

    scope = Scope(area="id")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.chinese


class User(AbstractUser):
    """A person who signs in."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official")
        CITIZEN = "citizen", _("Citizen")

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OFFICIAL)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    """The body that employs the person; what they may do follows from their posts alone."""
    chinese = models.CharField(_("name"), max_length=64, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    """Language of messages sent while nobody looks; empty for the site's."""
    large_type = models.BooleanField(_("large type"), default=False)
    """Whether pages are shown in large type (长辈模式)."""

    scope = Scope(organisation="organisation", person="id")

    @property
    def name(self) -> str:
        """How the person is called on pages."""
        return self.chinese or self.get_full_name() or self.username


class Post(models.Model):
    """A post (岗位) in an organisation: what its holder may do, and where. People come and go, the post stays."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    key = models.SlugField(max_length=96, unique=True)
    chinese = models.CharField(_("name"), max_length=64)
    english = models.CharField(max_length=96, blank=True)
    roles: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    """Keys of the roles declared in the registry."""
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Area the post is for; None takes that of the organisation, or of the nearest body above that has one."""
    is_active = models.BooleanField(default=True)
    """False once it was closed: nobody acts under it."""

    scope = Scope(organisation="organisation")

    class Meta:
        ordering = ["organisation__position", "key"]

    def __str__(self) -> str:
        return self.chinese


class Appointment(models.Model):
    """That a person holds a post (任职), from a day until a day; a person may hold several, and acts under one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    """Last day; None while it lasts."""
    is_main = models.BooleanField(default=False)
    """The one a session begins with."""

    scope = Scope(organisation="post__organisation", person="user")

    class Meta:
        ordering = ["-is_main", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "post"], condition=models.Q(until=None), name="one_current_holding")
        ]

    def __str__(self) -> str:
        return f"{self.user.name} · {self.post}"


class Delegation(models.Model):
    """That somebody stands in for an absent colleague (代理): the deputy acts under the post, in both names."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputising")
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    scope = Scope(organisation="appointment__post__organisation", person="appointment__user")

    class Meta:
        ordering = ["-since"]
        constraints = [models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="delegation_lasts")]

    def __str__(self) -> str:
        return f"{self.appointment} → {self.deputy.name}"


class OnlyAdded(models.QuerySet["SecurityEvent"]):
    """Lines that can be added and read, never changed or removed."""

    def update(self, **changes: Any) -> Never:
        """Refused."""
        raise TypeError(NEVER_CHANGED)

    def delete(self) -> Never:
        """Refused."""
        raise TypeError(NEVER_CHANGED)


NEVER_CHANGED = "Lines of the security log are never changed or removed: add a line that corrects the earlier one."


class SecurityEvent(models.Model):
    """One line of the security log (安全审计日志): sign-ins, refusals, everything administrators do, every disclosure.

    Lines are only ever added. The evidence hub will chain them.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    action = models.CharField(max_length=48, db_index=True)
    """`sign-in`, `sign-in-refused`, `locked`, `appoint`, `role-change`, `disclose`, `export`, ..."""
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who did it; None for somebody who was not signed in, and for the system."""
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    """Post they acted under."""
    thing = models.CharField(max_length=96, blank=True)
    """Kind of thing it was done to: `user`, `post`, `old-tree`."""
    thing_id = models.CharField(max_length=96, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    """Purpose the person stated, where one is needed."""
    subject = models.CharField(max_length=128, blank=True, db_index=True)
    """Pseudonym of the data subject (keyed hash), so that a citizen can be told who looked."""
    detail: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    """What changed, before and after; never a password, never a personal value."""
    address = models.GenericIPAddressField(null=True)

    objects = OnlyAdded.as_manager()
    scope = Scope(organisation="post__organisation", person="user")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.thing} {self.thing_id}".rstrip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the line; a line that stands already is refused."""
        if not self._state.adding:
            raise TypeError(NEVER_CHANGED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused."""
        raise TypeError(NEVER_CHANGED)
