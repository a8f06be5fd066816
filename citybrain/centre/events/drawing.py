"""The life cycle as tables of a document: `docs/events.md` holds what `drawn` gives, and a test holds it to that."""

from __future__ import annotations

from django.utils import translation

from citybrain.centre.events.fields import FIELDS, required
from citybrain.centre.events.guards import GUARDS
from citybrain.centre.events.machine import DONE, ENDED, OPEN, TRANSITIONS, State, Transition

BEGIN = "<!-- generated: {} -->"
END = "<!-- end -->"


def group_of(state: State) -> str:
    """Which of the groups a state belongs to."""
    if state in (State.PAUSED, State.REPORTED_DONE):
        return "open, rests" if state is State.PAUSED else "open, checked"
    return "open" if state in OPEN else "done" if state in DONE else "ended" if state in ENDED else ""


def states() -> str:
    """Every state with its group and where it leads."""
    lines = ["| state | | group | leads to |", "|---|---|---|---|"]
    for state in State:
        ways = [f"`{one.verb}` → {_targets(one)}" for one in TRANSITIONS if one.target and state in one.sources]
        lines.append(f"| `{state.value}` | {state.label} | {group_of(state)} | {', '.join(ways) or '–'} |")
    return "\n".join(lines)


def _targets(transition: Transition) -> str:
    found = [state for state in (transition.target, *transition.also_to) if state is not None]
    return " or ".join(f"`{state.value}`" for state in found)


def verbs() -> str:
    """Every transition: who may, what its form asks for (what must be filled in is bold), what guards it."""
    lines = ["| verb | button | permission | form | guards |", "|---|---|---|---|---|"]
    for one in TRANSITIONS:
        needed = required(one.verb)
        form = ", ".join(f"**{name}**" if name in needed else name for name in FIELDS[one.verb]) or "–"
        guards = ", ".join(guard.__name__.replace("_", " ") for guard in GUARDS.get(one.verb, ())) or "–"
        lines.append(f"| `{one.verb}` | {one.title} | `{one.permission.key}` | {form} | {guards} |")
    return "\n".join(lines)


def picture() -> str:
    """The states and what leads from one to another, as Mermaid draws them."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> new"]
    for one in TRANSITIONS:
        if one.target is not None:
            for source in one.sources:
                lines += [f"    {source.value} --> {to.value}: {one.verb}" for to in (one.target, *one.also_to)]
    return "\n".join([*lines, "```"])


PARTS = {"picture": picture, "states": states, "verbs": verbs}


def drawn(text: str) -> str:
    """A document with every generated part as it is now. Raises ValueError for a part whose marks are missing."""
    with translation.override("en"):
        for name, part in PARTS.items():
            begin = BEGIN.format(name)
            if begin not in text:
                raise ValueError(f"The mark {begin} is missing.")
            before, _begin, rest = text.partition(begin)
            _old, _end, after = rest.partition(END)
            text = f"{before}{begin}\n{part()}\n{END}{after}"
    return text
