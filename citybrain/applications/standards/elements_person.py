"""Data elements about natural persons: who somebody is (自然人类: 基本信息)."""

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
from citybrain.applications.standards.codelists_place import CITIZEN_ID_HEADS
from citybrain.applications.standards.families import (
    CLEAN,
    bad,
    coded,
    dated,
    empty,
    identified,
    measured,
    named,
    ok,
    serial,
)
from citybrain.declare.element import DataType
from citybrain.declare.rule import (
    Algorithm,
    CheckDigit,
    EmbeddedCode,
    EmbeddedDate,
    Length,
    NoMojibake,
    Pattern,
    Required,
    Step,
)
from citybrain.declare.words import Grade, Masking, _

ABOUT = {"object_class": "自然人", "source": "公安局", "grade": Grade.L3}
"""What the elements of this file share."""

_CITIZEN_ID = {
    **ABOUT,
    "format": "an18",
    "domain": "GB 11643-1999 规定的 18 位号码",
    "standard": "GB 11643-1999",
    "masking": Masking.IDENTIFIER,
    "steps": (*CLEAN, Step.SEPARATORS, Step.UPPER, Step.CITIZEN_ID_18),
}
_CITIZEN_ID_CHECKS = (
    CheckDigit(algorithm=Algorithm.CITIZEN_ID, clause="GB 11643-1999 4.2.4"),
    EmbeddedDate(start=6, clause="GB 11643-1999 4.2.2"),
    EmbeddedCode(start=0, length=2, codes=CITIZEN_ID_HEADS, clause="GB 11643-1999 4.2.1"),
)
_CITIZEN_ID_EXAMPLES = (
    ok("11010519491231002X"),
    ok("440524188001010014"),
    ok("330784201601010013"),
    ok("330784199201010022"),
    ok("330784200002291234"),
    ok("330722198803070010"),
    ok("33242219830307001X"),
    ok("11010519491231002x", "11010519491231002X"),
    ok("３３０７８４２０１６０１０１００１３", "330784201601010013"),
    ok("330784 20160101 0013", "330784201601010013"),
    ok("110105491231002", "11010519491231002X"),
    ok("810000199408230021"),
    ok("933156199512310029"),
    bad("330784199902290013", "embedded-date"),
    bad("110105194912310021", "check-digit"),
    bad("330784203001011230", "embedded-date"),
    bad("990784201601010016", "embedded-code"),
    bad("33078420160101001", "check-digit"),
)

CITIZEN_ID = identified(
    "citizen-id",
    _("Citizen identity number"),
    "公民身份号码",
    "公安机关为每个公民编制的唯一的、终身不变的身份号码。",
    **_CITIZEN_ID,
    relation="第 7 至 14 位是出生日期，第 17 位奇数为男性、偶数为女性",
    checks=(Required(), *_CITIZEN_ID_CHECKS),
    names=(
        *("身份证号", "身份证号码", "身份证件号码", "公民身份证号码", "居民身份证号码", "身份证", "证件号码", "证件号"),
        *("SFZH", "SFZHM", "GMSFHM", "GMSFZH", "SFZJHM", "ZJHM", "ZJHM1", "ID_CARD", "ID_NO", "ID_NUMBER", "IDCARD"),
        *("id_card_no", "identity_number", "citizen_id", "cert_no", "本人身份证号", "人员身份证号", "个人身份证号"),
        *(
            "学生身份证号",
            "患者身份证号",
            "参保人身份证号",
            "申请人身份证号",
            "死者身份证号",
            "户主身份证号",
            "驾驶人身份证号",
        ),
    ),
    examples=(*_CITIZEN_ID_EXAMPLES, bad("", "required"), bad(None, "required")),
)

SPOUSE_ID = identified(
    "spouse-id",
    _("Spouse's identity number"),
    "配偶公民身份号码",
    "配偶的公民身份号码。",
    **_CITIZEN_ID,
    checks=_CITIZEN_ID_CHECKS,
    names=(
        "配偶身份证号",
        "配偶证件号码",
        "POSFZH",
        "PO_SFZH",
        "spouse_id_card",
        "女方身份证号",
        "妻子身份证号",
        "NFSFZH",
    ),
    examples=(ok("330784199201010022"), empty("无"), bad("110105194912310021", "check-digit")),
)

HUSBAND_ID = identified(
    "husband-id",
    _("Man's identity number at marriage"),
    "男方公民身份号码",
    "婚姻登记中男方的公民身份号码。",
    **{**_CITIZEN_ID, "source": "民政局"},
    checks=_CITIZEN_ID_CHECKS,
    names=("男方身份证号", "男方身份证件号", "男方证件号码", "NANFSFZH", "husband_id_card", "丈夫身份证号"),
    examples=(ok("330784201601010013"), bad("330784199902290013", "embedded-date")),
)

REPRESENTATIVE_ID = identified(
    "representative-id",
    _("Legal representative's identity number"),
    "法定代表人身份证件号码",
    "法定代表人、负责人或经营者的公民身份号码。",
    **{**_CITIZEN_ID, "source": "市场监督管理局"},
    checks=_CITIZEN_ID_CHECKS,
    names=(
        *(
            "法人身份证号",
            "法定代表人身份证号",
            "法人证件号码",
            "负责人身份证号",
            "经营者身份证号",
            "FRSFZH",
            "FDDBRSFZH",
        ),
        *("legal_person_id", "legal_rep_id_card", "FRZJHM", "法人代表身份证号", "legal_id_card"),
    ),
    examples=(ok("330784199201010022"), bad("110105194912310021", "check-digit")),
)

GUARDIAN_ID = identified(
    "guardian-id",
    _("Guardian's identity number"),
    "监护人身份证件号码",
    "监护人的公民身份号码。",
    **_CITIZEN_ID,
    checks=_CITIZEN_ID_CHECKS,
    names=(
        *("监护人身份证号", "监护人证件号码", "JHRSFZH", "guardian_id_card", "母亲身份证号", "父亲身份证号", "MQSFZH"),
        *("FQSFZH", "mother_id_card", "father_id_card"),
    ),
    examples=(ok("330784199201010022"), bad("110105194912310021", "check-digit")),
)

_NAME = {
    **ABOUT,
    "length": 50,
    "format": "ul..50",
    "domain": "GA/T 543 规定的姓名用字",
    "representation": "姓名",
    "masking": Masking.NAME,
    "standard": "GA/T 543.1-2011",
    "remark": "标准号待核",
    "steps": (*CLEAN, Step.NAME),
}
_NAME_CHECKS = (
    Length(minimum=2, maximum=50),
    NoMojibake(),
    Pattern(regex="[A-Za-z㐀-䶿一-龥·' .,()-]{1,50}"),
)
_NAME_EXAMPLES = (
    ok("王小明"),
    ok("王 小 明", "王小明"),
    ok("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
    ok("John Smith"),
    bad("王", "length"),
    bad("王2明", "pattern"),
    bad("寮犱笁", "mojibake"),
)

PERSON_NAME = named(
    "person-name",
    _("Name"),
    "姓名",
    "自然人在户籍管理部门登记注册的姓氏和名字。",
    **_NAME,
    checks=(Required(), *_NAME_CHECKS),
    names=(
        *("姓名", "名字", "中文姓名", "XM", "NAME", "full_name", "person_name", "人员姓名", "居民姓名", "公民姓名"),
        *("学生姓名", "教师姓名", "患者姓名", "死者姓名", "参保人姓名", "参保人", "驾驶人姓名", "持证人", "权利人姓名"),
        *("户主姓名", "HZXM", "XSXM", "real_name", "resident_name", "申请人姓名", "SQRXM", "残疾人姓名", "护士姓名"),
    ),
    examples=(*_NAME_EXAMPLES, bad("", "required")),
)

FORMER_NAME = named(
    "former-name",
    _("Former name"),
    "曾用名",
    "自然人或法人曾经正式使用过的名称。",
    **{**_NAME, "length": 100, "format": "ul..100", "domain": "文本", "grade": Grade.L2},
    checks=(Length(minimum=2, maximum=100), NoMojibake()),
    names=("曾用名", "CYM", "former_name", "old_name", "原名", "曾用姓名", "曾用名称", "原企业名称"),
    examples=_NAME_EXAMPLES[:2],
)

SPOUSE_NAME = named(
    "spouse-name",
    _("Spouse's name"),
    "配偶姓名",
    "配偶的姓名。",
    **_NAME,
    checks=_NAME_CHECKS,
    names=("配偶姓名", "配偶", "POXM", "PO_XM", "spouse_name", "女方姓名", "妻子姓名", "NFXM"),
    examples=_NAME_EXAMPLES,
)

HUSBAND_NAME = named(
    "husband-name",
    _("Man's name at marriage"),
    "男方姓名",
    "婚姻登记中男方的姓名。",
    **{**_NAME, "source": "民政局"},
    checks=_NAME_CHECKS,
    names=("男方姓名", "男方", "NANFXM", "husband_name", "丈夫姓名"),
    examples=_NAME_EXAMPLES,
)

REPRESENTATIVE_NAME = named(
    "representative-name",
    _("Legal representative"),
    "法定代表人姓名",
    "法定代表人、负责人或经营者的姓名。",
    **{**_NAME, "source": "市场监督管理局", "grade": Grade.L1, "masking": Masking.NONE},
    checks=_NAME_CHECKS,
    names=(
        *(
            "法定代表人",
            "法人代表",
            "法人姓名",
            "法人",
            "负责人",
            "负责人姓名",
            "经营者",
            "经营者姓名",
            "FDDBR",
            "FRDB",
            "FRXM",
        ),
        *(
            "FZR",
            "FZRXM",
            "JYZXM",
            "legal_representative",
            "legal_person",
            "legal_rep",
            "法定代表人姓名",
            "户主",
            "理事长",
        ),
        *("场所负责人", "业主姓名", "安全负责人", "校长", "院长", "园长", "项目负责人"),
    ),
    examples=_NAME_EXAMPLES,
)

GUARDIAN_NAME = named(
    "guardian-name",
    _("Guardian"),
    "监护人姓名",
    "监护人的姓名。",
    **_NAME,
    checks=_NAME_CHECKS,
    names=(
        *(
            "监护人",
            "监护人姓名",
            "JHR",
            "JHRXM",
            "guardian_name",
            "guardian",
            "家长姓名",
            "家长",
            "父亲姓名",
            "母亲姓名",
        ),
        *("FQXM", "MQXM", "father_name", "mother_name"),
    ),
    examples=_NAME_EXAMPLES,
)

CONTACT_NAME = named(
    "contact-name",
    _("Contact person"),
    "联系人姓名",
    "事务的联系人、经办人或申请人的姓名。",
    **_NAME,
    checks=(Length(minimum=1, maximum=50), NoMojibake()),
    names=(
        *(
            "联系人",
            "联系人姓名",
            "LXR",
            "LXRXM",
            "contact",
            "contact_name",
            "contact_person",
            "经办人",
            "JBR",
            "申请人",
        ),
        *(
            "SQR",
            "applicant",
            "来电人",
            "反映人",
            "诉求人",
            "LDR",
            "caller",
            "承办人",
            "受理人",
            "处理人",
            "网格员",
            "网格员姓名",
        ),
        *(
            "检查人",
            "检查人员",
            "执法人员",
            "填表人",
            "巡查人",
            "河长",
            "护林员",
            "inspector",
            "handler",
            "caller_name",
        ),
    ),
    examples=(ok("王 小明", "王小明"), empty("不详"), bad("寮犱笁", "mojibake")),
)

SEX_ELEMENT = coded(
    "sex",
    _("Sex"),
    "性别",
    "自然人的性别。",
    SEX,
    **{**ABOUT, "grade": Grade.L2},
    relation="与公民身份号码第 17 位一致",
    names=("性别", "XB", "sex", "gender", "性别代码", "XBDM", "sex_code", "人员性别", "学生性别"),
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
    names=(
        "出生日期",
        "出生年月日",
        "生日",
        "CSRQ",
        "birth_date",
        "birthday",
        "date_of_birth",
        "dob",
        "出生年月",
        "CSNY",
    ),
)

BIRTH_PLACE = named(
    "birth-place",
    _("Place of birth"),
    "出生地",
    "自然人出生的地点。",
    **ABOUT,
    names=("出生地", "出生地点", "CSD", "birth_place", "出生医院"),
)

NATIVE_PLACE = named(
    "native-place",
    _("Native place"),
    "籍贯",
    "自然人祖父的长期居住地。",
    **ABOUT,
    names=("籍贯", "JG", "native_place", "户籍所在地区", "户籍地区划"),
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
    names=("年龄", "周岁", "NL", "age", "患者年龄"),
    examples=(ok("30"), bad("30.5", "readable")),
)

NATIONALITY = coded(
    "nationality",
    _("Nationality"),
    "国籍",
    "自然人所属的国家或地区。",
    COUNTRIES,
    **{**ABOUT, "grade": Grade.L2},
    names=(
        "国籍",
        "国家",
        "国别",
        "GJ",
        "nationality",
        "country",
        "国籍代码",
        "country_code",
        "国家或地区",
        "贸易国",
        "出口国家",
    ),
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
    names=("民族", "MZ", "民族代码", "MZDM", "ethnic", "ethnic_group", "ethnicity", "nation"),
    examples=(ok("汉", "01"), ok("1", "01"), bad("88", "in-list")),
)

MARITAL_STATUS_ELEMENT = coded(
    "marital-status",
    _("Marital status"),
    "婚姻状况",
    "自然人的婚姻情况。",
    MARITAL_STATUS,
    **ABOUT,
    names=("婚姻状况", "婚姻状态", "婚否", "HYZK", "HYZT", "marital_status", "marriage_status", "婚姻状况代码"),
    examples=(ok("离异", "40"), bad("60", "in-list")),
)

EDUCATION_ELEMENT = coded(
    "education",
    _("Level of education"),
    "学历",
    "自然人受教育的最高程度。",
    EDUCATION,
    **{**ABOUT, "source": "教育局", "grade": Grade.L2},
    names=(
        "学历",
        "文化程度",
        "受教育程度",
        "XL",
        "WHCD",
        "education",
        "education_level",
        "edu",
        "最高学历",
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
    names=("政治面貌", "ZZMM", "political_status", "政治面貌代码", "party"),
    examples=(ok("党员", "01"), ok("群众", "13")),
)

FAMILY_RELATION_ELEMENT = coded(
    "relation-to-head",
    _("Relation to the head of household"),
    "与户主关系",
    "家庭成员与户主的关系。",
    FAMILY_RELATION,
    **ABOUT,
    names=(
        "与户主关系",
        "与户主的关系",
        "家庭关系",
        "YHZGX",
        "YHZGXDM",
        "HZGX",
        "relation_to_head",
        "relation",
        "relationship",
    ),
    examples=(ok("妻子", "12"), ok("户主", "02"), ok("父亲", "51")),
)

OCCUPATION = coded(
    "occupation-status",
    _("Employment"),
    "从业状况",
    "自然人的从业状况或个人身份。",
    EMPLOYMENT,
    **{**ABOUT, "source": "人力资源和社会保障局"},
    names=("从业状况", "个人身份", "就业状态", "CYZK", "GRSF", "JYZT", "employment", "employment_status", "就业状况"),
    examples=(ok("退休", "80"),),
)

PROFESSION = named(
    "profession",
    _("Occupation"),
    "职业",
    "自然人从事的职业、工种或岗位。",
    **{**ABOUT, "grade": Grade.L2},
    standard="GB/T 6565-2015",
    names=(
        "职业",
        "工种",
        "岗位",
        "职务",
        "职称",
        "ZY",
        "GZ",
        "ZW",
        "ZC",
        "occupation",
        "job",
        "profession",
        "job_title",
        "title",
    ),
)

EMPLOYER = named(
    "employer-name",
    _("Employer"),
    "工作单位",
    "自然人工作的单位的名称。",
    **ABOUT,
    length=200,
    names=(
        "工作单位",
        "单位名称(个人)",
        "就业单位",
        "FWCS",
        "GZDW",
        "employer",
        "employer_name",
        "参保单位",
        "所在单位",
        "服务处所",
    ),
)

DOCUMENT_KIND = coded(
    "document-kind",
    _("Kind of identity document"),
    "证件类型",
    "证明自然人身份的证件的种类。",
    CERTIFICATE_KINDS,
    **{**ABOUT, "grade": Grade.L1},
    names=(
        "证件类型",
        "证件种类",
        "证件类别",
        "身份证件类型",
        "ZJLX",
        "ZJZL",
        "document_kind",
        "document_type",
        "id_type",
        "cert_type",
    ),
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
    names=("护照号", "护照号码", "HZHM", "passport_no", "passport_number", "passport"),
    examples=(ok("E12345678"), ok("ea1234567", "EA1234567"), bad("12345678", "pattern")),
)

HOUSEHOLD_NUMBER = serial(
    "household-number",
    _("Household number"),
    "户号",
    "户籍管理部门为一户编制的号码。",
    **{**ABOUT, "grade": Grade.L2},
    names=(
        "户号",
        "户编号",
        "家庭编号",
        "HH",
        "HBH",
        "household_no",
        "household_id",
        "household_number",
        "户籍编号",
        "CZHBH",
    ),
)

HOUSEHOLD_KIND = coded(
    "household-kind",
    _("Kind of household"),
    "户类型",
    "户口登记中户的类型。",
    HOUSEHOLD_KINDS,
    **{**ABOUT, "grade": Grade.L2},
    names=("户类型", "户口类型", "户别", "户口性质", "HLX", "HKXZ", "household_type", "household_kind"),
)

ELEMENTS = (
    *(CITIZEN_ID, SPOUSE_ID, HUSBAND_ID, REPRESENTATIVE_ID, GUARDIAN_ID),
    *(PERSON_NAME, FORMER_NAME, SPOUSE_NAME, HUSBAND_NAME, REPRESENTATIVE_NAME, GUARDIAN_NAME, CONTACT_NAME),
    *(SEX_ELEMENT, BIRTH_DATE, BIRTH_PLACE, NATIVE_PLACE, AGE, NATIONALITY, ETHNIC_GROUP, MARITAL_STATUS_ELEMENT),
    *(EDUCATION_ELEMENT, POLITICAL_STATUS_ELEMENT, FAMILY_RELATION_ELEMENT, OCCUPATION, PROFESSION, EMPLOYER),
    *(DOCUMENT_KIND, PASSPORT, HOUSEHOLD_NUMBER, HOUSEHOLD_KIND),
)
