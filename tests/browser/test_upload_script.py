"""The script of resumable uploads against a server that drops lines, forgets pieces and refuses; no city is needed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

import keshu.bureau.forms

SCRIPT = Path(keshu.bureau.forms.__file__).parent / "static" / "forms" / "upload.js"
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>上传</title>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="TOKEN">
<input type="file" name="paper" data-upload="/up/" data-slot="licence" data-types="pdf" data-most="3000000" data-into="#kept">
</form><ul id="kept"></ul><script type="module" src="/upload.js"></script></html>"""
DATA = b"%PDF-1.7\n" + bytes(range(256)) * 9000  # 2.3 MB: three pieces


class Server(ThreadingHTTPServer):
    """Keeps the bytes of one upload; `faults` are the answers to the next pieces: "drop", "torn", 503, "signed-out"."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept, self.faults, self.asked, self.tokens = bytearray(), [], [], set()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, content, status=200, mime="application/json"):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/upload.js":
            return self.answer(SCRIPT.read_bytes(), mime="text/javascript")
        return self.answer(PAGE.encode(), mime="text/html")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.tokens.add(self.headers.get("X-CSRFToken"))
        self.server.asked.append(self.path)
        if self.path == "/up/U1/finish":
            return self.answer({"html": f"<li>{len(self.server.kept)} 字节</li>"})
        told = json.loads(body)
        if told["name"] == "refused.pdf":
            return self.answer({"code": "quota", "message": "文件太多。", "remedy": "请先取消一些。"}, 400)
        return self.answer({"id": "U1", "received": len(self.server.kept), "chunk": 1_000_000})

    def do_PUT(self):
        piece = self.rfile.read(int(self.headers["Content-Length"]))
        offset = int(parse_qs(urlparse(self.path).query)["offset"][0])
        self.server.tokens.add(self.headers.get("X-CSRFToken"))
        self.server.asked.append(offset)
        fault = self.server.faults.pop(0) if self.server.faults else None
        if fault == "torn":  # the server died in the middle of writing
            self.server.kept += piece[:1234]
        if fault in ("drop", "torn"):
            self.connection.close()
            return None
        if fault == "signed-out":
            self.send_response(302)
            self.send_header("Location", "/accounts/sign-in/")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if fault == 503:
            return self.answer(b"<h1>busy</h1>", 503, "text/html")
        if offset == len(self.server.kept):
            self.server.kept += piece
        return self.answer({"received": len(self.server.kept)})


@pytest.fixture
def server():
    made = Server()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def page(chromium, server):
    made = chromium.new_page()
    made.goto(server.address)
    yield made
    made.close()


def choose(page, name="执照.pdf", data=DATA):
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "application/pdf", "buffer": data})


@pytest.mark.browser
def test_a_file_arrives_in_pieces_and_leaves_the_form(page, server):
    choose(page)
    page.wait_for_selector("#kept li")
    assert bytes(server.kept) == DATA
    assert server.asked == ["/up/", 0, 1_000_000, 2_000_000, "/up/U1/finish"]
    assert server.tokens == {"TOKEN"}
    assert page.eval_on_selector("input[type=file]", "input => input.files.length") == 0
    assert page.inner_text("#kept") == f"{len(DATA)} 字节"
    assert page.query_selector("progress") is None


@pytest.mark.browser
@pytest.mark.parametrize("fault", ["drop", "torn", 503])
def test_a_dropped_line_goes_on_where_the_server_stopped(page, server, fault):
    server.faults = [None, fault]
    choose(page)
    page.wait_for_selector("#kept li", timeout=15_000)
    assert bytes(server.kept) == DATA


@pytest.mark.browser
def test_the_pause_is_told(page, server):
    server.faults = ["drop", "drop"]
    choose(page)
    page.wait_for_selector("text=连接中断，2 秒后继续")
    page.wait_for_selector("#kept li", timeout=15_000)
    assert bytes(server.kept) == DATA


@pytest.mark.browser
def test_the_same_file_goes_on_after_the_tab_was_closed(page, server):
    server.kept += DATA[:1_500_000]
    choose(page)
    page.wait_for_selector("#kept li")
    assert server.asked[1] == 1_500_000
    assert bytes(server.kept) == DATA


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param("照片.exe", DATA, "不是这里要求的文件类型", id="another type"),
        pytest.param("大.pdf", DATA * 2, "超过上限 2.9 MB", id="too large"),
        pytest.param("空.pdf", b"", "是空文件", id="empty"),
    ],
)
def test_what_is_not_wanted_is_refused_before_a_byte_goes(page, server, name, data, says):
    choose(page, name, data)
    page.wait_for_selector(f"text={says}")
    assert server.asked == []


@pytest.mark.browser
def test_a_refusal_is_shown_with_its_remedy_and_not_tried_again(page, server):
    choose(page, "refused.pdf")
    page.wait_for_selector("text=文件太多。请先取消一些。")
    assert server.asked == ["/up/"]
    choose(page, "空.pdf", b"")
    page.wait_for_selector("text=是空文件")
    assert page.locator(".upload-line.is-bad").count() == 1  # what was wrong with an earlier file is over


@pytest.mark.browser
def test_who_was_signed_out_is_told_what_to_do(page, server):
    server.faults = ["signed-out"]
    choose(page)
    page.wait_for_selector("text=登录已过期")
    assert server.asked == ["/up/", 0]


@pytest.mark.browser
def test_stopping_keeps_what_has_arrived(page, server):
    server.faults = [None, 503, 503, 503]
    choose(page)
    page.wait_for_selector("text=连接中断")
    page.click("text=停止")
    page.wait_for_selector("text=已停止")
    assert len(server.kept) == 1_000_000
