"""What the Water Supply Company delivers (永康市自来水有限公司)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, moment, money, month, refer, serial, text
from citybrain.rehearsal.populations import fixed, householders, open_firms, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

WATER = Source(
    key="water-supply-meters",
    title="供水营业系统",
    english="Water meters",
    department="water-supply",
    way=Way.CSV,
    delimiter="\t",
    style=Style(dates=DateLayout.COMPACT, stale=0.1, province=False),
    tables=(
        Table(
            key="water-meter",
            title="水表",
            english="Water meters",
            name="meter",
            of=householders.share(0.7),
            columns={
                "BH": serial("SB", 7),
                "HM": person.contact,
                "ZJH": person.citizen_id,
                "DH": person.mobile,
                "DZ": person.address,
                "AZRQ": day("2003-01-01"),
                "KJ": choice("15", "20", "25", "40"),
            },
        ),
        Table(
            key="water-reading",
            title="抄表",
            english="Readings",
            name="reading",
            of=householders.share(0.2).times(2),
            columns={
                "ID": serial("CB", 8),
                "BH": refer("water-supply.water-meter"),
                "NY": month,
                "YSL": decimal(0, 60, 1),
                "JE": money(0, 300),
            },
        ),
        Table(
            key="water-quality",
            title="管网水质",
            english="Quality of tap water",
            name="quality",
            of=fixed(20).times(12),
            cycle="daily",
            share="unconditional",
            opened="unconditional",
            columns={
                "ID": serial("SZ", 5),
                "DD": place.street_address,
                "RQ": day("2026-06-01"),
                "PH": decimal(6.5, 8.5, 2, "ph", (0, 14)),
                "ZD": decimal(0.05, 0.9, 2),
                "YL": decimal(0.05, 0.8, 2),
            },
        ),
        Table(
            key="pipe-burst",
            title="爆管抢修",
            english="Burst pipes",
            name="burst",
            of=things(2),
            cycle="daily",
            columns={
                "ID": serial("BG"),
                "DD": place.street_address,
                "SJ": moment(700),
                "GJ": choice("DN100", "DN200", "DN300"),
                "YY": text("施工挖断", "管道老化", empty=0.05),
            },
        ),
        Table(
            key="water-firm",
            title="非居民用水户",
            english="Business customers",
            name="firm",
            of=open_firms.share(0.2),
            columns={
                "BH": serial("FJ", 7),
                "MC": firm.name,
                "XYDM": firm.credit_code,
                "DH": person.mobile,
                "YSL": decimal(1, 9000, 1),
            },
        ),
    ),
)

SOURCES = (WATER,)
