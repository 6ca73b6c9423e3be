"""What the command line answers to a command that is written wrongly."""

import json

import pytest

from keshu.site.cli import main


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(["figure", "--json"], "缺少参数", id="an argument is missing"),
        pytest.param(["doctor", "--json", "--nothing"], "没有这些参数", id="an option that is none"),
        pytest.param(["nothing", "--json"], "不能是", id="a command that is none"),
    ],
)
def test_a_wrong_command_answers_in_json_where_asked(capsys, wrong, said):
    assert main(wrong) == 2
    out, err = capsys.readouterr()
    assert said in json.loads(out)["error"]
    assert err.startswith("用法：")
    assert main([word for word in wrong if word != "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True)
