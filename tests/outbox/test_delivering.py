"""The queue: everything at least once, refusals again after growing pauses, nothing at everybody else's price."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings as conf
from django.core import mail
from django.utils import timezone

from keshu.bureau.outbox import delivering, sending, services, tasks
from keshu.bureau.outbox.delivering import LEASE, PAUSES, STALE, work_off
from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.queries import next_due
from keshu.bureau.outbox.services import Notice, cancel_messages, post, retry
from keshu.bureau.records.services import Actor, writing
from keshu.site.mailing import mail_of

BY = Actor("clerk", "周经办")


def tell(*notices, **more):
    with writing(verb="test.tell", by=BY) as within:
        return post(notices, within=within, **more)


def letters(*names):
    return [Notice("x", f"致 {name}", "正文。", "/messages/", to_user=name, channels=("email",)) for name in names]


def states():
    return dict(Message.objects.values_list("to_user", "state"))


@pytest.fixture
def quiet(monkeypatch):
    """Posting wakes no worker: the test works the queue off itself."""
    monkeypatch.setattr(services, "_wake", lambda rows: None)


@pytest.fixture
def recent(clock, monkeypatch):
    """The clock stands just behind the act."""
    clock.at = timezone.now() + timedelta(seconds=1)
    return clock


def test_posting_wakes_the_worker(mail_on, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://keshu.example.gov.cn"]
    (row,) = tell(*letters("county"))
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("致 county", ["county@example.gov.cn"])
    assert letter.body == "正文。\n\nhttps://keshu.example.gov.cn/messages/"
    assert row.ref.hex in letter.extra_headers["Message-ID"]
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("sent", 1, "")


def test_without_a_mail_server_letters_wait(mail_on, settings, recent):
    settings.EMAIL_ON = False
    tell(*letters("county"))
    assert work_off(recent).sent == 0
    assert states() == {"county": "queued"}
    settings.EMAIL_ON = True
    assert work_off(recent).sent == 1
    assert states() == {"county": "sent"}


def refuse(monkeypatch, names=None):
    """The channel refuses, all or only these people; what was tried is noted."""
    tried = []

    def send(message):
        tried.append(message.to_user)
        if names is None or message.to_user in names:
            raise sending.NotSent("邮件服务器没有收下")

    monkeypatch.setattr(delivering, "send", send)
    return tried


def test_refusals_come_again_after_growing_pauses_and_end(mail_on, quiet, recent, monkeypatch):
    (row,) = tell(*letters("county"))
    tried = refuse(monkeypatch)
    for number, pause in enumerate(PAUSES, 1):
        assert work_off(recent).refused == 1
        row.refresh_from_db()
        assert (row.state, row.tries, row.next_try_at) == ("queued", number, recent.at + pause)
        recent.at += pause - timedelta(seconds=1)
        assert work_off(recent).refused == 0
        recent.at += timedelta(seconds=1)
    assert work_off(recent).refused == 1
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("failed", 5, "邮件服务器没有收下")
    assert len(tried) == 5
    assert retry([row.pk], by=BY) == 1
    monkeypatch.setattr(delivering, "send", lambda message: None)
    recent.at += timedelta(days=1)
    assert work_off(recent).sent == 1


def test_one_refused_address_does_not_stop_the_others(mail_on, quiet, recent, monkeypatch):
    tell(*letters("county", "head", "clerk"))
    refuse(monkeypatch, {"county"})
    run = work_off(recent)
    assert (run.sent, run.refused) == (2, 1)
    assert states() == {"county": "queued", "head": "sent", "clerk": "sent"}


def test_a_channel_that_is_down_is_left_alone_for_a_while(mail_on, quiet, recent, monkeypatch):
    tell(*letters(*["county"] * 40))
    tried = refuse(monkeypatch)
    work_off(recent)
    assert len(tried) == delivering.IN_A_ROW
    assert next_due(["email"]) == recent.at + PAUSES[0]
    assert sorted(Message.objects.values_list("tries", flat=True)) == [0] * 37 + [1] * 3
    assert work_off(recent).refused == 0, "the others wait too"


def test_a_message_that_breaks_the_program_does_not_stop_the_others(mail_on, quiet, recent, monkeypatch):
    broken, _whole = tell(*letters("county", "head"))
    Message.objects.filter(pk=broken.pk).update(address="s1:not sealed by us")
    assert work_off(recent).sent == 1
    broken.refresh_from_db()
    assert (broken.state, broken.tries) == ("queued", 1)
    assert "程序出错" in broken.error


def test_a_worker_that_dies_between_sending_and_noting_loses_nothing(mail_on, quiet, recent, monkeypatch):
    """The second delivery bears the mark of the first, so that the receiver can drop it."""
    tell(*letters("county"))

    class Killed(BaseException):
        pass

    def die(message):
        sending.send(message)
        raise Killed

    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(delivering, "send", die)
        work_off(recent)
    assert len(mail.outbox) == 1
    assert states() == {"county": "queued"}
    assert work_off(recent).sent == 0, "leased"
    recent.at += LEASE
    assert work_off(recent).sent == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert work_off(recent).sent == 0


def test_two_workers_do_not_send_the_same_letter(mail_on, quiet, recent, monkeypatch):
    tell(*letters("county", "head"))
    sent = []

    def send(message):
        sent.append(message.to_user)
        if len(sent) == 1:
            work_off(recent)  # the other worker, while the first is at it

    monkeypatch.setattr(delivering, "send", send)
    work_off(recent)
    assert sorted(sent) == ["county", "head"]


def test_what_was_taken_back_is_not_sent_and_what_left_is_sent(mail_on, quiet, recent, monkeypatch):
    first, second = tell(*letters("county", "head"))
    cancel_messages([first.pk], by=BY)
    monkeypatch.setattr(delivering, "send", lambda message: cancel_messages([message.pk], by=BY))
    work_off(recent)
    assert states() == {"county": "cancelled", "head": "sent"}
    assert second.pk


def test_an_old_queue_does_not_go_out_when_the_mail_comes_on(mail_on, quiet, recent):
    tell(*letters("county"))
    recent.at += STALE + timedelta(seconds=5)
    assert work_off(recent).sent == 0
    row = Message.objects.get()
    assert (row.state, "超过七天" in row.error) == ("failed", True)
    assert mail.outbox == []


def test_a_long_queue_is_worked_off_in_portions(mail_on, quiet, recent, monkeypatch):
    monkeypatch.setattr(delivering, "PORTION", 2)
    tell(*letters("county", "head", "clerk"))
    assert [work_off(recent).sent for _run in range(3)] == [2, 1, 0]


def test_a_slow_channel_gives_way_to_other_tasks(mail_on, quiet, recent, monkeypatch):
    tell(*letters("county", "head", "clerk"))

    def slow(message):
        recent.at += delivering.LONGEST

    monkeypatch.setattr(delivering, "send", slow)
    assert work_off(recent).sent == 2
    assert next_due(["email"]) < recent.at


@pytest.fixture
def planned(settings):
    """When runs are planned for, by the tasks that wait."""
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    return lambda: sorted(DBTaskResult.objects.filter(status="READY").values_list("run_after", flat=True))


def test_the_worker_asks_for_its_next_run_once(mail_on, quiet, monkeypatch, planned):
    tell(*letters("county"))
    refuse(monkeypatch)
    assert tasks.deliver.call() == {"sent": 0, "refused": 1}
    assert planned() == [Message.objects.get().next_try_at]
    for _run in range(5):
        tasks.deliver.call()
    assert len(planned()) == 1, "runs do not multiply"


def test_with_nothing_left_nothing_is_planned(mail_on, quiet, planned):
    tell(*letters("county"))
    assert tasks.deliver.call() == {"sent": 1, "refused": 0}
    assert planned() == []


def test_what_is_left_of_a_portion_goes_on_at_once(mail_on, quiet, monkeypatch, planned):
    monkeypatch.setattr(delivering, "PORTION", 1)
    tell(*letters("county", "head"))
    assert tasks.deliver.call()["sent"] == 1
    (again,) = planned()
    assert again <= timezone.now()


def test_leases_of_several_dead_workers_are_all_come_back_to(mail_on, quiet, planned):
    """Each run plans the next for the earliest of them, whoever left it."""
    first, second = tell(*letters("county", "head"))
    at = timezone.now()
    Message.objects.filter(pk=first.pk).update(next_try_at=at + timedelta(seconds=50))
    Message.objects.filter(pk=second.pk).update(next_try_at=at + timedelta(seconds=90))
    tasks.deliver.call()
    assert planned() == [at + timedelta(seconds=50)]
    Message.objects.filter(pk=first.pk).update(next_try_at=at)
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().update(status="RUNNING")
    assert tasks.deliver.call()["sent"] == 1
    assert planned() == [at + timedelta(seconds=90)]


def test_posting_and_asking_the_worker_are_one_transaction(mail_on, settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    with pytest.raises(RuntimeError), writing(verb="test.tell", by=BY) as within:
        post(letters("county"), within=within)
        assert DBTaskResult.objects.count() == 1
        raise RuntimeError
    assert (DBTaskResult.objects.count(), Message.objects.count()) == (0, 0)
    tell(Notice("x", "站内", to_user="county"))
    assert DBTaskResult.objects.count() == 0, "what is there at once needs no worker"


@pytest.fixture
def gateway(settings, users):
    """A receiver of SMS on this machine; `status` is what it answers, `got` what it was sent."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((dict(self.headers), body))
            self.send_response(server.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_HOOK = f"http://127.0.0.1:{server.server_port}/sms"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def short(to="13800138000"):
    return Notice("x", "标题", "您的申报已受理。", address=to, channels=("sms",))


def test_the_hook_gets_a_signed_message(gateway):
    (row,) = tell(short())
    ((headers, body),) = gateway.got
    assert json.loads(body) == {"to": "13800138000", "text": "您的申报已受理。", "id": row.ref.hex}
    key = conf.PATHS.secret("sms.key").encode()
    assert headers["X-Keshu-Signature"] == "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    row.refresh_from_db()
    assert row.state == "sent"


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_hook_that_does_not_take_it_is_asked_again(gateway, status):
    gateway.status = status
    (row,) = tell(short())
    row.refresh_from_db()
    assert (row.state, row.tries, str(status) in row.error) == ("queued", 1, True)
    assert len(gateway.got) == 1, "no redirect is followed"


@pytest.mark.parametrize("hook", ["http://127.0.0.1:9/sms", "file:///etc/passwd", "nonsense"])
def test_a_hook_that_is_not_there_has_its_sentence(users, settings, hook):
    settings.SMS_HOOK = hook
    (row,) = tell(short())
    row.refresh_from_db()
    assert (row.state, row.tries) == ("queued", 1)
    assert row.error


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, False, False),
        ("smtps://u%40x:p%2Fw@mail.example", "mail.example", 465, True, False),
        ("smtp+tls://u:p@mail.example:2525", "mail.example", 2525, False, True),
    ],
)
def test_mail_servers_by_address(url, host, port, ssl, tls):
    found = mail_of(url)
    assert found["EMAIL_ON"]
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (ssl, tls)
    if ssl:
        assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("u@x", "p/w")


def test_mail_is_off_until_it_is_named():
    assert not mail_of("")["EMAIL_ON"]
    assert mail_of("console://")["EMAIL_ON"]
    with pytest.raises(ValueError, match="KESHU_EMAIL_URL"):
        mail_of("http://mail.example")
