"""Who plays the story: the demo's people, and a clerk for each further body that has to handle something."""

from __future__ import annotations

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actions_posts import appoint, open_post
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Appointment, Organisation, User

CLERK_ROLE = "department-staff"
HANDLING_ROLES = {CLERK_ROLE, "town-staff"}


class Cast:
    """People by what they do; each acts under their own post."""

    def __init__(self) -> None:
        self.desk = self._known("demo-desk")
        self.checker = self._known("demo-desk-2")
        self.hotline = self._known("demo-hotline")
        self.arbiter = self._known("demo-arbiter")
        self.leader = self._known("demo-leader")
        self.walkers = (self._known("demo-grid"), self._known("demo-grid-2"))
        held = Appointment.objects.filter(post__roles__isnull=False).select_related("post__organisation", "user")
        self._handlers: dict[int, Actor] = {}
        for one in held.order_by("pk"):
            if HANDLING_ROLES & set(one.post.roles):
                self._handlers.setdefault(one.post.organisation_id, actor_for(one.user))
        self._clerks: dict[int, Actor] = {}

    def handler(self, body: Organisation) -> Actor:
        """Who handles what lies with a body: somebody of it or of the body above it; else a clerk is appointed."""
        if body.pk not in self._clerks:
            self._clerks[body.pk] = self._handlers.get(body.pk) or self._of_parent(body)
        return self._clerks[body.pk]

    def _of_parent(self, body: Organisation) -> Actor:
        parent = body.parent if body.kind in Organisation.INNER and body.parent is not None else body
        if parent.pk not in self._handlers:
            self._handlers[parent.pk] = _clerk_of(parent)
        return self._handlers[parent.pk]

    def _known(self, username: str) -> Actor:
        return actor_for(User.objects.get(username=username))


def _clerk_of(body: Organisation) -> Actor:
    """A made-up clerk of a body, whose password nobody knows."""
    username = f"demo-clerk-{body.key}"
    user = User.objects.filter(username=username).first()
    if user is None:
        name = f"演示（{body.short or body.chinese}经办）"
        user = User(username=username, chinese=name, organisation=body, kind=User.Kind.OFFICIAL)
        user.set_unusable_password()
        user.save()
        post = open_post(
            SYSTEM,
            organisation=body,
            key=f"demo-clerk-{body.key}",
            chinese=f"{body.short or body.chinese}经办（演示）",
            english=f"Clerk of {body.english} (demo)",
            roles=[CLERK_ROLE],
            area=None,
        )
        appoint(SYSTEM, user, post)
    return actor_for(user)
