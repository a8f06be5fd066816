"""What the Petition Bureau delivers (永康市信访局)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import after, choice, day, refer, serial, text, whole
from citybrain.rehearsal.populations import adults, things
from citybrain.rehearsal.specification import Quoting, Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

PETITION = Source(
    key="petition-letters",
    title="信访系统",
    english="Petition system",
    department="petition",
    way=Way.CSV,
    quoting=Quoting.BAD,
    style=Style(dates=DateLayout.SLASHES, sex=("男", "女"), stale=0.05, province=False),
    tables=(
        Table(
            key="petition",
            title="信访件",
            english="Petitions",
            name="petition",
            of=adults.share(0.03),
            cycle="daily",
            orders=(("登记日期", "办结日期"),),
            columns={
                "信访编号": serial("XF"),
                "信访人": person.contact,
                "身份证号": person.citizen_id,
                "联系电话": person.mobile,
                "住址": person.address,
                "登记日期": day(),
                "办结日期": after("登记日期", 1, 60, empty=0.1),
                "内容": text("反映|town||village|道路破损", "反映企业拖欠工资", "反映夜间噪声扰民", "咨询拆迁补偿政策"),
                "责任单位": place.department_name,
            },
        ),
        Table(
            key="petition-visit",
            title="来访登记",
            english="Visits",
            name="visit",
            of=adults.share(0.006),
            cycle="daily",
            columns={
                "来访编号": serial("LF"),
                "姓名": person.name,
                "性别": person.sex,
                "身份证号": person.citizen_id,
                "来访日期": day(),
                "人数": whole(1, 9),
                "接待部门": place.department_name,
            },
        ),
        Table(
            key="petition-reply",
            title="答复意见",
            english="Replies",
            name="reply",
            of=things(20),
            cycle="weekly",
            columns={
                "答复编号": serial("DF"),
                "信访编号": refer("petition.petition"),
                "答复日期": day(),
                "答复单位": place.department_name,
                "满意度": choice("满意", "基本满意", "不满意", weights=(7, 2, 1)),
            },
        ),
    ),
)

SOURCES = (PETITION,)
