"""What the Gas Supply Company delivers (永康市燃气有限公司)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import day, decimal, money, month, refer, serial, text, whole
from citybrain.rehearsal.populations import fixed, food_firms, householders, makers
from citybrain.rehearsal.specification import Quoting, Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

GAS = Source(
    key="gas-supply-customers",
    title="燃气客户系统",
    english="Gas customers",
    department="gas-supply",
    way=Way.CSV,
    encoding="gb18030",
    quoting=Quoting.BAD,
    style=Style(dates=DateLayout.SLASHES, stale=0.1, province=False),
    tables=(
        Table(
            key="gas-customer",
            title="燃气用户",
            english="Gas customers",
            name="khda",
            of=householders.share(0.35),
            columns={
                "客户号": serial("RQ", 7),
                "户名": person.contact,
                "身份证": person.citizen_id,
                "手机": person.mobile,
                "地址": person.address,
                "通气日期": day("2010-01-01"),
            },
        ),
        Table(
            key="gas-check",
            title="入户安检",
            english="Safety checks",
            name="aj",
            of=householders.share(0.15),
            columns={
                "安检号": serial("AJ", 7),
                "客户号": refer("gas-supply.gas-customer"),
                "安检日期": day("2025-01-01"),
                "隐患": text("软管老化", "未装报警器", empty=0.7),
                "安检员": person.contact,
            },
        ),
        Table(
            key="bottled-gas",
            title="瓶装气用户",
            english="Bottled gas",
            name="pzq",
            of=food_firms.share(0.5),
            columns={
                "编号": serial("PZ", 6),
                "单位": firm.name,
                "信用代码": firm.credit_code,
                "联系人": person.representative,
                "电话": person.mobile,
                "瓶数": whole(1, 12),
            },
        ),
        Table(
            key="gas-station",
            title="燃气场站",
            english="Gas stations",
            name="cz",
            of=fixed(22),
            cycle="yearly",
            columns={
                "编号": serial("CZ", 3),
                "名称": place.thing("调压站", "门站"),
                "经度": place.longitude,
                "纬度": place.latitude,
                "压力": decimal(0.1, 4, 2),
            },
        ),
        Table(
            key="gas-use",
            title="用气量",
            english="Gas use",
            name="yql",
            of=makers.share(0.2).times(2),
            columns={
                "流水号": serial("YQ", 8),
                "企业": firm.name,
                "信用代码": firm.credit_code,
                "月份": month,
                "方数": decimal(0, 90000, 1),
                "金额": money(0, 400000),
            },
        ),
    ),
)

SOURCES = (GAS,)
