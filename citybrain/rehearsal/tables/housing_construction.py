"""What the Housing and Construction Bureau delivers (永康市住房和城乡建设局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, decimal, money, serial, text, whole
from citybrain.rehearsal.populations import adults, householders, in_trades
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

HOUSING = Source(
    key="housing-construction-houses",
    title="住建数据",
    english="Housing and construction",
    department="housing-construction",
    way=Way.CSV,
    encoding="gb18030",
    style=Style(dates=DateLayout.DOTS, stale=0.05),
    tables=(
        Table(
            key="house-sale",
            title="商品房网签",
            english="House sales",
            name="spfwq",
            of=householders.share(0.05),
            cycle="daily",
            columns={
                "合同号": serial("YS"),
                "买受人": person.contact,
                "身份证号": person.citizen_id,
                "电话": person.mobile,
                "楼盘": choice("金色家园", "紫薇花园", "丽州壹号"),
                "面积": decimal(50, 260, 2),
                "总价": money(300000, 6_000_000),
                "签约日期": day(),
            },
        ),
        Table(
            key="construction-permit",
            title="施工许可",
            english="Construction permits",
            name="sgxk",
            of=in_trades("E"),
            share="unconditional",
            opened="unconditional",
            columns={
                "许可证号": serial("330784202601", 4),
                "施工单位": firm.name,
                "统一社会信用代码": firm.credit_code,
                "项目": text("|town|标准厂房", "|village|安置房"),
                "造价": money(100000, 300_000_000),
                "发证日期": day(),
            },
        ),
        Table(
            key="dangerous-house",
            title="农村危房",
            english="Dangerous houses",
            name="wf",
            of=householders.share(0.01),
            columns={
                "编号": serial("WF"),
                "户主": person.representative,
                "身份证号": person.citizen_id,
                "地址": person.address,
                "等级": choice("C级", "D级"),
                "治理": choice("已治理", "未治理"),
            },
        ),
        Table(
            key="public-rental",
            title="公租房",
            english="Public rental housing",
            name="gzf",
            of=householders.share(0.01),
            columns={
                "房号": serial("GZ"),
                "承租人": person.contact,
                "身份证号": person.citizen_id,
                "月租金": money(50, 900),
                "起租日期": day(),
            },
        ),
        Table(
            key="property-company",
            title="物业小区",
            english="Estates under management",
            name="wyxq",
            of=in_trades("K"),
            columns={
                "编号": serial("WY"),
                "物业公司": firm.name,
                "统一社会信用代码": firm.credit_code,
                "小区": place.thing("花园", "公寓", "小区"),
                "户数": whole(50, 2000),
            },
        ),
        Table(
            key="site-worker",
            title="建筑工地实名制",
            english="Site workers",
            name="gdsm",
            of=adults.share(0.02),
            cycle="daily",
            columns={
                "编号": serial("GD"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "性别": person.sex,
                "工种": choice("钢筋工", "木工", "泥工", "架子工"),
                "进场日期": day("2025-01-01"),
            },
        ),
    ),
)

SOURCES = (HOUSING,)
