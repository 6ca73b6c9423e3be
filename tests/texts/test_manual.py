"""The worked example of the manual, carried out."""

import re

from keshu.bureau.texts import reading
from keshu.bureau.texts.showing import where
from tests.docs.pages import page, section

TOLD = section(page("docs/manual/13-texts.md"), "走一遍")


def test_the_example_has_the_figures_and_the_findings_that_the_page_tells():
    words = "\n".join(re.findall(r"^ {4}(.+)$", TOLD, re.MULTILINE))
    found = reading.read(words.encode(), "半年情况.txt", year=2026)
    assert f"认出 {len(found.figures)} 个数" in TOLD
    rows = re.findall(r"^\| (第\d行) \| (.+?) \| (.+?) \|$", TOLD, re.MULTILINE)
    assert len(rows) == len(found.findings) == 3
    for (place, said, _why), one in zip(rows, found.findings, strict=True):
        assert where(found.blocks, one["spans"][0][0]) == place
        assert said in [words[start:end] for start, end in one["spans"]]
