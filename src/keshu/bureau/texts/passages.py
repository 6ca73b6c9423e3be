"""The sentences that a finding is about: what a person's judgement of it hangs on when the text comes back changed."""

import hashlib
import re
from collections.abc import Iterable, Sequence

ENDS = re.compile(r"[。！？；\n]")
REACH = 400  # characters to either side; a longer sentence is cut there


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence, or the sentences, that `text[start:end]` stands in, its closing mark included."""
    low = max(0, start - REACH)
    before = [found.end() for found in ENDS.finditer(text, low, start)]
    after = ENDS.search(text, max(start, end - 1), min(len(text), end + REACH))
    return (before[-1] if before else low), (after.end() if after else min(len(text), end + REACH))


def quote(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The sentences of all spans, each once, in their order."""
    found = dict.fromkeys(sentence_at(text, start, end) for start, end in spans)
    return " … ".join(dict.fromkeys(" ".join(text[start:end].split()) for start, end in found))


def passage(text: str, code: str, spans: Iterable[Sequence[int]]) -> str:
    """A hash of the check and its sentences. Blanks do not count: a new line break is no new statement."""
    plain = "".join(quote(text, spans).split())
    return hashlib.sha256(f"{code}\n{plain}".encode()).hexdigest()
