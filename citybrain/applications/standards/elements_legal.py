"""Data elements about legal persons and what they may do (法人类: 基本信息, 许可, 信用)."""

from citybrain.applications.standards.codelists_legal import (
    CREDIT_CODE_KINDS,
    FIRM_SIZES,
    FIRM_STATES,
    FIRM_TYPES,
    INDUSTRIES,
    TAX_RANKS,
)
from citybrain.applications.standards.codelists_place import DIVISIONS_EVER
from citybrain.applications.standards.families import bad, coded, counted, identified, named, ok, serial, words, written
from citybrain.declare.rule import (
    Algorithm,
    CheckDigit,
    EmbeddedCheckDigit,
    EmbeddedCode,
    Length,
    NoMojibake,
    Pattern,
    Required,
)
from citybrain.declare.words import Grade, _

ABOUT = {"object_class": "法人", "source": "市场监督管理局", "grade": Grade.L1}
"""What the elements of this file share: names and codes of legal persons are public."""

_CREDIT_CODE = {
    **ABOUT,
    "format": "an18",
    "domain": "GB 32100-2015 规定的 18 位代码",
    "representation": "代码",
    "standard": "GB 32100-2015",
    "relation": "第 9 至 17 位是组织机构代码",
}
_CREDIT_CODE_CHECKS = (
    CheckDigit(algorithm=Algorithm.CREDIT_CODE, clause="GB 32100-2015 4.5"),
    EmbeddedCode(start=0, length=2, codes=CREDIT_CODE_KINDS, clause="GB 32100-2015 表1"),
    EmbeddedCode(start=2, length=6, codes=DIVISIONS_EVER, clause="GB 32100-2015 4.3"),
    EmbeddedCheckDigit(algorithm=Algorithm.ORGANISATION_CODE, start=8, length=9, clause="GB 11714-1997 3.2"),
)
_CREDIT_CODE_EXAMPLES = (
    ok("113307843077566033"),
    ok("11330700MB10327095"),
    ok("91110000600037341L"),
    ok("91330100799655058B"),
    ok("91440300708461136T"),
    ok("914403001922038216"),
    ok("N2330784MF1234567J"),
    ok("91330100799655058b", "91330100799655058B"),
    ok("９１３３０１００７９９６５５０５８Ｂ", "91330100799655058B"),
    ok("9133 0100 7996 5505 8B", "91330100799655058B"),
    bad("91330784MA2E5DXX11", "check-digit"),
    bad("91330000142911425X", "check-digit"),
    bad("9133010079965505", "check-digit"),
)

CREDIT_CODE = identified(
    "credit-code",
    _("Unified social credit code"),
    "统一社会信用代码",
    "登记管理部门赋予每一个法人和其他组织的、全国唯一的、终身不变的法定身份识别码。",
    **_CREDIT_CODE,
    checks=(Required(), *_CREDIT_CODE_CHECKS),
    names=words(
        "AAB003 xfsh unit_uscc 统一社会信用代码 社会信用代码 信用代码 统一信用代码 企业信用代码 机构代码",
        "企业统一社会信用代码 TYSHXYDM SHXYDM XYDM TYDM uscc credit_code social_credit_code unified_code",
        "uniscid 组织统一社会信用代码 单位信用代码 纳税人识别号 NSRSBH taxpayer_id QYXYDM cn_uscc",
    ),
    examples=(*_CREDIT_CODE_EXAMPLES, bad("91330784MA2E5DX15B", "embedded-check-digit"), bad("", "required")),
)

EMPLOYER_CODE = identified(
    "employer-code",
    _("Credit code of a related organisation"),
    "关联单位统一社会信用代码",
    "工作单位、主管单位、承办单位等关联单位的统一社会信用代码。",
    **_CREDIT_CODE,
    checks=_CREDIT_CODE_CHECKS,
    names=words(
        "单位代码 department_code unit_credit_code 单位统一社会信用代码 用人单位代码 参保单位代码",
        "工作单位代码 主管单位代码 承办单位代码 DWXYDM DWDM employer_code employer_uscc unit_code",
        "company_code 主管部门代码 数源单位代码 建设单位代码 DWTYDM 发证机关代码 提供方代码 供应商代码",
        "supplier_code 承建单位代码",
    ),
    examples=_CREDIT_CODE_EXAMPLES,
)

ORGANISATION_CODE = identified(
    "organisation-code",
    _("Organisation code"),
    "组织机构代码",
    "依据 GB 11714-1997 编制的九位组织机构代码。",
    **ABOUT,
    format="an9",
    domain="八位本体代码和一位校验码",
    representation="代码",
    standard="GB 11714-1997",
    checks=(CheckDigit(algorithm=Algorithm.ORGANISATION_CODE, clause="GB 11714-1997 3.2"),),
    names=words("组织机构代码 组织机构编码 ZZJGDM JGDM org_code organization_code organisation_code 机构编码"),
    examples=(
        ok("D2143569X"),
        ok("D2143569-X", "D2143569X"),
        ok("123456788"),
        ok("307756603"),
        bad("123456789", "check-digit"),
    ),
)

REGISTRATION_NUMBER = identified(
    "registration-number",
    _("Registration number"),
    "工商注册号",
    "市场主体登记机关 2015 年前赋予的十五位注册号。",
    **ABOUT,
    format="n15",
    domain="十五位数字",
    standard="GS 15-2006 (待核)",
    checks=(Pattern(regex="[0-9]{15}"),),
    names=words("注册号 工商注册号 营业执照号 营业执照注册号 ZCH GSZCH YYZZH reg_no registration_no license_reg_no"),
    examples=(ok("330784000012345"), bad("33078400001234", "pattern")),
)

ORGANISATION_NAME = named(
    "organisation-name",
    _("Name of the organisation"),
    "法人名称",
    "法人和其他组织依法登记的名称。",
    **ABOUT,
    length=200,
    checks=(Required(), Length(minimum=2, maximum=200), NoMojibake()),
    looks="(公司|厂|店|商行|合作社|中心|经营部|工作室|事务所|协会|医院|学校|局|超市|馆|所|部|会|社|院|园)(\\(.*\\))?$",
    names=words(
        "专利权人 AAB004 TRANAME ENTNAME name owner 当事人 被申请人 被投诉人 单位 DW 使用单位 施工单位 收款人 SKR",
        "中标单位 ZBDW party grantee 店名 物业公司 权利人 承包单位 供应商 经营单位 企业 企业名称 单位名称",
        "公司名称 机构名称 组织名称 市场主体名称 名称 企业名 个体户名称 商户名称 店铺名称 纳税人名称",
        "用人单位名称 QYMC DWMC GSMC JGMC FRMC MC company company_name firm_name enterprise_name org_name",
        "organisation_name organization_name ent_name 合作社名称 企业(个体户)名称 字号名称 NSRMC unit_name",
        "经营主体名称 当事人名称 被处罚单位 被检查单位 持证单位",
    ),
    examples=(ok("永康市五金有限公司"), bad("", "required")),
)

DEPARTMENT_NAME = named(
    "department-name",
    _("Government department"),
    "部门名称",
    "行政机关、数源单位、主管或承办部门的名称。",
    object_class="法人",
    source="机构编制委员会办公室",
    grade=Grade.L1,
    length=200,
    looks="(局|委员会|办公室|中心|分局|大队|政府|院|委|部|会|所|办)$",
    names=words(
        "被申请人 单位 DW DWMC 执收单位 unit 部门 部门名称 主管部门 数源单位 承办单位 承办部门 处置部门",
        "责任部门 责任单位 登记机关 发证机关 审批部门 许可机关 处罚机关 受理单位 办理部门 业务主管单位 BM",
        "BMMC ZGBM CBDW CBBM FZJG DJJG XKJG CFJG department department_name dept agency authority",
        "issuing_authority 检查单位 采购单位 采购人 预算单位 建设单位 主管单位 来文单位 签发机关 管理单位",
        "养护单位 SLDW ZRDW",
    ),
)

FIRM_KIND = coded(
    "firm-kind",
    _("Type of market entity"),
    "市场主体类型",
    "市场主体依法登记的类型。",
    FIRM_TYPES,
    **ABOUT,
    names=words(
        "AAB019 ENTTYPE 企业类型 主体类型 市场主体类型 机构类型 公司类型 QYLX ZTLX GSLX firm_kind firm_type",
        "enterprise_type company_type ent_type",
    ),
    examples=(ok("有限责任公司（自然人独资）", "有限责任公司(自然人独资)"), ok("个体工商户")),
)

FIRM_STATUS = coded(
    "firm-status",
    _("State of registration"),
    "登记状态",
    "市场主体登记的状态。",
    FIRM_STATES,
    **ABOUT,
    names=words(
        "OPSTATE 登记状态 企业状态 经营状态 存续状态 主体状态 DJZT QYZT JYZTDM firm_status reg_status",
        "company_status",
    ),
    examples=(ok("存续", "1"), ok("注销", "4"), ok("吊销，未注销", "2")),
)

FIRM_SIZE = coded(
    "firm-size",
    _("Size of the firm"),
    "企业规模",
    "统计上大中小微型企业的划分。",
    FIRM_SIZES,
    **{**ABOUT, "source": "统计局"},
    names=words("企业规模 规模 QYGM firm_size enterprise_size 规模类型"),
    examples=(ok("微型企业", "4"),),
)

INDUSTRY = coded(
    "industry",
    _("Industry"),
    "行业代码",
    "法人主要经济活动所属的国民经济行业。",
    INDUSTRIES,
    **ABOUT,
    names=words(
        "INDUSTRYCO INDUSTRYPHY 行业代码 行业 所属行业 行业类别 行业门类 HYDM HY SSHY HYLB industry",
        "industry_code 行业分类 国民经济行业",
    ),
    examples=(ok("C3351", "C3351"), ok("0111", "A0111"), ok("稻谷种植", "A0111"), bad("X0000", "in-list")),
)

BUSINESS_SCOPE = written(
    "business-scope",
    _("Business scope"),
    "经营范围",
    "市场主体依法登记的经营活动的范围。",
    **ABOUT,
    names=words("OPSCOPE 经营范围 业务范围 JYFW YWFW business_scope scope 许可范围 经营项目 许可经营项目"),
)

STAFF = counted(
    "staff",
    _("Number of staff"),
    "从业人数",
    "法人从业人员的数量。",
    unit="人",
    maximum=10_000_000,
    **{**ABOUT, "source": "统计局"},
    names=words(
        "从业人数 职工人数 员工人数 参保人数 人员数量 CYRS ZGRS staff employees employee_count 用工人数",
        "从业人员数",
    ),
)

TAX_RANK = coded(
    "tax-rank",
    _("Tax credit rank"),
    "纳税信用级别",
    "税务机关评定的纳税人年度信用级别。",
    TAX_RANKS,
    **{**ABOUT, "source": "税务局"},
    names=words("纳税信用级别 纳税信用等级 信用级别 NSXYJB NSXYDJ tax_rank tax_credit_rank 纳税等级"),
)

LICENCE_NUMBER = serial(
    "licence-number",
    _("Licence or certificate number"),
    "证照编号",
    "许可证、执照、证书等证照的编号。",
    **ABOUT,
    names=words(
        "许可证号 许可证编号 证书编号 证书号 证照编号 证照号码 证号 执照编号 批准文号 备案号 资格证号 XKZH",
        "XKZBH ZSBH ZZBH ZSH ZH licence_no license_no license_number certificate_no permit_no 残疾证号",
        "结婚证号 不动产权证号 教师资格证号 食品经营许可证号 准生证号 出生证编号 产权证号 CJZH",
        "certificate_number 印章编号 登记证号 执业证号 permit_number 备案编号",
    ),
)

DECISION_NUMBER = serial(
    "document-number",
    _("Document number"),
    "文书号",
    "行政决定书、处罚决定书、批复等公文的文号。",
    **{**ABOUT, "source": "各提供部门"},
    names=words(
        "文书号 决定书文号 处罚决定书文号 文号 公文号 CFWH CFJDSWH WSH WH document_no decision_no 立案号",
        "处罚文书号",
    ),
    examples=(ok("永市监罚〔2026〕12号"),),
)

PATENT_NUMBER = serial(
    "patent-number",
    _("Patent number"),
    "专利号",
    "国家知识产权局授予专利的编号或申请号。",
    **{**ABOUT, "source": "知识产权局"},
    standard="ZC 0006-2003 (待核)",
    names=words("专利号 专利申请号 申请号(专利) ZLH ZLSQH patent_no patent_number"),
    examples=(ok("ZL202610012345.6"),),
)

TRADEMARK = serial(
    "trademark-number",
    _("Trade mark registration number"),
    "商标注册号",
    "国家知识产权局核准注册商标的号码。",
    **{**ABOUT, "source": "知识产权局"},
    names=words("商标注册号 商标号 SBZCH trademark_no"),
)

ELEMENTS = (
    *(CREDIT_CODE, EMPLOYER_CODE, ORGANISATION_CODE, REGISTRATION_NUMBER, ORGANISATION_NAME, DEPARTMENT_NAME),
    *(FIRM_KIND, FIRM_STATUS, FIRM_SIZE, INDUSTRY, BUSINESS_SCOPE, STAFF, TAX_RANK, LICENCE_NUMBER, DECISION_NUMBER),
    *(PATENT_NUMBER, TRADEMARK),
)
