"""Calls, the cases that they bring, and everything that happens to a case. One module for each part of its life."""

from keshu.bureau.programmes.models.applying import FormCell, FormVersion, NumberSeries, Paper, Receipt
from keshu.bureau.programmes.models.calls import Call, Extension
from keshu.bureau.programmes.models.cases import Application, CaseEntry, CasePerson, Reminder, Stage
from keshu.bureau.programmes.models.granting import (
    CaseReport,
    ChangeRequest,
    Conclusion,
    Credit,
    Milestone,
    TaskBook,
    Verdict,
    Visit,
)
from keshu.bureau.programmes.models.handling import (
    Advice,
    Batch,
    BatchItem,
    CheckVerdict,
    Decision,
    Defect,
    PaperRecommendation,
    Score,
)
from keshu.bureau.programmes.models.publishing import (
    ArchiveIndex,
    Correction,
    DocumentItem,
    IssuedDocument,
    Objection,
    ObjectionReminder,
    Publicity,
    PublicityItem,
)

__all__ = [
    "Advice",
    "Application",
    "ArchiveIndex",
    "Batch",
    "BatchItem",
    "Call",
    "CaseEntry",
    "CasePerson",
    "CaseReport",
    "ChangeRequest",
    "CheckVerdict",
    "Conclusion",
    "Correction",
    "Credit",
    "Decision",
    "Defect",
    "DocumentItem",
    "Extension",
    "FormCell",
    "FormVersion",
    "IssuedDocument",
    "Milestone",
    "NumberSeries",
    "Objection",
    "ObjectionReminder",
    "Paper",
    "PaperRecommendation",
    "Publicity",
    "PublicityItem",
    "Receipt",
    "Reminder",
    "Score",
    "Stage",
    "TaskBook",
    "Verdict",
    "Visit",
]
