"""A whole demo city, loaded once and served by the real command; a Chromium that may talk to this machine only."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.city import KESHU, demo_city, environment

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # fmt: skip


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Path:
    return demo_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def site(city) -> str:
    """The address of the served city."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([KESHU, "serve", "--port", str(port)], env=environment(city))
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(15)


def _await(address: str, server: subprocess.Popen) -> None:
    for _ in range(150):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            urllib.request.urlopen(f"{address}/accounts/sign-in/", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer")


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    assert path, "Chromium is missing: make test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Desks:
    """Pages of signed-in demo accounts, each in a browser context of its own; what goes wrong in them is kept."""

    def __init__(self, chromium, site: str) -> None:
        self.chromium, self.site = chromium, site
        self.contexts, self.faults = [], []

    def sign_in(self, username: str, width: int = 1366, height: int = 768):
        view = {"width": width, "height": height}
        context = self.chromium.new_context(viewport=view, locale="zh-CN", base_url=self.site)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._local_only)
        page.goto("/accounts/sign-in/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", "Yunling#2026")
        page.click("main form[method=post] button.btn-primary")
        page.wait_for_load_state("networkidle")
        return page

    def _local_only(self, request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(request.url)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.faults == []


@pytest.fixture
def page_as(chromium, site):
    """`page_as("office")` is a page signed in with that demo account; errors of scripts and foreign requests fail the test."""
    desks = Desks(chromium, site)
    yield desks.sign_in
    desks.close()


@pytest.fixture(scope="module")
def desk_of(chromium, site):
    """`desk_of("office")` is the page of that account for all tests of a module: signed in once, when first asked for."""
    desks, pages = Desks(chromium, site), {}

    def page(username: str, width: int = 1366, height: int = 768):
        key = (username, width)
        pages[key] = pages.get(key) or desks.sign_in(username, width, height)
        return pages[key]

    yield page
    desks.close()


@pytest.fixture
def picture():
    """`picture(page, name)` keeps a screenshot in the directory that KESHU_PICTURES names; without it, in test-results."""
    folder = Path(os.environ.get("KESHU_PICTURES", "test-results"))

    def take(page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take
