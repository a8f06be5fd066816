"""A kind of event: what it is called, the words people tell it in, what proves it done, how long each step may take.

POTHOLE = EventType(key="pothole", title=_("Damaged road"), chinese="道路破损", kind=Kind.EVENT, code="0110",
                    code_set="gbt30428-2013-events", handle=WorkingHours(24), words=("坑洼", "路面破损"))
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from citybrain.declare.words import _


class Kind(StrEnum):
    """What an event is about (事件类别)."""

    COMPONENT = "component"
    """部件: a thing of the city is damaged, missing or dirty (GB/T 30428.2)."""
    EVENT = "event"
    """事件: something happens or lies where it should not (GB/T 30428.2)."""
    REQUEST = "request"
    """诉求: somebody asks for something to be done or answered."""
    WARNING = "warning"
    """预警类: a rule over measurements fired."""
    EMERGENCY = "emergency"
    """突发: life, health or property are in danger (突发事件应对法)."""
    INSPECTION = "inspection"
    """巡检: an inspection found a fault."""
    DATA = "data"
    """数据类: a table's rows break a rule and their owner must mend them."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Kind.COMPONENT: _("Component"),
            Kind.EVENT: _("Incident"),
            Kind.REQUEST: _("Request"),
            Kind.WARNING: _("Warning event"),
            Kind.EMERGENCY: _("Emergency"),
            Kind.INSPECTION: _("Inspection"),
            Kind.DATA: _("Data problem"),
        }[self]


class Loop(StrEnum):
    """Who closes the circle (闭环)."""

    MICRO = "micro"
    """微循环: one organisation by itself."""
    SMALL = "small"
    """小循环: a lead and assisting organisations."""
    LARGE = "large"
    """大循环: across levels or a major incident, led by the command centre."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {Loop.MICRO: _("Micro loop"), Loop.SMALL: _("Small loop"), Loop.LARGE: _("Large loop")}[self]

    @property
    def width(self) -> int:
        """0 micro, 1 small, 2 large."""
        return tuple(Loop).index(self)


class Level(StrEnum):
    """How grave it is (等级), in the four colours of GB/T 35561 and the warning levels."""

    BLUE = "blue"
    """一般."""
    YELLOW = "yellow"
    """较急."""
    ORANGE = "orange"
    """紧急."""
    RED = "red"
    """特急."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Level.BLUE: _("Normal"),
            Level.YELLOW: _("Fairly urgent"),
            Level.ORANGE: _("Urgent"),
            Level.RED: _("Most urgent"),
        }[self]

    @property
    def height(self) -> int:
        """0 blue to 3 red."""
        return tuple(Level).index(self)


class Proof(StrEnum):
    """What shows that it is fixed (办结凭证)."""

    NONE = "none"
    """An answer is enough."""
    PHOTO = "photo"
    """A picture taken after."""
    RECOVERY = "recovery"
    """The sensor that told of it is back to normal."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {Proof.NONE: _("Answer"), Proof.PHOTO: _("Photo after"), Proof.RECOVERY: _("Sensor recovered")}[self]


class Clock(StrEnum):
    """The six clocks of an event (时限)."""

    VERIFY = "verify"
    """核实立案: new until accepted or rejected."""
    DISPATCH = "dispatch"
    """派遣: accepted until dispatched."""
    SIGN = "sign"
    """签收: dispatched until somebody of the body took it."""
    HANDLE = "handle"
    """处置: taken until reported done."""
    CHECK = "check"
    """核查: reported done until closed or sent back to work."""
    WHOLE = "whole"
    """全程: from the first signal until closed."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Clock.VERIFY: _("Verify"),
            Clock.DISPATCH: _("Dispatch"),
            Clock.SIGN: _("Sign"),
            Clock.HANDLE: _("Handle"),
            Clock.CHECK: _("Check and close"),
            Clock.WHOLE: _("Whole event"),
        }[self]


class Counting(StrEnum):
    """What a time limit counts (时限计算方式, the four kinds in use under GB/T 30428)."""

    CLOCK = "clock"
    """紧急工作时: every hour, day and night."""
    WORKING_HOURS = "working-hours"
    """工作时: hours in which the body works."""
    WORKING_DAYS = "working-days"
    """工作日: until the end of the n-th working day after."""
    CALENDAR_DAYS = "calendar-days"
    """自然日: until the end of the n-th day after."""


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long something may take (时限)."""

    amount: float
    """Hours for the first two countings, whole days for the others; above 0."""
    counting: Counting
    """What is counted."""


def Hours(amount: float) -> TimeLimit:
    """紧急工作时: hours by the clock."""
    return TimeLimit(amount, Counting.CLOCK)


def WorkingHours(amount: float) -> TimeLimit:
    """工作时: hours in which the body works."""
    return TimeLimit(amount, Counting.WORKING_HOURS)


def WorkingDays(amount: int) -> TimeLimit:
    """工作日: working days, make-up days counted."""
    return TimeLimit(amount, Counting.WORKING_DAYS)


def Days(amount: int) -> TimeLimit:
    """自然日: days."""
    return TimeLimit(amount, Counting.CALENDAR_DAYS)


@dataclass(frozen=True, kw_only=True)
class EventType:
    """A kind of event (事件类型): one class of a code set, with its limits, its proof and the words people use."""

    key: str
    """Kebab-case, unique in the registry; also the `service_code` of Open311."""
    title: str
    """English title, marked for translation."""
    chinese: str
    """Name as the code set prints it."""
    kind: Kind
    """What it is about."""
    code: str = ""
    """Code within the code set, any length: `0110`."""
    code_set: str = ""
    """Key of the CodeList with its edition: `gbt30428-2013-events`; empty for a type outside any standard."""
    family: str = ""
    """Key shared by types that tell of the same thing, within which duplicates are looked for; empty: its own."""
    loop: Loop = Loop.MICRO
    """The loop it begins in."""
    level: Level = Level.BLUE
    """The level it begins at."""
    verify: TimeLimit | None = None
    """Limit until accepted or rejected (立案时限); None takes the county's default for the level, as below."""
    dispatch: TimeLimit | None = None
    """Limit until dispatched (派遣时限)."""
    sign: TimeLimit | None = None
    """Limit until signed (签收时限)."""
    handle: TimeLimit | None = None
    """Limit until reported done (处置时限)."""
    check: TimeLimit | None = None
    """Limit until checked (核查时限)."""
    whole: TimeLimit | None = None
    """Limit of the whole (全程时限)."""
    proof: Proof = Proof.PHOTO
    """What "fixed" needs."""
    words: tuple[str, ...] = ()
    """Chinese words and phrases people tell it in: seeds of the text model, and what searches find it by."""
    near: float = 50.0
    """Metres within which two of one family may be the same."""
    within: float = 72.0
    """Hours within which two of one family may be the same."""
    many: int = 5
    """Signals about one event from which it is a matter of many (群体性) and its loop is raised."""
    citizens: bool = True
    """Whether citizens may report it from their phone and by Open311."""
    restricted: bool = False
    """Whether it is never shown in public: its words, place and pictures stay inside."""
    weight: float = 1.0
    """Difficulty (难度系数) by which boards weigh it."""
    cap_category: str = "Other"
    """Category in a CAP 1.2 message: Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other."""

    @property
    def group(self) -> str:
        """The family duplicates are looked for in."""
        return self.family or self.key

    def limit(self, clock: Clock) -> TimeLimit | None:
        """Its own limit of a clock; None when the county's default holds."""
        found: TimeLimit | None = getattr(self, clock.value)
        return found
