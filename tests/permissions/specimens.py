"""One thing for every address that names one, owned by the body `home`: made only when a route asks for it.

A new address with a part that varies is not tested until its part is named here, and the matrix fails until it is.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from citybrain.applications.city.models import Patrol
from citybrain.centre.duties.models import Proposal
from citybrain.centre.events.models import Event
from citybrain.centre.events.pages.views import DESK
from citybrain.declare.codelist import CodeList
from citybrain.declare.element import Element
from citybrain.declare.role import Role
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.hubs.evidence.sealing import seal
from citybrain.hubs.messages.models import Announcement, Copy, Delivery, Message, Robot
from citybrain.kernel.identity.credentials import LinkedIdentity, Lock, UserSession
from citybrain.kernel.identity.models import Appointment, Area, Delegation, Organisation, Post, User
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.records import blobs
from citybrain.kernel.records.models import Attachment, Change, Comment, Import, Record, SavedView
from citybrain.kernel.records.shape import record_type, record_types
from citybrain.kernel.registry.registry import registry
from citybrain.ui.records.models import ApiToken
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.gathering.models import GatherRun, QuarantineItem, SchemaChange, Source, SourceTable
from tests.permissions.routes import Route

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class World:
    """The body the specimens belong to, and its person who asks for them."""

    home: Organisation
    owner: User


Make = Callable[[World], object]

MAKE: dict[str, Make] = {}
"""`route:parameter` or `parameter` -> what makes its value; the first is looked for before the second."""


def specimen(*names: str) -> Callable[[Make], Make]:
    """Names what a function makes the value of."""

    def put(make: Make) -> Make:
        MAKE.update(dict.fromkeys(names, make))
        return make

    return put


def parts(route: Route, world: World) -> dict[str, object]:
    """The parts of a route's address. Raises LookupError that says what to add here."""
    key = key_of_register(route)
    if key and route.parameters:
        return record_parts(key, route, world)
    found = {}
    for parameter in route.parameters:
        make = MAKE.get(f"{route.name}:{parameter}") or MAKE.get(parameter)
        if make is None:
            raise LookupError(f"/{route.pattern}: say in tests/permissions/specimens.py what <{parameter}> may be.")
        found[parameter] = make(world)
    return found


# Records, of whatever type


def key_of_register(route: Route) -> str:
    """Key of the record type a page or an API address is of; empty for others."""
    if route.name.startswith("records:"):
        return route.name.split(":")[1]
    keys = sorted((shape.key for shape in record_types()), key=len, reverse=True)
    return next((key for key in keys if f"{route.name}-".startswith(f"api-{key}-")), "")


def record_parts(key: str, route: Route, world: World) -> dict[str, object]:
    """The parts of an address of a record's page."""
    shape = record_type(key)
    record = record_of(shape.model, world)
    Change.objects.create(kind=key, record_id=record.pk, revision=1, action="create", user=world.owner)
    about = {"record_kind": shape.key, "record_id": record.pk}
    made: dict[str, Callable[[], object]] = {
        "number": lambda: record.number,
        "name": lambda: "organisation",
        "file_id": lambda: file_of(about).pk,
        "comment_id": lambda: Comment.objects.create(**about, text="…", user=world.owner).pk,
        "view_id": lambda: SavedView.objects.create(owner=world.owner, kind=shape.key, title="…").pk,
        "import_id": lambda: (
            Import.objects.create(
                kind=shape.key, name="a.csv", digest="0" * 64, user=world.owner, organisation=world.home
            ).pk
        ),
    }
    # An application's own pages of its records name their further parts themselves.
    own = {one: MAKE[f"{route.name}:{one}"] for one in route.parameters if one not in made}
    return {one: own[one](world) if one in own else made[one]() for one in route.parameters}


def file_of(about: dict[str, Any]) -> Attachment:
    """A file that lies on the disk, with its preview."""
    blob = blobs.keep([b"a"])
    blobs.path_of(blob.digest).with_suffix(".small").write_bytes(b"a")
    facts = {"name": "a.txt", "kind": "txt", "size": blob.size, "digest": blob.digest, "has_thumbnail": True}
    return Attachment.objects.create(**about, **facts)


def record_of(model: type[Record], world: World) -> Any:
    """A record with a value in every field that needs one."""
    values = {
        field.attname: value_of(field, world)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.null and not field.has_default() and not field.blank
    }
    number = f"T-{model.objects.count() + 1}"
    return model.objects.create(**{**values, "number": number, "organisation_id": world.home.pk})


def value_of(field: models.Field[Any, Any], world: World) -> object:
    """Some value a column takes."""
    if field.is_relation:
        target: Any = field.related_model
        return record_of(target, world).pk if issubclass(target, Record) else world.home.pk
    if field.choices:
        return field.flatchoices[0][0]
    match field:
        case models.DateTimeField():
            return NOW
        case models.DateField():
            return NOW.date()
        case models.BooleanField():
            return False
        case models.IntegerField() | models.DecimalField() | models.FloatField():
            return 1
        case models.UUIDField():
            return uuid.uuid4()
    return "1"


# Events


@specimen("event-page:number", "event-paper:number", "event-archive:number")
def event(world: World) -> object:
    return record_of(Event, world).number


@specimen("event-change-view:view_id")
def view_of_the_desk(world: World) -> object:
    return SavedView.objects.create(owner=world.owner, kind=DESK.key, title="…").pk


@specimen("event-batch:verb")
def verb_of_batch(world: World) -> object:
    return "urge"


# People and bodies


@specimen(
    *(f"people:organisation{page}:key" for page in ("", "-branch", "-new", "-edit", "-move", "-dissolve", "-revive")),
    "people:post-new:key",
    "department:key",
)
def organisation(world: World) -> object:
    if not Dataset.objects.filter(provider=world.home).exists():
        dataset(world)
    return world.home.key


@specimen(*(f"people:post{page}:key" for page in ("", "-edit", "-roles", "-close")))
def post(world: World) -> object:
    return Post.objects.create(organisation=world.home, key="specimen", chinese="岗位").key


@specimen("people:person:number", *(f"people:person-{page}:number" for page in ("edit", "close", "open", "password")))
def person(world: World) -> object:
    return User.objects.create(username="specimen", organisation=world.home).pk


@specimen("people:end:number", "people:stand-in:number")
def appointment(world: World) -> object:
    user = User.objects.create(username="holder", organisation=world.home)
    held = Post.objects.create(organisation=world.home, key="held", chinese="岗位")
    return Appointment.objects.create(user=user, post=held, since=timezone.localdate()).pk


@specimen("people:take:number", "people:main:number", "people:delegate:number")
def own_appointment(world: World) -> object:
    return Appointment.objects.filter(user=world.owner).values_list("pk", flat=True)[0]


@specimen("people:revoke:number", "people:take-back:number")
def delegation(world: World) -> object:
    given = Appointment.objects.filter(user=world.owner)[0]
    deputy = User.objects.create(username="deputy", organisation=world.home)
    ends = timezone.now() + datetime.timedelta(days=1)
    return Delegation.objects.create(
        appointment=given, deputy=deputy, since=timezone.now(), until=ends, reason="leave"
    ).pk


@specimen("people:role:key")
def role(world: World) -> object:
    return registry().of(Role)[0].key


@specimen("people:area:key", "people:area-branch:key")
def area(world: World) -> object:
    made, _new = Area.objects.get_or_create(
        key="330784900001", defaults={"kind": "village", "chinese": "测试村", "path": "330784900001/"}
    )
    Organisation.objects.filter(pk=world.home.pk).update(area=made)
    return made.key


@specimen("account-session-end:session_id")
def session(world: World) -> object:
    return UserSession.objects.create(
        user=world.owner, key="specimen", method="password", since=NOW, seen_at=timezone.now()
    ).pk


@specimen("account-unlock:lock_id")
def lock(world: World) -> object:
    ends = timezone.now() + datetime.timedelta(minutes=5)
    user = User.objects.create(username="locked", organisation=world.home)
    return Lock.objects.create(kind=Lock.Kind.values[0], key="locked", user=user, since=timezone.now(), until=ends).pk


@specimen("account-factor-remove:number")
def with_second_factor(world: World) -> object:
    return world.owner.pk


@specimen("account-identity-unlink:link_id")
def linked(world: World) -> object:
    return LinkedIdentity.objects.create(user=world.owner, provider="oidc", subject="1").pk


@specimen("token-revoke:token_id")
def token(world: World) -> object:
    ends = timezone.now() + datetime.timedelta(days=1)
    return ApiToken.objects.create(user=world.owner, title="…", start="…", digest="0" * 64, expires_at=ends).pk


# The phones


@specimen("phone-report-form:key", "phone-report-send:key")
def reportable(world: World) -> object:
    return next(shape.key for shape in record_types() if not shape.face.by_verbs)


@specimen("citizen-records:key", "citizen-geojson:key", "citizen-record:key")
def public_type(world: World) -> object:
    return next(shape.key for shape in record_types() if shape.face.is_public)


@specimen("citizen-record:number")
def public_record(world: World) -> object:
    return record_of(next(shape.model for shape in record_types() if shape.face.is_public), world).number


@specimen("citizen-form:key")
def open_type(world: World) -> object:
    return next(shape.key for shape in record_types() if shape.face.citizens_create)


@specimen("records:patrol-plan:walk-points:walk", "records:patrol-plan:walk-stop:walk")
def walk_of_mine(world: World) -> object:
    facts = {"agreed_at": NOW, "started_at": NOW, "organisation": world.home, "user": world.owner}
    return Patrol.objects.create(**facts).pk


@specimen("citizen-followed:token")
def secret_link(world: World) -> object:
    return "none"


# The warehouse


@specimen("dataset:key")
def dataset(world: World) -> object:
    return _dataset(world).key


@specimen("decide-match:field_id")
def field(world: World) -> object:
    element = registry().of(Element)[0].key
    return Field.objects.create(
        dataset=_dataset(world), position=1, name="A", raw_type="string", element_key=element, match="proposed"
    ).pk


@specimen("source:key")
def source(world: World) -> object:
    return _source(world).key


@specimen("decide:change_id")
def change(world: World) -> object:
    run = _run(world)
    return SchemaChange.objects.create(dataset=run.table.dataset, run=run, kind="lost", column="A", before="string").pk


@specimen("quarantined-bytes:item_id")
def quarantine(world: World) -> object:
    return QuarantineItem.objects.create(
        run=_run(world), place="a.csv", reason="encoding", segment="0" * 64, start=0, size=1, sha256="0" * 64
    ).pk


@specimen("job_id")
def job(world: World) -> object:
    return Job.objects.create(name="run", title="Gather and govern", queued_at=NOW, requested_by="owner").pk


@specimen("element:key")
def element(world: World) -> object:
    return registry().of(Element)[0].key


@specimen("codelist:key")
def code_list(world: World) -> object:
    return registry().of(CodeList)[0].key


@specimen("help-register:key")
def register(world: World) -> object:
    return next(shape.key for shape in record_types() if not shape.face.by_verbs)


def _dataset(world: World) -> Dataset:
    made, _new = Dataset.objects.get_or_create(
        key="home.specimen", defaults={"chinese": "样本", "provider": world.home, "source_key": "specimen"}
    )
    return made


def _source(world: World) -> Source:
    facts = {"chinese": "样本", "department": world.home, "kind": "csv", "address": "a.csv"}
    made, _new = Source.objects.get_or_create(key="specimen", defaults=facts)
    return made


def _run(world: World) -> GatherRun:
    table, _new = SourceTable.objects.get_or_create(source=_source(world), name="a", dataset=_dataset(world))
    return GatherRun.objects.create(table=table, load="specimen")


# What belongs to nobody


@specimen("zoom", "column", "line")
def tile(world: World) -> object:
    return 0


@specimen("map-tianditu-tile:layer")
def layer(world: World) -> object:
    return "vec"


@specimen(*(f"{page}:key" for page in ("sign-in-elsewhere", "sign-in-return", "account-identity-link")))
def provider(world: World) -> object:
    return "none"


# The evidence ledger

LEDGER = ("leaf", "proof", "record", "consistency", "checkpoint", "tile", "entries")


@specimen(
    *(f"evidence-{page}:log" for page in LEDGER),
    *(f"api-evidence-{page}:log" for page in ("checkpoint", "leaves", "inclusion", "consistency")),
)
def sealed_log(world: World) -> object:
    append("specimen", [Leaf("thing", "T-1", "0" * 64)])
    seal("specimen")
    return "specimen"


@specimen("evidence-leaf:index", "evidence-proof:index", "evidence-tile:level")
def first_leaf(world: World) -> object:
    return 0


@specimen("evidence-tile:place", "evidence-entries:place")
def first_tile(world: World) -> object:
    return "000.p/1"


@specimen("evidence-record:reference")
def logged_record(world: World) -> object:
    return "T-1"


# Messages and announcements


@specimen("duty-proposal-decide:pk")
def proposal(world: World) -> object:
    return Proposal.objects.create(type="damaged-road", organisation=world.home, proposed_by=world.owner).pk


@specimen("message:pk", "message-confirm:pk")
def inbox_copy(world: World) -> object:
    return Copy.objects.create(message=_message(world), user=world.owner).pk


@specimen("message-sent:pk")
def sent_message(world: World) -> object:
    return _message(world).pk


@specimen("message-again:pk")
def failed_delivery(world: World) -> object:
    message = _message(world)
    copy = Copy.objects.create(message=message, user=world.owner)
    return Delivery.objects.create(message=message, copy=copy, channel="email", state="failed").pk


@specimen("message-robot-stop:pk")
def robot(world: World) -> object:
    return Robot.objects.create(organisation=world.home, kind="wecom", title="…", sealed_url="…", host="…").pk


@specimen("message-receipts:channel", "message-receipts:token")
def gateway(world: World) -> object:
    return "none"


@specimen("news-item:number", "news-publish:number", "news-withdraw:number", "news-confirm:number")
def announcement(world: World) -> object:
    made = record_of(Announcement, world)
    Announcement.objects.filter(pk=made.pk).update(
        audience="public", published_from=NOW, published_until=None, published_revision=made.revision
    )
    return made.number


def _message(world: World) -> Message:
    return Message.objects.create(
        to_kind="person", to_key="owner", title="…", sender=world.owner, organisation=world.home
    )
