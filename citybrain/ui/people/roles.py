"""Pages of roles: what each permits, what is kept apart, who holds it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.declare.role import Role
from citybrain.kernel.identity.models import Post
from citybrain.kernel.identity.permissions import VIEW_POSTS, VIEW_ROLES
from citybrain.kernel.identity.queries import RoleUse, carrying, role_uses
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.kernel.registry.registry import registry
from citybrain.ui.access import requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts
from citybrain.ui.panels.panel import Link, Page, Panel, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of
from citybrain.ui.people.organisations import posts_table
from citybrain.ui.people.permit_tables import permits_table

NOBODY = RoleUse(posts=0, people=0)


@requires(VIEW_ROLES)
def roles(request: HttpRequest) -> HttpResponse:
    """Every role of the installation."""
    actor = actor_of(request)
    uses = role_uses()

    def use(role: Role) -> RoleUse:
        return uses.get(role.key, NOBODY)

    page = Page(
        title=_("Roles"),
        lead=_("Bundles of permissions that posts carry. Applications declare them; here one sees who holds them."),
        body=(
            Table(
                columns=(
                    Column(
                        title=_("Role"),
                        value=lambda role: _(role.title),
                        under=lambda role: _(role.help) if role.help else "",
                        link=lambda role: words.url("role", role.key),
                        wraps=True,
                    ),
                    Column(title=_("Not together with"), value=apart, wraps=True, weight=3),
                    Column(title=_("Clearance"), value=clearance, cell=cells.tag, weight=2),
                    Column(
                        title=_("Second factor"), value=lambda role: role.second_factor, cell=cells.yes_no, weight=3
                    ),
                    Column(
                        title=_("Posts"), value=lambda role: use(role).posts, cell=cells.number, align="right", weight=2
                    ),
                    Column(title=_("People"), value=lambda role: use(role).people, cell=cells.number, align="right"),
                ),
                rows=vouched(registry().of(Role), actor, VIEW_ROLES),
                row_link=lambda role: words.url("role", role.key),
                is_two_lines=True,
                empty=_("No application declares a role."),
                empty_icon="shield-check",
            ),
        ),
        help=_("Three duties are kept apart: who keeps accounts, who grants roles, who reads the log."),
    )
    return page.respond(request)


def excluded(role: Role) -> list[Role]:
    """Roles that one person may not hold beside it, whoever of the two says so."""
    return [one for one in registry().of(Role) if one.key in role.excludes or role.key in one.excludes]


def apart(role: Role) -> str | None:
    """Those roles in one line."""
    return _(", ").join(_(one.title) for one in excluded(role)) or None


def clearance(role: Role) -> Tag:
    """Highest grade of data its holder sees unmasked."""
    return Tag(title=role.clearance, tone="quiet", help=_(role.clearance.label))


@requires(VIEW_ROLES)
def role(request: HttpRequest, key: str) -> HttpResponse:
    """One role: what it permits, and which posts carry it."""
    actor = actor_of(request)
    found = registry().find(Role, key)
    if found is None:
        raise Http404(_("No application declares this role."))
    body: list[Panel] = [permits_table(actor, [key], VIEW_ROLES)]
    if actor.may(VIEW_POSTS):
        carriers = Post.objects.filter(pk__in=[post.pk for post in carrying(key)]).select_related(
            "organisation__parent"
        )
        body.append(posts_table(scoped(carriers, actor, VIEW_POSTS), title=_("Posts that carry it")))
    page = Page(
        title=_(found.title),
        crumbs=(Link(title=_("Roles"), url=words.url("roles")),),
        lead=_(found.help) if found.help else "",
        body=tuple(body),
        aside=(
            Facts(
                title=_("Facts"),
                of=vouched([found], actor, VIEW_ROLES),
                facts=(
                    Fact(title=_("Identifier"), value=found.key, cell=cells.mono),
                    Fact(title=_("Declared by"), value=application_title(found)),
                    Fact(title=_("Clearance"), value=clearance(found), cell=cells.tag),
                    Fact(title=_("Second factor"), value=found.second_factor, cell=cells.yes_no),
                    Fact(title=_("Not together with"), value=apart(found)),
                    Fact(title=_("Carried by"), value=_("Citizens") if found.carried_by == "citizen" else _("Posts")),
                ),
            ),
        ),
    )
    return page.respond(request)


def application_title(found: Role) -> str:
    """Name of the application that declares a role."""
    home = registry().application_of(found)
    return next((_(one.title) for one in registry().applications if one.key == home), home)
