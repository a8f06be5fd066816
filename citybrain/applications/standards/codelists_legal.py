"""Code lists about legal persons and what governs their data (法人, 目录)."""

from citybrain.applications.standards.listing import RECALLED, code, rows
from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle, _

CREDIT_CODE_DEPARTMENTS = CodeList(
    key="credit-code-departments",
    title=_("Registering departments in credit codes"),
    chinese="登记管理部门代码",
    standard="GB 32100-2015 表1",
    codes=(
        code("1", "机构编制", "institutional establishment"),
        code("2", "外交", "foreign affairs"),
        code("3", "司法行政", "justice"),
        code("4", "文化", "culture"),
        code("5", "民政", "civil affairs"),
        code("6", "旅游", "tourism"),
        code("7", "宗教", "religious affairs"),
        code("8", "工会", "trade union"),
        code("9", "市场监管", "market regulation", "工商"),
        code("A", "中央军委改革和编制办公室", "military establishment"),
        code("N", "农业农村", "agriculture and rural affairs", "农业"),
        code("Y", "其他", "other"),
    ),
)

CREDIT_CODE_KINDS = CodeList(
    key="credit-code-kinds",
    title=_("Kinds of entities in credit codes"),
    chinese="登记管理部门和机构类别代码",
    standard="GB 32100-2015 表1",
    complete=False,
    source=RECALLED,
    codes=(
        code("11", "机关"),
        code("12", "事业单位"),
        code("13", "编办管理机构编制的群众团体"),
        code("19", "机构编制 其他"),
        code("21", "外国常驻新闻机构"),
        code("29", "外交 其他"),
        code("31", "律师执业机构"),
        code("32", "公证处"),
        code("33", "基层法律服务所"),
        code("34", "司法鉴定机构"),
        code("35", "仲裁委员会"),
        code("39", "司法行政 其他"),
        code("41", "外国在华文化中心"),
        code("49", "文化 其他"),
        code("51", "社会团体"),
        code("52", "民办非企业单位"),
        code("53", "基金会"),
        code("54", "居民委员会和村民委员会"),
        code("59", "民政 其他"),
        code("61", "外国旅游部门常驻代表机构"),
        code("62", "港澳台地区旅游部门常驻内地代表机构"),
        code("69", "旅游 其他"),
        code("71", "宗教活动场所"),
        code("72", "宗教院校"),
        code("79", "宗教 其他"),
        code("81", "基层工会"),
        code("89", "工会 其他"),
        code("91", "企业"),
        code("92", "个体工商户"),
        code("93", "农民专业合作社"),
        code("A1", "军队事业单位"),
        code("A9", "军队 其他"),
        code("N1", "组级集体经济组织"),
        code("N2", "村级集体经济组织"),
        code("N3", "乡镇级集体经济组织"),
        code("N9", "农业 其他"),
        code("Y1", "其他"),
    ),
)

FIRM_TYPES = CodeList(
    key="firm-types",
    title=_("Types of market entities"),
    chinese="市场主体类型",
    standard="市场主体登记管理条例；通用名称，编号因登记系统而异",
    complete=False,
    source=RECALLED,
    codes=(
        code("有限责任公司", "有限责任公司", "", "有限公司"),
        code("有限责任公司(自然人独资)", "有限责任公司(自然人独资)"),
        code("有限责任公司(自然人投资或控股)", "有限责任公司(自然人投资或控股)"),
        code("有限责任公司(法人独资)", "有限责任公司(法人独资)"),
        code("国有独资公司", "国有独资公司"),
        code("股份有限公司", "股份有限公司", "", "股份公司"),
        code("股份有限公司(上市)", "股份有限公司(上市)", "", "上市公司"),
        code("个人独资企业", "个人独资企业"),
        code("普通合伙企业", "普通合伙企业", "", "普通合伙"),
        code("有限合伙企业", "有限合伙企业", "", "有限合伙"),
        code("合伙企业", "合伙企业"),
        code("股份合作企业", "股份合作企业"),
        code("集体企业", "集体企业", "", "集体"),
        code("集体所有制企业", "集体所有制企业"),
        code("全民所有制企业", "全民所有制企业"),
        code("外商投资企业", "外商投资企业"),
        code("外商投资有限责任公司", "外商投资有限责任公司"),
        code("分公司", "分公司", "", "分支机构"),
        code("个体工商户", "个体工商户", "", "个体户", "个体"),
        code("农民专业合作社", "农民专业合作社", "", "专业合作社"),
        code("股份经济合作社", "股份经济合作社"),
        code("组级集体经济组织", "组级集体经济组织"),
        code("村级集体经济组织", "村级集体经济组织"),
        code("乡镇级集体经济组织", "乡镇级集体经济组织"),
        code("事业单位", "事业单位"),
        code("机关", "机关"),
        code("社会团体", "社会团体"),
        code("民办非企业单位", "民办非企业单位"),
        code("外国(地区)企业常驻代表机构", "外国(地区)企业常驻代表机构", "", "代表处"),
    ),
)

FIRM_STATES = CodeList(
    key="firm-states",
    title=_("States of registration"),
    chinese="登记状态代码",
    standard="国家企业信用信息公示系统；现行代码",
    complete=False,
    source=RECALLED,
    codes=(
        code("1", "存续", "existing", "在营", "开业", "在册", "在业", "正常", "存续(在营、开业、在册)"),
        code("2", "吊销未注销", "revoked, not deregistered", "吊销", "吊销,未注销"),
        code("3", "吊销已注销", "revoked and deregistered", "吊销,已注销"),
        code("4", "注销", "deregistered", "已注销"),
        code("5", "撤销", "cancelled", "已撤销"),
        code("6", "迁出", "moved away", "已迁出"),
        code("9", "其他", "other"),
    ),
)

FIRM_SIZES = CodeList(
    key="firm-sizes",
    title=_("Sizes of firms"),
    chinese="统计上大中小微型企业划分",
    standard="国统字〔2017〕213号",
    codes=(
        code("1", "大型", "large", "大型企业", "大"),
        code("2", "中型", "medium", "中型企业", "中"),
        code("3", "小型", "small", "小型企业", "小"),
        code("4", "微型", "micro", "微型企业", "微"),
    ),
)

TAX_RANKS = CodeList(
    key="tax-ranks",
    title=_("Tax credit ranks"),
    chinese="纳税信用级别",
    standard="纳税信用管理办法(试行); 国家税务总局公告2018年第8号",
    codes=(
        code("A", "A级", "A"),
        code("B", "B级", "B"),
        code("M", "M级", "M"),
        code("C", "C级", "C"),
        code("D", "D级", "D"),
    ),
)

INDUSTRIES = CodeList(
    key="industries",
    title=_("Classification of industries"),
    chinese="国民经济行业分类",
    standard="GB/T 4754-2017",
    source="data/industry_gbt4754_2017.csv: public fact, re-parsed; one surplus class is unverified (待核)",
    codes=tuple(
        Code(
            value=row["code"],
            title=row["name"],
            parent=row["parent"] or None,
            synonyms=(row["code"][1:],) if len(row["code"]) > 1 else (),
        )
        for row in rows("industry_gbt4754_2017.csv")
    ),
)
"""20 sections (门类), 97 divisions (大类), 473 groups (中类), 1381 classes (小类); the letter may be left out."""

CURRENCIES = CodeList(
    key="currencies",
    title=_("Currencies"),
    chinese="表示货币的代码",
    standard="GB/T 12406-2022",
    complete=False,
    source="The currencies in use; letter codes as in ISO 4217",
    codes=(
        code("CNY", "人民币元", "Renminbi yuan", "人民币", "RMB", "156", "元"),
        code("USD", "美元", "US dollar", "840", "美金"),
        code("EUR", "欧元", "Euro", "978"),
        code("HKD", "港元", "Hong Kong dollar", "344", "港币", "香港元"),
        code("MOP", "澳门元", "Pataca", "446", "澳门币"),
        code("TWD", "新台湾元", "New Taiwan dollar", "901", "新台币", "台币"),
        code("JPY", "日元", "Yen", "392"),
        code("KRW", "韩元", "Won", "410"),
        code("GBP", "英镑", "Pound sterling", "826"),
        code("AUD", "澳大利亚元", "Australian dollar", "036", "澳元"),
        code("CAD", "加拿大元", "Canadian dollar", "124", "加元"),
        code("SGD", "新加坡元", "Singapore dollar", "702"),
        code("CHF", "瑞士法郎", "Swiss franc", "756"),
    ),
)

SHARE_TYPES = CodeList(
    key="share-types",
    title=_("Share attributes"),
    chinese="共享属性",
    standard="政务数据共享条例; 浙江省公共数据条例",
    codes=tuple(code(str(kind.code), kind.national, kind.title, kind.zhejiang) for kind in ShareType),
)

OPEN_TYPES = CodeList(
    key="open-types",
    title=_("Open attributes"),
    chinese="开放属性",
    standard="浙江省公共数据条例",
    codes=tuple(code(str(kind.code), kind.national, kind.title, kind.zhejiang) for kind in OpenType),
)

DATA_GRADES = CodeList(
    key="data-grades",
    title=_("Grades of data"),
    chinese="公共数据分级",
    standard="DB33/T 2351-2021",
    codes=tuple(
        code(grade.value, chinese, grade.label)
        for grade, chinese in zip(Grade, ("不敏感", "低敏感", "较敏感", "敏感"), strict=True)
    ),
)

UPDATE_CYCLES = CodeList(
    key="update-cycles",
    title=_("Update cycles"),
    chinese="更新周期",
    standard="政务信息资源目录编制指南(试行) 发改高技〔2017〕1272号",
    codes=tuple(
        code(cycle.value, chinese, cycle.label)
        for cycle, chinese in zip(UpdateCycle, ("实时", "每日", "每周", "每月", "每季度", "每年", "按需"), strict=True)
    ),
)

YES_NO = CodeList(
    key="yes-no",
    title=_("Yes or no"),
    chinese="是否标志",
    standard="通用名称",
    codes=(
        code("1", "是", "yes", "Y", "true", "T", "√", "有"),
        code("0", "否", "no", "N", "false", "F", "×", "没有"),
    ),
)

CODE_LISTS = (
    CREDIT_CODE_DEPARTMENTS,
    CREDIT_CODE_KINDS,
    FIRM_TYPES,
    FIRM_STATES,
    FIRM_SIZES,
    TAX_RANKS,
    INDUSTRIES,
    CURRENCIES,
    SHARE_TYPES,
    OPEN_TYPES,
    DATA_GRADES,
    UPDATE_CYCLES,
    YES_NO,
)
