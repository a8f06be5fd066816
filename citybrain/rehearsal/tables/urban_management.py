"""What the Urban Management and Law Enforcement Bureau delivers (永康市综合行政执法局)."""

from citybrain.rehearsal.makers import firm, place
from citybrain.rehearsal.makers.plain import after, choice, day, decimal, moment, money, percent, serial, text, whole
from citybrain.rehearsal.populations import open_firms, shops, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

URBAN = Source(
    key="urban-management-city",
    title="智慧城管",
    english="City management",
    department="urban-management",
    way=Way.JSON_LINES,
    style=Style(dates=DateLayout.DASHES, stale=0.05),
    tables=(
        Table(
            key="street-lamp",
            title="路灯",
            english="Street lamps",
            name="lamp",
            of=things(60),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "lamp_no": serial("LD"),
                "road": place.street_address,
                "lon": place.longitude,
                "lat": place.latitude,
                "watt": whole(30, 250),
                "state": choice("正常", "故障", weights=(97, 3)),
            },
        ),
        Table(
            key="parking-lot",
            title="停车场",
            english="Parking lots",
            name="parking",
            of=things(3),
            share="unconditional",
            opened="unconditional",
            columns={
                "lot_no": serial("TC", 4),
                "name": place.thing("停车场"),
                "spaces": whole(20, 900),
                "free_ratio": percent(0, 100),
                "address": place.street_address,
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
        Table(
            key="city-case",
            title="城管案件",
            english="City cases",
            name="case",
            of=things(40),
            cycle="daily",
            columns={
                "case_no": serial("CG", 8),
                "found": moment(200),
                "place": place.street_address,
                "kind": choice("暴露垃圾", "占道经营", "井盖缺失", "违章停车"),
                "content": text("|village|路口垃圾桶满溢", "商贩占道", "井盖破损,有安全隐患"),
                "state": choice("已结案", "处理中", weights=(9, 1)),
            },
        ),
        Table(
            key="city-penalty",
            title="城管处罚",
            english="City penalties",
            name="penalty",
            of=shops.share(0.03),
            share="unconditional",
            opened="unconditional",
            columns={
                "no": serial("永综执罚"),
                "party": firm.name,
                "uscc": firm.credit_code,
                "decided": day(),
                "yuan": money(50, 50000),
            },
        ),
        Table(
            key="street-tree",
            title="行道树",
            english="Street trees",
            name="tree",
            of=things(40),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "tree_no": serial("XD"),
                "species": choice("香樟", "银杏", "无患子", "栾树"),
                "road": place.street_address,
                "girth_cm": decimal(10, 120, 1),
            },
        ),
        Table(
            key="manhole",
            title="窨井盖",
            english="Manhole covers",
            name="manhole",
            of=things(50),
            cycle="yearly",
            columns={
                "cover_no": serial("JG"),
                "owner": choice("自来水", "燃气", "电力", "通信", "排水"),
                "lon": place.longitude,
                "lat": place.latitude,
                "checked": day("2025-01-01"),
            },
        ),
        Table(
            key="waste-sorting",
            title="垃圾分类评分",
            english="Waste sorting scores",
            name="waste",
            of=things(8),
            columns={
                "no": serial("LJ"),
                "village_code": place.village_code,
                "scored": day("2026-01-01"),
                "score": percent(50, 100),
            },
        ),
        Table(
            key="outdoor-sign",
            title="户外广告",
            english="Outdoor signs",
            name="sign",
            of=open_firms.share(0.03),
            orders=(("approved", "until"),),
            columns={
                "no": serial("HW"),
                "owner": firm.name,
                "uscc": firm.credit_code,
                "approved": day("2024-01-01"),
                "until": after("approved", 300, 1100, future=True),
            },
        ),
    ),
)

SOURCES = (URBAN,)
