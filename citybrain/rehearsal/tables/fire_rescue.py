"""What the Fire and Rescue Brigade delivers (永康市消防救援大队)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import after, choice, day, decimal, flag, moment, money, serial, text, whole
from citybrain.rehearsal.populations import fixed, food_firms, open_firms, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

FIRE = Source(
    key="fire-rescue-units",
    title="消防监督系统",
    english="Fire supervision system",
    department="fire-rescue",
    way=Way.CSV,
    style=Style(dates=DateLayout.WITH_TIME),
    tables=(
        Table(
            key="key-unit",
            title="消防安全重点单位",
            english="Key fire safety units",
            name="key_unit",
            of=open_firms.share(0.03),
            cycle="quarterly",
            columns={
                "unit_no": serial("XFZD"),
                "unit_name": firm.name,
                "uscc": firm.credit_code,
                "contact": person.representative,
                "mobile": person.mobile,
                "address": firm.address,
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
        Table(
            key="fire-inspection",
            title="消防检查",
            english="Fire inspections",
            name="inspection",
            of=open_firms.share(0.08),
            cycle="weekly",
            orders=(("checked", "deadline"),),
            columns={
                "check_no": serial("XFJC"),
                "unit_name": firm.name,
                "uscc": firm.credit_code,
                "checked": day(),
                "deadline": after("checked", 5, 60),
                "problem": text("疏散通道堵塞", "灭火器过期", "电线私拉乱接", empty=0.4),
                "result": choice("合格", "责令整改", weights=(3, 2)),
            },
        ),
        Table(
            key="fire-incident",
            title="火灾警情",
            english="Fire incidents",
            name="incident",
            of=things(3),
            cycle="daily",
            columns={
                "no": serial("HJ"),
                "reported": moment(),
                "place": place.street_address,
                "lon": place.longitude,
                "lat": place.latitude,
                "cause": text("电气故障", "用火不慎", "遗留火种"),
                "loss_yuan": money(0, 300000),
            },
        ),
        Table(
            key="hydrant",
            title="消火栓",
            english="Hydrants",
            name="hydrant",
            of=things(12),
            cycle="yearly",
            share="unconditional",
            opened="conditional",
            columns={
                "hydrant_no": serial("XHS"),
                "address": place.street_address,
                "lon": place.longitude,
                "lat": place.latitude,
                "pressure_mpa": decimal(0.1, 0.5),
                "state": choice("完好", "损坏", weights=(95, 5)),
            },
        ),
        Table(
            key="mini-station",
            title="微型消防站",
            english="Mini fire stations",
            name="mini_station",
            of=things(2),
            cycle="yearly",
            columns={
                "station_no": serial("WX"),
                "name": place.thing("微型消防站"),
                "leader": person.contact,
                "mobile": person.mobile,
                "people": whole(3, 20),
            },
        ),
        Table(
            key="fire-engine",
            title="消防车",
            english="Fire engines",
            name="engine",
            of=fixed(24),
            cycle="yearly",
            columns={
                "engine_no": serial("XFC", 3),
                "plate": person.plate,
                "kind": choice("水罐", "泡沫", "举高", "抢险"),
                "bought": day("2010-01-01"),
            },
        ),
        Table(
            key="kitchen-gas",
            title="餐饮用气场所",
            english="Kitchens with gas",
            name="kitchen",
            of=food_firms.share(0.3),
            columns={
                "no": serial("CY"),
                "name": firm.name,
                "uscc": firm.credit_code,
                "alarm": flag(0.9),
                "checked": day("2025-01-01"),
            },
        ),
    ),
)

SOURCES = (FIRE,)
