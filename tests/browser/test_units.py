"""Somebody from outside: registers, claims an organisation, is let in, says what it is, asks a colleague in."""

import base64
import re

import pytest
from tests.ledgers.workbooks import code as uscc

pytestmark = pytest.mark.browser
LICENCE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURES = {"claim", "facts", "members"}
PASSWORD = "Qiushi#2026"


def fits(page) -> bool:
    """Nothing reaches over the right edge."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def fill(page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)


def press(page, words: str) -> None:
    page.click(f"main button:has-text('{words}')")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("width", "number", "scripts"), [(1366, 301, False), (390, 302, True)])
def test_from_registering_to_a_second_member(chromium, site, page_as, picture, width, number, scripts):
    """On a desk and on a phone, with and without JavaScript."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", base_url=site, java_script_enabled=scripts
    )
    page, widths = context.new_page(), []

    def show(name: str) -> None:
        if scripts:
            widths.append((name, fits(page)))
        elif name in PICTURES:
            picture(page, name)

    page.goto("/accounts/register/")
    fill(
        page,
        username="li.na",
        name="李娜",
        phone="13800138000",
        email="li@example.com",
        password=PASSWORD,
        again=PASSWORD,
    )
    show("register")
    press(page, "注册")
    account = page.inner_text("#account")
    assert re.fullmatch(r"li\.na-\d{4}", account)
    page.click("text=登录并认领单位")
    fill(page, username=account, password=PASSWORD)
    press(page, "登录")
    fill(page, uscc=uscc("990121", number), name=f"云岭新芽{number}科技有限公司", note="本人为公司研发主管")
    page.set_input_files("[name=proof]", {"name": "营业执照.png", "mimeType": "image/png", "buffer": LICENCE})
    show("claim")
    press(page, "提交认领")
    assert "待审核" in page.inner_text("main")

    office = page_as("office")
    office.goto("/accounts/claims/")
    office.check(f"tr:has-text('新芽{number}') input[name=claim]")
    if width == 1366:
        picture(office, "claims")
    press(office, "通过所选")
    press(office, "通过")
    assert "已办理 1 件认领" in office.inner_text("main")

    page.goto("/accounts/unit/")
    show("unit")
    page.click(f"main a:has-text('新芽{number}')")
    page.select_option("[name=unit_type]", "企业")
    fill(
        page,
        registered_on="2019-05-06",
        legal_person="李某",
        capital="500",
        industry="仪器仪表制造业",
        phone="0598-1234567",
        address="解放路1号",
    )
    press(page, "保存")
    assert page.input_value("[name=capital]") == "500"
    show("facts")
    page.click("nav.k-tabs a:has-text('成员')")
    fill(page, note="给同事")
    press(page, "邀请")
    assert re.fullmatch(r"([A-Z2-9]{4}-){2}[A-Z2-9]{4}", page.inner_text("#code"))
    page.click("text=已记下")
    page.wait_for_load_state("networkidle")
    show("members")
    page.goto("/accounts/codes/")
    press(page, "生成恢复码")
    codes = page.locator(".k-codes li").all_inner_texts()
    show("codes")
    context.clear_cookies()
    page.goto("/accounts/recover/")
    show("recover")
    page.goto("/accounts/recover/code/")
    fill(page, username=account, code=codes[0], password=PASSWORD + "!", again=PASSWORD + "!")
    press(page, "设置新密码")
    fill(page, username=account, password=PASSWORD + "!")
    press(page, "登录")
    assert "我能报什么" in page.inner_text("h1")
    assert [name for name, fitting in widths if not fitting] == []
    context.close()
