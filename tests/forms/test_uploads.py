"""Large files in pieces: nothing is lost, nothing is written twice, nothing gets in that was not asked for."""

import hashlib
import os
import signal
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from keshu.bureau.forms import uploads
from keshu.bureau.forms.models import Upload
from keshu.bureau.forms.uploads import Slot, append, begin, length_of, open_uploads, path_of
from keshu.bureau.records import files
from keshu.bureau.records.models import File
from keshu.bureau.records.services import Actor, writing
from keshu.office.filetypes import FileRefused

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
SLOT = Slot("application:17", "licence", {"pdf"}, 100_000)

pytestmark = pytest.mark.django_db


def committed(service):
    """The service as it is outside of the test's own transaction: what waits for the commit is done."""

    def call(*args, **named):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return service(*args, **named)

    return call


finish, drop, sweep = committed(uploads.finish), committed(uploads.drop), committed(uploads.sweep)


def opened(**changes):
    return begin(SLOT, **{"name": "营业执照.pdf", "size": len(PDF), "owner": "lin", "at": AT, **changes})


def sent(upload, data=PDF, step=3000):
    for start in range(0, len(data), step):
        append(upload.pk, start, data[start : start + step], owner="lin", at=AT)


def refusal(call, *args, **named):
    with pytest.raises(FileRefused) as found:
        call(*args, **named)
    assert found.value.message
    assert found.value.remedy
    return found.value.code


def test_a_file_in_pieces_is_kept_whole_under_its_hash():
    upload = opened()
    sent(upload)
    done = finish(upload.pk, owner="lin", at=AT)
    assert done == uploads.Finished(hashlib.sha256(PDF).hexdigest(), len(PDF), "pdf", "application/pdf", "营业执照.pdf")
    assert files.path_of(done.sha256).read_bytes() == PDF
    assert not path_of(upload.pk).exists()


def test_finishing_twice_answers_the_same():
    upload = opened()
    sent(upload)
    assert finish(upload.pk, owner="lin", at=AT) == finish(upload.pk, owner="lin", at=AT)


def test_what_came_in_is_named_in_an_act_without_being_read_again():
    upload = opened()
    sent(upload)
    done = finish(upload.pk, owner="lin", at=AT)
    with writing(verb="test.attach", by=Actor("lin")) as under_way:
        files.name_kept(done.sha256, name=done.name, size=done.size, kind=done.kind, mime=done.mime, within=under_way)
    assert files.read(File.objects.get(sha256=done.sha256)) == PDF
    assert files.damaged() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"name": "照片.exe"}, "kind", id="another type by its name"),
        pytest.param({"name": "没有扩展名"}, "kind", id="no extension"),
        pytest.param({"size": 100_001}, "too-large", id="one byte too many"),
        pytest.param({"size": 0}, "empty", id="nothing in it"),
    ],
)
def test_what_is_not_wanted_is_refused_before_a_byte_comes(changes, code):
    assert refusal(opened, **changes) == code
    assert Upload.objects.count() == 0


def test_the_same_file_goes_on_where_it_stopped():
    first = opened()
    append(first.pk, 0, PDF[:3000], owner="lin", at=AT)
    again = opened()
    assert (again.pk, again.received) == (first.pk, 3000)


def test_another_person_slot_or_file_is_another_upload():
    keys = {opened().pk, opened(owner="he").pk, opened(size=5).pk, opened(name="a.pdf").pk}
    keys.add(begin(Slot("application:18", "licence", {"pdf"}), name="营业执照.pdf", size=5, owner="lin", at=AT).pk)
    assert len(keys) == 5


def test_a_chunk_sent_twice_is_written_once():
    upload = opened()
    assert append(upload.pk, 0, PDF[:3000], owner="lin", at=AT) == 3000
    assert append(upload.pk, 0, PDF[:3000], owner="lin", at=AT) == 3000
    assert path_of(upload.pk).read_bytes() == PDF[:3000]


def test_a_chunk_with_a_gap_before_it_is_told_the_true_end():
    upload = opened()
    append(upload.pk, 0, PDF[:10], owner="lin", at=AT)
    assert append(upload.pk, 20, PDF[20:30], owner="lin", at=AT) == 10
    assert length_of(upload.pk) == 10


def test_more_than_was_announced_is_refused():
    upload = opened()
    sent(upload)
    assert refusal(append, upload.pk, len(PDF), b"x", owner="lin", at=AT) == "chunk"
    assert length_of(upload.pk) == len(PDF)


def test_somebody_else_finds_nothing():
    upload = opened()
    for call in (
        lambda: append(upload.pk, 0, b"x", owner="he", at=AT),
        lambda: finish(upload.pk, owner="he", at=AT),
        lambda: drop(upload.pk, owner="he", at=AT),
        lambda: append(uuid.uuid4(), 0, b"x", owner="lin", at=AT),
    ):
        assert refusal(call) == "missing"


def test_an_unfinished_file_says_how_much_is_missing_and_goes_on():
    upload = opened()
    append(upload.pk, 0, PDF[:3000], owner="lin", at=AT)
    assert refusal(finish, upload.pk, owner="lin", at=AT) == "incomplete"
    append(upload.pk, 3000, PDF[3000:], owner="lin", at=AT)
    assert finish(upload.pk, owner="lin", at=AT).size == len(PDF)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"MZ" + bytes(500), "kind", id="a program under the name of a document"),
        pytest.param(b"PK\x05\x06" + bytes(400), "kind", id="an archive"),
    ],
)
def test_the_content_decides_and_a_wrong_one_is_given_up(content, code):
    upload = opened(size=len(content))
    sent(upload, content)
    assert refusal(finish, upload.pk, owner="lin", at=AT) == code
    assert (Upload.objects.get().state, path_of(upload.pk).exists()) == ("dropped", False)
    assert not files.path_of(hashlib.sha256(content).hexdigest()).exists()


def test_a_content_other_than_the_sender_said_is_given_up():
    upload = opened(sha256="0" * 64)
    sent(upload)
    assert refusal(finish, upload.pk, owner="lin", at=AT) == "mismatch"
    assert refusal(append, upload.pk, 0, b"x", owner="lin", at=AT) == "closed"


def test_the_hash_that_the_sender_said_is_found():
    upload = opened(sha256=hashlib.sha256(PDF).hexdigest().upper())
    sent(upload)
    assert finish(upload.pk, owner="lin", at=AT).size == len(PDF)


def test_the_file_on_the_disk_is_the_truth_when_the_row_was_left_behind():
    upload = opened()
    append(upload.pk, 0, PDF[:3000], owner="lin", at=AT)
    with path_of(upload.pk).open("ab") as file:  # the server died after these bytes and before the row
        file.write(PDF[3000:3500])
    assert append(upload.pk, 3000, PDF[3000:6000], owner="lin", at=AT) == 3500
    assert opened().received == 3500


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the child shares the parent's database in memory only")
def test_a_killed_server_leaves_a_beginning_that_goes_on():
    data = b"%PDF-1.7\n" + os.urandom(3_000_000)
    slot = Slot("application:17", "licence", {"pdf"}, 10_000_000)
    upload = begin(slot, name="a.pdf", size=len(data), owner="lin", at=AT)
    child = os.fork()
    if child == 0:
        for start in range(0, len(data), 1000):
            append(upload.pk, start, data[start : start + 1000], owner="lin", at=AT)
        os._exit(0)
    while length_of(upload.pk) < 50_000:
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    there = begin(slot, name="a.pdf", size=len(data), owner="lin", at=AT).received
    assert 50_000 <= there < len(data)
    append(upload.pk, there, data[there:], owner="lin", at=AT)
    assert finish(upload.pk, owner="lin", at=AT).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the children share the parent's database in memory only")
def test_two_tabs_that_send_the_same_file_at_once_make_one():
    data = b"%PDF-1.7\n" + os.urandom(400_000)
    slot = Slot("application:17", "licence", {"pdf"}, 10_000_000)
    upload = begin(slot, name="a.pdf", size=len(data), owner="lin", at=AT)
    children = []
    for step in (700, 900, 1100):
        child = os.fork()
        if child == 0:
            there = 0
            while there < len(data):
                there = append(upload.pk, there, data[there : there + step], owner="lin", at=AT)
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
    assert path_of(upload.pk).read_bytes() == data
    assert finish(upload.pk, owner="lin", at=AT).sha256 == hashlib.sha256(data).hexdigest()


def test_a_full_disk_takes_nothing_of_the_chunk(monkeypatch):
    upload = opened()
    append(upload.pk, 0, PDF[:3000], owner="lin", at=AT)
    real = os.pwrite

    def full(file, data, where):
        if where >= 3100:
            raise OSError(28, "No space left on device")
        return real(file, data[:100], where)

    monkeypatch.setattr(os, "pwrite", full)
    assert refusal(append, upload.pk, 3000, PDF[3000:6000], owner="lin", at=AT) == "full"
    assert length_of(upload.pk) == 3000
    monkeypatch.undo()
    assert append(upload.pk, 3000, PDF[3000:], owner="lin", at=AT) == len(PDF)


def test_an_act_that_comes_to_nothing_leaves_the_bytes():
    upload = opened()
    sent(upload)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        uploads.finish(upload.pk, owner="lin", at=AT)
        raise ZeroDivisionError
    assert length_of(upload.pk) == len(PDF)
    assert finish(upload.pk, owner="lin", at=AT).size == len(PDF)


def test_nobody_reserves_more_than_the_quota(monkeypatch):
    monkeypatch.setattr(uploads, "QUOTA", 2 * len(PDF))
    first = opened()
    opened(name="b.pdf")
    assert refusal(opened, name="c.pdf") == "quota"
    assert opened(owner="he", name="c.pdf").owner == "he"
    drop(first.pk, owner="lin", at=AT)
    assert opened(name="c.pdf").received == 0


def test_dropping_takes_the_bytes_away_and_touches_no_other():
    upload, other = opened(), opened(name="b.pdf")
    sent(upload)
    sent(other)
    drop(upload.pk, owner="lin", at=AT)
    assert not path_of(upload.pk).exists()
    assert [one.pk for one in open_uploads("lin", "application:17")] == [other.pk]
    assert length_of(other.pk) == len(PDF)


def test_what_nobody_touched_for_a_week_goes():
    old, young = opened(), opened(name="b.pdf", at=AT + timedelta(days=2))
    append(old.pk, 0, PDF[:100], owner="lin", at=AT)
    stray = path_of(uuid.uuid4())
    stray.write_bytes(b"left behind")
    os.utime(stray, (AT.timestamp(), AT.timestamp()))
    assert sweep(at=AT + timedelta(days=7, minutes=1)) == 1
    assert {one.pk: one.state for one in Upload.objects.all()} == {old.pk: "dropped", young.pk: "open"}
    assert (path_of(old.pk).exists(), stray.exists()) == (False, False)
    assert sweep(at=AT + timedelta(days=7, minutes=1)) == 0


def test_a_large_file_gets_a_second_name_instead_of_a_copy(tmp_path):
    source = tmp_path / "a.bin"
    source.write_bytes(os.urandom(100_000))
    sha256 = files.keep_file(source)
    assert files.path_of(sha256).read_bytes() == source.read_bytes()
    assert files.keep_file(source) == files.keep(source.read_bytes()) == sha256
    assert source.exists()


def test_where_names_cannot_be_shared_the_bytes_are_copied(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refused)
    source = tmp_path / "a.bin"
    source.write_bytes(os.urandom(100_000))
    assert files.path_of(files.keep_file(source)).read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"received": 99_999_999}, id="more than its size"),
        pytest.param({"state": "lost"}, id="no state"),
        pytest.param({"state": "done"}, id="done without content"),
    ],
)
def test_the_database_keeps_what_must_never_be_false(wrong):
    upload = opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**wrong)
