"""Made-up people of the demo county (演示人员): one for each role, with posts, and the grids they walk.

Nobody here is real: every name says that it is a demo's. They are made once, by `citybrain run` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from citybrain.kernel.identity.actions import FIRST_POSTS, Login
from citybrain.kernel.identity.actions_loading import AreaEntry, load_areas
from citybrain.kernel.identity.actions_people import register_person
from citybrain.kernel.identity.actions_posts import appoint, open_post
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import PasswordState
from citybrain.kernel.identity.models import Area, Organisation, Post, User
from citybrain.rehearsal import cells

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
    roles: tuple[str, ...] = ()
    """Keys of the roles the post carries; none for a post that stands ready."""
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
        roles=("leader",),
    ),
    Official(
        username="demo-data-officer",
        chinese="演示乙（部门数据员）",
        body="market-regulation",
        post="demo-market-data",
        post_chinese="市场监管局数据专员（演示）",
        post_english="Data officer of market regulation (demo)",
        roles=("department-data-officer",),
    ),
    Official(
        username="demo-staff",
        chinese="演示丙（部门科员）",
        body="market-regulation",
        post="demo-market-staff",
        post_chinese="市场监管局科员（演示）",
        post_english="Clerk of market regulation (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-town",
        chinese="演示丁（街道干部）",
        body="dongcheng",
        post="demo-dongcheng-governance",
        post_chinese="东城街道平安法治专员（演示）",
        post_english="Governance officer of Dongcheng (demo)",
        roles=("town-staff",),
    ),
    Official(
        username="demo-grid",
        chinese="演示戊（网格员）",
        body="dongcheng",
        post="demo-dongcheng-grid",
        post_chinese="东城街道网格员（演示）",
        post_english="Grid worker of Dongcheng (demo)",
        roles=("grid-worker", "city-patroller"),
        area="330784001001",
    ),
    Official(username="demo-security", chinese="演示己（安全管理员）", body="data-bureau", post=FIRST_POSTS[1][0]),
    Official(username="demo-auditor", chinese="演示庚（审计管理员）", body="data-bureau", post=FIRST_POSTS[2][0]),
    # Those who play a case: who takes the call, accepts, handles, checks, decides.
    Official(
        username="demo-desk",
        chinese="演示壬（值班受理员）",
        body="data-bureau-operation-centre",
        post="demo-event-desk",
        post_chinese="运行中心值班长（演示）",
        post_english="Watch officer of the operation centre (demo)",
        roles=("event-desk",),
    ),
    Official(
        username="demo-desk-2",
        chinese="演示癸（核查员）",
        body="data-bureau-operation-centre",
        post="demo-event-check",
        post_chinese="运行中心核查员（演示）",
        post_english="Checking officer of the operation centre (demo)",
        roles=("event-desk",),
    ),
    Official(
        username="demo-hotline",
        chinese="演示子（热线话务员）",
        body="petition-hotline",
        post="demo-hotline",
        post_chinese="12345热线话务员（演示）",
        post_english="Agent of the 12345 hotline (demo)",
        roles=("hotline-agent",),
    ),
    Official(
        username="demo-arbiter",
        chinese="演示丑（职责裁定）",
        body="political-legal",
        post="demo-arbiter",
        post_chinese="职责争议裁定专员（演示）",
        post_english="Arbiter of responsibilities (demo)",
        roles=("arbiter",),
    ),
    Official(
        username="demo-city",
        chinese="演示寅（综合执法）",
        body="urban-management",
        post="demo-city-handler",
        post_chinese="综合执法局处置专员（演示）",
        post_english="Handler of urban management (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-sanitation",
        chinese="演示卯（环卫）",
        body="urban-management-sanitation",
        post="demo-sanitation",
        post_chinese="环卫科处置专员（演示）",
        post_english="Handler of sanitation (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-water",
        chinese="演示辰（自来水）",
        body="water-supply",
        post="demo-water-handler",
        post_chinese="自来水公司抢修调度（演示）",
        post_english="Repair dispatcher of the water supply (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-housing",
        chinese="演示巳（建设）",
        body="housing-construction",
        post="demo-housing-handler",
        post_chinese="建设局市政处置专员（演示）",
        post_english="Handler of municipal works (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-power",
        chinese="演示午（供电）",
        body="power-supply",
        post="demo-power-handler",
        post_chinese="供电公司抢修调度（演示）",
        post_english="Repair dispatcher of the power supply (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-police",
        chinese="演示未（交警）",
        body="police-traffic-police",
        post="demo-police-handler",
        post_chinese="交警大队处置专员（演示）",
        post_english="Handler of the traffic police (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-ecology",
        chinese="演示申（生态环境）",
        body="ecology",
        post="demo-ecology-handler",
        post_chinese="生态环境分局处置专员（演示）",
        post_english="Handler of ecology (demo)",
        roles=("department-staff",),
    ),
    Official(
        username="demo-town-2",
        chinese="演示酉（镇干部）",
        body="gushan",
        post="demo-gushan-governance",
        post_chinese="古山镇平安法治专员（演示）",
        post_english="Governance officer of Gushan (demo)",
        roles=("town-staff",),
    ),
    Official(
        username="demo-grid-2",
        chinese="演示戌（网格员）",
        body="xicheng",
        post="demo-xicheng-grid",
        post_chinese="西城街道网格员（演示）",
        post_english="Grid worker of Xicheng (demo)",
        roles=("grid-worker", "city-patroller"),
        area="330784002001",
    ),
    Official(
        username="demo-inspector",
        chinese="演示亥（督查员）",
        body="data-bureau-operation-centre",
        post="demo-inspector",
        post_chinese="城市管理督查员（演示）",
        post_english="Inspector of patrols (demo)",
        roles=("city-inspector",),
    ),
)
"""Everybody with a post."""

CITIZEN = "demo-citizen"
"""Name of the made-up resident."""


def make_officials() -> list[Login]:
    """Make the demo's people and grids, unless they are there; returns the logins made.

    Needs the county's organisations and the first login's posts.
    """
    load_areas(villages())
    load_areas(grids())
    names = [*(one.username for one in OFFICIALS), CITIZEN]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    made = [_official(one) for one in OFFICIALS if one.username not in known]
    if CITIZEN not in known:
        made.append(_account(CITIZEN, "演示辛（居民）", None, User.Kind.CITIZEN))
    return made


def villages() -> Iterator[AreaEntry]:
    """The villages that have no boundary yet, with a made-up one and a made-up seat."""
    known = cells.villages(settings.COUNTY)
    for village in (
        Area.objects.filter(kind=Area.Kind.VILLAGE, shape__isnull=True).select_related("parent").order_by("key")
    ):
        if (cell := known.get(village.key)) is not None:
            yield AreaEntry(
                key=village.key,
                kind=Area.Kind.VILLAGE,
                chinese=village.chinese,
                english=village.english,
                parent=village.parent.key if village.parent is not None else "",
                shape=cell.geojson(),
                shape_source=cells.SOURCE,
                is_shape_synthetic=True,
                seat=list(cell.seat),
                position=village.position,
            )


def grids() -> Iterator[AreaEntry]:
    """Two or three grids for each village that has none with a boundary, with codes that no standard knows."""
    known = cells.villages(settings.COUNTY)
    drawn = Area.objects.filter(kind=Area.Kind.GRID, shape__isnull=False).values("parent")
    for village in Area.objects.filter(kind=Area.Kind.VILLAGE).exclude(pk__in=drawn).order_by("key"):
        codes = [f"{village.key}{number + 1:03d}" for number in range(2 + int(village.key) % (GRIDS - 1))]
        within: list[cells.Cell | None] = [*cells.grids(known[village.key], codes)] if village.key in known else []
        for number, (code, cell) in enumerate(zip(codes, within or [None] * len(codes), strict=True)):
            yield AreaEntry(
                key=code,
                kind=Area.Kind.GRID,
                chinese=f"{village.chinese}第{NUMERALS[number]}网格",
                english=f"{village.english} Grid {number + 1}",
                parent=village.key,
                shape=cell.geojson() if cell is not None else None,
                shape_source=cells.SOURCE if cell is not None else "",
                is_shape_synthetic=cell is not None,
                seat=list(cell.seat) if cell is not None else None,
                is_synthetic=True,
                position=number,
            )


def _official(one: Official) -> Login:
    found = Organisation.objects.filter(key=one.body) if one.body else Organisation.objects.filter(parent=None)
    body = found.get()
    login = _account(one.username, one.chinese, body, User.Kind.OFFICIAL)
    if one.roles:
        post = open_post(
            SYSTEM,
            organisation=body,
            key=one.post,
            chinese=one.post_chinese,
            english=one.post_english,
            roles=list(one.roles),
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
