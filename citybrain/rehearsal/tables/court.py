"""What the People's Court delivers (永康市人民法院)."""

from citybrain.rehearsal.makers import firm, person
from citybrain.rehearsal.makers.plain import after, choice, day, money, serial, text
from citybrain.rehearsal.populations import adults, closed_firms, open_firms, things, workers
from citybrain.rehearsal.specification import Quoting, Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

COURT = Source(
    key="court-cases",
    title="法院案件系统",
    english="Court case system",
    department="court",
    way=Way.CSV,
    quoting=Quoting.BAD,
    encoding="gb18030",
    style=Style(dates=DateLayout.DOTS),
    tables=(
        Table(
            key="civil-case",
            title="民事案件",
            english="Civil cases",
            name="msaj",
            of=workers.share(0.03),
            cycle="weekly",
            orders=(("LARQ", "JARQ"),),
            columns={
                "AH": serial("(2026)浙0784民初"),
                "YG": person.contact,
                "YGZJHM": person.citizen_id,
                "BG": firm.name,
                "LARQ": day(),
                "JARQ": after("LARQ", 10, 200, empty=0.1),
                "AY": choice("买卖合同纠纷", "民间借贷纠纷", "劳动争议", "离婚纠纷"),
                "BDE": money(1000, 900000),
            },
        ),
        Table(
            key="dishonest-debtor",
            title="失信被执行人",
            english="Judgment defaulters",
            name="sxbzxr",
            of=adults.share(0.006),
            share="unconditional",
            opened="unconditional",
            columns={
                "AH": serial("(2026)浙0784执"),
                "XM": person.name,
                "ZJHM": person.citizen_id,
                "XB": person.sex,
                "NL": person.age,
                "FBRQ": day(),
                "WLXYW": money(1000, 500000),
            },
        ),
        Table(
            key="dishonest-firm",
            title="失信被执行企业",
            english="Defaulting firms",
            name="sxqy",
            of=open_firms.share(0.01),
            share="unconditional",
            opened="unconditional",
            columns={
                "AH": serial("(2026)浙0784执企"),
                "QYMC": firm.name,
                "TYSHXYDM": firm.credit_code,
                "FDDBR": person.representative,
                "FBRQ": day(),
                "BDE": money(10000, 9000000),
            },
        ),
        Table(
            key="auction",
            title="司法拍卖",
            english="Judicial auctions",
            name="sfpm",
            of=things(1.2),
            share="unconditional",
            opened="unconditional",
            columns={
                "PMBH": serial("PM"),
                "BDW": text("|town||village||number|号房产", "机器设备一批", "浙G车辆一辆"),
                "QPJ": money(10000, 5000000),
                "PMRQ": day(),
                "JG": choice("成交", "流拍", "撤回"),
            },
        ),
        Table(
            key="bankruptcy",
            title="破产案件",
            english="Bankruptcies",
            name="pc",
            of=closed_firms.share(0.1),
            columns={
                "AH": serial("(2026)浙0784破"),
                "QYMC": firm.name,
                "TYSHXYDM": firm.credit_code,
                "SLRQ": day(),
                "ZQE": money(100000, 90000000),
            },
        ),
    ),
)

SOURCES = (COURT,)
