"""Programmes as they are today, and as they stood when a call was published."""

from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.programmes.models import Call
from keshu.bureau.records import definitions
from keshu.catalogue.schema.programme import Programme

KIND = "programmes"


class UnknownProgramme(Exception):
    """No programme has this code."""

    def __str__(self) -> str:
        return _("没有代码为“%(code)s”的申报事项，请在口径目录中查看") % {"code": self.args[0] if self.args else ""}


def programmes() -> dict[str, Programme]:
    """Every programme for which a call could be opened, by code."""
    return {code: one for code, one in catalogue().programmes.items() if not one.abstract}


def programme_of(code: str) -> Programme:
    """The programme as the catalogue has it today."""
    try:
        return programmes()[code]
    except KeyError:
        raise UnknownProgramme(code) from None


def programme_for(call: Call) -> Programme:
    """The programme of a call, in the version that was pinned when it was published."""
    return programme_at(call.programme, call.version)


def programme_at(code: str, version: int) -> Programme:
    """The programme in one version: today's where it is that one, else as it was kept at its first use."""
    today = programmes().get(code)
    if today is not None and today.version == version:
        return today
    return _kept(code, version)


@lru_cache(maxsize=256)
def _kept(code: str, version: int) -> Programme:
    content = definitions.old_content(KIND, code, version)
    if content is None:
        raise UnknownProgramme(code)
    return Programme.model_validate(content)


def pin(programme: Programme, *, at: datetime) -> None:
    """Keep the whole definition, libraries put in, so that the call's cases are judged by it for good."""
    definitions.use(KIND, programme, at=at)
