"""What the Veterans Affairs Bureau delivers (永康市退役军人事务局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import after, choice, day, money, serial, text
from citybrain.rehearsal.populations import adults, householders, pensioners, things, workers
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

VETERANS = Source(
    key="veterans-register",
    title="退役军人系统",
    english="Veterans register",
    department="veterans",
    way=Way.CSV,
    encoding="gb18030",
    style=Style(dates=DateLayout.CHINESE, sex=("男", "女"), stale=0.08),
    tables=(
        Table(
            key="veteran",
            title="退役军人",
            english="Veterans",
            name="tyjr",
            of=adults.share(0.02),
            orders=(("入伍日期", "退役日期"),),
            columns={
                "建档编号": serial("TY"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "性别": person.sex,
                "出生日期": person.birth,
                "入伍日期": day("1980-01-01", "2018-01-01"),
                "退役日期": after("入伍日期", 700, 4500),
                "电话": person.mobile,
                "住址": person.address,
            },
        ),
        Table(
            key="honour-plate",
            title="光荣牌悬挂",
            english="Plates of honour",
            name="grp",
            of=householders.share(0.03),
            columns={
                "编号": serial("GR"),
                "户主": person.representative,
                "身份证号": person.citizen_id,
                "悬挂日期": day("2019-01-01"),
                "地址": person.address,
            },
        ),
        Table(
            key="preferential-treatment",
            title="优抚对象",
            english="Preferential treatment",
            name="yfdx",
            of=pensioners.share(0.03),
            columns={
                "编号": serial("YF"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "类别": choice("参战", "伤残", "烈属"),
                "月补助": money(300, 4000),
            },
        ),
        Table(
            key="veteran-job",
            title="退役军人就业",
            english="Jobs of veterans",
            name="jy",
            of=workers.share(0.01),
            columns={
                "编号": serial("JY"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "单位": firm.name,
                "单位代码": firm.employer_code,
                "入职日期": day(),
            },
        ),
        Table(
            key="martyr",
            title="烈士英名录",
            english="Martyrs",
            name="ls",
            of=things(1),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "编号": serial("LS"),
                "籍贯": place.village,
                "牺牲地": text("|town|", "外省"),
                "备注": text("抗战时期", "解放战争时期", empty=0.5),
            },
        ),
    ),
)

SOURCES = (VETERANS,)
