"""What the Meteorological Bureau delivers (永康市气象局)."""

from citybrain.rehearsal.makers import firm, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, flag, moment, percent, refer, running, serial, text
from citybrain.rehearsal.populations import fixed, makers
from citybrain.rehearsal.specification import Source, Style, Table, Way

WEATHER = Source(
    key="meteorology-stations",
    title="气象观测",
    english="Weather stations",
    department="meteorology",
    way=Way.PARQUET,
    style=Style(),
    schedule="5 * * * *",
    tables=(
        Table(
            key="station",
            title="气象站",
            english="Weather stations",
            name="station",
            of=fixed(28),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "station": serial("K33", 3),
                "name": place.thing("站"),
                "lon": place.longitude,
                "lat": place.latitude,
                "height_m": decimal(60, 700, 1),
            },
        ),
        Table(
            key="observation",
            title="逐时观测",
            english="Hourly observations",
            name="observation",
            of=fixed(28).times(72),
            cycle="real-time",
            share="unconditional",
            opened="unconditional",
            columns={
                "id": running(),
                "station": refer("meteorology.station"),
                "observed": moment(3),
                "temperature_c": decimal(4, 28, 1),
                "rain_mm": decimal(0, 20, 1),
                "humidity": percent(30, 100),
                "wind_m_s": decimal(0, 12, 1),
            },
        ),
        Table(
            key="warning",
            title="气象预警",
            english="Weather warnings",
            name="warning",
            of=fixed(60),
            cycle="real-time",
            share="unconditional",
            opened="unconditional",
            columns={
                "no": serial("YJ", 4),
                "kind": choice("暴雨", "台风", "高温", "雷电", "大雾"),
                "level": choice("蓝", "黄", "橙", "红", weights=(10, 8, 3, 1)),
                "issued": moment(700),
                "content": text("预计|town|未来3小时有强降水", "最高气温将超过37℃"),
            },
        ),
        Table(
            key="lightning-unit",
            title="防雷重点单位",
            english="Lightning protection units",
            name="lightning",
            of=makers.share(0.02),
            cycle="yearly",
            columns={
                "no": serial("FL"),
                "unit": firm.name,
                "uscc": firm.credit_code,
                "checked": day("2025-01-01"),
                "passed": flag(0.95),
            },
        ),
    ),
)

SOURCES = (WEATHER,)
