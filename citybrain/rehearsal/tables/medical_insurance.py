"""What the Medical Insurance Bureau delivers (永康市医疗保障局)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import choice, day, money, percent, refer, serial, updated
from citybrain.rehearsal.populations import adults, aged, everyone, pensioners, things
from citybrain.rehearsal.specification import Source, Style, Table, Way

MEDICAL = Source(
    key="medical-insurance-core",
    title="医疗保障系统",
    english="Medical insurance system",
    department="medical-insurance",
    way=Way.PARQUET,
    style=Style(stale=0.04),
    tables=(
        Table(
            key="insured",
            title="医保参保",
            english="Medically insured persons",
            name="insured",
            of=everyone.share(0.92),
            cycle="daily",
            columns={
                "psn_no": serial("3307", 9),
                "certno": person.citizen_id,
                "psn_name": person.name,
                "gend": person.sex,
                "brdy": person.birth,
                "naty": person.ethnic,
                "tel": person.mobile,
                "insutype": choice("310", "390", weights=(45, 55)),
                "admdvs": place.town_code,
            },
        ),
        Table(
            key="settlement",
            title="医保结算",
            english="Settlements",
            name="settlement",
            of=everyone.share(0.3),
            cycle="daily",
            columns={
                "setl_id": serial("JS", 9),
                "psn_no": refer("medical-insurance.insured"),
                "certno": person.citizen_id,
                "setl_time": updated,
                "medfee_sumamt": money(5, 30000),
                "fund_pay_ratio": percent(20, 95),
                "fixmedins_name": choice(
                    "永康市第一人民医院", "永康市中医院", "古山中心卫生院", "芝英中心卫生院", meaning="hospital-name"
                ),
            },
        ),
        Table(
            key="designated-institution",
            title="定点医药机构",
            english="Designated institutions",
            name="institution",
            of=things(3),
            cycle="quarterly",
            share="unconditional",
            opened="unconditional",
            columns={
                "code": serial("H330784", 5),
                "name": place.thing("卫生室", "大药房", "诊所"),
                "address": place.street_address,
                "contact": person.contact,
                "tel": person.mobile,
            },
        ),
        Table(
            key="chronic-disease",
            title="慢病备案",
            english="Chronic diseases on file",
            name="chronic",
            of=pensioners.share(0.35),
            share="none",
            columns={
                "reg_no": serial("MB"),
                "certno": person.citizen_id,
                "psn_name": person.name,
                "disease": choice("高血压", "糖尿病", "冠心病", "慢阻肺"),
                "begndate": day("2016-01-01"),
            },
        ),
        Table(
            key="long-term-care",
            title="长期护理保险",
            english="Long-term care insurance",
            name="ltc",
            of=aged.share(0.1),
            columns={
                "reg_no": serial("CH"),
                "certno": person.citizen_id,
                "psn_name": person.name,
                "brdy": person.birth,
                "level": choice("重度Ⅰ", "重度Ⅱ", "重度Ⅲ"),
                "approved": day("2022-01-01"),
            },
        ),
        Table(
            key="medical-relief",
            title="医疗救助",
            english="Medical relief",
            name="relief",
            of=adults.share(0.01),
            columns={
                "relief_no": serial("YJ"),
                "certno": person.citizen_id,
                "psn_name": person.name,
                "amount": money(100, 50000),
                "ratio": percent(),
                "paid": day(),
            },
        ),
    ),
)

SOURCES = (MEDICAL,)
