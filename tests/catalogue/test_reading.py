"""YAML as this project reads it: exact, strict, and able to name the line."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.catalogue.reading import BadFile, line_of, read_documents


def written(tmp_path, text):
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("0.1", Decimal("0.1"), id="numbers with a point are exact"),
        pytest.param("12", 12, id="whole numbers"),
        pytest.param("010", "010", id="a leading zero means a code, not an octal number"),
        pytest.param("1e5", "1e5", id="no exponents"),
        pytest.param("1:30", "1:30", id="no sixties"),
        pytest.param("yes", "yes", id="yes is a word"),
        pytest.param("true", True, id="true is not"),
        pytest.param("2016-01-01", date(2016, 1, 1), id="a day"),
        pytest.param("~", None, id="nothing"),
    ],
)
def test_a_scalar_means_what_it_says(tmp_path, text, value):
    (read,) = read_documents(written(tmp_path, f"value: {text}"))
    assert (read["value"], type(read["value"])) == (value, type(value))


def test_on_is_a_key_like_any_other(tmp_path):
    assert read_documents(written(tmp_path, "{on: filed, off: x}")) == [{"on": "filed", "off": "x"}]


def test_several_documents_and_empty_ones(tmp_path):
    assert read_documents(written(tmp_path, "a: 1\n---\n---\nb: 2\n")) == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", 3, "写了两遍", id="a key twice"),
        pytest.param("a:\n  b: 1\n  c: {d: 1, d: 2}\n", 3, "写了两遍", id="a key twice, deeper"),
        pytest.param("a: [1\nb: 2\n", 2, "YAML 格式不对", id="an open bracket"),
        pytest.param("a: 2016-01-01\nb: 2016-02-30\n", 2, "不存在的日期", id="a day that the calendar lacks"),
        pytest.param("a: !!python/object/apply:os.system [ls]\n", 1, "YAML 格式不对", id="code is not run"),
    ],
)
def test_a_bad_file_says_its_line_and_the_remedy(tmp_path, text, line, said):
    with pytest.raises(BadFile) as caught:
        read_documents(written(tmp_path, text))
    assert caught.value.line == line
    assert said in caught.value.message
    assert caught.value.remedy


def test_a_file_in_another_encoding(tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes("name: 高企".encode("gbk"))
    with pytest.raises(BadFile) as caught:
        read_documents(path)
    assert "UTF-8" in caught.value.message


def test_the_line_of_a_part_is_found_again(tmp_path):
    path = written(tmp_path, "code: a\n---\ncode: b\nfields:\n  - code: x\n  - code: y\n    maps: title\n")
    assert line_of(path, 1, ("fields", 1, "maps")) == 7
    assert line_of(path, 1, ("fields", 1, "type")) == 6, "a part that is missing: where it should stand"
    assert line_of(path, 1, ("nowhere",)) == 3
    assert line_of(path, 0, ("code",)) == 1
