"""The form that a definition makes: a control for each field, the judge's remarks beside them."""

import pytest

from keshu.bureau.forms.engine import DefinitionForm, Judgement, Remark, texts_from
from keshu.catalogue import load

LEDGERS = load().ledgers


def form_of(code, judge=lambda texts: Judgement(), **texts):
    data = {f"row-{name}": text for name, text in texts.items()} if texts else None
    places = [("990121", "青岩县")]
    return DefinitionForm(LEDGERS[code].fields, judge=judge, places=places, suggest="/ledgers/parties/", data=data)


@pytest.mark.parametrize("code", LEDGERS)
def test_every_ledger_has_a_form_with_all_its_fields(code):
    form = form_of(code)
    assert [bound.name for bound, _css in form.controls] == [item.code for item in LEDGERS[code].fields]
    assert form.as_p()


def test_units_help_and_choices_come_from_the_definition():
    form = form_of("tech_contract")
    assert form.fields["total"].label.endswith("（元）")
    assert "可写“120万元”" in form.fields["total"].help_text
    assert ("hte", "高新技术企业") in form_of("title").fields["kind"].choices


def test_a_day_is_chosen_as_everywhere_and_a_text_that_is_none_stays_to_be_mended():
    ledger = load().ledgers["tech_contract"]
    days = [item.code for item in ledger.fields if item.type == "date"]
    for typed, kind in (("", "date"), ("2026-10-31", "date"), ("去年10月", "text")):
        form = DefinitionForm(
            ledger.fields, judge=lambda texts: Judgement(), places=(), suggest="/", texts={days[0]: typed}
        )
        assert f'type="{kind}"' in str(form[days[0]]), typed
        assert f'value="{typed}"' in str(form[days[0]]) or not typed


def test_what_is_required_is_asked_once():
    def judge(texts):
        return Judgement(remarks=(Remark("holder", "缺少企业名称", "请补填企业名称"),))

    form = form_of("title", judge, number="GR202599000001", place="990121")
    assert not form.is_valid()
    assert form.errors["holder"] == ["缺少企业名称；请补填企业名称"]


def test_an_error_stands_beside_its_field_with_the_remedy_and_a_warning_refuses_nothing():
    def judge(texts):
        wrong = Remark("ended", "有效期截止早于发证日期", "核对证书")
        return Judgement(remarks=(wrong, Remark("number", "年份不符", warning=True), Remark("", "整行有误")))

    form = form_of("title", judge, holder="甲公司", kind="hte", place="990121")
    assert not form.is_valid()
    assert form.errors["ended"] == ["有效期截止早于发证日期；核对证书"]
    assert form.non_field_errors() == ["整行有误"]
    assert [remark.code for remark in form.warnings] == ["number"]
    assert "number" not in form.errors


def test_a_choice_that_does_not_exist_is_refused():
    form = form_of("title", holder="甲公司", kind="nosuch", place="990121")
    assert not form.is_valid()
    assert "nosuch" in form.errors["kind"][0]


def test_only_the_forms_own_controls_are_read():
    items = LEDGERS["title"].fields
    texts = texts_from(items, {"row-holder": " 甲公司 ", "holder": "乙公司", "row-nosuch": "x", "seen": "3"})
    assert texts["holder"] == "甲公司"
    assert set(texts) == {item.code for item in items}


def test_a_name_that_looks_like_markup_stays_text():
    form = form_of("title", holder='"><script>alert(1)</script>', kind="hte", place="990121")
    assert "<script>" not in str(form["holder"])
