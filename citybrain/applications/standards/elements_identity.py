"""Data elements that say who somebody is: identity numbers and names (自然人类: 基本信息)."""

from citybrain.applications.standards.codelists_place import CITIZEN_ID_HEADS
from citybrain.applications.standards.families import CLEAN, bad, empty, identified, named, ok, words
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
    names=words(
        "AAC002 AAC147 CERTNO psn_cert_no owner_id owner_id_card driver_id holder_id 身份证号 身份证号码",
        "身份证件号码 公民身份证号码 居民身份证号码 身份证 证件号码 证件号 SFZH SFZHM GMSFHM GMSFZH SFZJHM",
        "ZJHM ID_CARD ID_NO ID_NUMBER IDCARD id_card_no identity_number citizen_id cert_no 本人身份证号",
        "人员身份证号 个人身份证号 学生身份证号 患者身份证号 参保人身份证号 申请人身份证号 死者身份证号",
        "户主身份证号 驾驶人身份证号 CBFZJHM YGZJHM",
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
    names=words("配偶身份证号 配偶证件号码 POSFZH PO_SFZH spouse_id_card 女方身份证号 妻子身份证号 NFSFZH"),
    examples=(ok("330784199201010022"), empty("无"), bad("110105194912310021", "check-digit")),
)

HUSBAND_ID = identified(
    "husband-id",
    _("Man's identity number at marriage"),
    "男方公民身份号码",
    "婚姻登记中男方的公民身份号码。",
    **{**_CITIZEN_ID, "source": "民政局"},
    checks=_CITIZEN_ID_CHECKS,
    names=words("男方身份证号 男方身份证件号 男方证件号码 NANFSFZH husband_id_card 丈夫身份证号"),
    examples=(ok("330784201601010013"), bad("330784199902290013", "embedded-date")),
)

REPRESENTATIVE_ID = identified(
    "representative-id",
    _("Legal representative's identity number"),
    "法定代表人身份证件号码",
    "法定代表人、负责人或经营者的公民身份号码。",
    **{**_CITIZEN_ID, "source": "市场监督管理局"},
    checks=_CITIZEN_ID_CHECKS,
    names=words(
        "CERNO FDDBRSFZJHM 法人身份证号 法定代表人身份证号 法人证件号码 负责人身份证号 经营者身份证号",
        "FRSFZH FDDBRSFZH legal_person_id legal_rep_id_card FRZJHM 法人代表身份证号 legal_id_card",
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
    names=words(
        "监护人身份证号 监护人证件号码 JHRSFZH guardian_id_card 母亲身份证号 父亲身份证号 MQSFZH FQSFZH",
        "mother_id_card father_id_card",
    ),
    examples=(ok("330784199201010022"), bad("110105194912310021", "check-digit")),
)

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤应楼施颜倪俞章鲁葛柯童季骆翁祝舒盛包卞华"
)
"""The first characters of most names; what a column's values look like, never a check."""

_NAME = {
    **ABOUT,
    "looks": f"^[{_SURNAMES}][一-龥]{{1,3}}$",
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
    names=words(
        "AAC003 psn_name XSM 本人姓名 姓名 名字 中文姓名 XM NAME full_name person_name 人员姓名 居民姓名",
        "公民姓名 学生姓名 教师姓名 患者姓名 死者姓名 参保人姓名 参保人 驾驶人姓名 持证人 权利人姓名",
        "户主姓名 HZXM XSXM real_name resident_name 申请人姓名 SQRXM 残疾人姓名 护士姓名",
    ),
    examples=(*_NAME_EXAMPLES, bad("", "required")),
)

FORMER_NAME = named(
    "former-name",
    _("Former name"),
    "曾用名",
    "自然人或法人曾经正式使用过的名称。",
    **{**_NAME, "length": 100, "format": "ul..100", "looks": "", "domain": "文本", "grade": Grade.L2},
    checks=(Length(minimum=2, maximum=100), NoMojibake()),
    names=words("曾用名 CYM former_name old_name 原名 曾用姓名 曾用名称 原企业名称"),
    examples=_NAME_EXAMPLES[:2],
)

SPOUSE_NAME = named(
    "spouse-name",
    _("Spouse's name"),
    "配偶姓名",
    "配偶的姓名。",
    **_NAME,
    checks=_NAME_CHECKS,
    names=words("配偶姓名 配偶 POXM PO_XM spouse_name 女方姓名 妻子姓名 NFXM"),
    examples=_NAME_EXAMPLES,
)

HUSBAND_NAME = named(
    "husband-name",
    _("Man's name at marriage"),
    "男方姓名",
    "婚姻登记中男方的姓名。",
    **{**_NAME, "source": "民政局"},
    checks=_NAME_CHECKS,
    names=words("男方姓名 男方 NANFXM husband_name 丈夫姓名"),
    examples=_NAME_EXAMPLES,
)

REPRESENTATIVE_NAME = named(
    "representative-name",
    _("Legal representative"),
    "法定代表人姓名",
    "法定代表人、负责人或经营者的姓名。",
    **{**_NAME, "source": "市场监督管理局", "grade": Grade.L1, "masking": Masking.NONE},
    checks=_NAME_CHECKS,
    names=words(
        "AAB013 LEREP chief leader principal 场主 机主 FDDBRXM 法定代表人 法人代表 法人姓名 法人 负责人",
        "负责人姓名 经营者 经营者姓名 FDDBR FRDB FRXM FZR FZRXM JYZXM legal_representative legal_person",
        "legal_rep 法定代表人姓名 户主 理事长 场所负责人 业主姓名 安全负责人 校长 院长 园长 项目负责人",
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
    names=words(
        "监护人 监护人姓名 JHR JHRXM guardian_name guardian 家长姓名 家长 父亲姓名 母亲姓名 FQXM MQXM",
        "father_name mother_name",
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
    names=words(
        "承包方名称 CBFMC owner driver holder operator monitor OPERATOR INV 车主 房东 驾驶员 司机 队长",
        "管理员 受援人 当事人 承租人 买受人 权利人 QLR 承包方 受益人 HZ 接种人 投保人 保管人 巡查责任人",
        "户主名 联系人 联系人姓名 LXR LXRXM contact contact_name contact_person 经办人 JBR 申请人 SQR",
        "applicant 来电人 反映人 诉求人 LDR caller 承办人 受理人 处理人 网格员 网格员姓名 检查人 检查人员",
        "执法人员 填表人 巡查人 河长 护林员 inspector handler caller_name 开户姓名 开户人 信访人 户名 原告",
        "安检员 抄表员 维修员",
    ),
    examples=(ok("王 小明", "王小明"), empty("不详"), bad("寮犱笁", "mojibake")),
)

ELEMENTS = (
    *(CITIZEN_ID, SPOUSE_ID, HUSBAND_ID, REPRESENTATIVE_ID, GUARDIAN_ID),
    *(PERSON_NAME, FORMER_NAME, SPOUSE_NAME, HUSBAND_NAME, REPRESENTATIVE_NAME, GUARDIAN_NAME, CONTACT_NAME),
)
