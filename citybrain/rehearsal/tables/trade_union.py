"""What the Federation of Trade Unions delivers (永康市总工会)."""

from citybrain.rehearsal.makers import firm, person
from citybrain.rehearsal.makers.plain import choice, day, flag, money, running, serial, text, year
from citybrain.rehearsal.populations import companies, women, workers
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

UNION = Source(
    key="trade-union-members",
    title="工会会员系统",
    english="Trade union members",
    department="trade-union",
    way=Way.XLSX,
    style=Style(dates=DateLayout.COMPACT, sex=("1男", "2女"), stale=0.1, province=False),
    tables=(
        Table(
            key="member",
            title="工会会员",
            english="Union members",
            name="会员名册",
            of=workers.share(0.15),
            columns={
                "会员号": serial("HY"),
                "姓名": person.name,
                "性别": person.sex,
                "身份证号": person.citizen_id,
                "出生日期": person.birth,
                "工作单位": firm.name,
                "手机号码": person.mobile,
                "入会日期": day("2005-01-01"),
            },
        ),
        Table(
            key="union",
            title="基层工会",
            english="Unions",
            name="基层工会",
            of=companies.share(0.1),
            columns={
                "工会编号": serial("GH"),
                "单位名称": firm.name,
                "统一社会信用代码": firm.credit_code,
                "会员数": firm.staff,
                "建会日期": day("2000-01-01"),
            },
        ),
        Table(
            key="worker-aid",
            title="困难职工帮扶",
            english="Aid to workers",
            name="帮扶",
            of=workers.share(0.004),
            columns={
                "编号": serial("BF"),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "帮扶金额": money(500, 10000),
                "原因": text("本人患病", "家属患病", "子女上学"),
            },
        ),
        Table(
            key="model-worker",
            title="劳动模范",
            english="Model workers",
            name="劳模",
            of=workers.share(0.002),
            share="unconditional",
            opened="unconditional",
            columns={
                "编号": serial("LM"),
                "姓名": person.name,
                "单位": firm.name,
                "级别": choice("县级", "市级", "省级"),
                "年度": year,
            },
        ),
        Table(
            key="women-check",
            title="女职工体检",
            english="Check-ups of women workers",
            name="女职工体检",
            of=women.share(0.05),
            columns={
                "序号": running(),
                "姓名": person.name,
                "身份证号": person.citizen_id,
                "体检日期": day("2025-01-01"),
                "是否异常": flag(0.1),
            },
        ),
    ),
)

SOURCES = (UNION,)
