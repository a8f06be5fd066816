"""Data elements about natural persons: how somebody lives (自然人类: 基本信息, 社会活动)."""

from citybrain.applications.standards.codelists_person import (
    CERTIFICATE_KINDS,
    COUNTRIES,
    EDUCATION,
    EMPLOYMENT,
    ETHNIC_GROUPS,
    FAMILY_RELATION,
    HOUSEHOLD_KINDS,
    MARITAL_STATUS,
    POLITICAL_STATUS,
    SEX,
)
from citybrain.applications.standards.families import (
    bad,
    coded,
    dated,
    identified,
    measured,
    named,
    ok,
    serial,
    words,
)
from citybrain.declare.element import DataType
from citybrain.declare.rule import (
    Pattern,
)
from citybrain.declare.words import Grade, Masking, _

ABOUT = {"object_class": "自然人", "source": "公安局", "grade": Grade.L3}
"""What the elements of this file share."""

SEX_ELEMENT = coded(
    "sex",
    _("Sex"),
    "性别",
    "自然人的性别。",
    SEX,
    **{**ABOUT, "grade": Grade.L2},
    relation="与公民身份号码第 17 位一致",
    names=words("AAC004 gend SEX_CODE 性别 XB sex gender 性别代码 XBDM sex_code 人员性别 学生性别"),
    examples=(ok("男", "1"), ok("F", "2"), ok("1男", "1"), ok("2-女性", "2"), bad("7", "in-list")),
)

BIRTH_DATE = dated(
    "birth-date",
    _("Date of birth"),
    "出生日期",
    "自然人出生证签署的、并在户籍部门正式登记注册的出生年月日。",
    **ABOUT,
    masking=Masking.DATE,
    relation="与公民身份号码第 7 至 14 位一致",
    names=words(
        "AAC006 brdy birth 出生日期 出生年月日 生日 CSRQ birth_date birthday date_of_birth dob 出生年月",
        "CSNY",
    ),
)

BIRTH_PLACE = named(
    "birth-place",
    _("Place of birth"),
    "出生地",
    "自然人出生的地点。",
    **ABOUT,
    names=words("出生地 出生地点 CSD birth_place 出生医院"),
)

NATIVE_PLACE = named(
    "native-place",
    _("Native place"),
    "籍贯",
    "自然人祖父的长期居住地。",
    **ABOUT,
    names=words("籍贯 JG native_place 户籍所在地区 户籍地区划"),
)

AGE = measured(
    "age",
    _("Age"),
    "年龄",
    "自然人从出生到统计时的周岁数。",
    unit="岁",
    minimum=0,
    maximum=150,
    type=DataType.INTEGER,
    format="n..3",
    **ABOUT,
    names=words("年龄 周岁 NL age 患者年龄"),
    examples=(ok("30"), bad("30.5", "readable")),
)

NATIONALITY = coded(
    "nationality",
    _("Nationality"),
    "国籍",
    "自然人所属的国家或地区。",
    COUNTRIES,
    **{**ABOUT, "grade": Grade.L2},
    names=words("国籍 国家 国别 GJ nationality country 国籍代码 country_code 国家或地区 贸易国 出口国家"),
    examples=(ok("156", "CHN"), ok("cn", "CHN")),
)

ETHNIC_GROUP = coded(
    "ethnic-group",
    _("Ethnic group"),
    "民族",
    "户口登记中的民族成份。",
    ETHNIC_GROUPS,
    **{**ABOUT, "grade": Grade.L4},
    masking=Masking.ALL,
    remark="只随户口登记留存，不作统计、不作筛选条件",
    names=words("AAC005 naty NATION_CODE 民族 MZ 民族代码 MZDM ethnic ethnic_group ethnicity nation"),
    examples=(ok("汉", "01"), ok("1", "01"), bad("88", "in-list")),
)

MARITAL_STATUS_ELEMENT = coded(
    "marital-status",
    _("Marital status"),
    "婚姻状况",
    "自然人的婚姻情况。",
    MARITAL_STATUS,
    **ABOUT,
    names=words("婚姻状况 婚姻状态 婚否 HYZK HYZT marital_status marriage_status 婚姻状况代码"),
    examples=(ok("离异", "40"), bad("60", "in-list")),
)

EDUCATION_ELEMENT = coded(
    "education",
    _("Level of education"),
    "学历",
    "自然人受教育的最高程度。",
    EDUCATION,
    **{**ABOUT, "source": "教育局", "grade": Grade.L2},
    names=words(
        "AAC011 edu_level XLDM 学历 文化程度 受教育程度 XL WHCD education education_level edu 最高学历",
        "学历代码",
    ),
    examples=(ok("本科", "20"), ok("大专", "30"), bad("55", "in-list")),
)

POLITICAL_STATUS_ELEMENT = coded(
    "political-status",
    _("Political status"),
    "政治面貌",
    "自然人参加政党、团体的情况。",
    POLITICAL_STATUS,
    **{**ABOUT, "source": "组织部"},
    names=words("政治面貌 ZZMM political_status 政治面貌代码 party"),
    examples=(ok("党员", "01"), ok("群众", "13")),
)

FAMILY_RELATION_ELEMENT = coded(
    "relation-to-head",
    _("Relation to the head of household"),
    "与户主关系",
    "家庭成员与户主的关系。",
    FAMILY_RELATION,
    **ABOUT,
    names=words("与户主关系 与户主的关系 家庭关系 YHZGX YHZGXDM HZGX relation_to_head relation relationship"),
    examples=(ok("妻子", "12"), ok("户主", "02"), ok("父亲", "51")),
)

OCCUPATION = coded(
    "occupation-status",
    _("Employment"),
    "从业状况",
    "自然人的从业状况或个人身份。",
    EMPLOYMENT,
    **{**ABOUT, "source": "人力资源和社会保障局"},
    names=words("从业状况 个人身份 就业状态 CYZK GRSF JYZT employment employment_status 就业状况"),
    examples=(ok("退休", "80"),),
)

PROFESSION = named(
    "profession",
    _("Occupation"),
    "职业",
    "自然人从事的职业、工种或岗位。",
    **{**ABOUT, "grade": Grade.L2},
    standard="GB/T 6565-2015",
    names=words("职业 工种 岗位 职务 职称 ZY GZ ZW ZC occupation job profession job_title title"),
)

EMPLOYER = named(
    "employer-name",
    _("Employer"),
    "工作单位",
    "自然人工作的单位的名称。",
    **ABOUT,
    length=200,
    names=words(
        "dw DWMC 就业企业 用人单位 工作单位 单位名称(个人) 就业单位 FWCS GZDW employer employer_name",
        "参保单位 所在单位 服务处所",
    ),
)

DOCUMENT_KIND = coded(
    "document-kind",
    _("Kind of identity document"),
    "证件类型",
    "证明自然人身份的证件的种类。",
    CERTIFICATE_KINDS,
    **{**ABOUT, "grade": Grade.L1},
    names=words("证件类型 证件种类 证件类别 身份证件类型 ZJLX ZJZL document_kind document_type id_type cert_type"),
    examples=(ok("身份证", "111"), ok("护照", "414")),
)

PASSPORT = identified(
    "passport-number",
    _("Passport number"),
    "护照号码",
    "普通护照或出入境通行证件的号码。",
    **{**ABOUT, "source": "公安局出入境管理局"},
    format="an..9",
    masking=Masking.IDENTIFIER,
    domain="1 至 2 个字母和 7 至 8 个数字",
    remark="号码规则待核",
    checks=(Pattern(regex="[A-Z]{1,2}[0-9]{7,8}"),),
    names=words("护照号 护照号码 HZHM passport_no passport_number passport"),
    examples=(ok("E12345678"), ok("ea1234567", "EA1234567"), bad("12345678", "pattern")),
)

HOUSEHOLD_NUMBER = serial(
    "household-number",
    _("Household number"),
    "户号",
    "户籍管理部门为一户编制的号码。",
    **{**ABOUT, "grade": Grade.L2},
    names=words("户号 户编号 家庭编号 HH HBH household_no household_id household_number 户籍编号 CZHBH"),
)

HOUSEHOLD_KIND = coded(
    "household-kind",
    _("Kind of household"),
    "户类型",
    "户口登记中户的类型。",
    HOUSEHOLD_KINDS,
    **{**ABOUT, "grade": Grade.L2},
    names=words("户类型 户口类型 户别 户口性质 HLX HKXZ household_type household_kind"),
)

ELEMENTS = (
    *(SEX_ELEMENT, BIRTH_DATE, BIRTH_PLACE, NATIVE_PLACE, AGE, NATIONALITY, ETHNIC_GROUP, MARITAL_STATUS_ELEMENT),
    *(EDUCATION_ELEMENT, POLITICAL_STATUS_ELEMENT, FAMILY_RELATION_ELEMENT, OCCUPATION, PROFESSION, EMPLOYER),
    *(DOCUMENT_KIND, PASSPORT, HOUSEHOLD_NUMBER, HOUSEHOLD_KIND),
)
