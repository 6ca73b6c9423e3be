"""The texts that wait in the demo: the planted faults are found, one by one; the clean draft is left in peace."""

import pytest

from keshu.catalogue import load
from keshu.kernel.prose.checking import check
from keshu.kernel.prose.reading import read
from keshu.office.texts import read_text
from keshu.site.demo.drafts import FAULTS, with_faults, word_of

LINES = [
    "白沙县2026年科技工作情况",
    "一、主要工作",
    "坚持创新驱动发展，扎实推进各项科技工作。",
    "下一步，将继续抓好落实。",
]
CHECKS = tuple(load().checks.values())


def found_in(text: str) -> list[tuple[int, int]]:
    findings = check(text, read(text, 2026), year=2026, checks=CHECKS, phrases=())
    return [tuple(span) for one in findings if one.certainty in ("certain", "likely") for span in one.spans]


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_found(fault: str) -> None:
    assert found_in(f"{fault}\n")


def test_the_faults_stand_in_the_file_as_they_were_planted() -> None:
    file = read_text(word_of(with_faults(LINES)), "报送稿.docx")
    spans = found_in(file.text)
    for fault in FAULTS:
        start = file.text.index(fault)
        assert any(start <= at < start + len(fault) for at, _ in spans), fault


def test_the_lines_around_them_are_clean() -> None:
    assert found_in("\n".join(LINES)) == []
