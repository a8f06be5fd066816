"""How long a search of the catalogue takes: ours against a bare LIKE scan (the limit) and SQLite's FTS5 trigram index.

`size` is the number of entries (2 000 by default; the county that published numbers had 22 261 tables). All three work
on the same SQLite file and text; ours alone ranks, and returns one page of entries with the fields that matched.
"""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUERIES = (
    *("户籍人口", "hujirenkou", "hjrk", "身份证号", "sfzh", "registration", "企业 登记", "qiye dengji", "停车"),
    *("公安 车辆", "低保", "社会保险", "shbx", "水质", "资金 拨付", "许可证", "xkz", "建设", "fangwu", "房屋 交易"),
    *("学生", "xuesheng", "医院 床位", "yiyuan", "处罚", "chufa", "环境 监测", "人口", "名称", "日期", "household"),
    *("vehicle permit", "用电", "yongdian", "联系电话", "lxdh", "税务 申报", "nashui", "农业", "垃圾", "laji", "办件"),
    *("budongchan", "救助", "古山镇", "项目 审批", "xmsp", "信访", "不动产", "没有这样的表"),
)

SUBJECTS = {
    "户籍人口": "household person",
    "流动人口": "migrant person",
    "企业登记": "enterprise registration",
    "个体工商户": "individual business",
    "机动车辆": "vehicle",
    "停车场": "parking",
    "低保救助": "subsistence allowance",
    "社会保险参保": "social insurance",
    "地表水水质": "surface water quality",
    "财政资金拨付": "fund payment",
    "食品经营许可证": "food permit",
    "房屋交易": "house sale",
    "中小学学生": "pupil",
    "医院床位": "hospital bed",
    "行政处罚": "penalty",
    "环境空气监测": "air monitoring",
    "企业用电": "enterprise electricity",
    "税务申报": "tax return",
    "农业补贴": "farm subsidy",
    "垃圾清运": "waste collection",
    "不动产登记": "real estate",
    "项目审批": "project approval",
    "信访办件": "petition",
}
FORMS = {"信息": "", "明细": "detail", "台账": "ledger", "汇总": "summary", "变更记录": "change", "历史数据": "history"}
COLUMNS = {
    "SFZH": "身份证号",
    "XM": "姓名",
    "TYSHXYDM": "统一社会信用代码",
    "DWMC": "单位名称",
    "LXDH": "联系电话",
    "DZ": "地址",
    "DJRQ": "登记日期",
    "JE": "金额",
    "ZT": "状态",
    "GXSJ": "更新时间",
    "BZ": "备注",
    "XZQH": "行政区划代码",
    "JD": "经度",
    "WD": "纬度",
    "SL": "数量",
}


def run(size: int = 2_000) -> dict[str, Any]:
    """Search `size` entries with fifty queries in each way; milliseconds a query and CPU seconds of all fifty."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "citybrain.sqlite3"
        os.environ |= {
            "CITYBRAIN_HOME": home,
            "CITYBRAIN_DATABASE_URL": f"sqlite:///{path}",
            "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
        }
        import django

        django.setup()
        fill(size)
        from citybrain.warehouse.catalogue.search import search, suggest

        peers = sqlite3.connect(path)
        peers.execute("CREATE VIRTUAL TABLE trigram USING fts5(names, tokenize = 'trigram')")
        peers.execute(
            "INSERT INTO trigram SELECT search_title || search_fields || search_text FROM catalogue_dataset ORDER BY id"
        )
        peers.commit()
        ours = measure(lambda query: search(query).total)
        trigram = measure(lambda query: by_trigram(peers, query))
        limit = measure(lambda query: by_like(peers, query))
        started = time.perf_counter()
        suggest("户藉人囗登记")
        ours["suggest_ms"] = round((time.perf_counter() - started) * 1000, 1)
        peers.close()
    return {
        "size": size,
        "ours": ours,
        "limit": {"like": limit},
        "peers": {"fts5_trigram": trigram},
        "ratios": {
            "cpu_vs_limit": round(ours["cpu"] / limit["cpu"], 2),
            "cpu_vs_fts5": round(ours["cpu"] / trigram["cpu"], 2),
            "p95_vs_200_ms": round(ours["p95_ms"] / 200, 3),
        },
    }


def fill(size: int) -> None:
    """Make `size` entries of forty departments with fifteen fields each, spelt as the catalogue's verbs spell them."""
    from django.core.management import call_command

    from citybrain.kernel.identity.models import Organisation
    from citybrain.kernel.records.spelling import lines
    from citybrain.warehouse.catalogue.models import Dataset, Field

    call_command("migrate", verbosity=0, skip_checks=True)
    draw = random.Random(7)
    providers = [
        Organisation.objects.create(key=f"bureau-{n}", chinese=f"永康市第{n}局", english=f"Bureau {n}", position=n)
        for n in range(1, 41)
    ]
    subjects, forms = list(SUBJECTS.items()), list(FORMS.items())
    entries = []
    for number in range(1, size + 1):
        (chinese, english), (form, english_form) = draw.choice(subjects), draw.choice(forms)
        provider = draw.choice(providers)
        title = f"{chinese}{form}{draw.randrange(100)}"
        key = f"{provider.key}.{english.replace(' ', '-')}-{number}"
        entries.append(
            Dataset(
                pk=number,
                key=key,
                code=f"301{provider.position:03d}/{number}",
                chinese=title,
                english=f"{english} {english_form}".strip(),
                provider=provider,
                source_key=f"source-{number % 200}",
                search_title=lines([title, f"{english} {english_form}", key]),
                search_fields=lines(name for pair in COLUMNS.items() for name in pair),
                search_text=lines([f"{chinese}业务系统每日产生的{form}", provider.chinese, provider.english]),
            )
        )
    Dataset.objects.bulk_create(entries, batch_size=500)
    Field.objects.bulk_create(
        (
            Field(dataset_id=number, position=place, name=name, chinese=chinese, raw_type="string")
            for number in range(1, size + 1)
            for place, (name, chinese) in enumerate(COLUMNS.items())
        ),
        batch_size=2_000,
    )


def by_like(connection: sqlite3.Connection, query: str) -> int:
    """The bare scan: how many entries hold all words."""
    words = query.split()
    where = " AND ".join(["search_title || search_fields || search_text LIKE ?"] * len(words))
    sql = f"SELECT count(*) FROM catalogue_dataset WHERE {where}"
    return connection.execute(sql, [f"%{word}%" for word in words]).fetchone()[0]


def by_trigram(connection: sqlite3.Connection, query: str) -> int:
    """FTS5 with trigrams; words of one or two letters are beyond its index and scan its text."""
    words = query.split()
    where = " AND ".join("trigram MATCH ?" if len(word) > 2 else "names || '' LIKE ?" for word in words)
    values = [f'"{word}"' if len(word) > 2 else f"%{word}%" for word in words]
    count = connection.execute(f"SELECT count(*) FROM trigram WHERE {where}", values).fetchone()[0]
    connection.execute(f"SELECT rowid FROM trigram WHERE {where} ORDER BY rank LIMIT 20", values).fetchall()
    return count


def measure(ask: Callable[[str], int]) -> dict[str, float]:
    """CPU seconds of the fifty queries after a warm-up; the median and 95th percentile in milliseconds."""
    for query in QUERIES[:5]:
        ask(query)
    times, spent = [], []
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = 0
    for query in QUERIES:
        started, busy = time.perf_counter(), time.process_time()
        found += ask(query)
        times.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - busy) * 1000)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 3),
        "wall": round(sum(times) / 1000, 3),
        "peak_mb": round(after.ru_maxrss / 1024, 1),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
        "p50_cpu_ms": round(statistics.median(spent), 1),
        "p95_cpu_ms": round(statistics.quantiles(spent, n=20)[-1], 1),
        "found": found,
    }
