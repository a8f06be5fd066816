"""The ledger for programs: proofs as JSON for who may see it, and the addresses of C2SP tlog-tiles.

GET /api/v1/evidence/                              logs with size, origin, public key
GET /api/v1/evidence/events/checkpoint             the checkpoint in force (?size= an earlier one)
GET /api/v1/evidence/events/leaves?reference=        leaves about a record
GET /api/v1/evidence/events/inclusion?index=&size= the way of a leaf to a root
GET /api/v1/evidence/events/consistency?old=&new=  that leaves were only added
GET /evidence/events/checkpoint                    signed note        ) everybody's: heads and hashes
GET /evidence/events/tile/0/x001/234[.p/56]        hashes             ) say nothing about a record
GET /evidence/events/tile/entries/x001/234[.p/56]  what the leaves say
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.hubs.evidence import queries
from citybrain.hubs.evidence.keys import public_key
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log
from citybrain.hubs.evidence.permissions import VIEW
from citybrain.hubs.evidence.tiles import HEIGHT, WIDTH, TileReader
from citybrain.hubs.evidence.tree import HASH, entry_of
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.access import public, requires

MOST_LEAVES = 1000
"""Leaves in one answer."""

PLACE = re.compile(r"((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?")
"""A tile's place within its level: index in groups of three digits, and the width of a partial one."""

View = Callable[..., HttpResponse]


class Unasked(ValueError):
    """A parameter is missing or malformed; the message names it."""


def answering(view: View) -> View:
    """Faults as JSON with a status: 400 for what was asked wrongly, 404 for what is not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        try:
            return view(request, *args, **parts)
        except (Log.DoesNotExist, Leaf.DoesNotExist):
            return JsonResponse({"detail": _("There is no such log or leaf.")}, status=404)
        except (Checkpoint.DoesNotExist, Http404) as error:
            return JsonResponse({"detail": str(error)}, status=404)
        except ValueError as error:
            return JsonResponse({"detail": str(error)}, status=400)

    return answer


def number(request: HttpRequest, name: str, *, is_needed: bool = True) -> int | None:
    """A whole number from the address. Raises Unasked."""
    text = request.GET.get(name, "")
    if not text and not is_needed:
        return None
    if not re.fullmatch(r"\d{1,18}", text):
        raise Unasked(_("The parameter %s must be a whole number.") % name)
    return int(text)


def head(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint as sent."""
    return {
        "size": checkpoint.size,
        "root": checkpoint.root,
        "made_at": checkpoint.made_at.isoformat(),
        "note": checkpoint.note,
    }


def sent(leaf: Leaf) -> dict[str, Any]:
    """A leaf as sent; its index is null while it waits for its place."""
    return {"index": leaf.index, "kind": leaf.kind, "reference": leaf.reference, "digest": leaf.digest}


@requires(VIEW)
@answering
def logs(request: HttpRequest) -> HttpResponse:
    """Every log."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = scoped(queries.logs(), actor, VIEW)
    return JsonResponse(
        {
            "logs": [
                {"key": row.key, "origin": row.origin, "size": row.size, "public_key": public_key(row.origin)}
                for row in rows
            ]
        }
    )


@requires(VIEW)
@answering
def checkpoint(request: HttpRequest, log: str) -> HttpResponse:
    """The checkpoint in force, or the one over `size` leaves."""
    return JsonResponse(head(queries.checkpoint_at(log, number(request, "size", is_needed=False))))


@requires(VIEW)
@answering
def leaves(request: HttpRequest, log: str) -> HttpResponse:
    """Leaves about one record, or those from `start` on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    Log.objects.get(pk=log)
    rows = scoped(Leaf.objects.filter(log=log), actor, VIEW)
    if "reference" in request.GET:
        rows = rows.filter(reference=request.GET["reference"]).order_by("id")
    else:
        rows = rows.filter(index__gte=number(request, "start")).order_by("index")
    return JsonResponse({"leaves": [sent(leaf) for leaf in rows[:MOST_LEAVES]]})


@requires(VIEW)
@answering
def inclusion(request: HttpRequest, log: str) -> HttpResponse:
    """The proof of the leaf at `index` in the tree of the checkpoint over `size` leaves."""
    leaf = Leaf.objects.get(log=log, index=number(request, "index"))
    found = queries.inclusion(leaf, queries.checkpoint_at(log, number(request, "size", is_needed=False)))
    if found is None:
        raise Http404(_("The log was not signed yet."))
    return JsonResponse(
        {
            "leaf": sent(leaf),
            "leaf_hash": found.hash.hex(),
            "path": [step.hex() for step in found.path],
            "checkpoint": head(found.checkpoint),
        }
    )


@requires(VIEW)
@answering
def consistency(request: HttpRequest, log: str) -> HttpResponse:
    """The proof that the tree of `new` leaves begins with the one of `old`; each is the one in force unasked."""
    old = queries.checkpoint_at(log, number(request, "old", is_needed=False))
    new = queries.checkpoint_at(log, number(request, "new", is_needed=False))
    found = queries.consistency(old, new)
    return JsonResponse({"old": head(old), "new": head(new), "path": [step.hex() for step in found.path]})


# C2SP tlog-tiles


@public
@require_safe
def note(request: HttpRequest, log: str) -> HttpResponse:
    """The checkpoint in force as a signed note."""
    last = queries.last_checkpoint(log)
    if last is None:
        raise Http404(_("The log was not signed yet."))
    answer = HttpResponse(last.note, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "max-age=1"
    return answer


@public
@require_safe
def tile(request: HttpRequest, log: str, level: int, place: str) -> HttpResponse:
    """Hashes of a tile."""
    index, width = placed(place)
    signed = queries.last_checkpoint(log)
    if level > 7 or signed is None or (index * WIDTH + width) > signed.size >> (HEIGHT * level):
        raise Http404
    hashes = TileReader(log).tile(level, index)[: width * HASH]
    return immutable(hashes)


@requires(VIEW)
def entries(request: HttpRequest, log: str, place: str) -> HttpResponse:
    """What the leaves of a lowest tile say, each with its length before it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    index, width = placed(place)
    start = index * WIDTH
    rows = scoped(Leaf.objects.filter(log=log, index__gte=start, index__lt=start + width), actor, VIEW)
    said = [entry_of(leaf.kind, leaf.reference, leaf.digest) for leaf in rows.order_by("index")]
    if len(said) != width:
        raise Http404
    return immutable(b"".join(struct.pack(">H", len(entry)) + entry for entry in said))


def placed(place: str) -> tuple[int, int]:
    """Index and width of a tile from its address. Raises Http404 for any other spelling."""
    match = PLACE.fullmatch(place)
    if match is None or len(place) > 40:
        raise Http404
    width = int(match[3]) if match[3] else WIDTH
    # A group of nothing but zeroes before others would be a second name for the same tile.
    if (match[3] and width >= WIDTH) or match[1].startswith("x000/"):
        raise Http404
    return int(match[1].replace("x", "").replace("/", "") + match[2]), width


def immutable(content: bytes) -> HttpResponse:
    """Bytes that never change."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Cache-Control"] = "max-age=31536000, immutable"
    return answer
