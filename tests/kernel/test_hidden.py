"""Signs that nobody sees are found; everything that people type is left alone."""

import pytest

from keshu.kernel.typed.hidden import hidden_sign


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""), ("国库支〔2026〕0108号", ""), ("第一行\n第二行\t列", ""), ("㐂𠀀é→①", ""), ("全角　空格", ""),
        ("拨\u200b1", "U+200B"), ("\ufeff拨1", "U+FEFF"), ("a\u202eb", "U+202E"), ("a\x00b", "U+0000"), ("a\x1cb", "U+001C"),
        ("a\x85b", "U+0085"), ("a\u2028b", "U+2028"), ("a\ue000b", "U+E000"), ("a\ud800b", "U+D800"),
    ],
)  # fmt: skip
def test_the_first_unseen_sign_is_named(text, found):
    assert hidden_sign(text) == found
