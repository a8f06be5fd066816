"""What the Public Transport Company delivers (永康市公共交通有限公司)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import (
    choice,
    day,
    decimal,
    flag,
    numbered,
    percent,
    refer,
    running,
    serial,
    whole,
)
from citybrain.rehearsal.populations import adults, fixed, pensioners, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

BUSES = Source(
    key="public-transport-lines",
    title="公交调度系统",
    english="Buses",
    department="public-transport",
    way=Way.JSON_LINES,
    style=Style(dates=DateLayout.DASHES),
    tables=(
        Table(
            key="bus-line",
            title="公交线路",
            english="Bus lines",
            name="line",
            of=fixed(86),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "line_no": serial("L", 3),
                "name": numbered("", 120, "路"),
                "km": decimal(5, 40, 1),
                "stops": whole(8, 45),
                "first": choice("05:50", "06:00", "06:20"),
                "last": choice("17:30", "18:30", "21:00"),
            },
        ),
        Table(
            key="bus-stop",
            title="公交站点",
            english="Bus stops",
            name="stop",
            of=things(15),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "stop_no": serial("ZD", 5),
                "name": place.thing("站", "路口"),
                "lon": place.longitude,
                "lat": place.latitude,
                "line_no": refer("public-transport.bus-line"),
            },
        ),
        Table(
            key="bus",
            title="公交车辆",
            english="Buses",
            name="bus",
            of=things(6),
            columns={
                "plate": person.plate,
                "line_no": refer("public-transport.bus-line"),
                "energy": choice("纯电", "混动", "柴油"),
                "bought": day("2014-01-01"),
                "seats": whole(18, 50),
            },
        ),
        Table(
            key="ride",
            title="客流",
            english="Passengers",
            name="ride",
            of=fixed(86).times(30),
            cycle="daily",
            share="unconditional",
            opened="unconditional",
            columns={
                "id": running(),
                "line_no": refer("public-transport.bus-line"),
                "day": day("2026-10-01"),
                "passengers": whole(20, 3000),
                "punctual": percent(70, 100),
            },
        ),
        Table(
            key="bus-driver",
            title="公交驾驶员",
            english="Bus drivers",
            name="driver",
            of=adults.share(0.004),
            columns={
                "no": serial("JS"),
                "name": person.name,
                "id_card": person.citizen_id,
                "sex": person.sex,
                "birth": person.birth,
                "mobile": person.mobile,
                "joined": day("2008-01-01"),
            },
        ),
        Table(
            key="senior-card",
            title="敬老卡",
            english="Senior bus cards",
            name="senior",
            of=pensioners.share(0.5),
            columns={
                "card_no": serial("JL", 8),
                "name": person.name,
                "id_card": person.citizen_id,
                "birth": person.birth,
                "issued": day("2015-01-01"),
                "valid": flag(0.98),
            },
        ),
    ),
)

SOURCES = (BUSES,)
