"""What the Commerce Bureau delivers (永康市商务局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, money, month, serial, whole
from citybrain.rehearsal.populations import companies, fixed, makers, shops
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

COMMERCE = Source(
    key="commerce-trade",
    title="商务数据",
    english="Trade and commerce",
    department="commerce",
    way=Way.CSV,
    encoding="utf-8-sig",
    style=Style(dates=DateLayout.SLASHES),
    tables=(
        Table(
            key="export",
            title="企业出口",
            english="Exports",
            name="export",
            of=makers.share(0.3).times(2),
            columns={
                "记录号": serial("CK", 8),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "月份": month,
                "出口额": money(1000, 9000000),
                "目的国": choice("美国", "德国", "俄罗斯", "墨西哥", "越南"),
            },
        ),
        Table(
            key="foreign-trade-operator",
            title="对外贸易经营者",
            english="Foreign trade operators",
            name="operator",
            of=makers.share(0.4),
            columns={
                "备案号": serial("0330"),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "备案日期": day("2008-01-01"),
                "法人": person.representative,
            },
        ),
        Table(
            key="e-commerce",
            title="电商企业",
            english="Online shops",
            name="ecommerce",
            of=companies.share(0.2),
            columns={
                "编号": serial("DS"),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "平台": choice("天猫", "京东", "拼多多", "速卖通"),
                "年销售额": money(10000, 90000000),
            },
        ),
        Table(
            key="single-use-card",
            title="单用途预付卡",
            english="Prepaid cards",
            name="prepaid",
            of=shops.share(0.02),
            columns={
                "备案号": serial("YF"),
                "企业": firm.name,
                "统一社会信用代码": firm.credit_code,
                "预收余额": money(0, 900000),
            },
        ),
        Table(
            key="petrol-station",
            title="加油站",
            english="Petrol stations",
            name="petrol",
            of=fixed(48),
            share="unconditional",
            opened="unconditional",
            columns={
                "证书编号": serial("JY", 4),
                "名称": place.thing("加油站"),
                "地址": place.street_address,
                "经度": place.longitude,
                "纬度": place.latitude,
                "负责人": person.contact,
                "电话": person.mobile,
            },
        ),
        Table(
            key="farm-market",
            title="农贸市场",
            english="Food markets",
            name="market",
            of=fixed(36),
            share="unconditional",
            opened="unconditional",
            columns={
                "编号": serial("NM", 4),
                "名称": place.thing("农贸市场", "菜场"),
                "摊位数": whole(20, 400),
                "地址": place.street_address,
            },
        ),
    ),
)

SOURCES = (COMMERCE,)
