"""Data elements of land, buildings, vehicles and roads (不动产, 车辆, 交通)."""

from citybrain.applications.standards.codelists_place import (
    BUILDING_USES,
    DIVISIONS,
    FUELS,
    PARCEL_FEATURES,
    PLATE_COLOURS,
    PLATE_KINDS,
    ROAD_GRADES,
    VEHICLE_KINDS,
)
from citybrain.applications.standards.families import CLEAN, bad, coded, identified, measured, named, ok, serial, words
from citybrain.declare.element import DataType
from citybrain.declare.rule import EmbeddedCode, Pattern, Required, Step
from citybrain.declare.words import Grade, Masking, _

LAND = {"object_class": "不动产", "source": "自然资源和规划局", "grade": Grade.L2}
VEHICLE = {"object_class": "车辆", "source": "公安局交警大队", "grade": Grade.L2}

_PLACE = EmbeddedCode(start=0, length=6, codes=DIVISIONS, clause="GB/T 2260-2007")
_FEATURE = EmbeddedCode(start=12, length=2, codes=PARCEL_FEATURES, clause="GB/T 37346-2019")

REAL_ESTATE_UNIT = identified(
    "real-estate-unit",
    _("Real-estate unit code"),
    "不动产单元代码",
    "不动产单元的 28 位代码：宗地代码 19 位，定着物特征码 1 位，定着物单元号 8 位。",
    **LAND,
    format="an28",
    domain="GB/T 37346-2019 规定的 28 位代码",
    representation="代码",
    standard="GB/T 37346-2019",
    remark="代码结构凭记忆，待核",
    checks=(Pattern(regex="[0-9]{12}[GJZ][ABSXCDEFWY][0-9]{5}[FLQW][0-9]{8}"), _PLACE, _FEATURE),
    names=words(
        "不动产单元号 不动产单元代码 不动产单元编码 BDCDYH BDCDYDM real_estate_unit unit_no",
        "property_unit_code",
    ),
    examples=(
        ok("330784001002GB00003F00010001"),
        ok("330784 001002 GB00003 F00010001", "330784001002GB00003F00010001"),
        bad("330784001002GB00003X00010001", "pattern"),
        bad("990784001002GB00003F00010001", "embedded-code"),
    ),
)

PARCEL = identified(
    "parcel-code",
    _("Parcel code"),
    "宗地代码",
    "宗地的 19 位代码：县级区划 6 位、地籍区 3 位、地籍子区 3 位、宗地特征码 2 位、宗地顺序号 5 位。",
    **LAND,
    format="an19",
    domain="GB/T 37346-2019 规定的 19 位代码",
    representation="代码",
    standard="GB/T 37346-2019",
    remark="代码结构凭记忆，待核",
    checks=(Pattern(regex="[0-9]{12}[GJZ][ABSXCDEFWY][0-9]{5}"), _PLACE, _FEATURE),
    names=words("宗地代码 宗地号 宗地编码 地块编号 ZDDM ZDH parcel_code parcel_no land_code"),
    examples=(ok("330784001002GB00003"), bad("330784001002GB0000", "pattern")),
)

BUILDING_USE = coded(
    "building-use",
    _("Use of the building"),
    "房屋用途",
    "房屋规划或登记的用途。",
    BUILDING_USES,
    **LAND,
    names=words("房屋用途 规划用途 用途 建筑用途 FWYT GHYT YT building_use usage land_use 土地用途"),
    examples=(ok("住宅", "10"),),
)

FLOOR = measured(
    "floor",
    _("Floor"),
    "楼层",
    "房屋所在的自然层，地下为负。",
    unit="层",
    minimum=-10,
    maximum=200,
    **LAND,
    type=DataType.INTEGER,
    format="n..3",
    names=words("楼层 所在层 层数 总层数 SZC ZCS floor floors storey 地上层数 地下层数"),
)

PLATE = identified(
    "plate",
    _("Number plate"),
    "机动车号牌号码",
    "机动车号牌上的号码，含省份简称。",
    **VEHICLE,
    format="ul..8",
    domain="GA 36-2018 规定的号码，不含字母 I 和 O",
    standard="GA 36-2018",
    remark="号码规则凭记忆，待核",
    masking=Masking.PLATE,
    steps=(*CLEAN, Step.SEPARATORS, Step.UPPER),
    checks=(
        Required(),
        Pattern(
            regex="[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z]"
            "([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])",
            clause="GA 36-2018 5",
        ),
    ),
    names=words(
        "车牌号 车牌号码 号牌号码 车牌 机动车号牌 车辆牌照 CPH CPHM HPHM plate plate_no plate_number",
        "license_plate 车号 车辆号牌",
    ),
    examples=(
        ok("浙G12345"),
        ok("浙g-12345", "浙G12345"),
        ok("浙GD12345"),
        ok("浙GF12345"),
        ok("浙G12345D"),
        ok("浙Ｇ１２３４５", "浙G12345"),
        bad("浙GI2345", "pattern"),
        bad("浙GO1234", "pattern"),
        bad("浙G1234", "pattern"),
        bad("", "required"),
    ),
)

PLATE_KIND = coded(
    "plate-kind",
    _("Kind of plate"),
    "号牌种类",
    "机动车号牌的种类。",
    PLATE_KINDS,
    **VEHICLE,
    names=words("号牌种类 车牌种类 HPZL CPZL plate_kind plate_type"),
    examples=(ok("小型汽车", "02"), ok("2", "02")),
)

PLATE_COLOUR = coded(
    "plate-colour",
    _("Colour of the plate"),
    "号牌颜色",
    "机动车号牌的底色。",
    PLATE_COLOURS,
    **VEHICLE,
    names=words("号牌颜色 车牌颜色 CPYS HPYS plate_colour plate_color"),
    examples=(ok("蓝", "1"),),
)

VEHICLE_KIND = coded(
    "vehicle-kind",
    _("Kind of vehicle"),
    "车辆类型",
    "机动车的规格和结构类型。",
    VEHICLE_KINDS,
    **VEHICLE,
    names=words("车辆类型 车型 车辆种类 机动车类型 CLLX CX vehicle_kind vehicle_type car_type"),
    examples=(ok("轿车", "K33"),),
)

FUEL = coded(
    "fuel",
    _("Fuel"),
    "燃料种类",
    "机动车使用的燃料或能源。",
    FUELS,
    **VEHICLE,
    names=words("燃料种类 燃料类型 能源类型 动力类型 RLZL RLLX fuel fuel_type energy_type"),
    examples=(ok("汽油", "A"),),
)

VIN = identified(
    "vin",
    _("Vehicle identification number"),
    "车辆识别代号",
    "制造厂为识别一辆机动车而给定的 17 位字码，第 9 位是检验位。",
    **VEHICLE,
    format="an17",
    domain="除 I、O、Q 外的字母和数字，最后四位是数字",
    standard="GB 16735-2019",
    remark="只检查字符集；检验位进口车不强制",
    checks=(Pattern(regex="[A-HJ-NPR-Z0-9]{13}[0-9]{4}", clause="GB 16735-2019 4"),),
    names=words("车辆识别代号 车架号 车辆识别码 CLSBDH CJH VIN vin_code frame_no"),
    examples=(ok("LSVAA49J132047371"), bad("LSVAA49J13204737I", "pattern"), bad("LSVAA49J1320473", "pattern")),
)

VEHICLE_BRAND = named(
    "vehicle-brand",
    _("Make of the vehicle"),
    "车辆品牌",
    "机动车的中文品牌和型号。",
    **VEHICLE,
    names=words("车辆品牌 品牌 品牌型号 厂牌型号 CLPP PP CPXH brand make vehicle_brand model 规格型号 型号 XH"),
)

DRIVING_CLASS = identified(
    "driving-class",
    _("Class of driving licence"),
    "准驾车型",
    "机动车驾驶证准予驾驶的车型代号，可以有几个。",
    **{**VEHICLE, "object_class": "自然人"},
    format="an..8",
    domain="A1 A2 A3 B1 B2 C1 C2 C3 C4 C5 C6 D E F M N P 的组合",
    representation="代码",
    standard="机动车驾驶证申领和使用规定 (公安部令第 162 号)",
    checks=(Pattern(regex="(A[123]|B[12]|C[1-6]|[DEFMNP]){1,4}"),),
    names=words("准驾车型 驾照类型 驾驶证类型 ZJCX JZLX driving_class licence_class license_class driver_class"),
    examples=(ok("C1"), ok("c1d", "C1D"), ok("A1A2E"), bad("C9", "pattern")),
)

ARCHIVE_NUMBER = serial(
    "archive-number",
    _("File number"),
    "档案编号",
    "驾驶人、职工、学生等档案的编号。",
    **{**VEHICLE, "object_class": "档案", "source": "各提供部门"},
    names=words("档案编号 档案号 驾驶证档案编号 DABH DAH archive_no file_no dossier_no"),
)

ROAD_GRADE = coded(
    "road-grade",
    _("Grade of the road"),
    "道路等级",
    "公路或城市道路的技术等级。",
    ROAD_GRADES,
    object_class="道路",
    source="交通运输局",
    grade=Grade.L1,
    names=words("道路等级 公路等级 技术等级 DLDJ JSDJ road_grade road_class"),
)

SPEED = measured(
    "speed",
    _("Speed"),
    "速度",
    "车辆或车流的速度。",
    unit="km/h",
    minimum=0,
    maximum=400,
    object_class="道路",
    source="交通运输局",
    grade=Grade.L1,
    names=words("速度 车速 平均速度 限速 speed velocity avg_speed speed_limit"),
)

ELEMENTS = (
    *(REAL_ESTATE_UNIT, PARCEL, BUILDING_USE, FLOOR, PLATE, PLATE_KIND, PLATE_COLOUR, VEHICLE_KIND, FUEL, VIN),
    *(VEHICLE_BRAND, DRIVING_CLASS, ARCHIVE_NUMBER, ROAD_GRADE, SPEED),
)
