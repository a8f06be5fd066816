"""The ledger: how large each log is, what was signed last, by which key, and how anybody checks it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.hubs.evidence import queries
from citybrain.hubs.evidence.keys import public_key
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log
from citybrain.hubs.evidence.pages.words import brief, kind_of, page_of, proof_page
from citybrain.hubs.evidence.permissions import VIEW
from citybrain.hubs.evidence.subjects import SUBJECTS
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.ui.access import requires
from citybrain.ui.formats import age
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Notice, Stat, Stats
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Stack, Tab, Tag
from citybrain.ui.panels.tables import Column, Filters, Table

LATEST = 15
"""Leaves and checkpoints shown."""

MOST_FOUND = 200


def title_of(log: str) -> str:
    """What a log is called: as the records on it are, by its first one."""
    kind = Leaf.objects.filter(log=log).values_list("kind", flat=True).first()
    subject = SUBJECTS.of(kind) if kind else None
    return str(subject.title) if subject else log


@requires(VIEW)
def ledger(request: HttpRequest) -> HttpResponse:
    """One log at a time, by its tab; `?q=` looks a record up."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    keys = [log.key for log in scoped(queries.logs(), actor, VIEW)]
    tab = request.GET.get("tab", "")
    tab = tab if tab in keys else next(iter(keys), "")
    help_ = _("Every step of an event leaves a hash here. What is changed afterwards can be found by anybody.")
    if not tab:
        text = _("Nothing was put on the ledger yet. A log begins with its first record.")
        empty = Notice(title=_("The ledger is empty"), text=text)
        return Page(title=_("Evidence ledger"), body=(empty,), help=help_).respond(request)
    log = scoped_one(Log.objects.all(), actor, VIEW, pk=tab)
    return Page(
        title=_("Evidence ledger"),
        note=log.origin,
        tabs=tuple(Tab(key, title_of(key)) for key in keys) if len(keys) > 1 else (),
        tab=tab,
        actions=(Action(_("Last checkpoint"), reverse("evidence-checkpoint", args=(tab,)), "download"),),
        top=(figures(log),),
        body=(
            *found(request, log, actor),
            Row(Stack(leaves(log, actor), checkpoints(log, actor)), Stack(facts(log), how(log)), widths="main"),
        ),
        help=help_,
    ).respond(request)


def figures(log: Log) -> Stats:
    """Size, waiting, last checkpoint."""
    last = queries.last_checkpoint(log.key)
    waiting = queries.waiting(log.key)
    under = _("over %s leaves") % f"{last.size:,}" if last else ""
    return Stats(
        key="figures",
        stats=(
            Stat(title=_("Sealed leaves"), value=log.size, cell=cells.number, under=_("each a record's hash")),
            Stat(
                title=_("Waiting for their place"),
                value=waiting,
                cell=cells.number,
                tone="fair" if waiting else "quiet",
                under=_("sealed within a second or so"),
            ),
            Stat(title=_("Last checkpoint"), value=last and age(last.made_at), cell=cells.text, under=under),
            Stat(
                title=_("Checkpoints"),
                value=Checkpoint.objects.filter(log=log.key).count(),
                cell=cells.number,
                under=_("each continues the one before"),
            ),
        ),
    )


def facts(log: Log) -> Facts:
    """The log's name, key and root."""
    last = queries.last_checkpoint(log.key)
    return Facts(
        title=_("What to keep elsewhere"),
        of=log,
        facts=(
            Fact(_("Name of the log"), log.origin, cells.mono, is_wide=True),
            Fact(
                _("Public key"),
                public_key(log.origin),
                cells.mono,
                is_wide=True,
                help=_("Write it down outside this system: whoever has it recognises a forged checkpoint."),
            ),
            Fact(_("Root of the tree"), last.root if last else "", cells.mono, is_wide=True),
            Fact(_("Began"), log.began_at, cells.moment),
        ),
    )


def how(log: Log) -> Notice:
    """One paragraph on checking."""
    return Notice(
        title=_("How anybody checks it"),
        text=_(
            "Keep a checkpoint and the public key somewhere else: a few lines of text, printed or sent by mail. Later, "
            "open a record's proof: its hash and the hashes beside its way must lead to the root that was signed. "
            "Between two checkpoints, the consistency proof shows that lines were only added. On the server, "
            "“citybrain evidence verify” computes everything anew from the records and names the first that differs."
        ),
    )


def leaves(log: Log, actor: Actor) -> Table:
    """The latest leaves that have their place."""
    rows = scoped(Leaf.objects.filter(log=log.key, index__gte=max(0, log.size - LATEST)), actor, VIEW)
    return leaf_table(_("Latest leaves"), rows.order_by("-index"), _("No leaf has its place yet."))


def leaf_table(title: str, rows: object, empty: str) -> Table:
    """Leaves, each with the way to its proof."""
    return Table(
        title=title,
        rows=rows,  # type: ignore[arg-type]
        columns=(
            Column(_("Leaf no."), "index", cells.number, link=proof_page),
            Column(_("Logged record"), kind_of, under=lambda leaf: leaf.reference, link=page_of),
            Column(_("Digest"), lambda leaf: brief(leaf.digest), cells.mono, weight=2),
            Column("", buttons=proof_button),
        ),
        empty=empty,
        sort="index",
    )


def proof_button(leaf: Leaf) -> tuple[Action, ...]:
    """The way to the proof."""
    return (Action(_("Its proof"), proof_page(leaf), "shield-check"),) if leaf.index is not None else ()


def checkpoints(log: Log, actor: Actor) -> Table:
    """The latest checkpoints."""
    rows = scoped(Checkpoint.objects.filter(log=log.key), actor, VIEW).order_by("-size")[:LATEST]
    last = queries.last_checkpoint(log.key)

    def since(checkpoint: Checkpoint) -> tuple[Action, ...]:
        if last is None or checkpoint.size == last.size:
            return ()
        url = f"{reverse('evidence-consistency', args=(log.key,))}?old={checkpoint.size}&new={last.size}"
        return (Action(_("Only added since?"), url, "list-check"),)

    return Table(
        title=_("Latest checkpoints"),
        rows=rows,
        columns=(
            Column(_("Leaves"), "size", cells.number),
            Column(_("Signed at"), "made_at", cells.second),
            Column(_("Root"), lambda checkpoint: brief(checkpoint.root), cells.mono, weight=2),
            Column("", buttons=since),
        ),
        sort="-size",
        empty=_("Nothing was signed yet."),
    )


def found(request: HttpRequest, log: Log, actor: Actor) -> tuple[Panel, ...]:
    """The look-up, and what it found."""
    words = request.GET.get("q", "").strip()[:128]
    search = Filters(key="filters", choices=(), search=_("Number of the record"))
    if not words:
        return (search,)
    # References of one record's leaves begin with its number; this asks the index for them.
    named = Leaf.objects.filter(log=log.key, reference__gte=words, reference__lt=words + "\U0010ffff")
    rows = scoped(named, actor, VIEW).order_by("id")[:MOST_FOUND]
    return (search, leaf_table(_("What was found"), rows, _("No leaf is about such a record.")))


@requires(VIEW)
def consistency(request: HttpRequest, log: str) -> HttpResponse:
    """Whether a later checkpoint only added leaves to an earlier one (`?old=`, `?new=`), with the proof."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        row = scoped_one(Log.objects.all(), actor, VIEW, pk=log)
        old = queries.checkpoint_at(log, size_asked(request, "old"))
        new = queries.checkpoint_at(log, size_asked(request, "new"))
        found = queries.consistency(old, new)
    except (Log.DoesNotExist, Checkpoint.DoesNotExist, ValueError) as error:
        raise Http404(str(error)) from None
    fault = queries.fault_of(found, row.origin)
    query = f"?old={old.size}&new={new.size}"
    return Page(
        title=_("Leaves were only added"),
        crumbs=(Link(title=_("Evidence ledger"), url=f"{reverse('evidence')}?tab={log}"),),
        tags=(verdict(fault),),
        actions=(Action(_("Proof as JSON"), reverse("api-evidence-consistency", args=(log,)) + query, "download"),),
        body=(
            Row(head(_("Earlier checkpoint"), old, row), head(_("Later checkpoint"), new, row)),
            Notice(
                title=fault or _("The later tree begins with the earlier one"),
                text=_(
                    "%(count)d hashes are enough to show it: from them both roots are computed, and both were signed. "
                    "Had one earlier leaf been changed, moved or removed, one of the roots would come out otherwise."
                )
                % {"count": len(found.path)},
                tone="bad" if fault else "good",
            ),
        ),
    ).respond(request)


def size_asked(request: HttpRequest, name: str) -> int | None:
    """A size from the address; None when it names none. Raises ValueError for what is no number."""
    text = request.GET.get(name, "")
    return int(text[:18]) if text else None


def verdict(fault: str) -> Tag:
    """Whether a proof holds."""
    if fault:
        return Tag(title=_("Does not hold"), tone="bad", is_state=True, help=fault)
    return Tag(title=_("Holds"), tone="good", is_state=True, help=_("Computed anew for this page."))


def head(title: str, checkpoint: Checkpoint, log: Log) -> Facts:
    """What a checkpoint says."""
    return Facts(
        title=title,
        of=log,
        facts=(
            Fact(_("Leaves"), checkpoint.size, cells.number),
            Fact(_("Signed at"), checkpoint.made_at, cells.second),
            Fact(_("Root"), checkpoint.root, cells.mono, is_wide=True),
        ),
    )
