"""POST /api/v1/texts/check: the shape of the command, nothing kept, cut to one's own places."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keshu.bureau.records.models import Act
from keshu.bureau.texts.models import Text
from tests.texts.conftest import WORDS, word_file

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/texts/check"


def test_a_text_and_a_file_are_answered_in_the_same_shape(client_as, accused):
    accused("5家", "3家")
    client, acts = client_as("county"), Act.objects.count()
    text = client.post(ADDRESS, {"text": WORDS, "year": 2026}).json()
    file = client.post(ADDRESS, {"file": SimpleUploadedFile("a.docx", word_file(*WORDS.splitlines()))}).json()
    for one in (text, file):
        assert set(one) == {"figures", "findings"}
        assert [figure["value"] for figure in one["figures"]] == ["5", "3", "4", "846000000", "15.3"]
        assert [finding["id"] for finding in one["findings"]] == ["sum-0"]
    assert not Text.objects.exists() and Act.objects.count() == acts


def test_records_are_asked_only_of_one_s_own_places(client_as):
    client = client_as("county")
    own = client.post(ADDRESS, {"text": WORDS, "place": "990121", "period": "2026"})
    assert all(one["verdict"]["verdict"] for one in own.json()["figures"])
    other, absent = (client.post(ADDRESS, {"text": WORDS, "place": p, "period": "2026"}) for p in ("990102", "990999"))
    assert other.status_code == absent.status_code == 404
    assert other.json()["detail"].replace("990102", "") == absent.json()["detail"].replace("990999", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"text": " "}, {"text": "3家", "year": 12}, {"text": "3家", "year": "x"}, {"text": "3家", "period": "哪年"},
        {"text": "3家", "place": "990121"}, {"file": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50)},
        {"text": "3家", "file": SimpleUploadedFile("a.txt", b"3")},
    ],
)  # fmt: skip
def test_what_cannot_be_used_gets_a_sentence(client_as, wrong):
    answer = client_as("county").post(ADDRESS, wrong)
    assert answer.status_code == 400
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["detail"])


def test_who_may_ask(client_as, client):
    assert Client().post(ADDRESS, {"text": "3家"}).status_code == 401
    assert client_as("audit").post(ADDRESS, {"text": "3家"}).status_code == 403
    assert client_as("clerk").get(ADDRESS).status_code == 405


def test_a_program_needs_no_form_token(users):
    """The operation writes nothing, so that another site's page gains nothing by it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(users["county"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS, {"text": "全县高新技术企业46家。"}).status_code == 200
