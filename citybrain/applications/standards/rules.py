"""Rules across the fields of one row (跨字段规则): each applies to every dataset that holds its elements."""

from citybrain.applications.standards.elements_identity import CITIZEN_ID, SPOUSE_NAME
from citybrain.applications.standards.elements_legal import FIRM_STATUS
from citybrain.applications.standards.elements_person import (
    BIRTH_DATE,
    MARITAL_STATUS_ELEMENT,
    SEX_ELEMENT,
)
from citybrain.applications.standards.elements_time import (
    BEGIN_DATE,
    CREATE_TIME,
    DEATH_DATE,
    FINISH_DATE,
    FOUNDING_DATE,
    MARRIAGE_DATE,
    REVOCATION_DATE,
    UPDATE_TIME,
    VALID_FROM,
    VALID_TO,
)
from citybrain.applications.standards.elements_welfare import DISABILITY_GRADE, DISABILITY_KIND
from citybrain.declare.element import Element
from citybrain.declare.rule import BirthMatches, InOrder, RequiredWhen, RowExample, Rule, Severity, SexMatches
from citybrain.declare.words import _


def _row(passes: bool, **values: str | None) -> RowExample:
    """A row by element key, written with underscores."""
    return RowExample(row={key.replace("_", "-"): value for key, value in values.items()}, passes=passes)


def _ordered(key: str, title: str, first: Element, second: Element, clause: str = "") -> Rule:
    """`first` is not after `second`."""
    earlier, later = "2019-03-01", "2020年2月29日"
    return Rule(
        key=key,
        title=title,
        check=InOrder(first=first, second=second, clause=clause),
        examples=tuple(
            RowExample(row={first.key: one, second.key: other}, passes=passes)
            for one, other, passes in (
                (earlier, later, True),
                (earlier, earlier, True),
                (later, earlier, False),
                (None, earlier, True),
                (later, "", True),
                (later, "2019-02-30", True),
            )
        ),
    )


BIRTH_MATCHES_ID = Rule(
    key="birth-matches-id",
    title=_("The birth date is the one inside the identity number"),
    check=BirthMatches(identifier=CITIZEN_ID, birth=BIRTH_DATE, clause="GB 11643-1999 4.2.2"),
    examples=(
        _row(True, citizen_id="11010519491231002X", birth_date="1949-12-31"),
        _row(True, citizen_id="110105491231002", birth_date="19491231"),
        _row(False, citizen_id="11010519491231002X", birth_date="1949-12-13"),
        _row(True, citizen_id="11010519491231002X", birth_date=None),
        _row(True, citizen_id="not known", birth_date="1949-12-31"),
    ),
)

SEX_MATCHES_ID = Rule(
    key="sex-matches-id",
    title=_("The sex is the one inside the identity number"),
    check=SexMatches(identifier=CITIZEN_ID, sex=SEX_ELEMENT, clause="GB 11643-1999 4.2.3; GB/T 2261.1-2003"),
    examples=(
        _row(True, citizen_id="11010519491231002X", sex="女"),
        _row(False, citizen_id="11010519491231002X", sex="1"),
        _row(True, citizen_id="330784201601010013", sex="M"),
        _row(True, citizen_id="330784201601010013", sex="9"),
        _row(True, citizen_id=None, sex="1"),
    ),
)

RULES = (
    BIRTH_MATCHES_ID,
    SEX_MATCHES_ID,
    _ordered("birth-before-death", _("Nobody dies before birth"), BIRTH_DATE, DEATH_DATE),
    _ordered("birth-before-marriage", _("Nobody marries before birth"), BIRTH_DATE, MARRIAGE_DATE),
    _ordered("marriage-before-death", _("Nobody marries after death"), MARRIAGE_DATE, DEATH_DATE),
    _ordered(
        "founded-before-revoked", _("Nothing is deregistered before it is founded"), FOUNDING_DATE, REVOCATION_DATE
    ),
    _ordered("valid-from-before-valid-to", _("A validity begins before it ends"), VALID_FROM, VALID_TO),
    _ordered("death-before-cancellation", _("Nobody is struck off before death"), DEATH_DATE, REVOCATION_DATE),
    _ordered("begun-before-finished", _("Nothing ends before it begins"), BEGIN_DATE, FINISH_DATE),
    _ordered("created-before-updated", _("A record is made before it is changed"), CREATE_TIME, UPDATE_TIME),
    Rule(
        key="revoked-has-date",
        title=_("A deregistered firm has the date of it"),
        check=RequiredWhen(when=FIRM_STATUS, values=("4",), then=REVOCATION_DATE, severity=Severity.NOTICE),
        examples=(
            _row(True, firm_status="注销", revocation_date="2020-01-01"),
            _row(False, firm_status="注销", revocation_date=""),
            _row(True, firm_status="存续", revocation_date=None),
        ),
    ),
    Rule(
        key="married-has-spouse",
        title=_("Whoever is married has a spouse's name"),
        check=RequiredWhen(
            when=MARITAL_STATUS_ELEMENT,
            values=("20", "21", "22", "23"),
            then=SPOUSE_NAME,
            severity=Severity.NOTICE,
        ),
        examples=(
            _row(True, marital_status="已婚", spouse_name="王小明"),
            _row(False, marital_status="再婚", spouse_name="无"),
            _row(True, marital_status="未婚", spouse_name=None),
        ),
    ),
    Rule(
        key="disability-has-grade",
        title=_("A disability has a grade"),
        check=RequiredWhen(when=DISABILITY_KIND, values=tuple("1234567"), then=DISABILITY_GRADE),
        examples=(
            _row(True, disability_kind="肢体", disability_grade="二级"),
            _row(False, disability_kind="肢体", disability_grade="不详"),
            _row(True, disability_kind=None, disability_grade=None),
        ),
    ),
)
