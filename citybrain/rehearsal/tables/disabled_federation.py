"""What the Disabled Persons' Federation delivers (永康市残疾人联合会)."""

from citybrain.rehearsal.makers import firm, person
from citybrain.rehearsal.makers.plain import choice, day, money, month, serial, whole
from citybrain.rehearsal.populations import adults, companies, everyone, infants
from citybrain.rehearsal.specification import Source, Style, Table, Way

DISABLED = Source(
    key="disabled-federation-persons",
    title="残疾人数据库",
    english="Database of disabled persons",
    department="disabled-federation",
    way=Way.DBF,
    style=Style(sex=("男", "女"), stale=0.08, province=False),
    tables=(
        Table(
            key="disabled-person",
            title="持证残疾人",
            english="Certified disabled persons",
            name="CJRXX",
            of=everyone.share(0.03),
            cycle="monthly",
            columns={
                "CJZH": serial("33078", 8),
                "XM": person.name,
                "SFZH": person.citizen_id,
                "XB": person.sex,
                "CSRQ": person.birth,
                "CJLB": choice("视力", "听力", "肢体", "智力", "精神", meaning="disability-kind"),
                "CJDJ": choice("一级", "二级", "三级", "四级", meaning="disability-grade"),
                "ZZ": person.address,
                "LXDH": person.mobile,
            },
        ),
        Table(
            key="disabled-subsidy",
            title="残疾人两项补贴",
            english="Subsidies to the disabled",
            name="LXBT",
            of=adults.share(0.015).times(2),
            columns={
                "BTBH": serial("BT"),
                "SFZH": person.citizen_id,
                "XM": person.name,
                "NY": month,
                "JE": money(100, 800),
            },
        ),
        Table(
            key="assistive-device",
            title="辅助器具发放",
            english="Assistive devices",
            name="FJFF",
            of=adults.share(0.004),
            columns={
                "FFBH": serial("FJ"),
                "SFZH": person.citizen_id,
                "XM": person.name,
                "QJMC": choice("轮椅", "助听器", "拐杖"),
                "FFRQ": day(),
            },
        ),
        Table(
            key="disabled-employment",
            title="按比例就业",
            english="Quota employment",
            name="ABLJY",
            of=companies.share(0.1),
            cycle="yearly",
            columns={
                "DWBH": serial("JY"),
                "DWMC": firm.name,
                "XYDM": firm.credit_code,
                "ZGRS": firm.staff,
                "CJRS": whole(0, 9),
            },
        ),
        Table(
            key="rehabilitation",
            title="儿童康复",
            english="Rehabilitation of children",
            name="ETKF",
            of=infants.share(0.03),
            columns={
                "KFBH": serial("KF"),
                "SFZH": person.citizen_id,
                "XM": person.name,
                "CSRQ": person.birth,
                "JHR": person.guardian("name"),
                "DH": person.guardian("mobile"),
            },
        ),
    ),
)

SOURCES = (DISABLED,)
