"""What the help can tell: how to work with the site, and every register from its own declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.declare.element import Element
from citybrain.declare.role import Permission, Role
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.fields import Code, Day, LongText, Moment, Number, Place, Whole, YesNo
from citybrain.kernel.records.shape import VERBS, FieldShape, Shape, record_types
from citybrain.kernel.registry.registry import registry
from citybrain.ui.finding import Hit, address_of, matching, ranked
from citybrain.ui.formats import is_chinese


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One thing explained in words, wherever somebody is."""

    key: str
    title: str | Promise
    text: str | Promise
    icon: str
    names: tuple[str, ...] = ()
    """Further words it is found by."""


TOPICS = (
    Topic(
        key="finding",
        title=gettext_lazy("Finding things"),
        icon="search",
        text=gettext_lazy(
            "Ctrl-K opens the search on every page. It looks through pages, actions, records, people, organisations "
            "and areas, as far as your post may see them. Type Chinese, full pinyin (yongkang), initials (yk) or "
            "English; several words must all be found. The arrow keys choose, Enter opens, Esc closes."
        ),
        names=("搜索", "快捷键", "palette"),
    ),
    Topic(
        key="keyboard",
        title=gettext_lazy("Keyboard"),
        icon="keyboard",
        text=gettext_lazy(
            "In a list j and k go down and up, Enter opens the row, x selects it. The letter g and the letter of a "
            "menu line open that page. The question mark shows the help of the page you are on."
        ),
        names=("键盘", "快捷键", "shortcut"),
    ),
    Topic(
        key="posts",
        title=gettext_lazy("Acting under a post"),
        icon="user-circle",
        text=gettext_lazy(
            "What you may see and do follows from the post you act under, not from you. Who holds several posts "
            "chooses one at a time; what you do is recorded under it. While you are away you can let a colleague "
            "stand in for you from one day to another; they act in both names."
        ),
        names=("岗位", "代理", "post"),
    ),
    Topic(
        key="personal",
        title=gettext_lazy("Personal data"),
        icon="shield-lock",
        text=gettext_lazy(
            "Names, numbers and addresses of people are masked. Whose post allows it can see a value plain after "
            "stating the purpose; every look is recorded, and the person concerned can see who looked. Exports are "
            "masked in the same way and carry your name and the time."
        ),
        names=("脱敏", "个人信息", "隐私"),
    ),
    Topic(
        key="offline",
        title=gettext_lazy("Working without network"),
        icon="wifi-off",
        text=gettext_lazy(
            "A report form opened once on the phone opens again without network. What you fill in, with photos, is "
            "kept encrypted in the browser and sent when the network is back; each report arrives exactly once. What "
            "is not accepted stays on the phone with the reason. Signing out deletes everything kept on the device."
        ),
        names=("离线", "草稿", "PWA"),
    ),
    Topic(
        key="large-type",
        title=gettext_lazy("Large type"),
        icon="text-size",
        text=gettext_lazy(
            "Large type makes everything a third bigger with stronger contrast. It is switched on under “Me” on the "
            "phone and at the head of the citizens' pages, and kept on your account."
        ),
        names=("长辈模式", "大字", "字号"),
    ),
    Topic(
        key="install",
        title=gettext_lazy("Installing the app"),
        icon="download",
        text=gettext_lazy(
            "The site can be installed on phone and desk: choose “Install” in the browser's menu, or under “Me” on "
            "the phone. The installed app is the same site with its own window; it updates itself when you agree."
        ),
        names=("安装", "桌面", "PWA"),
    ),
)
"""Written by hand, because no declaration says it."""


class HelpPages:
    """The help as something the palette finds."""

    key = "help"
    title = gettext_lazy("Help")
    icon = "help"
    permission: Permission | None = None

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """Topics and registers that `text` names; nothing unasked."""
        if not text:
            return []
        return ranked((hit for hit in self.hits(text, actor) if hit.score), limit)

    def hits(self, text: str, actor: Actor) -> Iterator[Hit]:
        """Everything with what the match is worth; a little less than the page itself."""
        index = address_of("help")
        for topic in TOPICS:
            score = 0.9 * matching(text, (str(topic.title), *topic.names))
            yield Hit(
                title=str(topic.title), url=f"{index}#about-{topic.key}", under=_("Help"), icon="help", score=score
            )
        for shape in registers(actor):
            title = _("Help: %s") % shape.plural
            score = 0.9 * matching(text, (shape.title, shape.plural, *shape.face.keywords, "help", "帮助"))
            yield Hit(title=title, url=address_of("help-register", shape.key), icon="help", score=score)


def registers(actor: Actor) -> list[Shape]:
    """The record types somebody may see."""
    return [shape for shape in record_types() if shape.face.is_public or actor.may(shape.permission("view"))]


def meaning(field: FieldShape) -> str:
    """What a field says: its own help, else its data element's definition."""
    if field.help:
        return field.help
    element = registry().find(Element, field.traits.element) if field.traits.element else None
    if element is None:
        return ""
    return element.definition if is_chinese() else _(element.title)


def kind_of(field: FieldShape) -> str:
    """What sort of value it takes."""
    column = field.field
    if column.choices or isinstance(column, Code):
        return _("one of a list")
    words = {
        Place: _("place on the map"),
        LongText: _("text of several lines"),
        YesNo: _("yes or no"),
        Day: _("day"),
        Moment: _("day and time"),
        Whole: _("whole number"),
        Number: _("number"),
    }
    for kind, word in words.items():
        if isinstance(column, kind):
            return word
    if column.is_relation:
        return _("link to another row")
    names = {"DateField": _("day"), "DateTimeField": _("day and time"), "BooleanField": _("yes or no")}
    return names.get(column.get_internal_type(), _("text"))


def grade_words(grade: Grade) -> str:
    """A grade with what it means."""
    return f"{grade.value} {_(grade.label)}"


def carriers(permission: Permission) -> list[str]:
    """Titles of the roles that carry a permission."""
    roles = [role for role in registry().of(Role) if any(permit.covers(permission.key) for permit in role.permits)]
    return [_(role.title) for role in roles]


def verbs_of(shape: Shape) -> Iterator[tuple[str, str]]:
    """What may be done with a register, and by which roles."""
    for verb in shape.verbs:
        yield _(VERBS[verb]), _(", ").join(carriers(shape.permission(verb)))
