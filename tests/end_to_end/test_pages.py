"""What a newcomer does in the browser after `make run`."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from citybrain.testing.browsers import Visit
from tests.end_to_end.conftest import System

pytestmark = pytest.mark.browser


def test_the_overview_shows_forty_departments_and_numbers_that_lead_on(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="永康市数据总览")).to_be_visible()
    rows = page.locator("main table tbody tr")
    assert rows.count() >= 40
    expect(page.get_by_text("演练数据").first).to_be_visible()
    page.get_by_role("link", name="永康市公安局").first.click()
    expect(page.get_by_role("heading", name="永康市公安局")).to_be_visible()
    page.get_by_role("link", name="户籍人口", exact=True).click()
    expect(page.locator(".figures")).to_contain_text("归集行数")


def test_problem_rows_carry_reason_clause_and_remedy_and_are_masked(page: Page) -> None:
    page.goto("/datasets/police.household-person/?tab=problems")
    row = page.locator("tbody tr", has_text="校验码错误").first
    expect(row).to_contain_text("GB 11643-1999")
    expect(row).to_contain_text("请与证件核对")
    assert "***" in row.locator("code.seen").inner_text()


def test_search_answers_while_typing_in_pinyin_and_chinese(page: Page) -> None:
    page.goto("/datasets/")
    box = page.locator("main input[name=q]")
    for words in ("hujirenkou", "hjrk", "户籍人口", "household"):
        box.fill(words)
        expect(page.locator("#found tbody tr").first).to_contain_text("户籍人口")
    box.fill("nothing-is-called-this")
    expect(page.locator("#found")).to_contain_text("没有找到")


def test_a_person_confirms_a_match(page: Page) -> None:
    page.goto("/decisions/")
    count = page.locator("nav.tabs a.on .n")
    before = int(count.inner_text().replace(",", ""))
    field = page.locator("tbody tr").first.locator("td").first.inner_text().split("\n")[0]
    page.locator("tbody tr").first.get_by_role("button", name="确认").click()
    expect(page.locator(".note-success")).to_contain_text(field)
    expect(count).to_have_text(f"{before - 1:,}")


def test_the_language_switches_and_stays(page: Page, system: System) -> None:
    page.goto("/datasets/police.household-person/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Problem rows").first).to_be_visible()
    page.goto("/sources/")
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="数据源")).to_be_visible()


def test_everything_works_from_the_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.type("hjrk")
    expect(page.locator("dialog[open]").get_by_role("option").filter(has_text="户籍人口").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/datasets/police.household-person/")
    page.goto("/datasets/")
    page.locator("main h1").click()
    page.keyboard.press("j")
    expect(page.locator("tr.on")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/datasets/*.*/")
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="公共数据元")).to_be_visible()


def test_a_table_sorts_by_a_click_with_empty_values_last(page: Page) -> None:
    page.goto("/departments/")
    header = page.get_by_role("columnheader", name="评分")
    for direction in ("descending", "ascending"):
        header.get_by_role("link").click()
        expect(header).to_have_attribute("aria-sort", direction)
        values = [text.strip() for text in page.locator("tbody td:nth-child(5)").all_inner_texts()]
        known = [float(value) for value in values if value != "—"]
        assert known == sorted(known, reverse=direction == "descending") and len(known) > 1
        assert values[len(known) :] == ["—"] * (len(values) - len(known))


def test_charts_are_drawn(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".chart canvas").first).to_be_visible()


def test_a_started_run_moves_by_itself_to_its_end(page: Page) -> None:
    page.goto("/sources/statistics-divisions/")
    page.get_by_role("button", name="立即归集").click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator("#progress")).to_contain_text("已完成")
    expect(page.locator("#loads tbody tr").first).to_be_visible()
    expect(page.locator("#gathered")).to_contain_text("合计相符")


ADDRESSES = (
    "/",
    "/datasets/",
    "/departments/",
    "/decisions/",
    "/sources/",
    "/sources/police-household/",
    "/runs/",
    "/elements/",
    "/elements/citizen-id/",
    "/codelists/",
    *(
        f"/datasets/police.household-person/?tab={tab}"
        for tab in ("fields", "quality", "problems", "profile", "samples", "versions")
    ),
)


def test_on_a_phone_nothing_runs_out_of_the_screen(signed_in: BrowserContext, visit: Visit, system: System) -> None:
    phone = visit(
        viewport={"width": 390, "height": 844},
        base_url=system.address,
        storage_state=signed_in.storage_state(),
        has_touch=True,
        locale="zh-CN",
    )
    page = phone.new_page()
    for address in ADDRESSES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        wide = page.evaluate("document.querySelector('main').scrollWidth")
        assert wide <= 390, f"{address} is {wide} wide"
    page.get_by_role("button", name="菜单").click()
    page.locator("nav.side").get_by_role("link", name="代码集").click()
    expect(page.get_by_role("heading", name="代码集")).to_be_visible()
    expect(page.locator("nav.foot-bar")).to_be_visible()
    phone.close()


def test_a_stranger_sees_only_the_door(visit: Visit, system: System) -> None:
    context = visit(base_url=system.address, locale="zh-CN")
    page = context.new_page()
    page.goto("/datasets/")
    assert "/login/" in page.url
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("用户名与密码不匹配")
    context.close()
