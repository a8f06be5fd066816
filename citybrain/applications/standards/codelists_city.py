"""Code lists of events, the calendar and the environment (事件, 时间, 环境)."""

from citybrain.applications.standards.listing import RECALLED, code
from citybrain.declare.codelist import CodeList
from citybrain.declare.words import _

EVENT_CATEGORIES = CodeList(
    key="event-categories",
    title=_("Categories of city management events"),
    chinese="城市管理事件大类代码",
    standard="GB/T 30428.2-2013",
    codes=(
        code("01", "市容环境", "city appearance", "市容环境类"),
        code("02", "宣传广告", "advertising", "宣传广告类"),
        code("03", "施工管理", "construction", "施工管理类"),
        code("04", "突发事件", "sudden events", "突发事件类"),
        code("05", "街面秩序", "street order", "街面秩序类"),
        code("06", "其他事件", "other", "其他", "其他类"),
    ),
)

COMPONENT_CATEGORIES = CodeList(
    key="component-categories",
    title=_("Categories of city components"),
    chinese="城市管理部件大类代码",
    standard="GB/T 30428.2-2013",
    codes=(
        code("01", "公用设施", "public utilities"),
        code("02", "道路交通", "roads and traffic", "道路交通设施"),
        code("03", "市容环境", "city appearance", "市容环境设施"),
        code("04", "园林绿化", "parks and trees", "园林绿化设施"),
        code("05", "其他部件", "other", "其他设施"),
    ),
)

CASE_KINDS = CodeList(
    key="case-kinds",
    title=_("Kinds of hotline calls"),
    chinese="热线诉求类型",
    standard="GB/T 33358-2016；通用名称",
    complete=False,
    source=RECALLED,
    codes=(
        code("1", "咨询", "question", "业务咨询"),
        code("2", "求助", "request for help", "求决", "服务"),
        code("3", "投诉", "complaint"),
        code("4", "举报", "report", "投诉举报"),
        code("5", "建议", "suggestion", "意见建议"),
        code("6", "表扬", "praise", "感谢"),
        code("9", "其他", "other"),
    ),
)

CASE_STATES = CodeList(
    key="case-states",
    title=_("States of a case"),
    chinese="案件状态",
    standard="GB/T 30428.8-2020; words in use",
    complete=False,
    source="The words are those of published procedures; the numbers are ours (编号自定)",
    codes=(
        code("1", "上报", "reported", "已上报", "待受理"),
        code("2", "受理", "accepted", "已受理"),
        code("3", "立案", "opened", "已立案", "待派遣"),
        code("4", "派遣", "dispatched", "已派遣", "待处置", "已转办"),
        code("5", "处置", "being handled", "处置中", "处理中", "办理中"),
        code("6", "核查", "being verified", "核查中", "待核查"),
        code("7", "结案", "closed", "已结案", "办结", "已办结", "已完成"),
        code("8", "作废", "void", "不予立案", "已作废"),
    ),
)

EMERGENCY_KINDS = CodeList(
    key="emergency-kinds",
    title=_("Kinds of emergencies"),
    chinese="突发事件类别",
    standard="突发事件应对法; GB/T 35561-2017 (first digit)",
    codes=(
        code("1", "自然灾害", "natural disaster"),
        code("2", "事故灾难", "accident"),
        code("3", "公共卫生", "public health", "公共卫生事件"),
        code("4", "社会安全", "public security", "社会安全事件"),
    ),
)

EMERGENCY_GRADES = CodeList(
    key="emergency-grades",
    title=_("Grades of emergencies"),
    chinese="突发事件级别",
    standard="突发事件应对法",
    codes=(
        code("1", "特别重大", "exceptionally serious", "Ⅰ级", "Ⅰ", "I级", "一级"),
        code("2", "重大", "serious", "Ⅱ级", "Ⅱ", "II级", "二级"),
        code("3", "较大", "fairly serious", "Ⅲ级", "Ⅲ", "III级", "三级"),
        code("4", "一般", "ordinary", "Ⅳ级", "Ⅳ", "IV级", "四级"),
    ),
)

WARNING_COLOURS = CodeList(
    key="warning-colours",
    title=_("Colours of warnings"),
    chinese="预警级别",
    standard="突发事件应对法",
    codes=(
        code("1", "红色", "red", "红", "一级", "红色预警"),
        code("2", "橙色", "orange", "橙", "二级", "橙色预警"),
        code("3", "黄色", "yellow", "黄", "三级", "黄色预警"),
        code("4", "蓝色", "blue", "蓝", "四级", "蓝色预警"),
    ),
)

HAZARD_GRADES = CodeList(
    key="hazard-grades",
    title=_("Grades of hidden dangers"),
    chinese="事故隐患级别",
    standard="安全生产事故隐患排查治理暂行规定",
    codes=(
        code("1", "一般隐患", "ordinary", "一般", "一般事故隐患"),
        code("2", "重大隐患", "serious", "重大", "重大事故隐患"),
    ),
)

INSPECTION_RESULTS = CodeList(
    key="inspection-results",
    title=_("Results of inspections"),
    chinese="检查结果",
    standard="words in use",
    complete=False,
    source="编号自定 (the numbers are ours)",
    codes=(
        code("1", "合格", "passed", "通过", "符合", "未发现问题", "达标"),
        code("2", "基本合格", "nearly passed", "基本符合"),
        code("3", "不合格", "failed", "不通过", "不符合", "发现问题", "未达标"),
        code("4", "责令整改", "to be mended", "限期整改", "待整改"),
    ),
)

WEEKDAYS = CodeList(
    key="weekdays",
    title=_("Days of the week"),
    chinese="星期",
    standard="GB/T 7408.1-2023",
    codes=(
        code("1", "星期一", "Monday", "周一", "Mon"),
        code("2", "星期二", "Tuesday", "周二", "Tue"),
        code("3", "星期三", "Wednesday", "周三", "Wed"),
        code("4", "星期四", "Thursday", "周四", "Thu"),
        code("5", "星期五", "Friday", "周五", "Fri"),
        code("6", "星期六", "Saturday", "周六", "Sat"),
        code("7", "星期日", "Sunday", "周日", "星期天", "Sun", "0"),
    ),
)

WIND_DIRECTIONS = CodeList(
    key="wind-directions",
    title=_("Wind directions"),
    chinese="风向方位",
    standard="GB/T 35227-2017",
    codes=(
        code("N", "北", "north", "北风"),
        code("NNE", "北东北", "north-northeast", "东北偏北"),
        code("NE", "东北", "northeast", "东北风"),
        code("ENE", "东东北", "east-northeast", "东北偏东"),
        code("E", "东", "east", "东风"),
        code("ESE", "东东南", "east-southeast", "东南偏东"),
        code("SE", "东南", "southeast", "东南风"),
        code("SSE", "南东南", "south-southeast", "东南偏南"),
        code("S", "南", "south", "南风"),
        code("SSW", "南西南", "south-southwest", "西南偏南"),
        code("SW", "西南", "southwest", "西南风"),
        code("WSW", "西西南", "west-southwest", "西南偏西"),
        code("W", "西", "west", "西风"),
        code("WNW", "西西北", "west-northwest", "西北偏西"),
        code("NW", "西北", "northwest", "西北风"),
        code("NNW", "北西北", "north-northwest", "西北偏北"),
        code("C", "静风", "calm", "无风"),
    ),
)

WATER_CLASSES = CodeList(
    key="water-classes",
    title=_("Classes of surface water"),
    chinese="地表水水质类别",
    standard="GB 3838-2002",
    codes=(
        code("1", "Ⅰ类", "class I", "Ⅰ", "I", "I类", "一类"),
        code("2", "Ⅱ类", "class II", "Ⅱ", "II", "II类", "二类"),
        code("3", "Ⅲ类", "class III", "Ⅲ", "III", "III类", "三类"),
        code("4", "Ⅳ类", "class IV", "Ⅳ", "IV", "IV类", "四类"),
        code("5", "Ⅴ类", "class V", "Ⅴ", "V", "V类", "五类"),
        code("6", "劣Ⅴ类", "worse than class V", "劣Ⅴ", "劣V", "劣V类", "劣五类"),
    ),
)

AQI_LEVELS = CodeList(
    key="aqi-levels",
    title=_("Levels of the air quality index"),
    chinese="空气质量指数级别",
    standard="HJ 633-2026",
    codes=(
        code("1", "优", "excellent", "一级"),
        code("2", "良", "good", "二级"),
        code("3", "轻度污染", "light pollution", "三级", "轻度"),
        code("4", "中度污染", "moderate pollution", "四级", "中度"),
        code("5", "重度污染", "heavy pollution", "五级", "重度"),
        code("6", "严重污染", "severe pollution", "六级", "严重"),
    ),
)

CODE_LISTS = (
    EVENT_CATEGORIES,
    COMPONENT_CATEGORIES,
    CASE_KINDS,
    CASE_STATES,
    EMERGENCY_KINDS,
    EMERGENCY_GRADES,
    WARNING_COLOURS,
    HAZARD_GRADES,
    INSPECTION_RESULTS,
    WEEKDAYS,
    WIND_DIRECTIONS,
    WATER_CLASSES,
    AQI_LEVELS,
)
