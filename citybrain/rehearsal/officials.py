"""Made-up people of the demo county (演示人员): one for each role, with posts, and the grids they walk.

Nobody here is real: every name says that it is a demo's. They are made once, by `citybrain run` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from citybrain.kernel.identity.actions import FIRST_POSTS, Login
from citybrain.kernel.identity.actions_loading import AreaEntry, load_areas
from citybrain.kernel.identity.actions_people import register_person
from citybrain.kernel.identity.actions_posts import appoint, open_post
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import PasswordState
from citybrain.kernel.identity.models import Area, Organisation, Post, User

GRIDS = 3
"""Grids a village has at most; the fewest is 2."""
NUMERALS = "一二三"


@dataclass(frozen=True, kw_only=True)
class Official:
    """One made-up person."""

    username: str
    chinese: str
    body: str
    """Key of the organisation that employs them; empty for the county itself."""
    post: str
    """Key of their post."""
    post_chinese: str = ""
    post_english: str = ""
    role: str = ""
    """Key of the role the post carries; empty for a post that stands ready."""
    area: str = ""
    """Key of the area the post is for."""


OFFICIALS = (
    Official(
        username="demo-leader",
        chinese="演示甲（市领导）",
        body="",
        post="demo-leader",
        post_chinese="分管数字化改革的副市长（演示）",
        post_english="Deputy mayor for digital reform (demo)",
        role="leader",
    ),
    Official(
        username="demo-data-officer",
        chinese="演示乙（部门数据员）",
        body="market-regulation",
        post="demo-market-data",
        post_chinese="市场监管局数据专员（演示）",
        post_english="Data officer of market regulation (demo)",
        role="department-data-officer",
    ),
    Official(
        username="demo-staff",
        chinese="演示丙（部门科员）",
        body="market-regulation",
        post="demo-market-staff",
        post_chinese="市场监管局科员（演示）",
        post_english="Clerk of market regulation (demo)",
        role="department-staff",
    ),
    Official(
        username="demo-town",
        chinese="演示丁（街道干部）",
        body="dongcheng",
        post="demo-dongcheng-governance",
        post_chinese="东城街道平安法治专员（演示）",
        post_english="Governance officer of Dongcheng (demo)",
        role="town-staff",
    ),
    Official(
        username="demo-grid",
        chinese="演示戊（网格员）",
        body="dongcheng",
        post="demo-dongcheng-grid",
        post_chinese="东城街道网格员（演示）",
        post_english="Grid worker of Dongcheng (demo)",
        role="grid-worker",
        area="330784001001",
    ),
    Official(username="demo-security", chinese="演示己（安全管理员）", body="data-bureau", post=FIRST_POSTS[1][0]),
    Official(username="demo-auditor", chinese="演示庚（审计管理员）", body="data-bureau", post=FIRST_POSTS[2][0]),
)
"""Everybody with a post."""

CITIZEN = "demo-citizen"
"""Name of the made-up resident."""


def make_officials() -> list[Login]:
    """Make the demo's people and grids, unless they are there; returns the logins made.

    Needs the county's organisations and the first login's posts.
    """
    load_areas(grids())
    if User.objects.filter(username=CITIZEN).exists():
        return []
    made = [_official(one) for one in OFFICIALS]
    made.append(_account(CITIZEN, "演示辛（居民）", None, User.Kind.CITIZEN))
    return made


def grids() -> Iterator[AreaEntry]:
    """Two or three grids for each village, with codes that no standard knows."""
    for village in Area.objects.filter(kind=Area.Kind.VILLAGE).order_by("key"):
        for number in range(2 + int(village.key) % (GRIDS - 1)):
            yield AreaEntry(
                key=f"{village.key}{number + 1:03d}",
                kind=Area.Kind.GRID,
                chinese=f"{village.chinese}第{NUMERALS[number]}网格",
                english=f"{village.english} Grid {number + 1}",
                parent=village.key,
                is_synthetic=True,
                position=number,
            )


def _official(one: Official) -> Login:
    found = Organisation.objects.filter(key=one.body) if one.body else Organisation.objects.filter(parent=None)
    body = found.get()
    login = _account(one.username, one.chinese, body, User.Kind.OFFICIAL)
    if one.role:
        post = open_post(
            SYSTEM,
            organisation=body,
            key=one.post,
            chinese=one.post_chinese,
            english=one.post_english,
            roles=[one.role],
            area=Area.objects.filter(key=one.area).first(),
        )
    else:
        post = Post.objects.get(key=one.post)
    appoint(SYSTEM, User.objects.get(username=one.username), post)
    return login


def _account(username: str, chinese: str, body: Organisation | None, kind: str) -> Login:
    """An account whose password need not be changed: it is shown to whoever runs the demo."""
    login = register_person(SYSTEM, username=username, chinese=chinese, organisation=body, kind=kind)
    PasswordState.objects.filter(user__username=username).update(must_change=False)
    return login
