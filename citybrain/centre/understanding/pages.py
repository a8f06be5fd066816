"""The page about the model that reads texts: what it was taught, how well it reads, what people made of it, a try."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from citybrain.centre.understanding.actions import ask_training
from citybrain.centre.understanding.models import Label, ModelVersion
from citybrain.centre.understanding.permissions import TEACH, VIEW
from citybrain.centre.understanding.queries import corrections, use_since, version_in_use, versions
from citybrain.centre.understanding.reading import PlaceCandidate, TypeCandidate, Understanding, understand
from citybrain.declare.event import EventType, Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.kernel.registry.registry import registry
from citybrain.ui.access import requires, requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Notice
from citybrain.ui.panels.panel import Action, Page, Panel, Row, Stack, Tag, Tone
from citybrain.ui.panels.tables import Column, Table

LISTED = 10
TONES: dict[Level, Tone] = {Level.BLUE: "data", Level.YELLOW: "fair", Level.ORANGE: "fair", Level.RED: "bad"}


class TryForm(forms.Form):
    """A text to be read; it is kept nowhere."""

    text = forms.CharField(
        label=gettext_lazy("What somebody wrote or said"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It is read and forgotten: nothing of it is kept."),
    )


@sensitive_post_parameters("text")
@requires_form(VIEW)
def model_page(request: HttpRequest) -> HttpResponse:
    """The model's card, with a box to try it; a text that was sent is read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = TryForm(request.POST or None)
    found = understand(form.cleaned_data["text"]) if form.is_bound and form.is_valid() else None
    version = version_in_use()
    box = FormPanel(title=_("Try it"), form=form, submit=_("Read it"), columns=1, key="try")
    return Page(
        title=_("Understanding of texts"),
        note=_("version %(key)s of %(day)s") % {"key": version.key, "day": f"{localtime(version.at):%Y-%m-%d %H:%M}"}
        if version
        else "",
        lead=_("Reads class, place and urgency out of what people write. It proposes; a person confirms."),
        notices=() if version else (no_model(),),
        actions=_actions(actor),
        body=(
            Row(Stack(box, *(read_panels(found, actor) if found else ())), Stack(*card(version, actor)), widths="even"),
            *tables(version, actor),
        ),
        help=_("Figures are measured on texts that the model has never seen, told in other words by other rules."),
    ).respond(request)


@requires(TEACH, writes=True)
def train_page(request: HttpRequest) -> HttpResponse:
    """Has the model trained."""
    ask_training(request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("The model is being trained; it takes about half a minute."))
    return HttpResponseRedirect(reverse("understanding"))


def no_model() -> Notice:
    """That texts are read by declared words alone."""
    return Notice(
        tone="fair",
        title=_("No model yet"),
        text=_("Texts are read by the words that event types declare, until the worker has trained the first model."),
    )


def _actions(actor: Actor) -> tuple[Action, ...]:
    if not actor.may(TEACH):
        return ()
    return (Action(_("Train now"), reverse("understanding-train"), "refresh", post=True),)


def type_name(key: str) -> str:
    """What a type is called in the reader's language; the key of one that is gone."""
    found = registry().find(EventType, key)
    if found is None:
        return key
    return found.chinese if (get_language() or "zh").startswith("zh") else _(found.title)


def read_panels(found: Understanding, actor: Actor) -> tuple[Panel, ...]:
    """What a text was read as."""
    verdict = Tag(_("proposed"), "good") if found.is_sure else Tag(_("not sure: choose"), "fair")
    name = type_name(found.types[0].key) if found.is_sure and found.types else ""
    facts = [
        Fact(_("Matter"), found.title, is_wide=True),
        Fact(_("Event class"), cells.with_tags(name, verdict), cells.drawn),
        Fact(_("Level"), Tag(_(found.level.label), TONES[found.level]), cells.tag),
    ]
    if found.level_reasons:
        facts.append(Fact(_("Why this level"), " · ".join(found.level_reasons), is_wide=True))
    if found.further:
        facts.append(Fact(_("A second matter"), type_name(found.further[0].key), is_wide=True))
    return (
        Facts(title=_("Read as"), of=vouched((found,), actor, VIEW), facts=tuple(facts), columns=2),
        Table(
            title=_("Candidates"),
            rows=vouched(found.types, actor, VIEW),
            columns=(
                Column(_("Event class"), lambda one: type_name(one.key)),
                Column(_("Probability"), "probability", cells.share),
                Column(_("Because of"), _reasons, weight=2, wraps=True),
            ),
            empty=_("Nothing in it speaks for any class."),
            cards=False,
        ),
        Table(
            title=_("Places"),
            rows=vouched(found.places, actor, VIEW),
            columns=(
                Column(_("Address"), "address", weight=2, wraps=True),
                Column(_("Certainty"), "score", cells.share),
                Column(_("Because"), _reasons, weight=2, wraps=True),
            ),
            empty=_("It names no place the house knows."),
            cards=False,
        ),
    )


def _reasons(one: TypeCandidate | PlaceCandidate) -> str:
    return " · ".join(str(reason) for reason in one.reasons)


def card(version: ModelVersion | None, actor: Actor) -> tuple[Panel, ...]:
    """What the model was taught and how well it reads; what people made of it in use."""
    if version is None:
        return (use_panel(None, actor),)
    measures = version.measures
    facts = Facts(
        title=_("Model card"),
        of=vouched((version,), actor, VIEW),
        facts=(
            Fact(_("Trained"), version.at, cells.moment),
            Fact(_("Samples"), version.samples, cells.number),
            Fact(_("Confirmed by people"), version.labels, cells.number),
            Fact(_("Classes it knows"), measures.get("types"), cells.number),
            Fact(_("Seconds of training"), measures.get("fit_seconds"), cells.number),
            Fact(_("Texts a second"), measures.get("texts_a_second"), cells.number),
            Fact(
                _("Taught by"),
                _("sentences of the rehearsal county, the words of every class, and what people confirmed"),
                is_wide=True,
            ),
            Fact(
                _("Abstains"),
                _("below %d %%: then people choose among the candidates") % round(measures.get("threshold", 0) * 100),
                is_wide=True,
            ),
        ),
        columns=2,
    )
    return scores(measures, actor), facts, use_panel(version, actor)


SETS = {"held": gettext_lazy("On texts of other words"), "hand": gettext_lazy("On texts written by hand")}
"""Set of texts a model is measured on -> its name."""


def scores(measures: dict[str, Any], actor: Actor) -> Table:
    """How well it reads each set of texts."""

    def _count(name: str) -> str:
        return _("%d texts") % measures.get(name, {}).get("texts", 0)

    def column(title: str, key: str) -> Column:
        return Column(title, lambda name: measures.get(name, {}).get(key), cells.percent, align="right")

    return Table(
        title=_("How well it reads"),
        rows=vouched(tuple(SETS), actor, VIEW),
        columns=(
            Column(_("Measured"), SETS.get, weight=3, wraps=True, under=_count),
            column(_("Macro-F1"), "macro_f1"),
            column(_("First is right"), "first"),
            column(_("Among three"), "among_three"),
            column(_("Sure"), "sure"),
            column(_("Then right"), "sure_right"),
        ),
        cards=False,
    )


def use_panel(version: ModelVersion | None, actor: Actor) -> Panel:
    """What people made of the proposals since the version was trained."""
    use = use_since(version.at if version else None)
    return Facts(
        title=_("In use since"),
        of=vouched((use,), actor, VIEW),
        facts=(
            Fact(_("Confirmed texts"), use.confirmed, cells.number),
            Fact(_("Sure proposals"), use.proposed, cells.number),
            Fact(_("Confirmed as proposed"), use.right / use.proposed if use.proposed else None, cells.percent),
            Fact(_("Among the first three"), use.among / use.read if use.read else None, cells.percent),
        ),
        columns=2,
    )


def tables(version: ModelVersion | None, actor: Actor) -> tuple[Panel | Row, ...]:
    """The weakest classes, the pairs it mixes up, what people corrected, and the versions."""
    held = version.measures.get("held", {}) if version else {}
    return (
        Row(
            Table(
                title=_("Weakest classes"),
                rows=vouched(tuple(held.get("worst", ())), actor, VIEW),
                columns=(
                    Column(_("Event class"), lambda one: type_name(one[0])),
                    Column(_("F1"), lambda one: one[1], cells.share),
                ),
                empty=_("Nothing measured yet."),
                cards=False,
            ),
            Table(
                title=_("Mixed up most"),
                rows=vouched(tuple(held.get("mixed_up", ())), actor, VIEW),
                columns=(
                    Column(_("It is"), lambda one: type_name(one[0])),
                    Column(_("It was read as"), lambda one: type_name(one[1])),
                    Column(_("Times"), lambda one: one[2], cells.number),
                ),
                empty=_("Nothing measured yet."),
                cards=False,
            ),
        ),
        Table(
            title=_("Corrected by people"),
            note=_("names, numbers and places are crossed out"),
            rows=scoped(corrections(), actor, VIEW)[:LISTED],
            columns=(
                Column(_("Text"), _short, weight=3, wraps=True),
                Column(_("Proposed"), lambda one: type_name(one.proposed)),
                Column(_("Confirmed"), lambda one: type_name(one.type)),
                Column(_("When"), "at", cells.brief),
            ),
            empty=_("Nobody has corrected a proposal yet."),
            empty_icon="circle-check",
        ),
        Table(
            title=_("Versions"),
            rows=scoped(versions(), actor, VIEW)[:LISTED],
            columns=(
                Column(_("Version"), "key", cells.mono),
                Column(_("Trained"), "at", cells.brief),
                Column(_("Samples"), "samples", cells.number),
                Column(_("Confirmed by people"), "labels", cells.number),
                Column(_("Macro-F1"), lambda one: one.measures.get("held", {}).get("macro_f1"), cells.percent),
                Column(_("State"), _state, cells.tagged),
                Column(_("Note"), "note", weight=2, wraps=True),
            ),
            empty=_("No model was trained yet."),
        ),
    )


def _short(label: Label) -> str:
    return label.text if len(label.text) <= 120 else f"{label.text[:120]}…"


def _state(version: ModelVersion) -> tuple[str, str]:
    return (_("in use"), "good") if version.is_used else (_("kept"), "quiet")
