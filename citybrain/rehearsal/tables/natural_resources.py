"""What the Natural Resources and Planning Bureau delivers (永康市自然资源和规划局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, money, refer, serial, whole
from citybrain.rehearsal.populations import companies, fixed, householders, things
from citybrain.rehearsal.specification import Source, Style, Table, Way

REAL_ESTATE = Source(
    key="natural-resources-estate",
    title="不动产登记系统",
    english="Real estate register",
    department="natural-resources",
    way=Way.DBF,
    style=Style(sex=("男", "女"), stale=0.06),
    tables=(
        Table(
            key="estate-unit",
            title="不动产单元",
            english="Real estate units",
            name="BDCDY",
            of=householders.share(0.4),
            cycle="daily",
            columns={
                "BDCDYH": serial("330784001002GB00003F", 8),
                "QLR": person.contact,
                "ZJH": person.citizen_id,
                "ZL": person.address,
                "MJ": decimal(40, 300, 2),
                "DJRQ": day("2016-01-01"),
                "YT": choice("住宅", "商业", "工业", weights=(90, 7, 3)),
            },
        ),
        Table(
            key="mortgage",
            title="抵押登记",
            english="Mortgages",
            name="DYDJ",
            of=householders.share(0.1),
            columns={
                "DYZH": serial("DY"),
                "BDCDYH": refer("natural-resources.estate-unit"),
                "DYQR": choice("农商银行", "工商银行", "建设银行"),
                "JE": money(50000, 3_000_000),
                "DJRQ": day(),
            },
        ),
        Table(
            key="parcel",
            title="宗地",
            english="Parcels",
            name="ZD",
            of=things(60),
            columns={
                "ZDDM": serial("330784001002GB", 5),
                "ZL": place.street_address,
                "MJ": decimal(60, 30000, 1),
                "QSXZ": choice("国有", "集体"),
                "JD": place.longitude,
                "WD": place.latitude,
            },
        ),
        Table(
            key="homestead",
            title="宅基地",
            english="Homesteads",
            name="ZJD",
            of=householders.share(0.2),
            columns={
                "ZJDBH": serial("ZJ"),
                "HZ": person.contact,
                "SFZH": person.citizen_id,
                "CWDM": place.village_code,
                "MJ": decimal(30, 140, 1),
                "PZRQ": day("1995-01-01"),
            },
        ),
    ),
)

PLANNING = Source(
    key="natural-resources-planning",
    title="自然资源一张图",
    english="Natural resources map",
    department="natural-resources",
    way=Way.PARQUET,
    style=Style(),
    tables=(
        Table(
            key="geological-hazard",
            title="地质灾害隐患点",
            english="Geological hazards",
            name="hazard",
            of=things(1.5),
            share="unconditional",
            opened="conditional",
            columns={
                "code": serial("330784", 6),
                "name": place.thing("滑坡", "崩塌", "泥石流"),
                "village_code": place.village_code,
                "threatened": whole(1, 60),
                "lon": place.longitude,
                "lat": place.latitude,
                "monitor": person.contact,
                "mobile": person.mobile,
            },
        ),
        Table(
            key="land-grant",
            title="土地出让",
            english="Land grants",
            name="grant",
            of=companies.share(0.03),
            share="unconditional",
            opened="unconditional",
            columns={
                "contract": serial("3307842026B", 5),
                "grantee": firm.name,
                "uscc": firm.credit_code,
                "area_m2": decimal(500, 90000, 1),
                "price": money(100000, 300_000_000),
                "signed": day(),
            },
        ),
        Table(
            key="illegal-land-use",
            title="违法用地",
            english="Illegal land use",
            name="illegal",
            of=things(2),
            columns={
                "case_no": serial("WF"),
                "place": place.street_address,
                "area_m2": decimal(10, 5000, 1),
                "found": day("2024-01-01"),
                "state": choice("已拆除", "处理中", "立案"),
            },
        ),
        Table(
            key="mine",
            title="矿山",
            english="Mines",
            name="mine",
            of=fixed(18),
            columns={
                "licence": serial("C3307842", 6),
                "name": place.thing("采石场", "萤石矿"),
                "owner": person.contact,
                "mobile": person.mobile,
                "output_t": decimal(1000, 900000, 0),
            },
        ),
        Table(
            key="ancient-tree",
            title="古树名木",
            english="Old trees",
            name="tree",
            of=things(4),
            share="unconditional",
            opened="unconditional",
            columns={
                "tree_no": serial("GS", 5),
                "species": choice("香樟", "银杏", "枫香", "苦槠"),
                "age": whole(100, 900),
                "village_code": place.village_code,
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
    ),
)

SOURCES = (
    REAL_ESTATE,
    PLANNING,
)
