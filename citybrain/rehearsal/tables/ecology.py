"""What the Ecology and Environment Bureau delivers (金华市生态环境局永康分局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, moment, money, refer, serial, text
from citybrain.rehearsal.populations import adults, fixed, in_trades, makers, things
from citybrain.rehearsal.specification import Quoting, Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

AIR = Source(
    key="ecology-air",
    title="空气质量自动监测",
    english="Air quality monitoring",
    department="ecology",
    way=Way.PARQUET,
    style=Style(),
    schedule="10 * * * *",
    tables=(
        Table(
            key="air-hourly",
            title="空气质量小时值",
            english="Hourly air quality",
            name="air_hourly",
            of=fixed(1),
            columns={},
            real="airquality_huairou_hourly_2016.csv",
            attribution="UCI Beijing Multi-Site Air Quality, Zhang et al. 2017 (CC BY 4.0), station Huairou",
            cycle="real-time",
            share="unconditional",
            opened="unconditional",
        ),
    ),
)

POLLUTION = Source(
    key="ecology-pollution",
    title="污染源管理",
    english="Pollution sources",
    department="ecology",
    way=Way.CSV,
    quoting=Quoting.ALL,
    style=Style(dates=DateLayout.DASHES),
    tables=(
        Table(
            key="point-source",
            title="重点排污单位",
            english="Point sources",
            name="point_source",
            of=in_trades("C3360", "C3392", "C3311", "C3252"),
            share="unconditional",
            opened="unconditional",
            columns={
                "permit": serial("91330784P", 6),
                "name": firm.name,
                "uscc": firm.credit_code,
                "industry": firm.industry,
                "contact": person.representative,
                "mobile": person.mobile,
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
        Table(
            key="discharge",
            title="排放监测",
            english="Discharges",
            name="discharge",
            of=things(20),
            cycle="daily",
            columns={
                "id": serial("PF", 7),
                "permit": refer("ecology.point-source"),
                "taken": moment(90),
                "cod_mg_l": decimal(5, 120, 1),
                "nh3_mg_l": decimal(0.1, 15, 2),
                "ph": decimal(6, 9, 2, "ph", (0, 14)),
            },
        ),
        Table(
            key="river-section",
            title="断面水质",
            english="Water quality of sections",
            name="section",
            of=fixed(24).times(12),
            share="unconditional",
            opened="unconditional",
            columns={
                "id": serial("DM", 5),
                "section": place.thing("断面"),
                "sampled": day("2025-10-01"),
                "ph": decimal(6, 9, 2, "ph", (0, 14)),
                "do_mg_l": decimal(3, 11, 2),
                "codmn": decimal(1, 8, 2),
                "nh3n": decimal(0.05, 2, 2),
                "tp": decimal(0.02, 0.4, 3),
                "grade": choice("Ⅱ", "Ⅲ", "Ⅳ", weights=(5, 4, 1)),
            },
        ),
        Table(
            key="hazardous-waste",
            title="危险废物",
            english="Hazardous waste",
            name="waste",
            of=makers.share(0.1),
            cycle="yearly",
            columns={
                "id": serial("WF"),
                "name": firm.name,
                "uscc": firm.credit_code,
                "code": choice("HW17", "HW08", "HW49"),
                "tons": decimal(0.1, 500, 2),
            },
        ),
        Table(
            key="environment-penalty",
            title="环境处罚",
            english="Environmental penalties",
            name="penalty",
            of=makers.share(0.01),
            share="unconditional",
            opened="unconditional",
            columns={
                "no": serial("金环(永)罚"),
                "name": firm.name,
                "uscc": firm.credit_code,
                "decided": day(),
                "yuan": money(1000, 500000),
                "reason": text("超标排放水污染物", "未批先建", "危废贮存不规范"),
            },
        ),
        Table(
            key="environment-complaint",
            title="环境投诉",
            english="Environmental complaints",
            name="complaint",
            of=adults.share(0.01),
            columns={
                "no": serial("TS"),
                "name": person.name,
                "mobile": person.mobile,
                "received": day("2024-01-01"),
                "content": text("|village|附近工厂气味刺鼻", "夜间打砂噪声", "|town|河水发黑", empty=0.01),
            },
        ),
    ),
)

SOURCES = (
    AIR,
    POLLUTION,
)
