"""What the Water Resources Bureau delivers (永康市水务局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import (
    after,
    choice,
    day,
    decimal,
    flag,
    moment,
    numbered,
    percent,
    refer,
    serial,
    text,
    whole,
    year,
)
from citybrain.rehearsal.populations import adults, fixed, makers
from citybrain.rehearsal.specification import Source, Style, Table, Way

WATER = Source(
    key="water-resources-works",
    title="水利数据",
    english="Water works",
    department="water-resources",
    way=Way.DBF,
    style=Style(province=False),
    tables=(
        Table(
            key="reservoir",
            title="水库",
            english="Reservoirs",
            name="SK",
            of=fixed(90),
            cycle="yearly",
            share="unconditional",
            opened="conditional",
            columns={
                "SKDM": serial("SK", 4),
                "SKMC": place.thing("水库"),
                "KR": decimal(10, 9000, 1),
                "JD": place.longitude,
                "WD": place.latitude,
                "XCZRR": person.name,
                "DH": person.mobile,
            },
        ),
        Table(
            key="reservoir-level",
            title="水库水位",
            english="Reservoir levels",
            name="SKSW",
            of=fixed(90).times(12),
            cycle="daily",
            columns={
                "ID": serial("SW"),
                "SKDM": refer("water-resources.reservoir"),
                "RQ": day("2026-06-01"),
                "SW": decimal(80, 180, 2),
                "XSL": percent(10, 99),
            },
        ),
        Table(
            key="river-chief",
            title="河长",
            english="River chiefs",
            name="HZ",
            of=adults.share(0.004),
            share="unconditional",
            opened="unconditional",
            columns={
                "BH": serial("HZ"),
                "XM": person.name,
                "DH": person.mobile,
                "HD": place.thing("溪", "江段"),
                "JB": choice("县级", "镇级", "村级"),
            },
        ),
        Table(
            key="water-permit",
            title="取水许可",
            english="Water permits",
            name="QSXK",
            of=makers.share(0.02),
            orders=(("FZRQ", "YXQZ"),),
            columns={
                "XKZH": serial("D330784S", 6),
                "QYMC": firm.name,
                "XYDM": firm.credit_code,
                "NQSL": decimal(1, 900, 1),
                "FZRQ": day("2021-01-01"),
                "YXQZ": after("FZRQ", 1800, 1830, future=True),
            },
        ),
        Table(
            key="sluice",
            title="水闸",
            english="Sluices",
            name="SZ",
            of=fixed(60),
            cycle="yearly",
            columns={
                "SZDM": serial("SZ", 4),
                "MC": place.thing("闸", "堰坝"),
                "KS": whole(1, 9),
                "JCRQ": day("1985-01-01"),
                "WH": flag(0.9),
            },
        ),
        Table(
            key="irrigation",
            title="灌区用水",
            english="Irrigation",
            name="GQ",
            of=fixed(48),
            columns={
                "BH": serial("GQ", 4),
                "MC": numbered("第", 12, "灌区"),
                "ND": year,
                "YSL": decimal(1, 200, 1),
                "JL": moment(300),
                "BZ": text("渠道渗漏", empty=0.8),
            },
        ),
    ),
)

SOURCES = (WATER,)
