"""Controlled words every declaration shares: marks for translation, grades, share and open attributes, units."""

from enum import Enum, StrEnum


def gettext_noop(text: str) -> str:
    """Mark `text` for translation without translating it; pages translate when they render."""
    return text


_ = gettext_noop


class Language(StrEnum):
    """A language of titles: the pages are complete in both."""

    ENGLISH = "en"
    CHINESE = "zh-hans"


class Grade(StrEnum):
    """Security grade of data (数据分级), DB33/T 2351-2021: L1 is the least sensitive, L4 the most."""

    L1 = "L1"
    """不敏感: already public for government, legal persons or individuals."""
    L2 = "L2"
    """低敏感."""
    L3 = "L3"
    """较敏感: identifiable personal data."""
    L4 = "L4"
    """敏感: by law only, computed on inside, never exported."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Grade.L1: _("Not sensitive"),
            Grade.L2: _("Slightly sensitive"),
            Grade.L3: _("Rather sensitive"),
            Grade.L4: _("Sensitive"),
        }[self]


class ShareType(Enum):
    """Share attribute (共享属性): one code, two words (政务数据共享条例; 浙江省公共数据条例)."""

    UNCONDITIONAL = (1, _("Unconditional sharing"), "无条件共享", "无条件共享")
    CONDITIONAL = (2, _("Conditional sharing"), "有条件共享", "受限共享")
    NONE = (3, _("Not shared"), "不予共享", "不共享")

    def __init__(self, code: int, title: str, national: str, zhejiang: str) -> None:
        self.code = code
        self.title = title
        self.national = national
        self.zhejiang = zhejiang


class OpenType(Enum):
    """Open attribute (开放属性), 浙江省公共数据条例."""

    UNCONDITIONAL = (1, _("Open without conditions"), "无条件开放", "无条件开放")
    CONDITIONAL = (2, _("Open under conditions"), "有条件开放", "受限开放")
    NONE = (3, _("Not open"), "不予开放", "禁止开放")

    def __init__(self, code: int, title: str, national: str, zhejiang: str) -> None:
        self.code = code
        self.title = title
        self.national = national
        self.zhejiang = zhejiang


class UpdateCycle(StrEnum):
    """Update cycle of a dataset (更新周期), 政务信息资源目录编制指南."""

    REAL_TIME = "real-time"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ON_DEMAND = "on-demand"

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            UpdateCycle.REAL_TIME: _("Real time"),
            UpdateCycle.DAILY: _("Daily"),
            UpdateCycle.WEEKLY: _("Weekly"),
            UpdateCycle.MONTHLY: _("Monthly"),
            UpdateCycle.QUARTERLY: _("Quarterly"),
            UpdateCycle.YEARLY: _("Yearly"),
            UpdateCycle.ON_DEMAND: _("On demand"),
        }[self]

    @property
    def hours(self) -> int | None:
        """Hours after which a delivery is late; None when no rhythm was promised."""
        return {
            UpdateCycle.REAL_TIME: 1,
            UpdateCycle.DAILY: 24,
            UpdateCycle.WEEKLY: 168,
            UpdateCycle.MONTHLY: 744,
            UpdateCycle.QUARTERLY: 2208,
            UpdateCycle.YEARLY: 8784,
            UpdateCycle.ON_DEMAND: None,
        }[self]


class Masking(StrEnum):
    """How a value is shown to someone without a grant (脱敏规则)."""

    NONE = "none"
    """Public: shown as it is."""
    NAME = "name"
    """王小明 -> 王**"""
    IDENTIFIER = "identifier"
    """First and last character only."""
    PHONE = "phone"
    """138****8000"""
    ADDRESS = "address"
    """To the village; what follows is hidden."""
    PLATE = "plate"
    """浙G***45"""
    TAIL = "tail"
    """Last four characters only (bank cards)."""
    DATE = "date"
    """The year only."""
    ALL = "all"
    """Nothing is shown."""
