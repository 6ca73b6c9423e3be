"""Steps of a walk through a programme in a browser: who does what on which page."""

import io
import re
from pathlib import Path
from urllib.parse import urlparse

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

TEXTS = {
    "unit": {"contact_phone": "13900000000"},
    "firm": {
        "revenue": "4860万", "rd_expense": "412万", "profit": "530万", "assets": "6200万", "staff": "126",
        "rd_staff": "31", "main_product": "石墨烯改性材料",
    },
    "project": {
        "project_name": "石墨烯散热膜连续制备关键技术研究", "project_field": "工业", "plan_start": "2027-01-01",
        "plan_end": "2028-12-31", "summary": "面向储能电池包散热需求，研究石墨烯散热膜的连续制备工艺和在线检测方法。",
        "keywords": "石墨烯；散热膜；连续制备",
    },
    "leader": {
        "leader_name": "沈亦舟", "leader_idcard": "990102198503152019", "leader_degree": "博士", "leader_title": "副高级",
        "leader_speciality": "材料学", "leader_months": "8", "leader_phone": "13800000000",
    },
    "content": {
        "background": "储能电池包的散热膜依赖外购，成本高、批次差异大，本地十余家电池企业都有需求。",
        "research": "一、浆料分散与涂布；二、高温连续石墨化；三、厚度与导热系数的在线检测。",
        "novelty": "以分段张力控制实现幅宽一米的连续石墨化。", "basis_work": "已建成小试线，取得发明专利两件。",
    },
    "goals": {"goal": "建成年产五十万平方米的中试线，导热系数不低于每米开尔文一千五百瓦。"},
    "ethics": {"ethics": "否", "biosafety": "否", "secret": "否"},
    "pledge": {"truthful": "是", "integrity": "是", "no_accident": "是"},
}  # fmt: skip
ROWS = {
    "members": {"members": [("沈亦舟", "本单位", "副高级", "材料学", "总体方案", "8"), ("陆宛", "本单位", "中级", "化工", "浆料", "6")]},
    "goals": {
        "targets": [("导热系数", "技术指标", "不低于 1500 W/(m·K)", "检测报告"), ("发明专利", "成果指标", "2 件", "受理通知书")],
        "schedule": [("2027-01-01", "2027-12-31", "工艺与装备", "小批量样品"), ("2028-01-01", "2028-12-31", "中试与示范", "中试线验收")],
    },
}  # fmt: skip
MONEY = {"1": ("100000", "200000"), "2": ("120000", "150000"), "3": ("60000", "100000"), "4": ("20000", "50000")}


def pdf(text: str) -> dict[str, object]:
    """A small real PDF as a file to upload."""
    out = io.BytesIO()
    sheet = Image.new("RGB", (420, 594), "white")
    ImageDraw.Draw(sheet).rectangle((30, 30, 390, 60 + len(text)), outline="black")
    sheet.save(out, "PDF")
    return {"name": f"{text}.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


def jpeg(name: str, colour: str) -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


class Walk:
    """One case walked through by several people, each with her own signed-in page."""

    def __init__(self, page_as, picture, case: int = 0) -> None:
        self.page_as, self.picture, self.case = page_as, picture, case
        self.pages: dict[str, Page] = {}

    def of(self, user: str) -> Page:
        """The page of a user; she signs in once."""
        if user not in self.pages:
            self.pages[user] = self.page_as(user)
        return self.pages[user]

    def go(self, user: str, address: str) -> Page:
        page = self.of(user)
        answer = page.goto(address)
        assert answer and answer.status == 200, f"{address}: {answer and answer.status} for {user}"
        return page

    def see(self, user: str, rest: str = "") -> Page:
        """The page of the case, or one below it."""
        return self.go(user, f"/programmes/cases/{self.case}/{rest}")

    def state(self, user: str) -> str:
        return self.see(user).locator("#case-now").inner_text()

    def take(self, user: str, label: str, **fields: str) -> Page:
        """Take an event from the page of the case: its button, what it asks, its confirmation."""
        page = self.see(user)
        page.locator(".k-case-actions").get_by_role("link", name=label, exact=True).click()
        self.fill(page, fields)
        page.locator(
            "main form[method=post] button.btn-primary, main form[method=post] button.btn-danger"
        ).first.click()
        self.settled(page)
        return page

    def fill(self, page: Page, fields: dict[str, object]) -> None:
        """Fill controls by name, whichever kind each is."""
        for name, text in fields.items():
            put(page.locator(f"main [name$='{name}']:not([type=hidden])"), text)

    def settled(self, page: Page) -> None:
        """The page went on: no error is shown."""
        page.wait_for_load_state("networkidle")
        wrong = page.locator(
            "main .k-error-list, main .invalid-feedback, main .k-note-bad, .k-message-bad, .alert-danger"
        )
        assert wrong.count() == 0, f"{page.url}: {wrong.all_inner_texts()}"

    def ask(self, user: str, rest: str, **fields: object) -> Page:
        """Fill in and send one of the forms below the case."""
        page = self.see(user, rest)
        self.fill(page, fields)
        page.locator("main form[method=post] button.btn-primary").first.click()
        self.settled(page)
        return page


def put(control: Locator, text: object) -> None:
    """Type, choose or tick."""
    first = control.first
    kind = first.evaluate("e => e.tagName + ':' + e.type")
    if kind.startswith("SELECT"):
        values = first.locator("option").evaluate_all("o => o.map(e => [e.value, e.text.trim()])")
        found = [value for value, label in values if text in (value, label) or (label and label.startswith(str(text)))]
        assert found, f"{text} is none of {values}"
        first.select_option(found[0])
    elif kind.endswith(":radio"):
        control.and_(control.page.locator(f"[value='{text}']")).check()
    elif kind.endswith(":checkbox"):
        first.set_checked(bool(text))
    elif kind.endswith(":file"):
        first.set_input_files(text)
    else:
        first.fill(str(text))


# --- the form ---------------------------------------------------------------


def field(page: Page, path: str) -> Locator:
    return page.locator(f"[name='c-{path}']")


def saved(page: Page) -> None:
    """The form says that the server has everything."""
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=8000)


def fill_form(walk: Walk, user: str, leader: dict[str, str] | None = None) -> None:
    """Fill every section as a person would: type, look at 已保存, go on. `leader`: what differs of the usual one."""
    for section in ("unit", "firm", "project", "leader", "members", "content", "goals", "budget", "ethics", "pledge"):
        page = walk.see(user, f"form/sections/{section}/")
        texts = TEXTS.get(section, {}) | ((leader or {}) if section == "leader" else {})
        for code, text in texts.items():
            put(field(page, code), text)
        for table, rows in ROWS.get(section, {}).items():
            fill_table(page, table, rows)
        if section == "budget":
            fill_budget(page)
        page.locator("main h2").first.click()
        saved(page)
        if section == "budget":
            expect(page.locator("[data-computed=grant_total]")).to_have_text(re.compile("300,?000"))
        if section == "project":
            walk.picture(page, "programmes-form")


def fill_table(page: Page, table: str, rows: list[tuple[str, ...]]) -> None:
    for number, texts in enumerate(rows):
        lines = page.locator(f"table:has([data-path^='{table}:']) tbody tr")
        cells = lines.nth(number).locator("[data-path]")
        for place, text in enumerate(texts):
            put(cells.nth(place).locator("[name^='c-']"), text)


def fill_budget(page: Page) -> None:
    for row, (grant, own) in MONEY.items():
        put(field(page, f"budget:{row}:grant"), grant)
        put(field(page, f"budget:{row}:own"), own)


def upload_papers(walk: Walk, user: str) -> None:
    """A PDF each, and two photographs merged into one."""
    page = walk.see(user, "form/papers/")
    for code in ("licence", "commitment", "audit"):
        page.set_input_files(f"#file-{code}", pdf(code))
        expect(page.locator(f"#papers-{code}")).to_contain_text(f"{code}.pdf", timeout=15000)
    slot = page.locator("#slot-leader_proof")
    slot.locator("summary").click()
    slot.locator("#merge-leader_proof").set_input_files([jpeg("证书一.jpg", "beige"), jpeg("证书二.jpg", "lightblue")])
    slot.get_by_role("button", name="合并上传").click()
    expect(page.locator("#papers-leader_proof")).to_contain_text(".pdf", timeout=15000)


def case_of(page: Page) -> int:
    found = re.search(r"/cases/(\d+)/", urlparse(page.url).path)
    assert found, page.url
    return int(found[1])


def downloaded(page: Page, trigger: Locator, folder: Path) -> Path:
    with page.expect_download() as waiting:
        trigger.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path
