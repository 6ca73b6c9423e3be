"""The papers that programmes print, as .docx: `render(template, content)`.

Each template of `catalogue.schema.programme_words.TEMPLATES` has one content in `shapes` and one function here; the
functions know no database and no programme. The same content gives the same bytes. `office.soffice.to_pdf` prints them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from . import shapes
from .forms import application_form, certificate, receipt, task_book
from .letters import acceptance_notice, change_reply, correction_notice, payment_notice, refusal_notice
from .lists import approval_document, publicity_notice, recommendation_list, report_letter
from .sheets import check_report, conclusion_reply, record_sheet, review_report, score_sheet

__all__ = ["PAPERS", "Printed", "record_sheet", "render"]


@dataclass(frozen=True)
class Printed:
    """What a template is printed from, and by which function."""

    content: type[Any]
    by: Callable[[Any], bytes]


PAPERS: Final = {
    "application_form": Printed(shapes.FormPaper, application_form),
    "receipt": Printed(shapes.Receipt, receipt),
    "acceptance_notice": Printed(shapes.Acceptance, acceptance_notice),
    "correction_notice": Printed(shapes.Correction, correction_notice),
    "refusal_notice": Printed(shapes.Refusal, refusal_notice),
    "recommendation_list": Printed(shapes.ListPaper, recommendation_list),
    "check_report": Printed(shapes.CheckReport, check_report),
    "score_sheet": Printed(shapes.ScoreSheet, score_sheet),
    "review_report": Printed(shapes.ReviewReport, review_report),
    "publicity_notice": Printed(shapes.Publicity, publicity_notice),
    "approval_document": Printed(shapes.Approval, approval_document),
    "task_book": Printed(shapes.FormPaper, task_book),
    "change_reply": Printed(shapes.ChangeReply, change_reply),
    "conclusion_reply": Printed(shapes.Conclusion, conclusion_reply),
    "certificate": Printed(shapes.Certificate, certificate),
    "payment_notice": Printed(shapes.PaymentNotice, payment_notice),
    "report_letter": Printed(shapes.ReportLetter, report_letter),
}


def render(template: str, content: object) -> bytes:
    """The paper as .docx. Raises KeyError for no template, TypeError for another paper's content."""
    printed = PAPERS[template]
    if not isinstance(content, printed.content):
        raise TypeError(f"{template} is printed from {printed.content.__name__}, not {type(content).__name__}")
    return printed.by(content)
