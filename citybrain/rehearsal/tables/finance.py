"""What the Finance Bureau delivers (永康市财政局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, money, refer, serial, text, year
from citybrain.rehearsal.populations import fixed, householders, things
from citybrain.rehearsal.specification import Source, Style, Table, Way

FINANCE = Source(
    key="finance-budget",
    title="财政一体化",
    english="Budget system",
    department="finance",
    way=Way.DBF,
    style=Style(province=False),
    tables=(
        Table(
            key="budget",
            title="部门预算",
            english="Budgets",
            name="YSZB",
            of=fixed(400),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "ZBBH": serial("ZB"),
                "DWMC": place.department_name,
                "DWDM": place.department_code,
                "ND": year,
                "KM": choice("教育支出", "卫生健康支出", "城乡社区支出", "农林水支出"),
                "JE": money(10000, 90_000_000),
            },
        ),
        Table(
            key="payment",
            title="国库支付",
            english="Treasury payments",
            name="ZFMX",
            of=things(40),
            cycle="daily",
            share="none",
            columns={
                "ZFBH": serial("ZF", 8),
                "ZBBH": refer("finance.budget"),
                "SKR": firm.name,
                "JE": money(100, 900000),
                "ZFRQ": day("2026-01-01"),
                "ZY": text("设备采购款", "工程进度款", "培训费", empty=0.02),
            },
        ),
        Table(
            key="farm-subsidy",
            title="惠农补贴一卡通",
            english="Farm subsidies",
            name="HNBT",
            of=householders.share(0.15),
            cycle="yearly",
            columns={
                "BTBH": serial("HN"),
                "XM": person.name,
                "SFZH": person.citizen_id,
                "CWDM": place.village_code,
                "XMMC": choice("耕地地力补贴", "公益林补偿", "农机补贴"),
                "JE": money(20, 9000),
            },
        ),
        Table(
            key="state-asset",
            title="国有资产",
            english="State assets",
            name="GYZC",
            of=things(8),
            cycle="yearly",
            columns={
                "ZCBH": serial("ZC"),
                "MC": choice("办公用房", "公务车", "服务器", "打印机"),
                "DWDM": place.department_code,
                "YZ": money(500, 9_000_000),
                "QDRQ": day("2008-01-01"),
            },
        ),
        Table(
            key="procurement",
            title="政府采购",
            english="Procurement",
            name="ZFCG",
            of=things(5),
            share="unconditional",
            opened="unconditional",
            columns={
                "CGBH": serial("YKCG"),
                "DW": place.department_name,
                "XM": text("|town|道路养护项目", "办公设备采购", "信息系统运维"),
                "ZBDW": firm.name,
                "XYDM": firm.credit_code,
                "JE": money(10000, 9_000_000),
                "RQ": day(),
            },
        ),
    ),
)

SOURCES = (FINANCE,)
