"""A morning at the registers, in a real browser on a served system: two factors, daily work, and axe looking on."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook, load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from citybrain.testing.browsers import Visit
from tests.conftest import environment_of
from tests.end_to_end.conftest import System, free_port, wait_until_served

pytestmark = pytest.mark.browser

SAMPLES = """
import citybrain.site.startup
from citybrain.site.samples import load_samples
load_samples()
"""

LIST = "/records/service-point/"
PAGES = (
    *(LIST, f"{LIST}new/", f"{LIST}import/", f"{LIST}statistics/", f"{LIST}map/", "/records/feedback/", "/work/"),
    *("/organisations/", "/people/", "/roles/", "/calendar/", "/account/", "/messages/", "/help/", "/datasets/", "/m/"),
)
KNOWN = ("WebGL", "GPU", "status of 422")
"""Words of the browser's complaints that are nobody's mistake: software drawing, a form that is shown again."""

HEADS = ("Name", "Kind", "Address", "Opening hours", "Windows", "Responsible body")


@pytest.fixture(scope="module")
def system(
    path_of_chromium: str, tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[Path], Path]
) -> Iterator[System]:
    """The office's registers with their sample rows, served the way a county serves them: two factors demanded."""
    home = new_home(tmp_path_factory.mktemp("office"))
    environment = environment_of(home)
    subprocess.run([sys.executable, "-c", SAMPLES], env=environment, check=True, capture_output=True)
    port, log = free_port(), home / "log"
    serve = [sys.executable, "-m", "citybrain.site.command", "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(serve, env=environment, stdout=output, stderr=output)
    try:
        running = System(f"http://127.0.0.1:{port}", home)
        wait_until_served(running, process, log)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module")
def desk(visit: Visit, system: System) -> BrowserContext:
    """A browser of the first administrator, who had to set up a second factor before anything else."""
    context = visit(
        viewport={"width": 1600, "height": 900}, locale="en", base_url=system.address, service_workers="block"
    )
    page = context.new_page()
    sign_in(page, system)
    expect(page).to_have_url(re.compile("/account/second-factor/"))
    page.goto(LIST)
    expect(page).to_have_url(re.compile("/account/second-factor/"))
    secret = page.locator(".secret").inner_text().replace(" ", "").replace("\n", "")
    page.locator("main input[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("main input[name=code]").press("Enter")
    page.wait_for_load_state()
    (system.home / "factor").write_text(secret)
    page.close()
    return context


def sign_in(page: Page, system: System) -> None:
    """Name and password."""
    page.goto("/login/")
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(system.password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    """A fresh page in English; fails when the browser complains."""
    desk.clear_cookies(name="django_language")
    shown = desk.new_page()
    shown.set_viewport_size({"width": 1600, "height": 900})
    complaints: list[str] = []
    shown.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    yield shown
    shown.close()
    assert [text for text in complaints if not any(word in text for word in KNOWN)] == []


def workbook(*rows: tuple[object, ...]) -> bytes:
    """A workbook of service points."""
    book, out = Workbook(), io.BytesIO()
    for row in (HEADS, *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_second_sign_in_asks_for_the_code_and_takes_it_once(visit: Visit, system: System, desk: object) -> None:
    context = visit(locale="en", base_url=system.address, service_workers="block")
    page = context.new_page()
    sign_in(page, system)
    expect(page).to_have_url(re.compile("/login/code/"))
    page.locator("input[name=code]").fill("000000")
    page.locator("input[name=code]").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    totp = pyotp.TOTP((system.home / "factor").read_text())
    # The code that set the factor up was used; the next one is what a clock a little ahead shows already.
    page.locator("input[name=code]").fill(totp.at(time.time() + totp.interval))
    page.locator("input[name=code]").press("Enter")
    page.wait_for_load_state()
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("admin")
    context.close()


def test_a_list_is_filtered_and_a_record_edited_with_its_history(page: Page) -> None:
    page.goto(LIST)
    rows = page.locator("main table tbody tr")
    expect(rows.first).to_be_visible()
    page.locator("main input[name=q]").fill("古山")
    expect(rows.first).to_contain_text("古山")
    page.locator("main table tbody a").first.click()
    page.get_by_role("link", name="Edit").first.click()
    page.locator("[name=windows]").fill("17")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("17")
    page.goto(page.url.rstrip("/") + "/history/")
    expect(page.locator("main")).to_contain_text("Windows")
    expect(page.locator("main")).to_contain_text("17")


def test_what_is_wrong_in_a_form_is_said_beside_the_field(page: Page) -> None:
    page.goto(f"{LIST}new/")
    page.locator("[name=manager_mobile]").fill("12345")
    page.locator("form", has=page.locator("[name=manager_mobile]")).evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[name=title][aria-invalid=true]")).to_be_visible()
    expect(page.locator("[name=manager_mobile][aria-invalid=true]")).to_be_visible()


def test_a_bad_workbook_is_imported_mended_and_imported_again(page: Page, tmp_path: Path) -> None:
    good = ("好网点", "Town service centre", "浙江省金华市永康市古山镇一号", "8:30-17:30", 3, "gushan")
    bad = ("坏网点", "No such kind", "浙江省金华市永康市古山镇二号", "8:30-17:30", "many", "gushan")
    page.goto(f"{LIST}import/")
    page.locator("input[type=file]").set_input_files(
        {"name": "points.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(good, bad)}
    )
    page.get_by_role("button", name="Look through").click()
    expect(page.locator("main")).to_contain_text("Refused")
    expect(page.locator("main")).to_contain_text("Kind")
    page.get_by_role("button", name="Import now").click()
    expect(page.locator("main")).to_contain_text("Done")
    with page.expect_download() as waiting:
        page.locator("a[href$='errors.xlsx']").first.click()
    mended = tmp_path / "mended.xlsx"
    waiting.value.save_as(mended)
    book = load_workbook(mended)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    refused = [cell.value for cell in sheet[2]]
    assert refused[heads.index("Name")] == "坏网点"
    assert "Kind" in " ".join(str(value) for value in refused if value)
    sheet.cell(2, heads.index("Kind") + 1, "Village service point")
    sheet.cell(2, heads.index("Windows") + 1, 2)
    book.save(mended)
    page.goto(f"{LIST}import/")
    page.locator("input[type=file]").set_input_files(mended)
    page.get_by_role("button", name="Look through").click()
    page.get_by_role("button", name="Import now").click()
    expect(page.locator("main")).to_contain_text("Done")
    page.goto(f"{LIST}?q=坏网点")
    expect(page.locator("main table tbody tr")).to_have_count(1)


def test_the_palette_finds_by_pinyin_and_opens_by_keyboard(page: Page) -> None:
    page.goto("/work/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox").first
    box.fill("bmfw")
    expect(page.get_by_role("option").first).to_be_visible()
    box.fill("Service points")
    expect(page.get_by_role("option", name=re.compile("Service points")).first).to_be_visible()
    expect(page.get_by_role("option").first).to_contain_text("Service points")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/records/service-point/"))


def test_the_language_switches_on_a_register(page: Page) -> None:
    page.goto(LIST)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Service points")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("办事网点")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Service points")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("main")).to_be_visible()
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
