"""What the Tax Service delivers (国家税务总局永康市税务局)."""

from citybrain.rehearsal.makers import firm, person
from citybrain.rehearsal.makers.plain import choice, day, money, month, percent, serial, whole, year
from citybrain.rehearsal.populations import companies, everyone, makers, open_firms
from citybrain.rehearsal.specification import Later, Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

TAX = Source(
    key="tax-core",
    title="税收征管系统",
    english="Tax collection system",
    department="tax",
    way=Way.CSV,
    encoding="utf-8-sig",
    dated=True,
    style=Style(dates=DateLayout.WITH_TIME, stale=0.04),
    tables=(
        Table(
            key="taxpayer",
            title="纳税人登记",
            english="Taxpayers",
            name="nsrxx",
            of=open_firms.share(0.9),
            cycle="monthly",
            columns={
                "djxh": serial("10213307", 9),
                "nsrsbh": firm.credit_code,
                "nsrmc": firm.name,
                "fddbrxm": person.representative,
                "fddbrsfzjhm": person.representative_id,
                "fddbryddh": person.mobile,
                "zcdz": firm.address,
                "hy": firm.industry,
                "djrq": firm.founded,
            },
        ),
        Table(
            key="tax-rank",
            title="纳税信用评级",
            english="Tax credit ranks",
            name="nsxypj",
            of=companies.share(0.8),
            cycle="monthly",
            share="unconditional",
            opened="unconditional",
            later=(Later.REPEAT, Later.LATE),
            columns={
                "nsrsbh": firm.credit_code,
                "nsrmc": firm.name,
                "pjnd": year,
                "pjdf": percent(40, 100),
                "pjjg": choice("A", "B", "C", "D", "M", weights=(20, 50, 8, 2, 20)),
            },
        ),
        Table(
            key="tax-paid",
            title="入库税款",
            english="Taxes paid",
            name="rksk",
            of=companies.share(0.6).times(2),
            cycle="monthly",
            share="none",
            columns={
                "spuuid": serial("SP", 9),
                "nsrsbh": firm.credit_code,
                "skssq": month,
                "zsxm": choice("增值税", "企业所得税", "城建税"),
                "se": money(0, 900000),
                "rkrq": day("2026-01-01"),
            },
        ),
        Table(
            key="tax-arrears",
            title="欠税公告",
            english="Tax arrears",
            name="qsgg",
            of=companies.share(0.02),
            share="unconditional",
            opened="unconditional",
            columns={
                "ggbh": serial("QS"),
                "nsrsbh": firm.credit_code,
                "nsrmc": firm.name,
                "qsye": money(1000, 5000000),
                "ggrq": day("2025-01-01"),
            },
        ),
        Table(
            key="tax-invoice",
            title="发票开具汇总",
            english="Invoices issued",
            name="fphz",
            of=makers.share(0.7).times(2),
            cycle="monthly",
            share="none",
            columns={
                "id": serial("FP", 9),
                "xfsh": firm.credit_code,
                "ny": month,
                "fs": whole(1, 900),
                "je": money(1000, 5000000),
            },
        ),
        Table(
            key="income-tax-person",
            title="个人所得税申报",
            english="Income tax returns",
            name="gssb",
            of=everyone.share(0.1),
            cycle="yearly",
            share="none",
            columns={
                "sbid": serial("GS", 8),
                "zjhm": person.citizen_id,
                "xm": person.name,
                "nd": year,
                "ybtse": money(0, 60000),
            },
        ),
    ),
)

SOURCES = (TAX,)
