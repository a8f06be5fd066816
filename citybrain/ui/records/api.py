"""The REST API of every record type, under /api/v1/: the same permissions, scope, masking and verbs as the pages.

    GET    /api/v1/old-tree/              list: the list page's filters, `order`, `page`, `size`
    POST   /api/v1/old-tree/              make; Idempotency-Key makes a repeated request harmless
    GET    /api/v1/old-tree/GS-2026-…/    one
    PATCH  /api/v1/old-tree/GS-2026-…/    change; `revision` or If-Match says to what
    DELETE /api/v1/old-tree/GS-2026-…/    into the bin
    GET    /api/v1/old-tree/GS-2026-…/history/
    GET    /api/v1/old-tree/features/     GeoJSON

Types whose rows only their own verbs write (`Face.by_verbs`) have the three GET without the history.

Sign in by session (with CSRF token) or by an access token. X-Purpose states what personal values are needed for.
"""

# No postponed annotations: the schemas of a type are local names, which ninja could not look up as text.

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import ValidationError as SchemaError
from ninja.openapi.schema import get_schema
from ninja.security import SessionAuth
from ninja.security.base import AuthBase
from pydantic import Field, create_model

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records import actions
from citybrain.kernel.records.counting import counted
from citybrain.kernel.records.filters import filter_set
from citybrain.kernel.records.history import changes_of
from citybrain.kernel.records.masking import disclose
from citybrain.ui.access import Audience, RouteRule, ruled, signed_in
from citybrain.ui.paging import Paging
from citybrain.ui.records import mapping
from citybrain.ui.records.api_schemas import (
    incoming,
    pascal,
    request_key,
    schema_in,
    schema_out,
    sent,
)
from citybrain.ui.records.listing import ask, one_page
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.registered import all_pages

MOST = 200
"""Records in one answer."""

ROOT = "api/v1/"


class TokenAuth(AuthBase):
    """An access token, which the middleware has already turned into a person."""

    openapi_type: str = "http"
    openapi_scheme: str = "bearer"

    def __call__(self, request: HttpRequest) -> Any:
        """The token; None without one."""
        return getattr(request, "api_token", None)


class Fault(Schema):
    """Something that was refused: what, and what to do."""

    detail: str
    errors: dict[str, list[str]] = {}


class Found(Schema):
    """One page of a list."""

    total: int = Field(description="Records that fit; counted up to 10 000")
    is_capped: bool = Field(description="Whether there are more than `total`")
    page: int
    size: int


API = NinjaAPI(
    title="City Brain",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    auth=[TokenAuth(), SessionAuth()],
)


@API.exception_handler(ValidationError)
def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: which field breaks which rule."""
    errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return JsonResponse({"detail": _("The values do not hold."), "errors": errors}, status=422)


@API.exception_handler(SchemaError)
def malformed(request: HttpRequest, error: SchemaError) -> HttpResponse:
    """422: which name or type is wrong."""
    errors: dict[str, list[str]] = {}
    for one in error.errors:
        place = ".".join(str(part) for part in one["loc"] if part not in ("body", "query", "body_params", "values"))
        errors.setdefault(place, []).append(str(one["msg"]))
    return JsonResponse({"detail": _("The request does not fit the schema."), "errors": errors}, status=422)


@API.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """403."""
    return JsonResponse({"detail": str(error) or _("You may not do this.")}, status=403)


@API.exception_handler(ObjectDoesNotExist)
@API.exception_handler(Http404)
def missing(request: HttpRequest, error: Exception) -> HttpResponse:
    """404, also for what belongs to somebody else."""
    return JsonResponse({"detail": _("There is no such record, or it is not yours to see.")}, status=404)


@API.exception_handler(actions.Conflict)
def conflict(request: HttpRequest, error: actions.Conflict) -> HttpResponse:
    """409: somebody else was faster."""
    text = _("The record was changed meanwhile: read it again, and send its revision with your change.")
    return JsonResponse({"detail": text, "revision": error.record.revision}, status=409)


_more: dict[str, RouteRule] = {}
"""First part of the address of operations that no record type brings -> their rule."""


def extend(prefix: str, router: Router, rule: RouteRule) -> None:
    """Adds a room's own operations below `/api/v1/<prefix>/`, documented with the others.

    Called when the room's module is imported, which the composition root does before it builds the addresses.
    """
    API.add_router(f"/{prefix}/", router, tags=[prefix])
    _more[prefix] = rule


def asking(request: HttpRequest) -> Actor:
    """Who asks, with the purpose of X-Purpose."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    purpose = unquote(request.headers.get("X-Purpose", "")).strip()[:200]
    return actor.for_purpose(purpose) if purpose else actor


def demand(pages: RecordPages, actor: Actor, verb: str) -> None:
    """Raises PermissionDenied without the permission for a verb."""
    permission = pages.permission(verb)
    if not actor.may(permission):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % permission.key)


def shown(pages: RecordPages, record: Any, actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """A record as sent; with a purpose, its personal values plain and the look written down."""
    personal = [field.name for field in pages.shape.fields if field.is_personal and getattr(record, field.name)]
    seen = [name for name in personal if actor.sees(pages.shape.by_name[name].grade)]
    if seen:
        demand(pages, actor, "disclose")
        disclose(record, seen, actor, actor.purpose)
    return sent(pages, record, actor, absolute=request.build_absolute_uri("/").rstrip("/"))


def query_schema(pages: RecordPages) -> type[Schema]:
    """The parameters of the list, for the documentation: the same filters as the page's."""
    fields: dict[str, Any] = {
        "order": (str | None, Field(None, description="Field to order by; `-` before it for falling")),
        "page": (int, Field(1, ge=1)),
        "size": (int, Field(50, ge=1, le=MOST)),
    }
    for name, one in filter_set(pages.shape).base_filters.items():
        fields.setdefault(name, (str | None, Field(None, description=str(one.label or name))))
    made: type[Schema] = create_model(f"{pascal(pages.shape)}Question", __base__=Schema, **fields)
    return made


def options_of(pages: RecordPages) -> tuple[dict[str, Any], dict[int, type[Schema]]]:
    """What every operation of a type says, and its refusals."""
    return {"tags": [pages.key], "exclude_unset": False}, {401: Fault, 403: Fault, 404: Fault, 422: Fault}


def add(pages: RecordPages) -> None:
    """Adds the operations of one record type; those that write where the general verbs do."""
    out = schema_out(pages.shape)
    add_reading(pages, out)
    if pages.shape.takes("edit"):
        add_writing(pages, out)


def add_reading(pages: RecordPages, out: type[Schema]) -> None:
    """List, map and one."""
    base = f"/{pages.key}/"
    name = pascal(pages.shape)
    question = query_schema(pages)
    listed = create_model(f"{name}List", __base__=Found, items=(list[out], ...))  # type: ignore[valid-type]
    options, faults = options_of(pages)

    @API.get(
        base, response={200: listed, **faults}, summary=f"List {name}", operation_id=f"{pages.key}-list", **options
    )
    def list_records(request: HttpRequest, asked: Query[question]) -> Any:  # type: ignore[valid-type]
        actor = asking(request)
        given = request.GET.copy()
        if "order" in given:
            given["sort"] = given.pop("order")[0]
        found = ask(pages, request, given)
        if found.errors:
            raise ValidationError(list(found.errors))
        count = counted(found.rows)
        page = Paging(asked.page, count.total, asked.size)  # type: ignore[attr-defined]
        rows = one_page(found.rows, page)
        items = [shown(pages, record, actor, request) for record in rows]
        return 200, {
            "total": count.total,
            "is_capped": count.is_capped,
            "page": page.number,
            "size": page.size,
            "items": items,
        }

    @API.get(
        base + "features/",
        response={200: dict[str, Any], **faults},
        summary=f"{name} on the map (GeoJSON)",
        operation_id=f"{pages.key}-features",
        **options,
    )
    def features(request: HttpRequest, bbox: str = "") -> Any:
        return mapping.geojson(pages, request)

    @API.get(
        base + "{number}/",
        response={200: out, **faults},
        summary=f"One {name}",
        operation_id=f"{pages.key}-get",
        **options,
    )
    def get_record(request: HttpRequest, number: str) -> Any:
        actor = asking(request)
        return 200, shown(pages, pages.row(actor, number), actor, request)


def add_writing(pages: RecordPages, out: type[Schema]) -> None:
    """Make, change, remove, and what was changed."""
    base = f"/{pages.key}/"
    one = base + "{number}/"
    name = pascal(pages.shape)
    new, change = schema_in(pages, is_patch=False), schema_in(pages, is_patch=True)
    options, faults = options_of(pages)

    @API.post(
        base, response={201: out, **faults}, summary=f"Make {name}", operation_id=f"{pages.key}-create", **options
    )
    def create_record(request: HttpRequest, values: new) -> Any:  # type: ignore[valid-type]
        actor = asking(request)
        demand(pages, actor, "create")
        given = incoming(pages, values.model_dump(exclude_unset=True), actor)  # type: ignore[attr-defined]
        key = request_key(request.headers.get("Idempotency-Key", ""), actor)
        with transaction.atomic():  # what may not be answered is not done either
            record = actions.create(pages.shape, given, actor, request_key=key)
            return 201, shown(pages, record, actor, request)

    @API.patch(
        one,
        response={200: out, 409: Fault, 428: Fault, **faults},
        summary=f"Change {name}",
        operation_id=f"{pages.key}-change",
        **options,
    )
    def change_record(request: HttpRequest, number: str, values: change) -> Any:  # type: ignore[valid-type]
        actor = asking(request)
        demand(pages, actor, "edit")
        record = pages.row(actor, number, "edit")
        given = values.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        tag = request.headers.get("If-Match", "").strip('W/" ')
        revision = given.pop("revision", None) or (int(tag) if tag.isdecimal() and tag.isascii() else None)
        if revision is None:
            return 428, {"detail": _("Say which revision you change: `revision` in the body, or If-Match.")}
        with transaction.atomic():
            record = actions.edit(record, incoming(pages, given, actor), actor, revision=revision)
            return 200, shown(pages, record, actor, request)

    @API.delete(
        one, response={204: None, **faults}, summary=f"Remove {name}", operation_id=f"{pages.key}-remove", **options
    )
    def remove_record(request: HttpRequest, number: str, reason: str = "") -> Any:
        actor = asking(request)
        demand(pages, actor, "remove")
        actions.remove(pages.row(actor, number, "remove"), actor, reason)
        return 204, None

    @API.get(
        one + "history/",
        response={200: list[dict[str, Any]], **faults},
        summary=f"History of {name}",
        operation_id=f"{pages.key}-history",
        **options,
    )
    def history_of(request: HttpRequest, number: str) -> Any:
        actor = asking(request)
        record = pages.row(actor, number)
        return 200, [asdict(change) for change in changes_of(record, actor)]


for _pages in all_pages():
    add(_pages)


@signed_in
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description of the whole API."""
    return JsonResponse(get_schema(API, path_prefix=f"/{ROOT}"), json_dumps_params={"ensure_ascii": False})


def api_patterns() -> list[URLPattern]:
    """The addresses of the API with their rules: the permission to see opens the door, each verb asks for its own."""
    patterns: dict[str, URLPattern] = {}
    rules = {pages.key: pages.permission("view") for pages in all_pages()}
    for found in API.urls[0]:
        text = str(found.pattern)
        key = text.partition("/")[0]
        if key in _more:
            rule = replace(_more[key], is_scoped="<" in text)
        elif key in rules:
            rule = RouteRule(audience=Audience.PERMITTED, permission=rules[key], is_scoped="number" in text)
        else:
            continue
        name = text.strip("/").replace("/", "-").replace("<number>", "one")
        # Every operation brings the same view of its address once more.
        patterns[text] = path(f"{ROOT}{text}", ruled(rule)(found.callback), name=f"api-{name}")
    return list(patterns.values())
