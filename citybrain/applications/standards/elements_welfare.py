"""Data elements of health, schooling and social security (卫生, 教育, 社会保障)."""

from citybrain.applications.standards.codelists_welfare import (
    BLOOD_GROUPS,
    DISABILITY_GRADES,
    DISABILITY_KINDS,
    HEALTH,
    INSURANCE_KINDS,
    LOW_INCOME_KINDS,
    SCHOOL_STAGES,
    VACCINES,
)
from citybrain.applications.standards.families import CLEAN, bad, coded, identified, measured, named, ok, serial, words
from citybrain.declare.rule import Pattern, Step
from citybrain.declare.words import Grade, Masking, _

HEALTHCARE = {"object_class": "自然人", "source": "卫生健康局", "grade": Grade.L4}
SCHOOLING = {"object_class": "自然人", "source": "教育局", "grade": Grade.L3}
SUPPORT = {"object_class": "自然人", "source": "民政局", "grade": Grade.L3}

HEALTH_STATE = coded(
    "health",
    _("State of health"),
    "健康状况",
    "自然人身心健康的总体情况。",
    HEALTH,
    **HEALTHCARE,
    masking=Masking.ALL,
    names=words("健康状况 身体状况 JKZK health health_status health_state"),
    examples=(ok("良好", "10"),),
)

BLOOD_GROUP = coded(
    "blood-group",
    _("Blood group"),
    "血型",
    "自然人的 ABO 血型。",
    BLOOD_GROUPS,
    **HEALTHCARE,
    masking=Masking.ALL,
    names=words("血型 XX blood_group blood_type ABO血型"),
    examples=(ok("ab", "4"),),
)

DIAGNOSIS = identified(
    "diagnosis-code",
    _("Diagnosis code"),
    "疾病诊断编码",
    "疾病分类与代码。",
    **HEALTHCARE,
    masking=Masking.ALL,
    format="an..12",
    domain="字母、两位数字、可带小数点和扩展码",
    representation="代码",
    standard="GB/T 14396-2016",
    steps=(*CLEAN, Step.UPPER),
    checks=(Pattern(regex=r"[A-Z][0-9]{2}(\.[0-9X]{1,3}([0-9]{2,3})?)?([+*]?)"),),
    names=words(
        "诊断编码 疾病编码 诊断代码 疾病代码 ICD编码 ICD10 ZDBM JBBM diagnosis_code icd icd10 icd_code",
        "disease_code",
    ),
    examples=(ok("j18.9", "J18.9"), ok("I10.X02"), bad("肺炎", "pattern")),
)

DIAGNOSIS_NAME = named(
    "diagnosis-name",
    _("Diagnosis"),
    "疾病诊断名称",
    "医疗机构诊断的疾病的名称。",
    **HEALTHCARE,
    masking=Masking.ALL,
    length=300,
    names=words(
        "诊断 诊断名称 疾病名称 主要诊断 ZD ZDMC JBMC diagnosis disease diagnosis_name 死亡原因 死因 SWYY",
        "cause_of_death 病种 慢病病种",
    ),
)

HOSPITAL = identified(
    "hospital-code",
    _("Code of the medical institution"),
    "医疗机构代码",
    "卫生机构(组织)的 22 位代码。",
    object_class="法人",
    source="卫生健康局",
    grade=Grade.L1,
    format="an22",
    domain="组织机构代码 9 位、行政区划 6 位、分类代码 5 位、其他 2 位",
    representation="代码",
    standard="WS 218-2002",
    remark="结构待核；本地系统也用其他编号",
    checks=(Pattern(regex="[0-9A-Z]{9}[0-9]{6}[A-Z][0-9]{2,4}[0-9A-Z]{2,4}"),),
    names=words("医疗机构代码 医院代码 卫生机构代码 医院编码 YLJGDM YYDM hospital_code medical_org_code hospital_no"),
    examples=(ok("123456788330784A100101"), bad("A1", "pattern")),
)

HOSPITAL_NAME = named(
    "hospital-name",
    _("Medical institution"),
    "医疗机构名称",
    "医院、卫生院、诊所等医疗卫生机构的名称。",
    object_class="法人",
    source="卫生健康局",
    grade=Grade.L1,
    length=200,
    looks="(医院|卫生院|服务中心|诊所|卫生室|门诊部|保健院|卫生服务站|站)$",
    names=words(
        "医疗机构 医疗机构名称 医院名称 医院 就诊医院 接种单位 接种门诊 YLJGMC YYMC hospital hospital_name",
        "clinic 就诊机构 卫生院名称",
    ),
)

HOSPITAL_DEPARTMENT = named(
    "clinical-department",
    _("Clinical department"),
    "科室名称",
    "医疗机构诊疗科目或科室的名称。",
    object_class="法人",
    source="卫生健康局",
    grade=Grade.L1,
    names=words("科室 科室名称 就诊科室 诊疗科目 KS KSMC clinical_department ward clinic_dept"),
)

VACCINE = coded(
    "vaccine",
    _("Vaccine"),
    "疫苗",
    "预防接种所用疫苗的种类。",
    VACCINES,
    **{**HEALTHCARE, "grade": Grade.L3},
    names=words("疫苗 疫苗名称 疫苗种类 YM YMMC vaccine vaccine_name vaccine_code"),
    examples=(ok("乙肝疫苗", "HepB"), ok("hepb", "HepB")),
)

DISABILITY_KIND = coded(
    "disability-kind",
    _("Kind of disability"),
    "残疾类别",
    "残疾人的残疾种类。",
    DISABILITY_KINDS,
    **{**SUPPORT, "source": "残疾人联合会", "grade": Grade.L4},
    masking=Masking.ALL,
    names=words("残疾类别 残疾种类 残疾类型 CJLB CJLX disability_kind disability_type disability"),
    examples=(ok("肢体", "4"),),
)

DISABILITY_GRADE = coded(
    "disability-grade",
    _("Grade of disability"),
    "残疾等级",
    "残疾程度的级别，一级最重。",
    DISABILITY_GRADES,
    **{**SUPPORT, "source": "残疾人联合会", "grade": Grade.L4},
    masking=Masking.ALL,
    relation="有残疾类别时必填",
    names=words("残疾等级 残疾级别 CJDJ CJJB disability_grade disability_level"),
    examples=(ok("二级", "2"), ok("残疾二级", "2")),
)

LOW_INCOME_KIND = coded(
    "low-income-kind",
    _("Kind of household in need"),
    "困难家庭类别",
    "社会救助认定的困难家庭或人员的类别。",
    LOW_INCOME_KINDS,
    **SUPPORT,
    names=words(
        "困难类别 救助类别 救助类型 低保类别 保障类别 困难家庭类别 KNLB JZLB DBLB low_income_kind",
        "relief_type 对象类别",
    ),
    examples=(ok("低保", "1"), ok("低边", "2"), ok("特困", "3")),
)

INSURANCE_KIND = coded(
    "insurance-kind",
    _("Kind of social insurance"),
    "险种类型",
    "社会保险的险种。",
    INSURANCE_KINDS,
    **{**SUPPORT, "source": "人力资源和社会保障局", "grade": Grade.L2},
    names=words("险种 险种类型 险种代码 参保险种 参保类型 XZLX insurance_kind insurance_type"),
    examples=(ok("职工医保", "310"), ok("失业", "210")),
)

STUDENT_NUMBER = identified(
    "student-number",
    _("Student registration number"),
    "学籍号",
    "全国中小学生学籍号：G 或 L 加身份证件号，或学校编制的学号。",
    **SCHOOLING,
    format="an..20",
    masking=Masking.IDENTIFIER,
    domain="5 至 20 位字母和数字",
    standard="中小学生学籍管理办法",
    checks=(Pattern(regex="[A-Z0-9]{5,20}"),),
    names=words("学籍号 学号 学籍编号 XJH student_no student_number student_id 全国学籍号"),
    examples=(ok("g330784201601010013", "G330784201601010013"), bad("G33", "pattern")),
)

SCHOOL_CODE = identified(
    "school-code",
    _("School code"),
    "学校标识码",
    "教育部统一编制的学校(机构)标识码。",
    **{**SCHOOLING, "object_class": "法人", "grade": Grade.L1},
    format="n10",
    domain="十位数字",
    representation="代码",
    standard="教育部学校(机构)代码管理办法",
    remark="位数待核",
    checks=(Pattern(regex="[0-9]{10}"),),
    names=words("学校标识码 学校代码 学校编码 XXBSM XXDM school_code school_no"),
    examples=(ok("2133007841"), bad("21330078", "pattern")),
)

SCHOOL_NAME = named(
    "school-name",
    _("School"),
    "学校名称",
    "学校或教育机构的名称。",
    **{**SCHOOLING, "object_class": "法人", "grade": Grade.L1},
    length=200,
    looks="(学校|小学|中学|幼儿园|大学|学院|一中|二中|职校|技校)$",
    names=words(
        "学校 学校名称 就读学校 毕业学校 毕业院校 幼儿园名称 XXMC JDXX BYXX school school_name 所在学校",
        "任教学校 毕业院校名称",
    ),
)

SCHOOL_STAGE = coded(
    "school-stage",
    _("Stage of schooling"),
    "学段",
    "学校的办学层次或学生就读的阶段。",
    SCHOOL_STAGES,
    **{**SCHOOLING, "grade": Grade.L1},
    names=words("学段 办学类型 办学层次 学校类型 学校类别 XD BXLX XXLX school_stage stage school_type"),
    examples=(ok("高级中学", "4"),),
)

CLASS_NAME = named(
    "class-name",
    _("School class"),
    "年级班级",
    "学生就读的年级、班级的名称。",
    **{**SCHOOLING, "grade": Grade.L2},
    names=words("班级 年级 班级名称 年级班级 NJ BJ BJMC NJBJ class class_name grade grade_class"),
)

SUBJECT = named(
    "teaching-subject",
    _("Subject taught"),
    "任教学科",
    "教师任教的学科的名称。",
    **{**SCHOOLING, "grade": Grade.L1},
    names=words("任教学科 学科 科目 RJXK XK subject teaching_subject course"),
)

WEIGHT_BORN = measured(
    "birth-weight",
    _("Birth weight"),
    "出生体重",
    "新生儿出生时的体重。",
    unit="g",
    minimum=200,
    maximum=8000,
    **HEALTHCARE,
    standard="WS/T 118 (待核)",
    names=words("出生体重 新生儿体重 CSTZ birth_weight 出生体重(克)"),
)

SOCIAL_SECURITY_NUMBER = serial(
    "social-security-number",
    _("Social security number"),
    "个人编号",
    "社会保险、医疗保险经办机构为参保人编制的号码。",
    **{**SUPPORT, "source": "人力资源和社会保障局"},
    masking=Masking.IDENTIFIER,
    names=words(
        "AAC001 psn_no 个人编号 社保编号 社会保障号 社保号 社保卡号 医保编号 参保号 GRBH SBBH SBKH",
        "social_security_no insurance_no 医保卡号 ssn",
    ),
)

ELEMENTS = (
    *(HEALTH_STATE, BLOOD_GROUP, DIAGNOSIS, DIAGNOSIS_NAME, HOSPITAL, HOSPITAL_NAME, HOSPITAL_DEPARTMENT, VACCINE),
    *(DISABILITY_KIND, DISABILITY_GRADE, LOW_INCOME_KIND, INSURANCE_KIND, STUDENT_NUMBER, SCHOOL_CODE, SCHOOL_NAME),
    *(SCHOOL_STAGE, CLASS_NAME, SUBJECT, WEIGHT_BORN, SOCIAL_SECURITY_NUMBER),
)
