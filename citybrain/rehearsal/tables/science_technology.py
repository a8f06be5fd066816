"""What the Science and Technology Bureau delivers (永康市科学技术局)."""

from citybrain.rehearsal.makers import firm, person, place
from citybrain.rehearsal.makers.plain import choice, day, expires, issued, money, percent, running, serial, text, year
from citybrain.rehearsal.populations import makers, things
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

SCIENCE = Source(
    key="science-technology-firms",
    title="科技企业库",
    english="Technology firms",
    department="science-technology",
    way=Way.XLSX,
    style=Style(dates=DateLayout.DOTS),
    tables=(
        Table(
            key="high-tech-firm",
            title="高新技术企业",
            english="High-tech firms",
            name="高新技术企业",
            of=makers.share(0.06),
            cycle="yearly",
            share="unconditional",
            opened="unconditional",
            orders=(("发证日期", "有效期至"),),
            columns={
                "证书编号": serial("GR202633", 6),
                "企业名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "发证日期": issued("2023-11-01"),
                "有效期至": expires("发证日期", 1094, 1096),
            },
        ),
        Table(
            key="patent",
            title="专利",
            english="Patents",
            name="专利",
            of=makers.share(0.3),
            share="unconditional",
            opened="unconditional",
            columns={
                "专利号": serial("ZL2026", 8),
                "专利权人": firm.name,
                "信用代码": firm.credit_code,
                "名称": text("一种保温杯密封结构", "一种防盗门锁芯", "一种电动滑板车折叠机构"),
                "类型": choice("发明", "实用新型", "外观设计"),
                "授权日期": day(),
            },
        ),
        Table(
            key="research-spending",
            title="研发投入",
            english="Research spending",
            name="研发投入",
            of=makers.share(0.15),
            columns={
                "统一社会信用代码": firm.credit_code,
                "企业名称": firm.name,
                "年度": year,
                "研发费用": money(10000, 30_000_000),
                "占比": percent(0, 15),
            },
        ),
        Table(
            key="expert",
            title="科技特派员",
            english="Science envoys",
            name="科技特派员",
            of=things(0.6),
            columns={
                "序号": running(),
                "姓名": person.contact,
                "手机": person.mobile,
                "派驻村": place.village,
                "派驻日期": day(),
            },
        ),
    ),
)

SOURCES = (SCIENCE,)
