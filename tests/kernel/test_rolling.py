"""Last year's sentences rolled forward to frames; what would be false now is stale."""

import pytest

from keshu.catalogue.frames import parse_frame
from keshu.kernel.prose.reference import Reference
from keshu.kernel.prose.rolling import Put, Rolled, roll


def rolled(sentence: str, **references: str) -> Rolled:
    puts = []
    for said, reference in references.items():
        words = said.removeprefix("_")
        start = sentence.index(words)
        puts.append(Put(start, start + len(words), Reference.parse(f"{{{reference}}}")))
    return roll(sentence, puts, year=2025, place="云岭市", whole="全市")


def test_comparisons_take_their_words_with_them() -> None:
    sentence = "截至2025年12月底，云岭市有效高新技术企业达到96家，较上年末增加18家，同比增长23.1%，居全省第3位。"
    found = rolled(
        sentence, _96家="hte.valid", _18家="hte.valid:difference", _23="hte.valid:growth", _第3位="hte.valid:rank"
    )
    assert found.stale == ""
    assert found.frame.startswith("{$place}有效高新技术企业达到{hte.valid}⟨，{hte.valid:difference}⟩")
    assert "较上年末" not in found.frame
    assert "居全省" not in found.frame


def test_a_frame_can_be_parsed_whatever_the_sentence_holds() -> None:
    found = rolled("在2025年，全市{试点}单位|名单⟨略⟩共5家。", _5家="firm.count")
    assert parse_frame(found.frame)
    assert "{$year}年" in found.frame
    assert "{$whole}" in found.frame


def test_the_next_year_moves_on_too() -> None:
    found = rolled("2026年，力争有效高新技术企业达到110家以上。", _110家="hte.valid:target(next)")
    assert found.frame == "{$next_year}年，力争有效高新技术企业达到{hte.valid:target(next)}。"


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("8月15日召开全市科技创新大会。", "8月15日"),
        ("成功举办第五届创新创业大赛。", "第五届"),
        ("首次获批国家级平台。", "首次"),
        ("自2019年以来持续推进体制改革。", "2019年"),
    ],
)
def test_what_was_true_only_then_is_stale(sentence: str, why: str) -> None:
    assert why in rolled(sentence).stale


def test_a_figure_that_nothing_stands_behind_makes_the_sentence_stale() -> None:
    sentence = "培训乡土人才1200人次。"
    found = roll(sentence, [], year=2025, loose=[(6, 12)])
    assert "1200人次" in found.stale
    assert found.frame == ""


def test_words_without_figures_are_kept() -> None:
    assert rolled("坚持党建引领，推动科技体制改革走深走实。").frame == "坚持党建引领，推动科技体制改革走深走实。"


def test_a_completion_says_its_target_too() -> None:
    sentence = "有效科技型中小企业达184家，完成年度任务（180家）的102.2%。"
    found = rolled(sentence, _184家="tsme.valid", _180家="tsme.valid:target", _102="tsme.valid:completion")
    assert found.frame.startswith("有效科技型中小企业达{tsme.valid}，{tsme.valid:completion}")


def test_one_deed_of_the_year_is_not_carried_over() -> None:
    assert "获评" in rolled("云岭白石环保获评国家知识产权示范企业。").stale
