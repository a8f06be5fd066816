"""What the Audit Bureau delivers (永康市审计局)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import after, choice, day, flag, money, refer, running, serial, text
from citybrain.rehearsal.populations import adults, fixed
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

AUDIT = Source(
    key="audit-projects",
    title="审计项目",
    english="Audits",
    department="audit",
    way=Way.XLSX,
    style=Style(dates=DateLayout.DASHES),
    tables=(
        Table(
            key="audit-project",
            title="审计项目计划",
            english="Audit projects",
            name="审计项目",
            of=fixed(70),
            cycle="yearly",
            orders=(("进点日期", "出具报告日期"),),
            columns={
                "项目编号": serial("SJ", 4),
                "被审计单位": place.department_name,
                "单位代码": place.department_code,
                "类型": choice("预算执行", "经济责任", "政府投资"),
                "进点日期": day(),
                "出具报告日期": after("进点日期", 30, 200, empty=0.2),
            },
        ),
        Table(
            key="audit-finding",
            title="审计问题",
            english="Findings",
            name="审计问题",
            of=fixed(260),
            columns={
                "问题编号": serial("WT", 4),
                "项目编号": refer("audit.audit-project"),
                "问题": text("未及时上缴非税收入", "工程结算多计价款", "固定资产未入账"),
                "金额": money(0, 9_000_000),
                "已整改": flag(0.8),
            },
        ),
        Table(
            key="cadre-audit",
            title="经济责任审计对象",
            english="Cadres audited",
            name="经责对象",
            of=adults.share(0.002),
            share="none",
            columns={
                "序号": running(),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "单位": place.department_name,
                "任职日期": day("2015-01-01"),
            },
        ),
    ),
)

SOURCES = (AUDIT,)
