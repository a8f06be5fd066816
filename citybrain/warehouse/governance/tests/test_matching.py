"""Columns are matched to the right element, and above all not to a wrong one."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence

import pytest

from citybrain.declare.element import Element
from citybrain.declare.words import Grade
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.governance.matching import THRESHOLD, Matcher, Proposal, suggest_grade
from citybrain.warehouse.governance.naming import normal, spellings, tokens

TODAY = datetime.date(2026, 11, 21)

IDS = ("11010519491231002X", "440524188001010014", "330784201601010013", "330784199201010022", "110105491231002")
MOBILES = ("13812345678", "139-1234-5678", "+86 13712345678", "15012345678")
CODES = ("113307843077566033", "91110000600037341L", "91330100799655058B", "N2330784MF1234567J")
NAMES = ("王小明", "李四", "张三丰", "应永康", "胡海涛")
FIRMS = ("永康市五金有限公司", "永康市芝英铝业厂", "长城村股份经济合作社", "永康市东城小吃店")
DAYS = ("2020-01-05", "2019/3/7", "20210412", "2018年5月6日")
TIMES = ("2026-01-05 08:30:00", "2026-01-06 14:02:11", "2026-02-07 09:00:59")
ADDRESSES = ("浙江省永康市东城街道金城路25号", "永康市芝英镇郭山村3组18号", "石柱镇后项村66号")
SEXES = ("男", "女")
MONEY = ("1000万元人民币", "3(万元人民币)", "50万元")
NUMBERS = ("12.5", "7", "130.25", "88.1")
PLATES = ("浙G12345", "浙GD12345", "浙G12345D")
TEXTS = ("路灯不亮，请派人查看。", "反映小区噪音扰民问题。", "咨询医保缴费事宜。")


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(registry().of(Element), TODAY)


def best(matcher: Matcher, column: str, values: Sequence[str | None] = (), **options: str) -> Proposal | None:
    return next(iter(matcher.propose(column, values=values, **options)), None)


@pytest.mark.parametrize(
    ("column", "values", "key"),
    [
        *(
            (column, IDS, "citizen-id")
            for column in ("身份证号", "SFZH", "id_card", "GMSFHM", "学生身份证号码", "idCardNo")
        ),
        *((column, NAMES, "person-name") for column in ("姓名", "XM", "name_cn_姓名", "学生姓名", "患者姓名")),
        *((column, DAYS, "birth-date") for column in ("出生日期", "CSRQ", "birth_date", "birthDate", "BIRTHDAY")),
        *((column, SEXES, "sex") for column in ("性别", "XB", "gender", "sex_code")),
        *((column, ("1", "2"), "sex") for column in ("性别", "XB", "AAC004")),
        *((column, MOBILES, "mobile") for column in ("手机号码", "SJHM", "mobile_phone", "联系人手机")),
        *((column, CODES, "credit-code") for column in ("统一社会信用代码", "TYSHXYDM", "uscc", "UNISCID", "信用代码")),
        *((column, FIRMS, "organisation-name") for column in ("企业名称", "QYMC", "company_name", "单位名称")),
        *((column, ADDRESSES, "address") for column in ("家庭住址", "JTZZ", "home_address", "户籍地址")),
        *((column, MONEY, "registered-capital") for column in ("注册资本", "ZCZB", "注册资本(万元)", "REGCAP")),
        *((column, PLATES, "plate") for column in ("车牌号", "CPH", "HPHM", "plate_no")),
        *((column, DAYS, "date") for column in ("检查日期", "某某业务登记日期", "JXRQ", "last_check_date")),
        *((column, TIMES, "event-time") for column in ("发生时间", "上报时间", "reported_at")),
        *((column, TIMES, "update-time") for column in ("更新时间", "update_time", "GXSJ")),
        ("企业名称(全称)", FIRMS, "organisation-name"),
        ("配偶身份证号", IDS, "spouse-id"),
        ("男方身份证号", IDS, "husband-id"),
        ("法定代表人", NAMES, "representative-name"),
        ("PM2.5", NUMBERS, "pm25"),
        ("PM10", NUMBERS, "pm10"),
        ("经度", ("120.04", "119.98"), "longitude"),
        ("诉求内容", TEXTS, "text"),
        ("身份证号码 ", IDS, "citizen-id"),
        ("shenfenzhenghao", IDS, "citizen-id"),
    ],
)
def test_taken(matcher: Matcher, column: str, values: Sequence[str], key: str) -> None:
    found = best(matcher, column, values)
    assert found is not None
    assert (found.element.key, found.score >= THRESHOLD) == (key, True), found
    assert found.reasons


@pytest.mark.parametrize(
    ("column", "values", "wrong"),
    [
        ("身份证号", MOBILES, "citizen-id"),
        ("SFZH", FIRMS, "citizen-id"),
        ("联系电话", IDS, "telephone"),
        ("手机", CODES, "mobile"),
        ("统一社会信用代码", IDS, "credit-code"),
        ("姓名", FIRMS, "person-name"),
        ("XM", ("道路改造工程", "学校迁建项目", "老旧小区改造"), "person-name"),
        ("性别", NAMES, "sex"),
        ("出生日期", TIMES, "birth-date"),
        ("CSRQ", ADDRESSES, "birth-date"),
        ("车牌号", MOBILES, "plate"),
        ("经度", ("3204120", "3204533"), "longitude"),
        ("CO", ("1600", "1400", "900"), "co"),
        ("注册资本", TEXTS, "registered-capital"),
        ("年龄", ("1980", "1975", "2001"), "age"),
        ("民族", ("1", "王", "xyz"), "ethnic-group"),
        ("load", NUMBERS, "ammonia-nitrogen"),
        ("单位", FIRMS, "unit-of-measure"),
        ("WD", ("120.4", "119.9"), "latitude"),
        ("邮编", MOBILES, "postcode"),
    ],
)
def test_never_taken(matcher: Matcher, column: str, values: Sequence[str], wrong: str) -> None:
    """The name says one thing, the values another."""
    taken = {proposal.element.key for proposal in matcher.propose(column, values=values) if proposal.score >= THRESHOLD}
    assert wrong not in taken


@pytest.mark.parametrize("column", ["COL7", "F12", "qqq", "备用字段3", "x", "…", "' OR 1=1 --", "列" * 200, "\x00"])
@pytest.mark.parametrize(
    "values", [IDS, CODES, NUMBERS, NAMES, ("a",), ("",), (None, None), ("\x00" * 500, "𠮷" * 500)]
)
def test_a_name_that_says_nothing_is_never_taken(matcher: Matcher, column: str, values: Sequence[str | None]) -> None:
    """Values alone are proposed at most: a citizen number does not tell whose it is."""
    found = best(matcher, column, values)
    assert found is None or found.score < THRESHOLD


def test_telling_values_are_proposed_without_a_name(matcher: Matcher) -> None:
    assert best(matcher, "COL7", IDS).element.key == "citizen-id"  # type: ignore[union-attr]
    assert best(matcher, "COL8", CODES).element.key == "credit-code"  # type: ignore[union-attr]


def test_a_few_bad_rows_do_not_undo_a_match(matcher: Matcher) -> None:
    found = best(matcher, "SFZH", [*IDS * 5, "33078419990229001X"])
    assert found is not None
    assert found.score >= THRESHOLD


def test_one_mistyped_code_of_three_does_not_weigh_a_third(matcher: Matcher) -> None:
    found = best(matcher, "XB", ["1", "2"] * 50 + ["7"])
    assert found is not None
    assert (found.element.key, found.score >= THRESHOLD) == ("sex", True)


def test_without_values_a_name_alone_is_only_proposed(matcher: Matcher) -> None:
    found = best(matcher, "身份证号")
    assert found is not None
    assert found.element.key == "citizen-id"
    assert 0.5 <= found.score < THRESHOLD


def test_a_mostly_empty_column_is_not_taken_for_what_must_be_filled_in(matcher: Matcher) -> None:
    found = best(matcher, "姓名", [*NAMES, *[None] * 20])
    assert found is not None
    assert found.score < THRESHOLD


def test_the_chinese_label_helps_a_silent_name(matcher: Matcher) -> None:
    found = best(matcher, "C0031", IDS, chinese="公民身份号码")
    assert found is not None
    assert (found.element.key, found.score >= THRESHOLD) == ("citizen-id", True)


@pytest.mark.parametrize(
    ("column", "arrow_type", "values", "wrong"),
    [
        ("金额", "date32[day]", ("2020-01-01", "2020-01-02"), "amount"),
        ("姓名", "double", ("1.5", "2.5"), "person-name"),
        ("出生日期", "bool", ("1", "0"), "birth-date"),
    ],
)
def test_types_that_do_not_suit(
    matcher: Matcher, column: str, arrow_type: str, values: Sequence[str], wrong: str
) -> None:
    found = best(matcher, column, values, arrow_type=arrow_type)
    assert found is None or found.element.key != wrong or found.score < THRESHOLD


def test_a_tie_is_left_to_a_person(matcher: Matcher) -> None:
    """Two elements as good by name and by content: both are proposed, with the reason."""
    doubled = Matcher([matcher.elements[index] for index in (0, 0)], TODAY)
    found = doubled.propose("citizen_id", values=IDS)
    assert [proposal.score < THRESHOLD for proposal in found] == [True, True]
    assert len(found[0].reasons) == 3


def test_names_are_compared_without_signs() -> None:
    assert normal("ＩＤ_Card ") == normal("id card") == "idcard"
    assert tokens("birthDate") == tokens("BIRTH_DATE") == ("birth", "date")
    assert spellings("注册资本(万元)") == ["注册资本万元", "注册资本"]


def test_a_dataset_is_as_sensitive_as_its_most_sensitive_item(matcher: Matcher) -> None:
    elements = {element.key: element for element in matcher.elements}
    assert suggest_grade([elements["credit-code"], elements["citizen-id"]]) is Grade.L3
    assert suggest_grade([elements["credit-code"]]) is Grade.L1
    assert suggest_grade([elements["diagnosis-code"], elements["citizen-id"]]) is Grade.L4
    assert suggest_grade([]) is Grade.L2


def test_two_hundred_columns_take_a_second_or_two(matcher: Matcher) -> None:
    """The county has three thousand columns; all are looked at before each governance run."""
    columns = [("SFZH", IDS), ("XM", NAMES), ("备用", TEXTS), ("JCRQ", DAYS), ("col", NUMBERS)] * 40
    started = time.process_time()
    for column, values in columns:
        matcher.propose(column, values=list(values) * 50)
    assert time.process_time() - started < 4
