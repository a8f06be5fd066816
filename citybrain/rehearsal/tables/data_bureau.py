"""What the Data Bureau delivers (永康市大数据发展管理局)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import choice, day, expires, flag, issued, moment, money, serial, text, whole
from citybrain.rehearsal.populations import adults, couples, fixed
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

DATA = Source(
    key="data-bureau-hotline",
    title="12345政务热线与政务服务",
    english="Hotline and government services",
    department="data-bureau",
    way=Way.HTTP_JSON,
    style=Style(dates=DateLayout.DASHES, sex=("男", "女"), stale=0.08, province=False),
    tables=(
        Table(
            key="hotline-call",
            title="12345热线工单",
            english="Hotline calls",
            name="hotline_call",
            of=adults.share(0.12),
            cycle="daily",
            columns={
                "call_no": serial("RX", 8),
                "caller": person.contact,
                "mobile": person.mobile,
                "called": moment(180),
                "kind": choice("咨询", "投诉", "求助", "建议", "举报"),
                "content": text(
                    "|town||village|路灯不亮,已有|number|天",
                    "噪声扰民,夜间施工到|number|号楼都听得见",
                    "小区垃圾无人清运",
                    "咨询社保转移",
                    "|village|自来水发黄",
                    "工厂排放刺鼻气味",
                    empty=0.01,
                ),
                "department": place.department_name,
                "satisfied": choice("满意", "一般", "不满意", empty=0.2),
            },
        ),
        Table(
            key="service-case",
            title="政务服务办件",
            english="Service cases",
            name="service_case",
            of=adults.share(0.2),
            cycle="daily",
            columns={
                "case_no": serial("33078426", 8),
                "applicant": person.contact,
                "id_card": person.citizen_id,
                "mobile": person.mobile,
                "item": choice("居住证办理", "个体户设立", "医保报销", "公积金提取", "不动产登记"),
                "department_code": place.department_code,
                "accepted": moment(180),
                "rating": whole(1, 5),
            },
        ),
        Table(
            key="service-item",
            title="权力事项",
            english="Service items",
            name="service_item",
            of=fixed(900),
            cycle="monthly",
            share="unconditional",
            opened="unconditional",
            columns={
                "item_code": serial("330784-", 6),
                "item": text("|town|设立登记", "变更登记", "注销登记", "证明开具"),
                "department": place.department_name,
                "days": whole(1, 20),
                "online": flag(0.9),
            },
        ),
        Table(
            key="electronic-certificate",
            title="电子证照",
            english="Electronic certificates",
            name="certificate",
            of=couples.share(0.4),
            orders=(("issued", "expires"),),
            columns={
                "licence_no": serial("ZZ", 9),
                "holder": person.contact,
                "id_card": person.citizen_id,
                "kind": choice("结婚证", "驾驶证", "居民户口簿"),
                "issued": issued(),
                "expires": expires("issued", 1800, 7300),
            },
        ),
        Table(
            key="project-register",
            title="信息化项目",
            english="IT projects",
            name="it_project",
            of=fixed(90),
            cycle="quarterly",
            columns={
                "no": serial("XXH", 4),
                "name": text("|town|智慧社区项目", "城市大脑一期", "监控联网"),
                "department": place.department_name,
                "invest": money(10000, 30_000_000),
                "approved": day(),
            },
        ),
    ),
)

SOURCES = (DATA,)
