"""A data element (公共数据元), with the attributes of DB33/T 2426-2022."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from citybrain.declare.codelist import CodeList
from citybrain.declare.rule import Check, Step
from citybrain.declare.words import Grade, Masking


class DataType(StrEnum):
    """Data type of an element (数据类型), and with it the column type of the standard table."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One value with what must come of it. An element's examples are its tests, and part of its page."""

    given: str | None
    """The value as delivered."""
    standard: str | None = None
    """The value after standardising, as text (dates ISO 8601); None together with `fails` empty means null."""
    fails: str = ""
    """Name of the check it breaks; empty when it passes all."""


@dataclass(frozen=True, kw_only=True)
class Element:
    """A data element: seven basic and ten extended attributes (DB33/T 2426-2022), its steps, checks and examples."""

    key: str
    """Identifier (标识符), kebab-case, unique in the registry: `citizen-id`."""
    title: str
    """English name (英文名称), marked for translation."""
    chinese: str
    """Chinese name (中文名称)."""
    definition: str
    """Definition (定义), one Chinese sentence."""
    type: DataType
    """Data type (数据类型)."""
    format: str
    """Data format (数据格式), GB/T 18391 notation: `an18`, `n..10,2`, `d8`."""
    codes: CodeList | None = None
    """Value domain (值域), when it is a list."""
    domain: str = ""
    """Value domain (值域) in words, when it is not a list."""
    object_class: str = ""
    """Object class word (对象类词): 自然人, 法人, 地址, ..."""
    representation: str = ""
    """Representation word (表示词): 代码, 名称, 日期, 金额, ..."""
    grade: Grade = Grade.L2
    """Sensitivity (敏感级别)."""
    masking: Masking = Masking.NONE
    """How it is shown without a grant."""
    unit: str = ""
    """Unit of measure (计量单位)."""
    relation: str = ""
    """Relation to other elements (关系), in words."""
    source: str = ""
    """Organisation it comes from (公共数据来源机构)."""
    application: str = ""
    """Application it belongs to (所属应用)."""
    remark: str = ""
    """Remark (备注)."""
    version: str = "1.0"
    """Version (版本)."""
    issued: str = ""
    """Date of issue (发布日期), ISO 8601."""
    standard: str = ""
    """The standard it is taken from."""
    steps: tuple[Step, ...] = ()
    """Standardising steps in order."""
    checks: tuple[Check, ...] = ()
    """Checks of one value."""
    names: tuple[str, ...] = ()
    """Column names seen in the field, Chinese, pinyin or English: they drive matching."""
    looks: str = ""
    """Regular expression that most values match (names begin with a surname): evidence in matching, never a check."""
    examples: tuple[Example, ...] = ()
    """Values that are its tests."""
