"""What the Housing Provident Fund Centre delivers (金华市住房公积金管理中心永康分中心)."""

from citybrain.rehearsal.makers import firm, person
from citybrain.rehearsal.makers.plain import choice, day, expires, issued, money, month, percent, refer, serial
from citybrain.rehearsal.populations import companies, workers
from citybrain.rehearsal.specification import Source, Style, Table, Way
from citybrain.rehearsal.strings import DateLayout

FUND = Source(
    key="housing-fund-accounts",
    title="住房公积金系统",
    english="Housing fund accounts",
    department="housing-fund",
    way=Way.CSV,
    encoding="utf-8-sig",
    style=Style(dates=DateLayout.DASHES, stale=0.05),
    tables=(
        Table(
            key="account",
            title="公积金账户",
            english="Fund accounts",
            name="gr_account",
            of=workers.share(0.35),
            cycle="daily",
            columns={
                "grzh": serial("0784", 9),
                "xm": person.name,
                "zjhm": person.citizen_id,
                "zjlx": person.document_kind,
                "sjhm": person.mobile,
                "dwdm": firm.employer_code,
                "grzhye": money(0, 300000),
                "khrq": day("2005-01-01"),
            },
        ),
        Table(
            key="deposit",
            title="公积金缴存",
            english="Deposits",
            name="gr_deposit",
            of=workers.share(0.15).times(2),
            columns={
                "lsh": serial("", 10),
                "grzh": refer("housing-fund.account"),
                "ny": month,
                "yjce": money(200, 6000),
            },
        ),
        Table(
            key="loan",
            title="公积金贷款",
            english="Loans",
            name="dk",
            of=workers.share(0.03),
            orders=(("ffrq", "dqrq"),),
            columns={
                "dkzh": serial("DK"),
                "xm": person.name,
                "zjhm": person.citizen_id,
                "dkje": money(50000, 800000),
                "ffrq": issued("2010-01-01"),
                "dqrq": expires("ffrq", 1800, 10950),
            },
        ),
        Table(
            key="withdrawal",
            title="公积金提取",
            english="Withdrawals",
            name="tq",
            of=workers.share(0.05),
            columns={
                "tqbh": serial("TQ"),
                "zjhm": person.citizen_id,
                "xm": person.name,
                "tqje": money(500, 200000),
                "tqyy": choice("购房", "租房", "离退休", "偿还贷款"),
                "tqrq": day(),
            },
        ),
        Table(
            key="unit",
            title="公积金缴存单位",
            english="Depositing units",
            name="dw",
            of=companies.share(0.3),
            columns={
                "dwzh": serial("DW"),
                "dwmc": firm.name,
                "tyshxydm": firm.credit_code,
                "jcrs": firm.staff,
                "jcbl": percent(5, 12),
            },
        ),
    ),
)

SOURCES = (FUND,)
