"""Data elements of money and quantities (金额, 数量)."""

from citybrain.applications.standards.codelists_legal import CURRENCIES
from citybrain.applications.standards.families import (
    CLEAN,
    amount,
    bad,
    coded,
    counted,
    identified,
    measured,
    ok,
    words,
    written,
)
from citybrain.declare.element import DataType
from citybrain.declare.rule import Algorithm, Between, CheckDigit, Readable, Step
from citybrain.declare.words import Grade, Masking, _

ABOUT = {"object_class": "资金", "source": "财政局", "grade": Grade.L2}
FIRM = {"object_class": "法人", "source": "市场监督管理局", "grade": Grade.L1}

REGISTERED_CAPITAL = amount(
    "registered-capital",
    _("Registered capital"),
    "注册资本",
    "市场主体依法登记的资本数额，以其自身币种的元计。",
    **FIRM,
    names=words(
        "REGCAP 注册资本 注册资金 出资额 资金数额 ZCZB ZCZJ registered_capital reg_capital capital",
        "注册资本(万元) 出资总额",
    ),
    examples=(
        ok("3(万元人民币)", "30000"),
        ok("1,000（万元人民币）", "10000000"),
        ok("50万人民币元", "500000"),
        ok("500万美元", "5000000"),
        ok("10(万香港元)", "100000"),
        ok("1.5亿元", "150000000"),
        ok("100万元整", "1000000"),
        bad("1,00", "readable"),
    ),
)

CURRENCY = coded(
    "currency",
    _("Currency"),
    "币种",
    "金额的货币种类。",
    CURRENCIES,
    **{**ABOUT, "grade": Grade.L1},
    names=words("币种 货币 币别 BZDM HBZL currency currency_code"),
    examples=(ok("人民币", "CNY"), ok("usd", "USD")),
)

AMOUNT = amount(
    "amount",
    _("Amount"),
    "金额",
    "收入、支出、费用、价款等的货币数额。",
    **ABOUT,
    names=words(
        "YJCE GRZHYE YBTSE 月缴存额 账户余额 余额 预收余额 应补退税额 标的额 BDE 起拍价 QPJ 债权额 ZQE 总产值",
        "月补助 ZCZ 未履行义务 WLXYW",
        "invest investment loan AAE019 AAC040 yuan yuan_a_year assets income loss 造价 月租金 租金 标准",
        "津贴标准 保障金额 月保障金额 原值 YZ SUBCONAM ASSGRO VENDINC medfee_sumamt sumamt qsye 工程造价",
        "贷款金额 押金 损失 loss_yuan 金额 费用 价格 总价 单价 合同金额 中标金额 预算金额 补贴金额 补助金额",
        "救助金额 奖励金额 缴费金额 应缴金额 实缴金额 收费金额 支付金额 结算金额 交易金额 投资额 总投资",
        "概算 预算数 JE FY ZJE HTJE BTJE JFJE amount fee price cost money total_amount subsidy 销售额 产值",
        "营业收入 出口额 出口金额 年产值 缴费基数 payment budget revenue 工资 养老金 待遇金额 医疗费用",
        "总费用 医保支付 个人自付 低保金 补贴标准 价款 成交价 支出金额 收入金额 投资总额",
    ),
)

PENALTY = amount(
    "penalty",
    _("Penalty"),
    "罚款金额",
    "行政处罚决定的罚款和没收的数额。",
    **{**ABOUT, "source": "各执法部门", "grade": Grade.L1},
    names=words("罚款金额 处罚金额 罚没金额 罚款 FKJE CFJE penalty fine fine_amount penalty_amount"),
)

TAX = amount(
    "tax",
    _("Tax paid"),
    "纳税额",
    "纳税人在一个税款所属期内缴纳的税款。",
    **{**ABOUT, "source": "税务局", "grade": Grade.L3},
    names=words("纳税额 税额 应纳税额 实缴税额 入库税额 税款 NSE SE SJSE tax tax_amount tax_paid 税收"),
)

COUNT = counted(
    "count",
    _("Count"),
    "数量",
    "人、件、户、次等可以计数的事物的数量。",
    unit="个",
    object_class="统计",
    source="各提供部门",
    grade=Grade.L1,
    names=words(
        "数量 件数 次数 人数 户数 个数 总数 户籍人口 常住人口 床位数 学生数 班级数 泊位数 总泊位 剩余泊位",
        "车位数 游客人数 接待人数 库存 库存量 SL RS HS CS count number num quantity qty total capacity",
        "population people households spaces beds visitors 人口数 班级数量 在校生数 教职工数 核定人数",
        "接种剂次 剂次 家庭人口 人口 跨数 层数合计 门诊人次 住院人次 站点数",
    ),
)

PERCENT = measured(
    "percentage",
    _("Percentage"),
    "百分比",
    "部分占整体的比例，以百分数表示。",
    unit="%",
    minimum=0,
    maximum=100,
    object_class="统计",
    source="各提供部门",
    grade=Grade.L1,
    format="n..6,3",
    representation="百分比",
    names=words(
        "CONPROP pct DFL XSL load 免疫率 水分 gkl punctual growth_pct 得分率 百分比 占比 比例 率 完成率",
        "合格率 达标率 出勤率 接种率 入住率 使用率 执行率 进度 完成进度 BFB ZB BL percent percentage rate",
        "ratio share progress 持股比例 股权比例 湿度 相对湿度 XDSD humidity opening_rate 开工率 产能利用率",
        "满意率 覆盖率 绿化率 SD FUND_PAY_RATIO JCBL 缴存比例 报销比例",
    ),
    examples=(ok("99.71%", "99.71"), bad("120%", "between")),
)

SCORE = measured(
    "score",
    _("Score"),
    "得分",
    "考核、评价、检查按百分制给出的分数。",
    unit="分",
    minimum=0,
    maximum=100,
    object_class="统计",
    source="各提供部门",
    grade=Grade.L1,
    names=words("得分 分数 评分 成绩 考核得分 信用分 DF PF FS score points 满意度评分 评价得分 检查得分 PJDF"),
)

BANK_CARD = identified(
    "bank-card",
    _("Bank card number"),
    "银行卡号",
    "银行卡的主账号。",
    object_class="自然人",
    source="人力资源和社会保障局",
    grade=Grade.L4,
    masking=Masking.TAIL,
    format="n..19",
    domain="13 至 19 位数字",
    standard="ISO/IEC 7812-1",
    checks=(CheckDigit(algorithm=Algorithm.LUHN, clause="ISO/IEC 7812-1 附录 B"),),
    names=words(
        "银行卡号 银行账号 卡号 开户账号 银行卡 YHKH YHZH KH bank_card bank_account card_no bank_card_no",
        "发放账号",
    ),
    examples=(
        ok("6228480402564890018"),
        ok("6217001210024455220"),
        ok("6222021202041701419"),
        ok("6222 0212 0204 1701 419", "6222021202041701419"),
        bad("6228480402564890019", "check-digit"),
        bad("622848", "check-digit"),
    ),
)

AREA = measured(
    "area",
    _("Surface area"),
    "面积",
    "土地、房屋或场地的面积。",
    unit="m²",
    minimum=0,
    maximum=10**9,
    object_class="不动产",
    source="自然资源和规划局",
    grade=Grade.L1,
    standard="GB/T 17986.1-2000",
    names=words(
        "面积 建筑面积 占地面积 房屋面积 宗地面积 使用面积 套内面积 经营面积 场地面积 绿地面积 MJ JZMJ ZDMJ",
        "FWMJ SYMJ JYMJ area floor_area building_area land_area area_m2 种植面积 耕地面积",
    ),
)

LENGTH_M = measured(
    "length",
    _("Length"),
    "长度",
    "道路、管线、河段等的长度。",
    unit="m",
    minimum=0,
    maximum=10**8,
    object_class="设施",
    source="各提供部门",
    grade=Grade.L1,
    names=words("长度 里程 管长 河长(米) 路线长度 线路长度 CD LC length mileage line_length 全长"),
)

WEIGHT = measured(
    "weight",
    _("Mass"),
    "重量",
    "物品、货物、垃圾等的质量。",
    unit="kg",
    minimum=0,
    maximum=10**9,
    object_class="物品",
    source="各提供部门",
    grade=Grade.L1,
    names=words("重量 质量(公斤) 净重 毛重 体重 weight mass 载重 核定载质量 产量 储量 垃圾量"),
)

UNIT = written(
    "unit-of-measure",
    _("Unit of measure"),
    "计量单位",
    "数量所用的计量单位的名称或符号。",
    object_class="统计",
    source="各提供部门",
    grade=Grade.L1,
    length=20,
    looks="^(个|件|台|套|只|辆|吨|公斤|千克|克|斤|米|公里|平方米|立方米|亩|公顷|人|户|次|天|元|万元|度|升|箱|袋|瓶|kg|t|m|m2|m3|km|L)$",
    names=words("DW 计量单位 单位 JLDW unit unit_of_measure measure_unit"),
)

DURATION = measured(
    "duration",
    _("Duration"),
    "时长",
    "一件事持续或办理所用的时间。",
    unit="min",
    minimum=0,
    maximum=10**8,
    object_class="时间",
    source="各提供部门",
    grade=Grade.L1,
    names=words("时长 办理时长 处置时长 耗时 停车时长 通话时长 duration minutes elapsed 用时 停留时长"),
)

GROWTH_RATE = measured(
    "growth-rate",
    _("Rate of growth"),
    "增长率",
    "本期数比基期数的增长百分数，可以为负。",
    unit="%",
    minimum=-100,
    maximum=None,
    object_class="统计",
    source="统计局",
    grade=Grade.L1,
    type=DataType.DECIMAL,
    steps=(*CLEAN, Step.NUMBER),
    checks=(Readable(), Between(minimum=-100)),
    names=words("增长率 增速 同比 环比 同比增长 环比增长 ZZL TBZZ growth growth_rate yoy"),
    examples=(ok("-3.5%", "-3.5"),),
)

ELEMENTS = (
    *(REGISTERED_CAPITAL, CURRENCY, AMOUNT, PENALTY, TAX, COUNT, PERCENT, SCORE, BANK_CARD, AREA, LENGTH_M, WEIGHT),
    *(UNIT, DURATION, GROWTH_RATE),
)
