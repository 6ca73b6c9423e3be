"""What an applicant does: opens her form, types, uploads, hands in, submits; and goes on where the line broke.

One connection for each request, closed afterwards, as a crowd behind a proxy looks to the server. What fails is asked
again after the pauses of the pages' own scripts; an answer of 500 or above counts as no answer.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.deadline_city import SLOT, Applicant

PAUSES = (1, 2, 4, 8, 15, 30)  # seconds, as upload.js; the last one again and again
PATIENCE = 120.0  # seconds for one answer
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SEEN = re.compile(r'name="event" value="(\w+)"><input type="hidden" name="seen" value="(\d+)"')
_NUMBER = re.compile(r'class="ap-number">([^<]+)<')
_HASH = re.compile(r'class="k-mono">([0-9a-f]{64})<')


class Broken(Exception):
    """No answer, or none that counts; the text is the kind of error."""


class Refused(Exception):
    """An answer that the page would show to its reader instead of trying again."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Tally:
    """What was measured: seconds of every answer by the kind of request, errors by kind."""

    answers: dict[str, list[float]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)  # from the click to the receipt, with every attempt between
    errors: Counter[str] = field(default_factory=Counter)
    begun: float = field(default_factory=time.perf_counter)
    ended: float = 0.0


async def exchange(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    """One request, one answer. Raises Broken."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                lines = {
                    "Host": f"127.0.0.1:{port}",
                    "Connection": "close",
                    "Content-Length": str(len(body)),
                    **headers,
                }
                head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items()) + "\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
                return await _read(reader)
            finally:
                writer.close()
    except TimeoutError:
        raise Broken("no answer in time") from None
    except ConnectionRefusedError:
        raise Broken("connection refused") from None
    except asyncio.IncompleteReadError:
        raise Broken("answer broken off") from None
    except OSError as error:
        raise Broken(f"connection lost ({type(error).__name__})") from None


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in head[1:]:
        name, _colon, value = line.partition(":")
        if name.lower() == "set-cookie" and value.strip().startswith("csrftoken="):
            headers["csrftoken"] = value.strip().partition("=")[2].partition(";")[0]
        elif name:
            headers[name.lower()] = value.strip()
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
    else:
        body = await reader.read()
    return Answer(int(head[0].split()[1]), headers, body)


class Browser:
    """The session of one applicant."""

    def __init__(self, who: Applicant, port: int, tally: Tally, chance: random.Random, until: float) -> None:
        self.who, self.port, self.tally, self.chance, self.until = who, port, tally, chance, until
        self.csrf = self.token = ""

    async def once(self, kind: str, method: str, path: str, body: bytes = b"", mime: str = "") -> Answer:
        cookies = f"sessionid={self.who.session}" + (f"; csrftoken={self.csrf}" if self.csrf else "")
        headers = {"Cookie": cookies, "Accept-Language": "zh-hans"}
        if body or method != "GET":
            headers |= {"X-CSRFToken": self.token, "Content-Type": mime}
        begun = time.perf_counter()
        try:
            answer = await exchange(self.port, method, path, headers, body)
            if answer.status >= 500:
                raise Broken(f"status {answer.status}")
        except Broken as error:
            self.tally.errors[str(error)] += 1
            raise
        self.tally.answers.setdefault(kind, []).append(time.perf_counter() - begun)
        self.csrf = answer.headers.get("csrftoken", self.csrf)
        if found := _TOKEN.search(answer.text) if method == "GET" else None:
            self.token = found[1]
        return answer

    async def ask(self, kind: str, method: str, path: str, body: bytes = b"", mime: str = "") -> Answer:
        """Until there is an answer. Raises Refused for one that asks for a person, Broken when the time is over."""
        tries = 0
        while True:
            try:
                answer = await self.once(kind, method, path, body, mime)
            except Broken:
                if time.monotonic() > self.until:
                    raise
                await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)] * self.chance.uniform(0.8, 1.2))
                tries += 1
                continue
            if answer.status >= 400:
                raise Refused(f"{kind}: status {answer.status} {answer.text[:200]}")
            return answer

    async def page(self, kind: str, path: str) -> Answer:
        """A page, wherever it leads."""
        answer = await self.ask(kind, "GET", path)
        while answer.status in (301, 302):
            answer = await self.ask(kind, "GET", answer.headers["location"])
        return answer

    async def json(self, kind: str, path: str, content: object) -> dict:
        answer = await self.ask(kind, "POST", path, json.dumps(content).encode(), "application/json")
        if answer.status != 200:
            raise Refused(f"{kind}: status {answer.status}")
        return dict(json.loads(answer.body))

    async def rest(self, most: float) -> None:
        if most:
            await asyncio.sleep(self.chance.uniform(0, most))


async def apply(browser: Browser, pause: float) -> None:
    """From the open form to the receipt. What goes wrong for good is told in `who.trouble`."""
    who, root = browser.who, f"/programmes/cases/{browser.who.case}"
    try:
        page = await browser.page("open form", f"{root}/form/")
        section = re.search(r'data-figures="([^"]+)"', page.text)
        if section is None:
            raise Refused("open form: no form on the page")
        versions: dict[str, int] = {}
        for draft in who.drafts:
            await browser.rest(pause)
            await _save(browser, root, draft, versions)
            await browser.ask("figures", "GET", section[1])
        await browser.rest(pause)
        await _upload(browser, root)
        for event in ("hand_in", "submit"):
            await browser.rest(pause)
            await _hand_over(browser, root, event)
    except (Broken, Refused) as error:
        who.trouble = str(error)


async def _save(browser: Browser, root: str, draft: dict[str, str], versions: dict[str, int]) -> None:
    who = browser.who
    changes = [[path, text, versions.get(path, 0)] for path, text in draft.items()]
    who.sent |= draft
    told = await browser.json("autosave", f"{root}/form/cells/", {"changes": changes})
    if told["conflicts"]:
        raise Refused(f"autosave: conflict {told['conflicts']}")
    versions |= told["versions"]
    who.kept |= {path: draft[path] for path in told["versions"]}


async def _upload(browser: Browser, root: str) -> None:
    """As upload.js: the server says how much it has, and what it lacks is sent in pieces."""
    who, base, size = browser.who, f"{root}/form/papers/uploads", len(browser.who.paper)
    begun = await browser.json("upload", base, {"slot": SLOT, "name": "执照.pdf", "size": size})
    at = begun["received"]
    while at < size:
        piece = who.paper[at : at + min(begun["chunk"], 16_384)]
        path = f"{base}/{begun['id']}?offset={at}"
        at = json.loads((await browser.ask("upload", "PUT", path, piece, "application/octet-stream")).body)["received"]
    await browser.json("upload", f"{base}/{begun['id']}/finish", {})
    who.paper_in = True


async def _hand_over(browser: Browser, root: str, event: str) -> None:
    """Read the check, press the button; one in five presses it twice. The key of the click is the event and `seen`."""
    who = browser.who
    check = await browser.page("check", f"{root}/form/check/")
    steps = dict(_SEEN.findall(check.text))
    if event not in steps:
        raise Refused(f"{event}: not offered")
    words = {"csrfmiddlewaretoken": browser.token, "event": event, "seen": steps[event]}
    body, mime, begun = urlencode(words).encode(), "application/x-www-form-urlencoded", time.perf_counter()
    clicks = [browser.ask(event, "POST", f"{root}/form/check/", body, mime) for _ in range(1 + (who.number % 5 == 0))]
    for answer in await asyncio.gather(*clicks):
        where = answer.headers.get("location", "")
        if event == "hand_in" and where.endswith(f"{root}/"):
            who.handed_in = True
        elif event == "submit" and "/receipts/" in where:
            await _receipt(browser, where)
        else:
            raise Refused(f"{event}: led to {where}")
    if event == "submit":
        browser.tally.waits.append(time.perf_counter() - begun)


async def _receipt(browser: Browser, where: str) -> None:
    page = await browser.page("receipt", where)
    number, digest = _NUMBER.search(page.text), _HASH.search(page.text)
    if number is None or digest is None:
        raise Refused("receipt: nothing on it")
    browser.who.receipts.add((int(where.rstrip("/").rpartition("/")[2]), number[1].strip(), digest[1]))


async def one_by_one(people: list[Applicant], port: int, until: float) -> Tally:
    """The idle server: nobody else is there, nobody pauses."""
    tally, chance = Tally(), random.Random(3)
    for who in people:
        await apply(Browser(who, port, tally, chance, until), 0.0)
    tally.ended = time.perf_counter()
    return tally


async def all_at_once(people: list[Applicant], port: int, until: float, pause: float) -> Tally:
    tally = Tally()
    await asyncio.gather(*(apply(Browser(who, port, tally, random.Random(who.number), until), pause) for who in people))
    tally.ended = time.perf_counter()
    return tally
