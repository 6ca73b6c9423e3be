"""An organisation with an administrator and an applicant, and people outside it."""

from types import SimpleNamespace

import pytest
from django.test import Client
from tests.ledgers.workbooks import code as uscc

from keshu.bureau.accounts.members import join
from keshu.bureau.accounts.models import User
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.services import Actor, now, writing

BY = Actor("setup", "系统安装")
BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "Yunling#2026"


def account(username, name="", **more):
    at = now()
    user = User(username=username, name=name or username, created_at=at, password_changed_at=at, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


def belongs(user, party, role):
    with writing(verb="test.member", by=BY) as act:
        return join(user, party, role, within=act)


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def firm(places):
    """云岭测试 with Lin (administrator) and Chen (applicant); 江川精工 with Wu (administrator); Zhao belongs nowhere."""
    own = register_party(PartySpec("云岭测试仪器有限公司", uscc("990121", 1), places["990121"].pk), by=BY)
    other = register_party(PartySpec("江川精工有限公司", uscc("990102", 2), places["990102"].pk), by=BY)
    lin, chen, wu = account("lin", "林某", email="lin@example.com"), account("chen", "陈某"), account("wu", "吴某")
    found = SimpleNamespace(party=own, other=other, lin=lin, chen=chen, wu=wu, zhao=account("zhao", "赵某"))
    found.admin = belongs(lin, own, "unit_admin")
    found.applicant = belongs(chen, own, "applicant")
    found.stranger = belongs(wu, other, "unit_admin")
    return found
