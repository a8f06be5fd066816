"""What the Economy and Information Technology Bureau delivers (永康市经济和信息化局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import after, choice, day, decimal, money, month, percent, serial, text, whole
from citybrain.rehearsal.populations import fixed, in_trades, makers
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

INDUSTRY = Source(
    key="economy-information-firms",
    title="工业大脑",
    english="Industrial brain",
    department="economy-information",
    way=Way.SQLITE,
    style=Style(dates=DateLayout.DASHES),
    tables=(
        Table(
            key="industrial-firm",
            title="规上工业企业",
            english="Larger industrial firms",
            name="gs_firm",
            of=makers.share(0.15),
            columns={
                "uscc": firm.credit_code,
                "name": firm.name,
                "industry": firm.industry,
                "staff": firm.staff,
                "output_yuan": money(2_000_000, 900_000_000),
                "growth_pct": percent(0, 60),
                "town": firm.town,
            },
        ),
        Table(
            key="mu-performance",
            title="亩均效益评价",
            english="Performance per mu",
            name="mjxy",
            of=makers.share(0.4),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "uscc": firm.credit_code,
                "name": firm.name,
                "area_mu": decimal(1, 200, 1),
                "tax_per_mu": decimal(1, 80, 2),
                "score": percent(20, 100),
                "rank": choice("A", "B", "C", "D", weights=(15, 50, 25, 10)),
            },
        ),
        Table(
            key="lithium-plant",
            title="锂电池企业",
            english="Lithium battery plants",
            name="lidian",
            of=in_trades("C3841", "C3770", "C3465"),
            columns={
                "uscc": firm.credit_code,
                "name": firm.name,
                "contact": person.representative,
                "mobile": person.mobile,
                "stock_kwh": decimal(10, 90000, 0),
                "storeys": whole(1, 6),
                "risk": choice("重大", "较大", "一般", "低"),
            },
        ),
        Table(
            key="energy-use",
            title="企业用能",
            english="Energy used",
            name="yongneng",
            of=makers.share(0.5).times(2),
            columns={
                "id": serial("YN", 8),
                "uscc": firm.credit_code,
                "month": month,
                "kwh": decimal(100, 900000, 1),
                "gas_m3": decimal(0, 90000, 1),
            },
        ),
        Table(
            key="technical-project",
            title="技改项目",
            english="Technical projects",
            name="jigai",
            of=makers.share(0.06),
            orders=(("started", "finished"),),
            columns={
                "no": serial("JG"),
                "uscc": firm.credit_code,
                "name": text("年产|number|万套生产线技改项目", "数字化车间改造项目"),
                "invest": money(1_000_000, 300_000_000),
                "started": day("2022-01-01"),
                "finished": after("started", 100, 900, empty=0.3),
            },
        ),
        Table(
            key="small-factory-park",
            title="小微企业园",
            english="Small factory parks",
            name="xwy",
            of=fixed(40),
            cycle="yearly",
            columns={
                "no": serial("XW", 3),
                "name": place.thing("小微企业园"),
                "area_m2": decimal(5000, 200000, 0),
                "firms": whole(5, 120),
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
    ),
)

SOURCES = (INDUSTRY,)
