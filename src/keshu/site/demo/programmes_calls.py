"""The calls of three years: what was open when, how many came, and what became of some of them."""

from collections.abc import Iterator
from datetime import date, timedelta

from keshu.site.demo.programmes_desk import Plan

OLD = (
    "duplicate",
    "unqualified",
    "declined",
    "rejected",
    "rejected",
    "rejected",
    "refused",
    "discarded",
    "mended",
    "supplemented",
)


def plans(today: date) -> list[Plan]:
    """Everything up to the demo's last day on fixed days; what is under way now, counted from the day of loading."""
    return [*_projects(), *_titles(), *_money(), *_others(), *_now(today)]


def _projects() -> Iterator[Plan]:
    d = date
    yield Plan("plan.key_rd", 2024, d(2024, 3, 4), d(2024, 4, 8), 20, ("good", "good", "terminated", "failed", "extended", "closed", "repairing", *OLD, "unsigned"),
               620, d(2024, 9, 1), 16, 12)  # fmt: skip
    yield Plan("plan.key_rd", 2025, d(2025, 3, 3), d(2025, 4, 7), 19, ("extended", "good", "terminated", "unpaid", "changing", "correcting", "midterm", *OLD),
               680, d(2025, 8, 1), 25, 14)  # fmt: skip
    yield Plan("plan.key_rd", 2026, d(2026, 4, 7), d(2026, 5, 11), 19, ("good", "good", "contracting", "contracting", "contracting", "unpaid", *OLD, "rejected"),
               720, d(2026, 9, 1), 24, 16)  # fmt: skip
    yield Plan(
        "plan.agri", 2024, d(2024, 3, 4), d(2024, 4, 8), 7, ("running", "good", "rejected", "mended", "rejected"), 120, d(2024, 9, 1),
        16, 13,
    )  # fmt: skip
    yield Plan(
        "plan.agri", 2025, d(2025, 3, 3), d(2025, 4, 7), 8, ("good", "good", "rejected", "mended", "rejected", "declined"), 150,
        d(2025, 8, 1), 25, 15,
    )  # fmt: skip
    yield Plan(
        "plan.agri", 2026, d(2026, 4, 7), d(2026, 5, 11), 8, ("good", "contracting", "rejected", "rejected", "supplemented"), 160,
        d(2026, 9, 1), 24, 17,
    )  # fmt: skip
    yield Plan(
        "plan.social", 2024, d(2024, 3, 4), d(2024, 4, 8), 6, ("concluding", "good", "rejected", "refused"), 90, d(2024, 9, 1), 14, 18,
    )  # fmt: skip
    yield Plan(
        "plan.social", 2025, d(2025, 3, 3), d(2025, 4, 7), 6, ("good", "unpaid", "rejected", "rejected"), 100, d(2025, 8, 1), 18, 19,
    )  # fmt: skip
    yield Plan(
        "plan.social", 2026, d(2026, 4, 7), d(2026, 5, 11), 6, ("good", "contracting", "rejected", "duplicate"), 100, d(2026, 9, 1), 24,
        20,
    )  # fmt: skip
    yield Plan(
        "plan.soft", 2024, d(2024, 3, 4), d(2024, 4, 8), 5, ("good", "good", "rejected"), 20, d(2024, 8, 1), 10, 21
    )
    yield Plan(
        "plan.soft", 2025, d(2025, 3, 3), d(2025, 4, 7), 6, ("good", "good", "rejected"), 24, d(2025, 8, 1), 10, 22
    )
    yield Plan("plan.soft", 2026, d(2026, 4, 7), d(2026, 5, 11), 5, ("good", "rejected"), 24, d(2026, 9, 1), 10, 23)
    yield Plan(
        "plan.major", 2025, d(2025, 2, 17), d(2025, 3, 24), 5, ("good", "good", "rejected"), 900, d(2025, 7, 1), 24, 24
    )
    yield Plan(
        "plan.major", 2026, d(2026, 3, 9), d(2026, 4, 13), 4, ("good", "unpaid", "rejected"), 900, d(2026, 8, 1), 30, 25
    )


def _titles() -> Iterator[Plan]:
    d = date
    yield Plan(
        "title.hte", 2025, d(2025, 4, 14), d(2025, 5, 30), 6, ("good", "upper_rejected", "upper_rejected", "rejected"), serial=26,
    )  # fmt: skip
    yield Plan(
        "title.hte", 2026, d(2026, 6, 1), d(2026, 7, 10), 8, ("good", "rejected", "unqualified"), serial=27, until="reporting",
    )  # fmt: skip
    yield Plan("title.phte", 2025, d(2025, 5, 6), d(2025, 6, 10), 6, ("good", "upper_rejected", "rejected"), serial=28)
    yield Plan(
        "title.tsme", 2025, d(2025, 6, 2), d(2025, 7, 4), 5, ("mended", "unqualified"), serial=29, part="（第三批）"
    )
    yield Plan(
        "title.tsme", 2026, d(2026, 6, 1), d(2026, 7, 3), 5, ("mended", "unqualified"), serial=30, part="（第三批）"
    )


def _money() -> Iterator[Plan]:
    d = date
    yield Plan(
        "payout.voucher", 2024, d(2024, 5, 20), d(2024, 6, 17), 6, ("good", "rejected", "supplemented"), 100, serial=31
    )
    yield Plan(
        "payout.voucher", 2025, d(2025, 5, 20), d(2025, 6, 17), 7, ("good", "rejected", "supplemented", "refused"), 120, serial=32,
    )  # fmt: skip
    yield Plan(
        "payout.voucher", 2026, d(2026, 5, 20), d(2026, 6, 17), 8, ("good", "unpaid", "unpaid", "rejected"), 150, serial=33, part="（上半年）",
    )  # fmt: skip
    yield Plan(
        "payout.rd_segment", 2025, d(2025, 6, 9), d(2025, 7, 7), 7, ("good", "rejected", "declined"), 900, serial=34
    )
    yield Plan(
        "payout.rd_segment", 2026, d(2026, 6, 8), d(2026, 7, 6), 8, ("unpaid", "unpaid", "rejected", "unqualified"), 1000, serial=35,
    )  # fmt: skip


def _others() -> Iterator[Plan]:
    d = date
    yield Plan(
        "platform.engineering_center", 2025, d(2025, 4, 1), d(2025, 5, 6), 6, ("good", "rejected"), 60, serial=36
    )
    yield Plan(
        "platform.engineering_center", 2026, d(2026, 4, 13), d(2026, 5, 18), 6, ("unpaid", "rejected"), 60, serial=37
    )
    yield Plan("tepaiyuan.selection", 2025, d(2025, 1, 6), d(2025, 2, 5), 6, ("good", "rejected"), 30, serial=38)
    yield Plan("tepaiyuan.selection", 2026, d(2026, 1, 5), d(2026, 2, 4), 6, ("good", "declined"), 30, serial=39)
    yield Plan(
        "award.science", 2024, d(2024, 6, 3), d(2024, 7, 8), 6, ("good", "good", "rejected", "rejected"), 60, serial=40
    )
    yield Plan(
        "award.science", 2025, d(2025, 6, 3), d(2025, 7, 8), 6, ("good", "good", "rejected", "rejected"), 60, serial=41
    )


def _now(today: date) -> Iterator[Plan]:
    """Counted from today: a call that is open, one that comes, and others at every stage of handling."""
    year = today.year

    def days(n: int) -> date:
        return today + timedelta(days=n)

    yield Plan("plan.key_rd", year + 1, days(-24), days(16), 20, ("draft", "draft", "draft", "recommending", "recommending", "reworking", "endorsing", "draft", "draft", "accepting", "accepting", "supplementing", "recommending"),
               760, days(150), 24, 51, until="open")  # fmt: skip
    yield Plan(
        "payout.voucher", year, days(-15), days(20), 8, ("draft", "accepting", "draft", "supplementing"), 80, serial=52, part="（下半年）",
        until="open",
    )  # fmt: skip
    yield Plan("title.hte", year + 1, days(20), days(75), 0, serial=53)
    yield Plan(
        "award.science", year, days(-70), days(-36), 9, ("scoring", "scoring", "reviewing", "unqualified", "mended"), 60, serial=54,
        until="open",
    )  # fmt: skip
    yield Plan(
        "plan.social", year, days(-50), days(-16), 9, ("checking", "mending", "checking", "comparing", "mending", "unqualified"), 60,
        days(120), 18, 55, "（第二批）", until="open",
    )  # fmt: skip
    yield Plan(
        "platform.engineering_center", year, days(-105), days(-70), 7, ("good", "visiting", "rejected"), 60, serial=56, part="（第二批）",
        until="pending",
    )  # fmt: skip
    yield Plan(
        "title.phte", year, days(-115), days(-78), 9, ("good", "good", "unqualified"), serial=57, until="announcing"
    )
    yield Plan(
        "plan.agri", year, days(-125), days(-90), 7, ("good", "rejected"), 80, days(30), 18, 58, "（第二批）", until="issuing",
    )  # fmt: skip
