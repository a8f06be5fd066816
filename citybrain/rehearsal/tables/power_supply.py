"""What the Power Supply Company delivers (永康市供电公司)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, moment, month, percent, serial, text, whole
from citybrain.rehearsal.populations import fixed, householders, makers, open_firms, things
from citybrain.rehearsal.specification import Source, Style, Table, Way

POWER = Source(
    key="power-supply-customers",
    title="营销系统",
    english="Power customers",
    department="power-supply",
    way=Way.PARQUET,
    style=Style(stale=0.1, province=False),
    tables=(
        Table(
            key="power-customer",
            title="用电客户",
            english="Power customers",
            name="customer",
            of=householders.share(0.8),
            columns={
                "cons_no": serial("33078", 8),
                "cons_name": person.name,
                "cert_no": person.citizen_id,
                "mobile": person.mobile,
                "addr": person.address,
                "opened": day("2000-01-01"),
            },
        ),
        Table(
            key="firm-power-use",
            title="企业月用电量",
            english="Monthly power use of firms",
            name="firm_use",
            of=open_firms.share(0.6).times(3),
            columns={
                "id": serial("YD", 9),
                "uscc": firm.credit_code,
                "name": firm.name,
                "month": month,
                "kwh": decimal(50, 300000, 1),
            },
        ),
        Table(
            key="outage",
            title="停电",
            english="Outages",
            name="outage",
            of=things(6),
            cycle="daily",
            share="unconditional",
            opened="unconditional",
            columns={
                "no": serial("TD"),
                "village_code": place.village_code,
                "began": moment(300),
                "households": whole(1, 900),
                "reason": text("线路检修", "雷击跳闸", "配变过载"),
            },
        ),
        Table(
            key="substation",
            title="变电站",
            english="Substations",
            name="substation",
            of=fixed(32),
            cycle="yearly",
            columns={
                "no": serial("BD", 3),
                "name": place.thing("变"),
                "kv": choice("220", "110", "35"),
                "load": percent(10, 95),
            },
        ),
        Table(
            key="charging-pile",
            title="充电桩",
            english="Charging points",
            name="charging",
            of=things(6),
            share="unconditional",
            opened="unconditional",
            columns={
                "pile_no": serial("CD"),
                "address": place.street_address,
                "kw": decimal(7, 240, 0),
                "lon": place.longitude,
                "lat": place.latitude,
                "state": choice("空闲", "充电", "故障"),
            },
        ),
        Table(
            key="solar",
            title="光伏用户",
            english="Solar customers",
            name="solar",
            of=makers.share(0.05),
            columns={
                "no": serial("GF"),
                "uscc": firm.credit_code,
                "name": firm.name,
                "kwp": decimal(10, 5000, 1),
                "joined": day("2016-01-01"),
            },
        ),
    ),
)

SOURCES = (POWER,)
