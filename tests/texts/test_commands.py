"""`keshu prose`: JSON as it is promised, exit codes, sentences for bad input, and no Django unless a place is named."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from keshu.bureau.texts.adopting import Standing
from keshu.site.cli import main
from tests.texts.conftest import WORDS, word_file

FIELDS = {"start", "end", "text", "value", "unit", "approx", "kind", "subject"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "半年情况.txt"
    path.write_text(WORDS, encoding="utf-8")
    return path


def test_read_prints_the_figures_of_the_decoded_text(file, capsys):
    assert main(["prose", "read", str(file), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert [one["value"] for one in figures] == ["5", "3", "4", "846000000", "15.3"]
    assert all(set(one) >= FIELDS for one in figures)
    assert [WORDS[one["start"] : one["end"]] for one in figures] == [one["text"] for one in figures]


def test_read_takes_the_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("全县高新技术企业46家。".encode("gb18030"))))
    assert main(["prose", "read", "-", "--json"]) == 0
    assert [one["text"] for one in json.loads(capsys.readouterr().out)] == ["46家"]


def test_read_shows_each_figure_in_its_line(file, capsys):
    assert main(["prose", "read", str(file)]) == 0
    said = capsys.readouterr().out
    assert "第5行" in said and "8.46亿元" in said and "技术合同成交额" in said
    assert "\033" not in said, "colours are for terminals"


def test_check_finds_and_says_so_with_its_exit_code(file, accused, capsys):
    assert main(["prose", "check", str(file), "--json"]) in (0, 1)
    capsys.readouterr()
    accused("5家", "3家")
    assert main(["prose", "check", str(file), "--year", "2026", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"figures", "findings"} and len(found["figures"]) == 5
    (one,) = found["findings"]
    assert {"id", "type", "statement", "severity", "certainty", "spans", "expected", "actual", "remedy"} <= set(one)
    assert [WORDS[start:end] for start, end in one["spans"]] == ["5家", "3家"]
    assert main(["prose", "check", str(file)]) == 1
    said = capsys.readouterr().out
    assert "第3行  确定  分项相加不等于5家" in said and "3＋4＝7" in said


def test_a_text_without_a_fault_exits_with_zero(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text("全县共有高新技术企业46家。", encoding="utf-8")
    assert main(["prose", "check", str(path)]) == 0
    assert "核校结论 0 条" in capsys.readouterr().out


def test_check_writes_the_comments_and_the_report(tmp_path, accused, capsys):
    accused("5家", "3家")
    path = tmp_path / "总结.docx"
    path.write_bytes(word_file(*WORDS.splitlines()))
    assert main(["prose", "check", str(path), "--out", str(tmp_path / "批注.docx")]) == 1
    with zipfile.ZipFile(tmp_path / "批注.docx") as parts:
        assert "3＋4＝7" in parts.read("word/comments.xml").decode()
    assert main(["prose", "check", str(path), "--out", str(tmp_path / "报告.html")]) == 1
    assert "3＋4＝7" in (tmp_path / "报告.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["read", "没有.txt"],
        ["check", "没有.txt"],
        ["check", "{file}", "--out", "out.pdf"],
        ["check", "{file}", "--place", "990121"],
        ["check", "{file}", "--place", "990121", "--period", "哪年"],
        ["read", "{picture}"],
        ["read", "{empty}"],
    ],
    ids=" ".join,
)
def test_bad_input_gets_a_sentence(arguments, file, tmp_path, capsys):
    (tmp_path / "图.docx").write_bytes(b"\xff\xd8\xff\xe0" + b"0" * 60)
    (tmp_path / "空.txt").write_bytes(b"")
    names = {"file": file, "picture": tmp_path / "图.docx", "empty": tmp_path / "空.txt"}
    assert main(["prose", *(one.format(**names) for one in arguments), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)["error"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said), said


@pytest.mark.django_db
def test_with_a_place_each_figure_gets_its_verdict(places, file, capsys):
    assert main(["prose", "check", str(file), "--place", "990121", "--period", "2026", "--json"]) in (0, 1)
    verdicts = [one["verdict"]["verdict"] for one in json.loads(capsys.readouterr().out)["figures"]]
    assert set(verdicts) <= {one.value for one in Standing}
    assert main(["prose", "check", str(file), "--place", "990999", "--period", "2026"]) == 2


def test_neither_django_nor_a_database_is_touched_without_a_place(file, tmp_path):
    program = (
        "import sys; from keshu.site.cli import main; "
        f"main(['prose', 'read', {str(file)!r}]); main(['prose', 'check', {str(file)!r}]); "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name], "no data directory was made"
