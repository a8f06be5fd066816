"""Data elements of air, weather, water and energy (生态环境, 气象, 水务, 能源)."""

from citybrain.applications.standards.codelists_city import AQI_LEVELS, WATER_CLASSES, WIND_DIRECTIONS
from citybrain.applications.standards.families import bad, coded, empty, measured, named, ok, words
from citybrain.declare.element import DataType
from citybrain.declare.words import Grade, _

AIR = {"object_class": "环境空气", "source": "生态环境分局", "grade": Grade.L1, "standard": "GB 3095-2026; HJ 633-2026"}
WEATHER = {"object_class": "气象", "source": "气象局", "grade": Grade.L1, "standard": "GB/T 35221-2017"}
WATER = {"object_class": "地表水", "source": "生态环境分局", "grade": Grade.L1, "standard": "GB 3838-2002"}
METER = {"object_class": "用能", "source": "水务、电力、燃气企业", "grade": Grade.L3}

_ROUNDED = "按 GB/T 8170 取整；限值按监测日期选用 2012 或 2026 版"

PM25 = measured(
    "pm25",
    _("PM2.5 concentration"),
    "PM2.5 浓度",
    "环境空气中空气动力学当量直径不大于 2.5 微米的颗粒物的质量浓度。",
    unit="µg/m³",
    minimum=0,
    maximum=1500,
    **AIR,
    remark=_ROUNDED,
    names=words("PM2.5 PM25 细颗粒物 PM2_5 PM2.5浓度 pm2_5 pm25"),
    examples=(ok("35"), empty("NA")),
)

PM10 = measured(
    "pm10",
    _("PM10 concentration"),
    "PM10 浓度",
    "环境空气中空气动力学当量直径不大于 10 微米的颗粒物的质量浓度。",
    unit="µg/m³",
    minimum=0,
    maximum=3000,
    **AIR,
    remark=_ROUNDED,
    names=words("PM10 可吸入颗粒物 PM10浓度"),
)

SO2 = measured(
    "so2",
    _("Sulphur dioxide concentration"),
    "二氧化硫浓度",
    "环境空气中二氧化硫的质量浓度。",
    unit="µg/m³",
    minimum=0,
    maximum=3000,
    **AIR,
    names=words("SO2 二氧化硫 SO2浓度 a21026"),
)

NO2 = measured(
    "no2",
    _("Nitrogen dioxide concentration"),
    "二氧化氮浓度",
    "环境空气中二氧化氮的质量浓度。",
    unit="µg/m³",
    minimum=0,
    maximum=4000,
    **AIR,
    names=words("NO2 二氧化氮 NO2浓度 a21004"),
)

CO = measured(
    "co",
    _("Carbon monoxide concentration"),
    "一氧化碳浓度",
    "环境空气中一氧化碳的质量浓度。",
    unit="mg/m³",
    minimum=0,
    maximum=150,
    **AIR,
    remark="单位是 mg/m³；以 µg/m³ 交付的数据 (如 1600) 超出范围，须先换算",
    names=words("CO 一氧化碳 CO浓度"),
    examples=(ok("1.1"), bad("1600", "between")),
)

O3 = measured(
    "o3",
    _("Ozone concentration"),
    "臭氧浓度",
    "环境空气中臭氧的质量浓度。",
    unit="µg/m³",
    minimum=0,
    maximum=1500,
    **AIR,
    names=words("O3 臭氧 O3浓度 O3_8h 臭氧8小时"),
)

AQI = measured(
    "aqi",
    _("Air quality index"),
    "空气质量指数",
    "定量描述空气质量状况的无量纲指数。",
    unit="",
    minimum=0,
    maximum=500,
    **AIR,
    type=DataType.INTEGER,
    format="n..3",
    names=words("AQI 空气质量指数 KQZLZS air_quality_index IAQI"),
)

AQI_LEVEL = coded(
    "aqi-level",
    _("Level of air quality"),
    "空气质量级别",
    "空气质量指数所在的级别。",
    AQI_LEVELS,
    **{**AIR, "standard": "HJ 633-2026"},
    names=words("空气质量级别 空气质量等级 空气质量类别 KQZLJB KQZLDJ aqi_level air_quality_level"),
    examples=(ok("良", "2"), ok("轻度污染", "3")),
)

TEMPERATURE = measured(
    "temperature",
    _("Temperature"),
    "温度",
    "空气、水或设备的温度。",
    unit="℃",
    minimum=-60,
    maximum=200,
    **WEATHER,
    names=words("温度 气温 水温 体温 露点温度 QW SW TEMP temperature air_temp DEWP dew_point water_temp"),
    examples=(ok("-5.6"),),
)

PRESSURE = measured(
    "air-pressure",
    _("Air pressure"),
    "气压",
    "大气的压强。",
    unit="hPa",
    minimum=500,
    maximum=1100,
    **WEATHER,
    names=words("气压 大气压 大气压力 QY DQY PRES pressure air_pressure barometer"),
    examples=(ok("1019.3"),),
)

GAUGE_PRESSURE = measured(
    "pipe-pressure",
    _("Pipe pressure"),
    "管网压力",
    "供水、燃气管网或压力容器的表压。",
    unit="MPa",
    minimum=0,
    maximum=100,
    **{**METER, "grade": Grade.L2},
    names=words("管网压力 供水压力 压力 工作压力 YL GWYL pipe_pressure water_pressure gas_pressure"),
)

WIND_DIRECTION = coded(
    "wind-direction",
    _("Wind direction"),
    "风向",
    "风的来向，十六方位。",
    WIND_DIRECTIONS,
    **{**WEATHER, "standard": "GB/T 35227-2017"},
    names=words("风向 FX wd wind_direction wind_dir 风向方位"),
    examples=(ok("NW"), ok("东北风", "NE"), ok("nne", "NNE")),
)

WIND_SPEED = measured(
    "wind-speed",
    _("Wind speed"),
    "风速",
    "空气水平运动的速度。",
    unit="m/s",
    minimum=0,
    maximum=100,
    **WEATHER,
    names=words("风速 WSPM wind_speed wspd 平均风速 极大风速"),
)

RAINFALL = measured(
    "rainfall",
    _("Rainfall"),
    "降雨量",
    "一个时段内降到地面的水层深度。",
    unit="mm",
    minimum=0,
    maximum=2000,
    **WEATHER,
    names=words("降雨量 降水量 雨量 小时雨量 日雨量 JYL JSL RAIN rainfall precipitation rain_mm"),
)

PH = measured(
    "ph",
    _("pH"),
    "pH 值",
    "水样的酸碱度。",
    unit="",
    minimum=0,
    maximum=14,
    **WATER,
    names=words("pH pH值 PH值 酸碱度 ph_value w01001"),
    examples=(ok("7.2"),),
)

DISSOLVED_OXYGEN = measured(
    "dissolved-oxygen",
    _("Dissolved oxygen"),
    "溶解氧",
    "水中溶解的分子态氧的浓度。",
    unit="mg/L",
    minimum=0,
    maximum=30,
    **WATER,
    names=words("溶解氧 DO RJY dissolved_oxygen do_mg_l"),
)

COD = measured(
    "cod",
    _("Chemical oxygen demand"),
    "化学需氧量",
    "水样中可被强氧化剂氧化的物质所消耗的氧量。",
    unit="mg/L",
    minimum=0,
    maximum=100_000,
    **WATER,
    names=words("化学需氧量 COD CODcr HXXYL cod_mg_l w01018"),
)

PERMANGANATE = measured(
    "permanganate-index",
    _("Permanganate index"),
    "高锰酸盐指数",
    "以高锰酸钾为氧化剂测得的耗氧量。",
    unit="mg/L",
    minimum=0,
    maximum=1000,
    **WATER,
    names=words("高锰酸盐指数 CODMn GMSYZS permanganate_index permanganate"),
)

AMMONIA = measured(
    "ammonia-nitrogen",
    _("Ammonia nitrogen"),
    "氨氮",
    "水中以氨和铵离子形式存在的氮的浓度。",
    unit="mg/L",
    minimum=0,
    maximum=10_000,
    **WATER,
    names=words("氨氮 NH3-N NH3N AD ammonia ammonia_nitrogen nh3_n w21003"),
)

PHOSPHORUS = measured(
    "total-phosphorus",
    _("Total phosphorus"),
    "总磷",
    "水样中各种形态的磷的总浓度。",
    unit="mg/L",
    minimum=0,
    maximum=1000,
    **WATER,
    names=words("总磷 TP total_phosphorus tp_mg_l w21011"),
)

WATER_CLASS = coded(
    "water-class",
    _("Class of the water"),
    "水质类别",
    "地表水按单因子评价的水质类别，以最差的一项为准。",
    WATER_CLASSES,
    **WATER,
    names=words("水质类别 水质等级 水质 目标水质 SZLB SZDJ water_class water_quality water_grade"),
    examples=(ok("Ⅲ", "3"), ok("II类", "2"), ok("劣V类", "6")),
)

WATER_LEVEL = measured(
    "water-level",
    _("Water level"),
    "水位",
    "水面相对于高程基准的高度。",
    unit="m",
    minimum=-100,
    maximum=5000,
    **{**WATER, "source": "水务局", "standard": "SL 651-2014"},
    relation="高程基准 1985 国家高程基准",
    names=words("水位 实时水位 库水位 警戒水位 KSW water_level level_m stage_m"),
)

FLOW = measured(
    "flow",
    _("Flow"),
    "流量",
    "单位时间内通过断面或管道的水、气的体积。",
    unit="m³/h",
    minimum=0,
    maximum=10**9,
    **{**WATER, "source": "水务局", "standard": ""},
    names=words("流量 瞬时流量 排放量 废水排放量 LL SSLL PFL flow flow_rate discharge"),
)

READING = measured(
    "meter-reading",
    _("Meter reading"),
    "表底数",
    "水表、电表、气表的累计读数。",
    unit="m³",
    minimum=0,
    maximum=10**9,
    **METER,
    relation="本次读数不小于上次读数",
    names=words(
        "表底数 读数 本次读数 上次读数 抄表读数 本期读数 上期读数 BDS DS BCDS SCDS reading meter_reading",
        "last_reading",
    ),
)

VOLUME = measured(
    "volume",
    _("Consumption of water or gas"),
    "用水(气)量",
    "一个计费期内的用水量或用气量。",
    unit="m³",
    minimum=0,
    maximum=10**9,
    **METER,
    names=words(
        "用水量 用气量 水量 气量 供水量 年用水量 月用水量 YSL YQL volume water_use gas_use usage_m3",
        "consumption water_volume 容积 库容",
    ),
)

ENERGY = measured(
    "energy",
    _("Consumption of electricity"),
    "用电量",
    "一个计费期内的用电量。",
    unit="kWh",
    minimum=0,
    maximum=10**10,
    **METER,
    names=words(
        "用电量 电量 月用电量 年用电量 YDL DL kwh energy electricity power_use energy_kwh 用电量(千瓦时)",
        "发电量",
    ),
)

POWER = measured(
    "power",
    _("Electric power"),
    "功率",
    "设备或用户的电功率。",
    unit="kW",
    minimum=0,
    maximum=10**7,
    **METER,
    names=words("功率 额定功率 报装容量 合同容量 装机容量 GL EDGL power power_kw rated_power 用电容量"),
)

NOISE = measured(
    "noise",
    _("Noise level"),
    "噪声",
    "等效连续 A 声级。",
    unit="dB(A)",
    minimum=0,
    maximum=150,
    **{**AIR, "standard": "GB 3096-2008", "object_class": "声环境"},
    names=words("噪声 噪声值 声级 noise noise_db leq"),
)

POLLUTANT = named(
    "pollutant",
    _("Pollutant"),
    "污染物名称",
    "排放或监测的污染物的名称。",
    **{**AIR, "standard": "HJ 524-2009 (待核)"},
    names=words("污染物 污染物名称 首要污染物 监测项目 监测因子 WRW WRWMC SYWRW pollutant primary_pollutant"),
)

ELEMENTS = (
    *(PM25, PM10, SO2, NO2, CO, O3, AQI, AQI_LEVEL, TEMPERATURE, PRESSURE, GAUGE_PRESSURE, WIND_DIRECTION, WIND_SPEED),
    *(RAINFALL, PH, DISSOLVED_OXYGEN, COD, PERMANGANATE, AMMONIA, PHOSPHORUS, WATER_CLASS, WATER_LEVEL, FLOW),
    *(READING, VOLUME, ENERGY, POWER, NOISE, POLLUTANT),
)
