"""Code lists of health, schooling and social security (卫生、教育、社会保障)."""

from citybrain.applications.standards.listing import RECALLED, code
from citybrain.declare.codelist import CodeList
from citybrain.declare.words import _

HEALTH = CodeList(
    key="health",
    title=_("State of health"),
    chinese="健康状况代码",
    standard="GB/T 2261.3-2003",
    complete=False,
    source=RECALLED,
    codes=(
        code("10", "健康或良好", "healthy", "健康", "良好"),
        code("20", "一般或较弱", "fair or weak", "一般", "较弱"),
        code("30", "有慢性病", "chronically ill", "慢性病", "患病"),
        code("60", "残疾", "disabled"),
    ),
)

DISABILITY_KINDS = CodeList(
    key="disability-kinds",
    title=_("Kinds of disability"),
    chinese="残疾类别",
    standard="GB/T 26341-2010",
    codes=(
        code("1", "视力残疾", "visual", "视力"),
        code("2", "听力残疾", "hearing", "听力"),
        code("3", "言语残疾", "speech", "言语"),
        code("4", "肢体残疾", "physical", "肢体"),
        code("5", "智力残疾", "intellectual", "智力"),
        code("6", "精神残疾", "mental", "精神"),
        code("7", "多重残疾", "multiple", "多重"),
    ),
)

DISABILITY_GRADES = CodeList(
    key="disability-grades",
    title=_("Grades of disability"),
    chinese="残疾等级",
    standard="GB/T 26341-2010",
    codes=(
        code("1", "一级", "extreme", "残疾一级", "1级"),
        code("2", "二级", "severe", "残疾二级", "2级"),
        code("3", "三级", "moderate", "残疾三级", "3级"),
        code("4", "四级", "mild", "残疾四级", "4级"),
    ),
)

LOW_INCOME_KINDS = CodeList(
    key="low-income-kinds",
    title=_("Kinds of households in need"),
    chinese="困难家庭类别",
    standard="浙江省社会救助条例；通用名称",
    complete=False,
    source=RECALLED,
    codes=(
        code("1", "最低生活保障家庭", "subsistence allowance", "低保", "低保户", "低保家庭", "城市低保", "农村低保"),
        code("2", "最低生活保障边缘家庭", "close to subsistence", "低边", "低保边缘", "低边户", "低边家庭"),
        code("3", "特困供养人员", "in full support", "特困", "特困人员", "五保"),
        code("4", "支出型贫困家庭", "poor by expenses", "支出型困难家庭"),
        code("5", "临时救助对象", "temporary relief", "临时救助"),
    ),
)

INSURANCE_KINDS = CodeList(
    key="insurance-kinds",
    title=_("Kinds of social insurance"),
    chinese="险种类型代码",
    standard="人力资源社会保障部 社会保险核心指标；现行代码",
    complete=False,
    source=RECALLED,
    codes=(
        code("110", "企业职工基本养老保险", "pension, employees", "职工养老", "企业养老", "养老保险", "基本养老"),
        code("120", "机关事业单位养老保险", "pension, public service", "机关养老"),
        code("150", "城乡居民基本养老保险", "pension, residents", "居民养老", "城乡居民养老"),
        code("210", "失业保险", "unemployment", "失业"),
        code(
            "310", "职工基本医疗保险", "medical, employees", "职工医保", "医疗保险", "基本医疗", "城镇职工基本医疗保险"
        ),
        code("390", "城乡居民基本医疗保险", "medical, residents", "居民医保", "城乡居民医保"),
        code("410", "工伤保险", "work injury", "工伤"),
        code("510", "生育保险", "maternity", "生育"),
    ),
)

VACCINES = CodeList(
    key="vaccines",
    title=_("Vaccines of the national schedule"),
    chinese="国家免疫规划疫苗",
    standard="国家免疫规划疫苗儿童免疫程序及说明(2021年版)",
    complete=False,
    source=RECALLED,
    codes=(
        code("HepB", "乙型肝炎疫苗", "hepatitis B", "乙肝疫苗", "重组乙型肝炎疫苗"),
        code("BCG", "卡介苗", "BCG"),
        code("IPV", "脊髓灰质炎灭活疫苗", "inactivated polio", "脊灰灭活疫苗", "脊灰疫苗"),
        code("bOPV", "二价脊髓灰质炎减毒活疫苗", "oral polio", "脊灰减毒疫苗"),
        code("DTaP", "百白破疫苗", "diphtheria, tetanus, pertussis", "无细胞百白破疫苗"),
        code("DT", "白破疫苗", "diphtheria, tetanus"),
        code("MMR", "麻腮风疫苗", "measles, mumps, rubella"),
        code("JE-L", "乙脑减毒活疫苗", "Japanese encephalitis, live", "乙脑疫苗"),
        code("JE-I", "乙脑灭活疫苗", "Japanese encephalitis, inactivated"),
        code("MPSV-A", "A群流脑多糖疫苗", "meningococcal A", "A群流脑疫苗"),
        code("MPSV-AC", "A群C群流脑多糖疫苗", "meningococcal A and C", "流脑A+C疫苗"),
        code("HepA-L", "甲肝减毒活疫苗", "hepatitis A, live", "甲肝疫苗"),
        code("HepA-I", "甲肝灭活疫苗", "hepatitis A, inactivated"),
        code("FLU", "流感疫苗", "influenza", "流行性感冒疫苗"),
        code("HPV", "人乳头瘤病毒疫苗", "human papillomavirus", "HPV疫苗", "宫颈癌疫苗"),
        code("RAB", "狂犬病疫苗", "rabies", "狂犬疫苗"),
    ),
)

SCHOOL_STAGES = CodeList(
    key="school-stages",
    title=_("Stages of schooling"),
    chinese="办学层次",
    standard="通用名称",
    complete=False,
    source=RECALLED,
    codes=(
        code("1", "幼儿园", "kindergarten", "学前"),
        code("2", "小学", "primary school"),
        code("3", "初中", "junior middle school", "初级中学"),
        code("4", "高中", "senior middle school", "普通高中", "高级中学"),
        code("5", "中等职业学校", "vocational school", "中职", "职高"),
        code("6", "特殊教育学校", "special school", "特教"),
        code("7", "九年一贯制学校", "nine-year school", "九年一贯制"),
    ),
)

BLOOD_GROUPS = CodeList(
    key="blood-groups",
    title=_("Blood groups"),
    chinese="ABO血型代码",
    standard="WS 364.3-2011",
    complete=False,
    source=RECALLED,
    codes=(
        code("1", "A型", "A"),
        code("2", "B型", "B"),
        code("3", "O型", "O"),
        code("4", "AB型", "AB"),
        code("5", "不详", "unknown"),
    ),
)

CODE_LISTS = (
    HEALTH,
    DISABILITY_KINDS,
    DISABILITY_GRADES,
    LOW_INCOME_KINDS,
    INSURANCE_KINDS,
    VACCINES,
    SCHOOL_STAGES,
    BLOOD_GROUPS,
)
