"""Data elements of contact and address (联系方式, 地址)."""

from citybrain.applications.standards.codelists_place import DIVISIONS, PROVINCES
from citybrain.applications.standards.families import CLEAN, bad, coded, empty, identified, measured, named, ok, words
from citybrain.declare.rule import EmbeddedCode, Length, NoMojibake, Pattern, Step
from citybrain.declare.words import Grade, Masking, _

PERSONAL = {"object_class": "自然人", "source": "各提供部门", "grade": Grade.L3, "masking": Masking.PHONE}
PLACE = {"object_class": "地址", "source": "民政局", "grade": Grade.L1}

MOBILE = identified(
    "mobile",
    _("Mobile number"),
    "移动电话号码",
    "中国大陆公众移动通信网的 11 位用户号码。",
    **PERSONAL,
    format="n11",
    domain="1[3-9] 开头的 11 位数字",
    standard="YD/T 3598 (待核)",
    remark="不按号段区分运营商 (2019 年起可携号转网)",
    steps=(*CLEAN, Step.PHONE),
    checks=(Pattern(regex="1[3-9][0-9]{9}"),),
    names=words(
        "AAE005 手机 手机号 手机号码 移动电话 联系手机 联系方式 本人电话 SJ SJH SJHM YDDH mobile",
        "mobile_phone mobile_no cellphone phone_number 监护人电话 家长电话 JHRDH 联系人手机 法人手机",
        "负责人手机 来电号码 LDHM guardian_mobile 联系电话(手机) LXSJ FDDBRYDDH",
    ),
    examples=(
        ok("13812345678"),
        ok("+86 138-1234-5678", "13812345678"),
        ok("8613812345678", "13812345678"),
        ok("１３８１２３４５６７８", "13812345678"),
        bad("1381234567", "pattern"),
        bad("12345678901", "pattern"),
    ),
)

TELEPHONE = identified(
    "telephone",
    _("Telephone number"),
    "联系电话",
    "固定电话、移动电话或服务热线号码。",
    **{**PERSONAL, "grade": Grade.L2},
    format="n..16",
    domain="区号加固定电话号码，或移动电话号码，或 400/800、三至六位服务号码",
    steps=(*CLEAN, Step.PHONE),
    checks=(
        Pattern(regex="1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[2-8][0-9]{6,7}|[2-8][0-9]{6,7}|[48]00[0-9]{7}|[19][0-9]{2,5}"),
    ),
    names=words(
        "联系电话 电话 电话号码 固定电话 办公电话 值班电话 座机 LXDH DH DHHM GDDH BGDH phone tel telephone",
        "contact_phone landline phone_no 热线电话 服务电话 单位电话 咨询电话 投诉电话 企业联系电话 监督电话",
        "contact_tel 法人电话 负责人电话",
    ),
    examples=(
        ok("0579-87101234", "057987101234"),
        ok("(0579)87101234", "057987101234"),
        ok("87101234"),
        ok("13812345678"),
        ok("12345"),
        ok("400-810-8888", "4008108888"),
        bad("057987", "pattern"),
        bad("电话", "pattern"),
    ),
)

EMAIL = identified(
    "email",
    _("E-mail address"),
    "电子邮箱",
    "互联网电子邮件地址。",
    **{**PERSONAL, "masking": Masking.IDENTIFIER},
    format="an..254",
    domain="RFC 5322 地址",
    standard="RFC 5322",
    steps=(*CLEAN, Step.LOWER),
    checks=(Pattern(regex=r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,4}"), Length(maximum=254)),
    names=words("电子邮箱 邮箱 电子邮件 电子邮箱地址 YX DZYX email e_mail mail"),
    examples=(ok("ZhangSan@example.com", "zhangsan@example.com"), bad("zhangsan@", "pattern")),
)

_ADDRESS = {
    "looks": "[省市县区镇乡村路街巷弄号][0-9东南西北一-龥]*",
    "length": 200,
    "format": "ul..200",
    "domain": "GB/T 23705-2009 规定的地址要素",
    "standard": "GB/T 23705-2009",
    "representation": "地址",
    "codes": DIVISIONS,
    "steps": (*CLEAN, Step.ADDRESS),
    "checks": (Length(minimum=2, maximum=200), NoMojibake()),
}
_ADDRESS_EXAMPLES = (
    ok("浙江省金华市永康市东城街道金城路25号"),
    ok("永康市 东城街道 金城路25号", "浙江省金华市永康市东城街道金城路25号"),
    ok("浙江省永康市芝英镇", "浙江省金华市永康市芝英镇"),
    ok("浙江永康市芝英镇３组１８号", "浙江省金华市永康市芝英镇3组18号"),
    ok("永康市场路3号"),
    ok("朝阳区建国路1号"),
    empty("不详"),
    bad("æ°¸åº·å¸\u0082", "mojibake"),
    bad("路", "length"),
)

ADDRESS = named(
    "address",
    _("Address"),
    "地址",
    "自然人、法人或设施所在的地点，按行政区划、街路巷、门牌的次序书写。",
    object_class="地址",
    source="各提供部门",
    grade=Grade.L3,
    masking=Masking.ADDRESS,
    **_ADDRESS,
    names=words(
        "AAE006 ZCDZ addr_detail 地址 住址 详细地址 现住址 居住地址 家庭住址 家庭地址 通讯地址 联系地址",
        "户籍地址 户口所在地 户籍住址 现住地址 JTZZ JZDZ XZZ XXDZ DZ ZZ HJDZ HJDXZ LXDZ TXDZ address addr",
        "home_address residence_address registered_address 户籍地 居住地 HKSZD 装表地址 用水地址 用气地址",
        "用电地址 YSDZ YDDZ service_address current_address 门牌地址 标准地址 用户地址 房屋地址 房屋坐落",
        "房屋座落 坐落 ZL FWZL 不动产坐落 location",
    ),
    examples=_ADDRESS_EXAMPLES,
)

BUSINESS_ADDRESS = named(
    "business-address",
    _("Business address"),
    "经营场所",
    "法人或其他组织的住所、经营场所或设施的地点。",
    object_class="法人",
    source="市场监督管理局",
    grade=Grade.L1,
    **_ADDRESS,
    names=words(
        "DOM OPLOC JGDZ road_address place_name_address QRD 作业地点 road 经营场所 经营地址 住所 企业地址",
        "单位地址 注册地址 生产地址 营业地址 场所地址 企业住所 JYCS JYDZ ZS ZCDZ QYDZ DWDZ business_address",
        "firm_address company_address reg_address 事发地点 事发地址 案发地点 发生地点 问题地点 地点 DD SFDD",
        "停车场地址 站点地址 项目地址 建设地点 位置 所在位置 安装位置 安装地点 学校地址 医院地址 机构地址",
        "检查地点 事故地点 WZ AZWZ AZDD place position site_address event_address incident_address",
        "shop_address",
    ),
    examples=_ADDRESS_EXAMPLES,
)

POSTCODE = identified(
    "postcode",
    _("Postcode"),
    "邮政编码",
    "国家邮政管理机构编制的投递区域代码。",
    **PLACE,
    format="n6",
    domain="六位数字",
    standard="YZ/T 0059 (待核)",
    representation="代码",
    checks=(Pattern(regex="[0-9]{6}"),),
    names=words("邮政编码 邮编 YZBM YB postcode zip zip_code postal_code"),
    examples=(ok("321300"), bad("32130", "pattern")),
)

DIVISION_CODE = coded(
    "county-code",
    _("County code"),
    "县级行政区划代码",
    "县级及以上行政区划的六位代码。",
    DIVISIONS,
    **PLACE,
    names=words(
        "行政区划代码 区划代码 行政区划 行政区划编码 县区代码 县级代码 所属区县 所属行政区 XZQHDM XZQH QHDM",
        "county_code area_code division_code region_code district_code code 县市区 区县 所属地区 行政区域",
    ),
    examples=(ok("330784"), ok("永康市", "330784"), bad("330799", "in-list")),
)

PROVINCE = coded(
    "province",
    _("Province"),
    "省级行政区划代码",
    "省、自治区、直辖市的两位代码。",
    PROVINCES,
    **PLACE,
    names=words("省份 省 所在省份 SF province 省级代码 province_code"),
    examples=(ok("浙江", "33"), ok("浙江省", "33")),
)

_STATISTICAL = {
    **PLACE,
    "representation": "代码",
    "source": "统计局",
    "standard": "统计用区划代码和城乡划分代码编制规则 (国统字〔2009〕91号)",
}
_COUNTY_INSIDE = EmbeddedCode(start=0, length=6, codes=DIVISIONS, clause="GB/T 2260-2007")

TOWN_CODE = identified(
    "town-code",
    _("Town code"),
    "乡级行政区划代码",
    "街道、镇、乡的统计用区划代码：县级代码六位加乡级代码三位。",
    **_STATISTICAL,
    format="n9",
    domain="九位数字；第 7 至 9 位 001-099 街道、100-199 镇、200-399 乡",
    remark="功能区没有国家代码，用本地代码 (如 330784901)",
    checks=(Pattern(regex="[1-8][0-9]{8}(000)?"), _COUNTY_INSIDE),
    names=words(
        "乡镇代码 街道代码 镇街代码 乡级代码 乡镇街道代码 XZDM JDDM XZJDDM ZJDM town_code code9 street_code",
        "township_code town_code9 乡镇编码 镇街编码",
    ),
    examples=(ok("330784001"), ok("330784001000"), bad("33078400", "pattern"), bad("990784001", "pattern")),
)

VILLAGE_CODE = identified(
    "village-code",
    _("Village code"),
    "村级区划代码",
    "居民委员会、村民委员会的统计用区划代码：乡级代码九位加村级代码三位。",
    **_STATISTICAL,
    format="n12",
    domain="十二位数字",
    checks=(Pattern(regex="[1-8][0-9]{11}"), _COUNTY_INSIDE),
    names=words(
        "村代码 村居代码 社区代码 村社代码 村级代码 行政村代码 CDM CJDM SQDM CSDM village_code code12",
        "community_code 村居编码 村编码 统计用区划代码",
    ),
    examples=(ok("330784001002"), bad("330784001", "pattern")),
)

TOWN_NAME = named(
    "town-name",
    _("Town"),
    "乡镇街道名称",
    "街道、镇、乡或功能区的名称。",
    **PLACE,
    looks="(街道|镇|乡|区)$",
    names=words(
        "乡镇 街道 镇街 乡镇街道 镇(街道) 所属乡镇 所属镇街 所在乡镇 属地 属地镇街 XZ JD XZJD SSXZ SSZJ ZJ",
        "ZJMC XZMC JDMC town town_name street township 镇街名称 辖区 乡镇名称 街道名称 镇(街道、区)",
        "乡镇(街道) 所属街道 镇区",
    ),
    examples=(ok("东城街道"),),
)

VILLAGE_NAME = named(
    "village-name",
    _("Village or community"),
    "村(社区)名称",
    "村、社区或其他基层自治单位的名称。",
    **PLACE,
    looks="(村|社区|居委会|村委会|村民委员会|居民委员会)$",
    names=words(
        "所在村社 CWMC CSMC village_committee 村 社区 村居 村社 行政村 村(社区) 所属村 所属社区 村名",
        "社区名称 村居名称 村社名称 CJ CJMC CMC SQMC SSCJ SSC SSSQ village village_name community 所在村",
        "所在村居 自然村 居委会 村委会 村(居) 所属村社 所属村居",
    ),
    examples=(ok("园丁社区居委会"),),
)

LONGITUDE = measured(
    "longitude",
    _("Longitude"),
    "经度",
    "地点的大地经度，CGCS2000 (与 WGS-84 在厘米级一致)。",
    unit="°",
    minimum=-180,
    maximum=180,
    **PLACE,
    format="n..10,7",
    standard="GB/T 16831-2013",
    names=words("JD LON84 经度 JD84 JDZ lng lon long longitude X坐标 东经 经度坐标 jingdu gps_lng WGS84_LON"),
    examples=(ok("120.0402"), bad("1200.4", "between")),
)

LATITUDE = measured(
    "latitude",
    _("Latitude"),
    "纬度",
    "地点的大地纬度，CGCS2000 (与 WGS-84 在厘米级一致)。",
    unit="°",
    minimum=-90,
    maximum=90,
    **PLACE,
    format="n..9,7",
    standard="GB/T 16831-2013",
    names=words("纬度 WD WD84 WDZ lat latitude Y坐标 北纬 纬度坐标 weidu gps_lat WGS84_LAT"),
    examples=(ok("28.8938"), bad("120.04", "between")),
)

URL = identified(
    "url",
    _("Web address"),
    "网址",
    "互联网资源的统一资源定位符。",
    object_class="信息资源",
    source="各提供部门",
    grade=Grade.L1,
    format="an..2000",
    domain="http 或 https 地址",
    standard="RFC 3986",
    representation="地址",
    steps=CLEAN,
    checks=(Pattern(regex="https?://[!-~]+"), Length(maximum=2000)),
    names=words("网址 网站 链接 官网 WZ url link website 图片地址 附件地址 image_url homepage"),
    examples=(ok("https://www.example.gov.cn/a?b=1"), bad("javascript:alert(1)", "pattern")),
)

ELEMENTS = (
    *(MOBILE, TELEPHONE, EMAIL, ADDRESS, BUSINESS_ADDRESS, POSTCODE, DIVISION_CODE, PROVINCE, TOWN_CODE, VILLAGE_CODE),
    *(TOWN_NAME, VILLAGE_NAME, LONGITUDE, LATITUDE, URL),
)
