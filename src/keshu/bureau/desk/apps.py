from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "keshu.bureau.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from keshu.bureau.desk import searching, subjects
        from keshu.bureau.desk.glance import expect_headlines, headline_stats
        from keshu.bureau.pages.registry import (
            Action,
            Search,
            Strip,
            Subject,
            register_action,
            register_search,
            register_strip,
            register_subject,
            register_verbs,
        )

        register_verbs(
            {
                "audit.check": _("核验操作链"),
                "party.register": _("登记主体"),
                "party.rename": _("主体更名"),
                "party.confirm": _("核实主体"),
                "party.merge": _("合并主体"),
                "party.part": _("撤销合并"),
                "places.plant": _("登记区划"),
                "places.move": _("变更区划隶属"),
                "places.end": _("撤销区划"),
            }
        )
        party = Subject(
            _("主体"), lambda code: reverse("parties:detail", args=[code]), names=subjects.organisation_names
        )
        register_subject("party", party)
        place = Subject(_("区划"), lambda code: reverse("places:detail", args=[code]), names=subjects.place_names)
        register_subject("place", place)
        subjects.name_the_rest()
        register_strip(Strip("headlines", 10, "figures.view", headline_stats, expect_headlines))
        register_search(Search("parties", _("主体"), 10, "parties.view", searching.find_parties))
        register_search(Search("indicators", _("指标口径"), 5, "catalogue.view", searching.find_indicators))
        register_search(Search("ledgers", _("台账"), 7, "catalogue.view", searching.find_ledgers))
        register_action(Action(_("查操作记录"), "audit:index", "shield-check", "audit.view", 10))
        register_action(Action(_("查登录记录"), "accounts:sign-ins", "login", "audit.view", 20))
