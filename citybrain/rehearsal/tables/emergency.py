"""What the Emergency Management Bureau delivers (永康市应急管理局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import after, choice, day, decimal, numbered, percent, serial, text, whole
from citybrain.rehearsal.populations import adults, fixed, in_trades, makers, things
from citybrain.rehearsal.specification import Quoting, Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

EMERGENCY = Source(
    key="emergency-safety",
    title="安全生产监管",
    english="Work safety",
    department="emergency",
    way=Way.CSV,
    quoting=Quoting.BAD,
    style=Style(dates=DateLayout.CHINESE, stale=0.05),
    tables=(
        Table(
            key="hazardous-store",
            title="危险化学品企业",
            english="Hazardous chemical stores",
            name="whp",
            of=in_trades("C3360", "C2929", "C3841").share(0.6),
            columns={
                "企业编号": serial("WH"),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "负责人": person.name,
                "电话": person.mobile,
                "地址": firm.address,
                "最大储量吨": decimal(0.1, 60, 2),
                "许可有效期至": day("2026-01-01"),
            },
        ),
        Table(
            key="safety-inspection",
            title="安全检查",
            english="Safety inspections",
            name="aqjc",
            of=makers.share(0.25),
            cycle="weekly",
            orders=(("检查日期", "复查日期"),),
            columns={
                "检查编号": serial("AJ"),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "检查日期": day(),
                "复查日期": after("检查日期", 3, 60, empty=0.3),
                "隐患": text("冲压设备无双手按钮", "粉尘未及时清理", "消防通道堆放杂物", empty=0.2),
                "得分": percent(40, 100),
            },
        ),
        Table(
            key="accident",
            title="生产安全事故",
            english="Work accidents",
            name="sg",
            of=makers.share(0.004),
            share="none",
            columns={
                "编号": serial("SG"),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "发生日期": day(),
                "死亡": whole(0, 2),
                "受伤": whole(0, 6),
                "经过": text("机械伤害", "高处坠落", "物体打击"),
            },
        ),
        Table(
            key="shelter",
            title="避灾场所",
            english="Shelters",
            name="bz",
            of=things(3),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            columns={
                "编号": serial("BZ", 4),
                "名称": place.thing("避灾安置场所"),
                "容纳人数": whole(30, 800),
                "经度": place.longitude,
                "纬度": place.latitude,
                "管理员": person.name,
                "电话": person.mobile,
            },
        ),
        Table(
            key="rescue-team",
            title="救援队伍",
            english="Rescue teams",
            name="jy",
            of=fixed(30),
            cycle="yearly",
            columns={
                "编号": serial("JY", 3),
                "名称": place.thing("民间救援队", "森林消防队"),
                "人数": whole(5, 60),
                "队长": person.name,
                "电话": person.mobile,
            },
        ),
        Table(
            key="material-store",
            title="应急物资",
            english="Emergency stores",
            name="wz",
            of=fixed(240),
            columns={
                "编号": serial("WZ", 4),
                "物资": choice("冲锋舟", "救生衣", "帐篷", "发电机"),
                "数量": whole(1, 900),
                "仓库": numbered("", 12, "号仓库"),
                "有效期至": day("2026-01-01"),
            },
        ),
        Table(
            key="special-operator",
            title="特种作业人员",
            english="Special operators",
            name="tzzy",
            of=adults.share(0.02),
            orders=(("发证日期", "有效期至"),),
            columns={
                "证号": serial("T33"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "工种": choice("低压电工", "焊接", "高处作业"),
                "发证日期": day("2021-01-01"),
                "有效期至": after("发证日期", 2180, 2200, future=True),
            },
        ),
    ),
)

SOURCES = (EMERGENCY,)
