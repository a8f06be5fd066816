"""What the Justice Bureau delivers (永康市司法局)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import after, choice, day, serial, text
from citybrain.rehearsal.populations import adults, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

JUSTICE = Source(
    key="justice-office",
    title="司法行政系统",
    english="Justice administration system",
    department="justice",
    way=Way.CSV,
    encoding="gb18030",
    style=Style(dates=DateLayout.CHINESE, sex=("男", "女")),
    tables=(
        Table(
            key="lawyer",
            title="律师",
            english="Lawyers",
            name="ls",
            of=adults.share(0.002),
            share="unconditional",
            opened="unconditional",
            columns={
                "执业证号": serial("13307"),
                "姓名": person.name,
                "性别": person.sex,
                "身份证号": person.citizen_id,
                "执业机构": choice("浙江丽州律师事务所", "浙江五金城律师事务所"),
                "首次执业日期": day("2005-01-01"),
            },
        ),
        Table(
            key="legal-aid",
            title="法律援助",
            english="Legal aid",
            name="flyz",
            of=adults.share(0.006),
            columns={
                "援助编号": serial("FY"),
                "受援人": person.contact,
                "身份证号": person.citizen_id,
                "电话": person.mobile,
                "申请日期": day(),
                "事由": text("请求支付劳动报酬", "工伤赔偿", "赡养费"),
            },
        ),
        Table(
            key="notary",
            title="公证事项",
            english="Notarial acts",
            name="gz",
            of=adults.share(0.01),
            columns={
                "公证书编号": serial("浙永证"),
                "当事人": person.contact,
                "身份证号": person.citizen_id,
                "受理日期": day(),
                "类别": choice("继承", "委托", "声明", "涉外"),
            },
        ),
        Table(
            key="community-correction",
            title="社区矫正对象",
            english="Community correction",
            name="sqjz",
            of=adults.share(0.002),
            share="none",
            orders=(("入矫日期", "解矫日期"),),
            columns={
                "矫正编号": serial("JZ"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "出生日期": person.birth,
                "性别": person.sex,
                "入矫日期": day(),
                "解矫日期": after("入矫日期", 90, 1000, empty=0.3),
            },
        ),
        Table(
            key="people-mediator",
            title="人民调解员",
            english="People's mediators",
            name="tjy",
            of=adults.share(0.006),
            columns={
                "编号": serial("TY"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "电话": person.mobile,
                "所在村社": place.village,
                "行政区划": place.village_code,
            },
        ),
        Table(
            key="administrative-review",
            title="行政复议案件",
            english="Administrative reviews",
            name="xzfy",
            of=things(0.6),
            columns={
                "案号": serial("永政复"),
                "申请人": person.contact,
                "被申请人": place.department_name,
                "收案日期": day(),
                "结果": choice("维持", "撤销", "终止", empty=0.1),
            },
        ),
    ),
)

SOURCES = (JUSTICE,)
