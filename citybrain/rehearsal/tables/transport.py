"""What the Transport Bureau delivers (永康市交通运输局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import (
    choice,
    day,
    decimal,
    expires,
    issued,
    moment,
    money,
    percent,
    refer,
    serial,
)
from citybrain.rehearsal.populations import drivers, in_trades, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

TRANSPORT = Source(
    key="transport-operations",
    title="运管系统",
    english="Road transport system",
    department="transport",
    way=Way.JSON_LINES,
    style=Style(dates=DateLayout.SLASHES, stale=0.05),
    tables=(
        Table(
            key="freight-vehicle",
            title="货运车辆",
            english="Freight vehicles",
            name="freight",
            of=in_trades("G").times(6),
            columns={
                "plate": person.plate,
                "owner": firm.name,
                "uscc": firm.credit_code,
                "tons": decimal(1, 30, 1),
                "permit_until": day("2026-01-01"),
            },
        ),
        Table(
            key="driver-qualification",
            title="从业资格",
            english="Driver qualifications",
            name="qualification",
            of=drivers.share(0.04),
            orders=(("issued", "expires"),),
            columns={
                "no": serial("3307"),
                "name": person.name,
                "id_card": person.citizen_id,
                "birth": person.birth,
                "mobile": person.mobile,
                "kind": choice("货运", "客运", "危货", "网约车"),
                "issued": issued("2019-01-01"),
                "expires": expires("issued", 2100, 2200),
            },
        ),
        Table(
            key="road",
            title="农村公路",
            english="Rural roads",
            name="road",
            of=things(10),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("C", 6),
                "name": place.thing("线"),
                "km": decimal(0.2, 18, 3),
                "grade": choice("二级", "三级", "四级", "准四级"),
                "built": day("1995-01-01"),
            },
        ),
        Table(
            key="bridge",
            title="桥梁",
            english="Bridges",
            name="bridge",
            of=things(5),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("QL", 5),
                "name": place.thing("大桥", "桥"),
                "length_m": decimal(6, 600, 1),
                "lon": place.longitude,
                "lat": place.latitude,
                "class": choice("一类", "二类", "三类", "四类", weights=(30, 60, 9, 1)),
            },
        ),
        Table(
            key="overload",
            title="超限运输处罚",
            english="Overload penalties",
            name="overload",
            of=things(6),
            cycle="daily",
            columns={
                "no": serial("永交罚"),
                "plate": refer("transport.freight-vehicle"),
                "happened": moment(),
                "over_pct": percent(5, 95),
                "fine": money(200, 30000),
            },
        ),
        Table(
            key="ride-hailing",
            title="网约车",
            english="Ride hailing",
            name="ride",
            of=drivers.share(0.01),
            columns={
                "no": serial("WY"),
                "plate": person.plate,
                "driver": person.contact,
                "id_card": person.citizen_id,
                "mobile": person.mobile,
                "since": day("2019-01-01"),
            },
        ),
    ),
)

SOURCES = (TRANSPORT,)
