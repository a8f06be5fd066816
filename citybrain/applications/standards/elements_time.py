"""Data elements of time (日期, 时间): when something was founded, issued, happened, changed."""

from citybrain.applications.standards.codelists_city import WEEKDAYS
from citybrain.applications.standards.families import CLEAN, bad, coded, dated, element, measured, ok, timed, words
from citybrain.declare.element import DataType
from citybrain.declare.rule import Pattern, Step
from citybrain.declare.words import Grade, _

FIRM = {"object_class": "法人", "source": "市场监督管理局", "grade": Grade.L1}
PERSON = {"object_class": "自然人", "source": "公安局", "grade": Grade.L3}
ANY = {"object_class": "时间", "source": "各提供部门", "grade": Grade.L1}

FOUNDING_DATE = dated(
    "founding-date",
    _("Date of founding"),
    "成立日期",
    "法人或其他组织依法成立的日期。",
    **FIRM,
    names=words(
        "ESTDATE 成立日期 注册日期 设立日期 开业日期 建校日期 登记日期(成立) CLRQ ZCRQ KYRQ founded",
        "founding_date founded_on established establish_date reg_date 成立时间 注册时间",
    ),
)

REVOCATION_DATE = dated(
    "revocation-date",
    _("Date of deregistration"),
    "注销日期",
    "法人或其他组织、证照被注销或吊销的日期。",
    **FIRM,
    relation="不早于成立日期",
    names=words(
        "REVDATE CANDATE 注销日期 吊销日期 撤销日期 注(吊)销日期 歇业日期 ZXRQ DXRQ revoked revocation_date",
        "revoked_on cancel_date closed_on 注销时间 deregistered",
    ),
)

APPROVAL_DATE = dated(
    "approval-date",
    _("Date of approval"),
    "核准日期",
    "登记、许可或审批事项被核准的日期。",
    **FIRM,
    names=words(
        "核准日期 批准日期 审批日期 许可日期 审核日期 HZRQ PZRQ SPRQ XKRQ approved approval_date",
        "approved_on 许可决定日期 立项日期 授权日期 授权公告日",
    ),
)

VALID_FROM = dated(
    "valid-from",
    _("Valid from"),
    "有效期起",
    "证照、合同或权利生效的日期。",
    **FIRM,
    future=True,
    relation="不晚于有效期止",
    names=words(
        "FFRQ 发放日期 from issued 有效期起 有效期自 有效期始 起始日期 开始日期 生效日期 发证日期 颁发日期",
        "签发日期 营业期限自 YXQQ YXQS KSRQ QSRQ SXRQ FZRQ valid_from start_date issue_date issued_on",
        "effective_date 合同开始日期 开工日期 任期开始 起始时间",
    ),
)

VALID_TO = dated(
    "valid-to",
    _("Valid to"),
    "有效期止",
    "证照、合同或权利失效的日期。",
    **FIRM,
    future=True,
    relation="不早于有效期起",
    names=words(
        "until to 有效期止 有效期至 截止日期 结束日期 终止日期 到期日期 失效日期 营业期限至 YXQZ YXQJZ JZRQ",
        "JSRQ ZZRQ DQRQ valid_to valid_until end_date expiry_date expires_on expires 合同结束日期 竣工日期",
        "任期结束 到期日 计划完成日期 截止时间",
    ),
)

DEATH_DATE = dated(
    "death-date",
    _("Date of death"),
    "死亡日期",
    "自然人死亡的日期。",
    **PERSON,
    relation="不早于出生日期",
    names=words("死亡日期 去世日期 SWRQ death_date died died_on date_of_death 死亡时间 deceased_on"),
)

MARRIAGE_DATE = dated(
    "marriage-date",
    _("Date of marriage"),
    "结婚日期",
    "婚姻登记机关登记结婚的日期。",
    **{**PERSON, "source": "民政局"},
    relation="不早于出生日期",
    names=words(
        "结婚日期 结婚登记日期 婚姻登记日期 JHRQ HYDJRQ marriage_date married_on married 结婚时间",
        "登记结婚日期",
    ),
)

DATE = dated(
    "date",
    _("Date"),
    "日期",
    "事项登记、办理或发生的日期。",
    **ANY,
    names=words(
        "末次月经 MCYJ checked decided signed paid found donated sampled scored since built bought first_issue",
        "first_registered inspected surveyed opened planted on 日期 登记日期 业务日期 办理日期 检查日期",
        "处罚日期 决定日期 缴费日期 就诊日期 接种日期 入学日期 毕业日期 参保日期 迁入日期 迁出日期 巡查日期",
        "采样日期 监测日期 抄表日期 装表日期 销户日期 初次领证日期 注册登记日期 检验日期 交易日期 评定日期",
        "公示日期 受理日期 采购日期 RQ DJRQ JCRQ CFRQ YWRQ RYRQ SLRQ date day reg_day visit_date",
        "record_date inspected_on registered_on paid_on inspection_date register_date 统计日期 数据日期",
        "领证日期 报告日期 出让日期 签约日期 投放日期 种植日期 购置日期 聘用日期 申请日期 SQRQ",
        "application_date apply_date",
    ),
)

PLANNED_DATE = dated(
    "planned-date",
    _("Planned date"),
    "计划日期",
    "预约、计划或下一次办理的日期，可以在将来。",
    **ANY,
    future=True,
    names=words(
        "计划日期 预约日期 下次检验日期 下次检查日期 预产期 整改期限 办理期限 YYRQ planned_date due_date",
        "deadline appointment_date next_date 整改截止日期 检验有效期止",
    ),
)

BEGIN_DATE = dated(
    "begin-date",
    _("Day of the beginning"),
    "起始办理日期",
    "一件事开始的日期：立案、入院、入伍、进场、动工。",
    **ANY,
    relation="不晚于办结日期",
    names=words(
        "起始办理日期 立案日期 LARQ 入院日期 admitted 入矫日期 入伍日期 进点日期 进场日期 started",
        "工伤发生日期 ALC020 begin_date admission_date filed_on",
    ),
)

FINISH_DATE = dated(
    "finish-date",
    _("Day of the end"),
    "办结日期",
    "一件事结束的日期：结案、出院、退役、离场、完工。",
    **ANY,
    relation="不早于起始办理日期",
    names=words(
        "办结日期 结案日期 JARQ 出院日期 discharged closed 解矫日期 退役日期 出具报告日期 离场日期 finished",
        "认定日期 ALC030 discharge_date closed_day finish_date completed_on",
    ),
)

EVENT_TIME = timed(
    "event-time",
    _("Time of the event"),
    "发生时间",
    "事件、业务或观测发生的时间。",
    **ANY,
    names=words(
        "happened received visited taken reported found at reported_time 发生时间 时间 事发时间 上报时间",
        "受理时间 立案时间 来电时间 登记时间 办理时间 监测时间 采集时间 观测时间 进场时间 出场时间 入场时间",
        "就诊时间 检查时间 处置时间 结案时间 办结时间 派遣时间 派单时间 FSSJ SBSJ SLSJ LDSJ JCSJ GCSJ time",
        "timestamp event_time occurred_at reported_at happened_at measured_at observed_at received_at",
        "closed_at datetime monitor_time call_time data_time",
    ),
)

UPDATE_TIME = timed(
    "update-time",
    _("Time of the last change"),
    "更新时间",
    "数据记录最近一次变更的时间。",
    **ANY,
    names=words(
        "更新时间 修改时间 变更时间 最后更新时间 入库时间 GXSJ XGSJ RKSJ update_time updated_at modified_at",
        "last_modified gmt_modified UPDATE_TIME mtime 数据更新时间",
    ),
)

CREATE_TIME = timed(
    "create-time",
    _("Time of creation"),
    "创建时间",
    "数据记录创建的时间。",
    **ANY,
    relation="不晚于更新时间",
    names=words(
        "创建时间 录入时间 填报时间 生成时间 新增时间 CJSJ LRSJ TBSJ create_time created_at gmt_create",
        "insert_time inserted_at",
    ),
)

YEAR = measured(
    "year",
    _("Year"),
    "年份",
    "公历年。",
    unit="年",
    minimum=1900,
    maximum=2199,
    **ANY,
    type=DataType.INTEGER,
    format="n4",
    names=words(
        "XN 学年 ANCHEYEAR 年份 年度 年 ND NF year 统计年度 评定年度 预算年度 入学年份 fiscal_year 建成年份",
        "建造年份 JCNF",
    ),
    examples=(ok("2026"), bad("26", "between")),
)

MONTH = element(
    "month",
    _("Month"),
    "月份",
    "公历年月，四位年和两位月。",
    **ANY,
    format="n6",
    domain="YYYYMM",
    representation="年月",
    standard="GB/T 7408.1-2023",
    steps=(*CLEAN, Step.SEPARATORS),
    checks=(Pattern(regex="(19|20|21)[0-9]{2}(0[1-9]|1[0-2])"),),
    names=words(
        "AAE002 月份 年月 月度 账期 费款所属期 所属期 统计月份 抄表月份 YF NY SSQ ZQ month period",
        "year_month billing_month stat_month 缴费月份",
    ),
    examples=(
        ok("202611"),
        ok("2026-11", "202611"),
        ok("2026/11", "202611"),
        bad("202613", "pattern"),
        bad("11", "pattern"),
    ),
)

MONTH_OF_YEAR = measured(
    "month-of-year",
    _("Month of the year"),
    "月",
    "一年中的第几个月。",
    unit="月",
    minimum=1,
    maximum=12,
    **ANY,
    type=DataType.INTEGER,
    format="n..2",
    names=words("月 month_no month_of_year"),
)

DAY_OF_MONTH = measured(
    "day-of-month",
    _("Day of the month"),
    "日",
    "一个月中的第几天。",
    unit="日",
    minimum=1,
    maximum=31,
    **ANY,
    type=DataType.INTEGER,
    format="n..2",
    names=words("日 day_no day_of_month"),
)

HOUR = measured(
    "hour",
    _("Hour"),
    "小时",
    "一天中的第几个小时，从零起。",
    unit="时",
    minimum=0,
    maximum=24,
    **ANY,
    type=DataType.INTEGER,
    format="n..2",
    names=words("小时 时 XS hour hour_of_day"),
)

WEEKDAY = coded(
    "weekday",
    _("Day of the week"),
    "星期",
    "一周中的第几天。",
    WEEKDAYS,
    **ANY,
    names=words("星期 周几 XQ weekday day_of_week"),
    examples=(ok("周日", "7"), ok("Mon", "1")),
)

ELEMENTS = (
    *(FOUNDING_DATE, REVOCATION_DATE, APPROVAL_DATE, VALID_FROM, VALID_TO, DEATH_DATE, MARRIAGE_DATE),
    *(DATE, BEGIN_DATE, FINISH_DATE, PLANNED_DATE, EVENT_TIME, UPDATE_TIME, CREATE_TIME),
    *(YEAR, MONTH, MONTH_OF_YEAR, DAY_OF_MONTH, HOUR, WEEKDAY),
)
