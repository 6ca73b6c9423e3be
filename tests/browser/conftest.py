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


@pytest.fixture
def page_as(chromium, site):
    """`page_as("office")` is a page signed in with that demo account; errors of scripts and foreign requests fail the test."""
    contexts, faults = [], []

    def sign_in(username: str, width: int = 1366, height: int = 768):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", base_url=site)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: faults.append(r.url) if not r.url.startswith((site, "data:", "blob:")) else None)
        page.goto("/accounts/sign-in/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", "Yunling#2026")
        page.click("main form[method=post] button.btn-primary")
        page.wait_for_load_state("networkidle")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert faults == []


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
