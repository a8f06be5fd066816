"""The proof that a record stands on the ledger: its way to the signed root, drawn, checked and to take away."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.hubs.evidence import queries
from citybrain.hubs.evidence.models import Leaf, Log
from citybrain.hubs.evidence.pages.ledger import leaf_table, verdict
from citybrain.hubs.evidence.pages.words import brief, kind_of, page_of, proof_page
from citybrain.hubs.evidence.permissions import VIEW
from citybrain.hubs.evidence.queries import Inclusion, covered
from citybrain.hubs.evidence.tree import node_hash
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one, vouched
from citybrain.ui.access import requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Notice
from citybrain.ui.panels.ladders import Ladder, Rung
from citybrain.ui.panels.panel import Action, Link, Page, Row, Stack


def proved(log: str, index: int, actor: Actor) -> tuple[Leaf, Inclusion]:
    """A leaf with its proof. Raises Http404 where none stands."""
    try:
        row = scoped_one(Leaf.objects.all(), actor, VIEW, log=log, index=index)
    except Leaf.DoesNotExist:
        raise Http404(_("No leaf stands at this place.")) from None
    found = queries.inclusion(row)
    if found is None:
        raise Http404(_("The log was not signed yet."))
    return row, found


@requires(VIEW)
def leaf(request: HttpRequest, log: str, index: int) -> HttpResponse:
    """One leaf's proof."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row, found = proved(log, index, actor)
    origin = Log.objects.values_list("origin", flat=True).get(pk=log)
    fault = queries.fault_of(found, origin)
    record = page_of(row)
    take = Action(_("Take the proof away"), reverse("evidence-proof", args=(log, index)), "download", is_main=True)
    text = _(
        "From the bottom up, each hash is joined with the one beside it. What stands at the top must be the root of "
        "the checkpoint, which is signed. Whoever has the record, this proof and the public key needs nobody else."
    )
    return Page(
        title=_("Proof of leaf %d") % index,
        crumbs=(Link(title=_("Evidence ledger"), url=f"{reverse('evidence')}?tab={log}"),),
        tags=(verdict(fault),),
        actions=(take, *([Action(_("The record"), record, "external-link")] if record else [])),
        lead=fault,
        body=(
            Row(
                drawn(found, actor),
                Stack(
                    Facts(
                        title=_("Leaf"),
                        of=row,
                        facts=(
                            Fact(_("Logged record"), f"{kind_of(row)} {row.reference}", link=record, is_wide=True),
                            Fact(_("Digest of the record"), row.digest, cells.mono, is_wide=True),
                            Fact(_("Hash of the leaf"), found.hash.hex(), cells.mono, is_wide=True),
                        ),
                    ),
                    Facts(
                        title=_("Checkpoint"),
                        of=row,
                        facts=(
                            Fact(_("Name of the log"), origin, cells.mono, is_wide=True),
                            Fact(_("Leaves"), found.checkpoint.size, cells.number),
                            Fact(_("Signed at"), found.checkpoint.made_at, cells.second),
                            Fact(_("Root"), found.checkpoint.root, cells.mono, is_wide=True),
                        ),
                    ),
                    Notice(title=_("How to read it"), text=text),
                ),
                widths="main",
            ),
        ),
    ).respond(request)


def drawn(found: Inclusion, actor: Actor) -> Ladder:
    """The way from the leaf to the root."""
    index, size = found.leaf.index or 0, found.checkpoint.size
    hash_, rungs = found.hash, []
    for step, (mine, other) in zip(found.path, covered(index, size), strict=True):
        is_right = other[0] < mine[0]
        rungs.append(
            Rung(
                mine=brief(hash_.hex()),
                mine_note=span(mine),
                other=brief(step.hex()),
                other_note=span(other),
                is_right=is_right,
            )
        )
        hash_ = node_hash(step, hash_) if is_right else node_hash(hash_, step)
    return Ladder(
        title=_("Way to the root"),
        foot=f"{kind_of(found.leaf)} {found.leaf.reference}",
        rungs=vouched(rungs, actor, VIEW),
        top=brief(hash_.hex()),
        top_note=_("root over %s leaves") % f"{size:,}",
    )


def span(leaves: tuple[int, int]) -> str:
    """The leaves a hash covers."""
    start, end = leaves
    if end - start == 1:
        return _("leaf %s") % f"{start:,}"
    return _("leaves %(first)s to %(last)s") % {"first": f"{start:,}", "last": f"{end - 1:,}"}


@requires(VIEW)
def proof(request: HttpRequest, log: str, index: int) -> HttpResponse:
    """The proof as a file (C2SP tlog-proof)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    _row, found = proved(log, index, actor)
    answer = HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{log}-{index}.tlog-proof"'
    return answer


@requires(VIEW)
def record(request: HttpRequest, log: str, reference: str) -> HttpResponse:
    """The leaves about one record; its proof at once when there is one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = scoped(Leaf.objects.filter(log=log, reference=reference), actor, VIEW).order_by("id")
    known = list(rows[:2])
    if not known:
        raise Http404(_("No leaf is about such a record."))
    if len(known) == 1 and known[0].index is not None:
        return HttpResponseRedirect(proof_page(known[0]))
    return Page(
        title=_("Evidence of %s") % reference,
        crumbs=(Link(title=_("Evidence ledger"), url=f"{reverse('evidence')}?tab={log}"),),
        body=(leaf_table(kind_of(known[0]), rows, ""),),
    ).respond(request)
