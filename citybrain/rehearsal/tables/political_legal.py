"""What the Political and Legal Affairs Commission delivers (中共永康市委政法委员会)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import after, choice, day, flag, moment, refer, serial, text, whole
from citybrain.rehearsal.populations import adults, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

ORDER = Style(dates=DateLayout.DASHES, sex=("男", "女"), stale=0.05, province=False)

POLITICAL = Source(
    key="political-legal-grid",
    title="基层治理四平台",
    english="Grid governance platform",
    department="political-legal",
    way=Way.SQLITE,
    style=ORDER,
    tables=(
        Table(
            key="grid",
            title="网格",
            english="Grids",
            name="grid",
            of=things(8),
            cycle="quarterly",
            columns={
                "grid_code": serial("WG"),
                "grid_name": place.thing("第一网格", "第二网格", "第三网格"),
                "village_code": place.village_code,
                "households": whole(60, 400),
                "lon": place.longitude,
                "lat": place.latitude,
            },
        ),
        Table(
            key="grid-worker",
            title="网格员",
            english="Grid workers",
            name="grid_worker",
            of=adults.share(0.008),
            columns={
                "worker_no": serial("GY"),
                "name": person.name,
                "id_card": person.citizen_id,
                "mobile": person.mobile,
                "grid_code": refer("political-legal.grid"),
                "full_time": flag(0.6),
            },
        ),
        Table(
            key="grid-event",
            title="网格事件",
            english="Grid events",
            name="grid_event",
            of=things(40),
            cycle="daily",
            columns={
                "event_no": serial("SJ", 8),
                "grid_code": refer("political-legal.grid"),
                "reported": moment(120),
                "kind": choice("矛盾纠纷", "安全隐患", "环境卫生", "民生服务", "治安"),
                "content": text(
                    "|village|村口垃圾未及时清运",
                    "|town||village|有邻里因宅基地发生争执",
                    "河边护栏损坏,请尽快修复",
                    empty=0.01,
                ),
                "status": choice("待受理", "处理中", "已办结", weights=(1, 2, 20)),
            },
        ),
        Table(
            key="dispute",
            title="矛盾纠纷调解",
            english="Disputes mediated",
            name="dispute",
            of=adults.share(0.015),
            columns={
                "case_no": serial("TJ"),
                "applicant": person.contact,
                "id_card": person.citizen_id,
                "accepted": day(),
                "closed": after("accepted", 1, 60, empty=0.1),
                "content": text("|village|村相邻关系纠纷", "劳资纠纷,涉及工资|number|元", "物业费纠纷"),
                "result": choice("调解成功", "调解不成", "转诉讼", weights=(9, 1, 1)),
            },
        ),
    ),
)

SOURCES = (POLITICAL,)
