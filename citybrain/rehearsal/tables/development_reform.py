"""What the Development and Reform Bureau delivers (永康市发展和改革局)."""

from citybrain.rehearsal.makers import firm, place
from citybrain.rehearsal.makers.plain import after, choice, day, decimal, money, percent, running, serial, text
from citybrain.rehearsal.populations import fixed, open_firms, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

PROJECTS = Source(
    key="development-reform-projects",
    title="投资项目平台",
    english="Investment projects",
    department="development-reform",
    way=Way.XLSX,
    merged=True,
    style=Style(dates=DateLayout.CHINESE),
    tables=(
        Table(
            key="investment-project",
            title="重点项目",
            english="Key projects",
            name="重点项目",
            of=things(3),
            share="unconditional",
            opened="unconditional",
            orders=(("开工日期", "竣工日期"),),
            primary=("项目代码",),
            columns={
                "所在镇街": place.town,
                "项目代码": serial("2601-330784-04-01-"),
                "项目名称": text("|village|安置小区工程", "|town|标准厂房项目", "污水管网改造"),
                "总投资": money(100000, 900_000_000),
                "开工日期": day(),
                "竣工日期": after("开工日期", 100, 1200, empty=0.4),
                "进度": percent(),
            },
        ),
        Table(
            key="credit-list",
            title="信用红黑名单",
            english="Credit lists",
            name="信用名单",
            of=open_firms.share(0.02),
            share="unconditional",
            opened="unconditional",
            primary=("序号",),
            columns={
                "类别": choice("守信", "失信"),
                "序号": running(),
                "单位": firm.name,
                "统一社会信用代码": firm.credit_code,
                "列入日期": day(),
            },
        ),
        Table(
            key="price-filing",
            title="收费目录",
            english="Fees",
            name="收费目录",
            of=fixed(60),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            primary=("编号",),
            columns={
                "执收单位": place.department_name,
                "编号": serial("SF", 3),
                "项目": choice("不动产登记费", "诉讼费", "考试费"),
                "标准": money(1, 600),
            },
        ),
        Table(
            key="grain-reserve",
            title="储备粮",
            english="Grain reserves",
            name="储备粮",
            of=fixed(45),
            share="none",
            primary=("仓号",),
            columns={
                "库点": place.thing("粮库"),
                "仓号": serial("C", 3),
                "品种": choice("早籼稻", "小麦", "晚粳稻"),
                "数量吨": decimal(100, 5000, 1),
                "入库日期": day("2022-01-01"),
                "水分": percent(10, 14),
            },
        ),
    ),
)

SOURCES = (PROJECTS,)
