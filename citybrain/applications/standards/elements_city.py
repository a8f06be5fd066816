"""Data elements of cases, events, devices and the catalogue (事件, 设施, 目录)."""

from citybrain.applications.standards.codelists_city import (
    CASE_KINDS,
    CASE_STATES,
    COMPONENT_CATEGORIES,
    EMERGENCY_GRADES,
    EMERGENCY_KINDS,
    EVENT_CATEGORIES,
    HAZARD_GRADES,
    INSPECTION_RESULTS,
    WARNING_COLOURS,
)
from citybrain.applications.standards.codelists_legal import DATA_GRADES, OPEN_TYPES, SHARE_TYPES, UPDATE_CYCLES, YES_NO
from citybrain.applications.standards.families import bad, coded, identified, named, ok, serial, words, written
from citybrain.declare.rule import Pattern
from citybrain.declare.words import Grade, _

CASE = {"object_class": "事件", "source": "综合行政执法局", "grade": Grade.L2}
THING = {"object_class": "设施", "source": "各提供部门", "grade": Grade.L1}
ENTRY = {"object_class": "数据目录", "source": "大数据局", "grade": Grade.L1}

EVENT_CATEGORY = coded(
    "event-category",
    _("Category of the event"),
    "事件大类",
    "城市管理事件的大类。",
    EVENT_CATEGORIES,
    **CASE,
    names=words("事件大类 事件类别 事件分类 问题大类 案件大类 SJDL SJLB event_category event_class 大类"),
    examples=(ok("街面秩序", "05"), ok("1", "01")),
)

COMPONENT_CATEGORY = coded(
    "component-category",
    _("Category of the component"),
    "部件大类",
    "城市管理部件的大类。",
    COMPONENT_CATEGORIES,
    **THING,
    names=words("部件大类 部件类别 设施大类 BJDL BJLB component_category component_class"),
)

COMPONENT_CODE = identified(
    "component-code",
    _("Component code"),
    "部件标识码",
    "城市管理部件的 16 位标识码：县级区划 6 位、大类 2 位、小类 2 位、流水号 6 位。",
    **THING,
    format="n16",
    domain="十六位数字",
    representation="代码",
    standard="GB/T 30428.2-2013",
    checks=(Pattern(regex="[1-8][0-9]{5}0[1-6][0-9]{8}"),),
    names=words("部件标识码 部件编码 部件代码 BJBSM BJBM component_code component_id"),
    examples=(ok("3205080101000001"), bad("320508010100001", "pattern")),
)

CASE_KIND = coded(
    "case-kind",
    _("Kind of call"),
    "诉求类型",
    "热线或信访诉求的类型。",
    CASE_KINDS,
    **{**CASE, "source": "12345 政务服务热线"},
    names=words("诉求类型 诉求类别 来电类型 来电类别 工单类型 信访类型 SQLX LDLX GDLX case_kind call_type case_type"),
    examples=(ok("投诉", "3"),),
)

CASE_STATE = coded(
    "case-state",
    _("State of the case"),
    "案件状态",
    "案件、工单在办理过程中的状态。",
    CASE_STATES,
    **CASE,
    names=words(
        "案件状态 办理状态 处理状态 工单状态 处置状态 事件状态 AJZT BLZT CLZT GDZT case_state case_status",
        "process_status",
    ),
    examples=(ok("已办结", "7"),),
)

EMERGENCY_KIND = coded(
    "emergency-kind",
    _("Kind of emergency"),
    "突发事件类别",
    "突发事件按发生过程、性质和机理的分类。",
    EMERGENCY_KINDS,
    **CASE,
    names=words("突发事件类别 突发事件类型 灾害类别 TFSJLB emergency_kind incident_kind"),
    examples=(ok("自然灾害", "1"),),
)

EMERGENCY_GRADE = coded(
    "emergency-grade",
    _("Grade of the emergency"),
    "突发事件级别",
    "突发事件按社会危害程度、影响范围等的分级。",
    EMERGENCY_GRADES,
    **CASE,
    relation="与预警级别、响应级别是三个不同的字段",
    names=words("突发事件级别 事件级别 事件等级 事故等级 TFSJJB SJJB SGDJ emergency_grade event_level severity"),
    examples=(ok("较大", "3"), ok("Ⅱ级", "2")),
)

WARNING_COLOUR = coded(
    "warning-level",
    _("Warning level"),
    "预警级别",
    "预警按紧急程度、发展势态和危害程度的级别，一级(红色)最高。",
    WARNING_COLOURS,
    **CASE,
    names=words("预警级别 预警等级 预警颜色 YJJB YJDJ warning_level warning_colour alert_level"),
    examples=(ok("橙", "2"),),
)

HAZARD_GRADE = coded(
    "hazard-grade",
    _("Grade of the hidden danger"),
    "隐患级别",
    "安全生产事故隐患的级别。",
    HAZARD_GRADES,
    **{**CASE, "source": "应急管理局"},
    names=words("隐患级别 隐患等级 YHJB YHDJ hazard_grade hazard_level"),
    examples=(ok("重大", "2"),),
)

INSPECTION_RESULT = coded(
    "inspection-result",
    _("Result of the inspection"),
    "检查结果",
    "检查、检验、抽检的结论。",
    INSPECTION_RESULTS,
    **{**CASE, "source": "各执法部门", "grade": Grade.L1},
    names=words(
        "检查结果 检验结果 抽检结果 检测结论 检查结论 年检结果 JCJG JYJG inspection_result check_result",
        "评定结果 验收结果",
    ),
    examples=(ok("合格", "1"), ok("不合格", "3")),
)

YES_OR_NO = coded(
    "yes-or-no",
    _("Yes or no"),
    "是否标志",
    "一件事是或否。",
    YES_NO,
    object_class="标志",
    source="各提供部门",
    grade=Grade.L1,
    representation="标志",
    names=words(
        "是否 标志 是否标志 是否有效 是否在用 是否启用 有效标志 是否死亡 是否达标 是否正常 是否参保 SFYX",
        "YXBZ SFZY SFQY is_valid is_active enabled flag is_deleted valid_flag active 是否完成 是否超期",
        "是否公开 是否整改 是否独生子女 是否贫困 is_open is_closed is_paid paid 是否满意 是否寄宿",
    ),
    examples=(ok("Y", "1"), ok("否", "0"), ok("√", "1"), ok("TRUE", "1")),
)

SERIAL_NUMBER = serial(
    "serial-number",
    _("Serial number"),
    "编号",
    "系统或部门为一条记录、一件事或一个设施编制的号码。",
    object_class="记录",
    source="各提供部门",
    grade=Grade.L1,
    names=words(
        "编号 序号 流水号 业务流水号 记录编号 主键 工单编号 案件编号 项目编号 合同编号 设备编号 表号 户表号",
        "站点编号 线路编号 处方号 就诊流水号 订单号 批次号 用户编号 客户编号 考核编号 水表编号 电表编号 BH",
        "XH LSH YWLSH GDBH AJBH XMBH HTBH ZDBH id no serial_no record_id case_no case_id project_no",
        "device_id meter_no contract_no row_id uuid order_no customer_no station_id sensor_id 自编号",
        "培训编号 检查编号 申请编号 场所编号 企业编号 停车场编号 灯杆编号 树木编号 监测点编号 断面编号",
        "点位编号 学校编号 机构编号 宗地序号 迁移编号 事件编号 站号 登记编号 排口编号 房屋编号 管线编号",
    ),
    examples=(ok("1"), ok("GD20261121000001")),
)

TITLE = named(
    "title",
    _("Title"),
    "标题",
    "事件、项目、文件或活动的题名。",
    **{**CASE, "grade": Grade.L1},
    length=300,
    names=words(
        "标题 题名 主题 事件标题 诉求标题 BT TM title subject_line topic headline 会议名称 活动名称",
        "培训名称",
    ),
)

THING_NAME = named(
    "name",
    _("Name"),
    "名称",
    "设施、场所、项目或其他事物的名称。",
    **THING,
    length=200,
    names=words(
        "小区 MC section item matter 设施名称 场所名称 项目名称 站点名称 停车场名称 线路名称 道路名称 河流名称",
        "断面名称 监测点名称 景区名称 设备名称 小区名称 公园名称 市场名称 仓库名称 工程名称 产品名称",
        "药品名称 树种 作物 品种 品名 物资名称 XMMC SSMC CSMC SBMC XQMC GCMC CPMC project_name station_name",
        "site_name road_name lot_name park_name product_name device_name line_name river_name road river",
        "station product 河道名称 水库名称 专利名称 商标名称 路段 线路 站名 酒店名称 基地名称 民宿名称",
        "景点名称 站点",
    ),
)

DESCRIPTION = written(
    "text",
    _("Description"),
    "描述",
    "对事物、事由、经过或处理情况的文字说明。",
    object_class="记录",
    source="各提供部门",
    grade=Grade.L2,
    names=words(
        "描述 说明 内容 备注 摘要 简介 事由 原因 诉求内容 问题描述 处理意见 处理结果 处置情况 办理结果",
        "违法事实 处罚内容 处罚依据 处罚事由 整改措施 检查情况 主要内容 意见 回复内容 案由 BZ MS SM NR SY",
        "YY SQNR CLYJ CLJG WFSS CFNR text remark remarks description content note notes comment summary",
        "detail reason memo opinion result_text 违法行为 问题内容 情况说明 答复内容 隐患描述",
    ),
    examples=(ok('=HYPERLINK("http://example.com")'),),
)

SHARE_TYPE = coded(
    "share-type",
    _("Share attribute"),
    "共享属性",
    "数据资源向其他机关共享的类型；国家与浙江的用词不同。",
    SHARE_TYPES,
    **ENTRY,
    names=words("共享属性 共享类型 GXSX GXLX share_type sharing_type"),
    examples=(ok("有条件共享", "2"), ok("受限共享", "2"), ok("不共享", "3")),
)

OPEN_TYPE = coded(
    "open-type",
    _("Open attribute"),
    "开放属性",
    "公共数据向社会开放的类型。",
    OPEN_TYPES,
    **ENTRY,
    names=words("开放属性 开放类型 KFSX KFLX open_type openness"),
    examples=(ok("受限开放", "2"), ok("禁止开放", "3")),
)

DATA_GRADE = coded(
    "data-grade",
    _("Grade of the data"),
    "数据级别",
    "公共数据的安全级别，L1 至 L4，L4 最敏感。",
    DATA_GRADES,
    **ENTRY,
    names=words("数据级别 数据分级 敏感级别 安全级别 data_grade security_level data_level"),
    examples=(ok("l3", "L3"), ok("敏感", "L4")),
)

UPDATE_CYCLE = coded(
    "update-cycle",
    _("Update cycle"),
    "更新周期",
    "数据资源更新的频度。",
    UPDATE_CYCLES,
    **ENTRY,
    names=words("更新周期 更新频率 GXZQ GXPL update_cycle update_frequency"),
    examples=(ok("每月", "monthly"),),
)

CATALOGUE_CODE = serial(
    "catalogue-code",
    _("Catalogue code"),
    "信息资源代码",
    "政务信息资源目录中一项资源的代码：类、项、目、细目，斜线后是顺序号。",
    **ENTRY,
    standard="政务信息资源目录编制指南(试行) 发改高技〔2017〕1272号",
    names=words("信息资源代码 数据目录编号 目录编码 资源代码 MLBM ZYDM catalogue_code catalog_code resource_code"),
    examples=(ok("307010010/000001"), bad("307 010", "pattern")),
)

ELEMENTS = (
    *(EVENT_CATEGORY, COMPONENT_CATEGORY, COMPONENT_CODE, CASE_KIND, CASE_STATE, EMERGENCY_KIND, EMERGENCY_GRADE),
    *(WARNING_COLOUR, HAZARD_GRADE, INSPECTION_RESULT, YES_OR_NO, SERIAL_NUMBER, TITLE, THING_NAME, DESCRIPTION),
    *(SHARE_TYPE, OPEN_TYPE, DATA_GRADE, UPDATE_CYCLE, CATALOGUE_CODE),
)
