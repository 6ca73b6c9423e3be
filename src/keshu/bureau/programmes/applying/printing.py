"""The form and its receipt as papers: cover, sections, tables, list of papers, hash and QR code of exactly this content."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.programmes.applying.pages import Reading, whole_form
from keshu.bureau.programmes.applying.reading import draft_of, version_form
from keshu.bureau.programmes.applying.sheet import Filled
from keshu.bureau.programmes.applying.versions import stored_values
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import about, issuer_of
from keshu.bureau.programmes.models import Application, FormVersion, Receipt
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity.printing import paper
from keshu.bureau.records.services import ZONE, digest_of
from keshu.catalogue.schema.programme_form import Table
from keshu.office.papers import shapes
from keshu.office.papers.parts import Attachment, Grid, Head, Item, Listing, LongText, Opinion, Section, Verification

LONG = 60  # signs from which a text is printed as paragraphs of its own


def verify_address(application: Application, sha256: str, root: str = "") -> str:
    """The public page that confirms a receipt; `root` is the site's own address, as the reader types it."""
    return f"{root.rstrip('/')}{reverse('programmes:verify')}?number={application.number or ''}&sha256={sha256}"


def paper_of(case: Case, version: FormVersion, *, own: bool, root: str = "") -> shapes.FormPaper:
    """A version that was handed in. `own` False masks personal texts."""
    form = version_form(case.application, version, at=version.at)
    note = _("第 %(n)s 版") % {"n": version.number} if version.number > 1 else ""
    proof = Verification(version.sha256, verify_address(case.application, version.sha256, root))
    return _paper(case, form, version.papers, proof, own=own, note=note)


def draft_paper(case: Case) -> shapes.FormPaper:
    """The draft as it is now, to be read and signed; its hash is that of these very texts, and no receipt has it."""
    draft = draft_of(case.application, at=case.at)
    sha256 = digest_of(stored_values(draft)).hex()
    papers = [
        {"slot": one.slot, "name": one.name, "sha256": one.sha256, "size": one.size}
        for rows in draft.papers.values()
        for one in rows
    ]
    proof = Verification(sha256, verify_address(case.application, sha256))
    return _paper(case, draft.form, papers, proof, own=True, note=_("草稿，不作为申报依据"))


def _paper(
    case: Case, form: Filled, papers: Sequence[Mapping[str, Any]], proof: Verification, *, own: bool, note: str
) -> shapes.FormPaper:
    application, programme = case.application, case.programme
    titles = {slot.code: slot.name for slot in programme.attachments}
    day = application.submitted_at.astimezone(ZONE).date() if application.submitted_at else None
    recommended = programme.applicants is not None and programme.applicants.recommended
    opinions = [Opinion(_("申报单位意见"))] + ([Opinion(_("推荐单位意见"))] if recommended else [])
    return shapes.FormPaper(
        title=_("%(name)s申报书") % {"name": programme.name}, case=about(case), issuer=issuer_of(case.call),
        cover=tuple(_cover(case)), sections=tuple(_sections(form, own=own)), verification=proof, day=day, note=note,
        attachments=tuple(
            Attachment(titles.get(one["slot"], ""), one["name"], one["size"], one["sha256"]) for one in papers
        ),
        opinions=tuple(opinions),
    )  # fmt: skip


def _cover(case: Case) -> Iterator[Item]:
    application = case.application
    for label, value in (
        (_("受理编号"), application.number or ""), (_("名称"), application.title), (_("申报单位"), application.party.name),
        (_("负责人"), application.leader), (_("申报批次"), case.call.name),
    ):  # fmt: skip
        if value or label == _("受理编号"):
            yield Item(label, value)


def _sections(form: Filled, *, own: bool) -> Iterator[Section]:
    for part in whole_form(form, own=own):
        parts = [*_texts(part), *(listing_of(table, lines, footer) for table, lines, footer in part.tables)]
        if parts:
            yield Section(part.name, tuple(parts))


def _texts(part: Reading) -> Iterator[Grid | LongText]:
    short = [Item(label, text) for _path, label, text in part.pairs if len(text) <= LONG and "\n" not in text]
    if short:
        yield Grid(tuple(short))
    for _path, label, text in part.pairs:
        if len(text) > LONG or "\n" in text:
            yield LongText(label, text)


def listing_of(table: Table, lines: Sequence[tuple[str, Sequence[str]]], footer: Sequence[str]) -> Listing:
    """A table of the form as a table of a paper; fixed rows are budget heads or the like, others are counted."""
    first = Head(_("科目") if table.rows else _("序号"), 0.6 if not table.rows else 1.0)
    heads = (first, *(Head(f"{one.name}（{one.unit}）" if one.unit else one.name) for one in table.columns))
    rows = tuple((title, *cells) for title, cells in lines) or (("",) * len(heads),)
    return Listing(heads, rows, title=table.name, total=(_("合计"), *footer) if footer else ())


def receipt_paper(case: Case, receipt: Receipt, root: str = "") -> shapes.Receipt:
    """The receipt of a click that handed something in."""
    application, version = case.application, receipt.version
    if version is None:
        raise CaseProblem(_("这张回执没有对应的申报书版本，请在页面上查看"))
    return shapes.Receipt(
        case=about(case), issuer=issuer_of(case.call), submitted_at=receipt.at.astimezone(ZONE),
        verification=Verification(receipt.sha256, verify_address(application, receipt.sha256, root)),
        attachments=len(version.papers),
    )  # fmt: skip


@paper("application_form")
def _form(case: Case) -> object:
    """For whoever may see the case, so personal texts are masked; the applicant's own print is the PDF of the version."""
    if case.application.version is None:
        raise CaseProblem(_("申报书还没有提交，不能打印正式文本"))
    return paper_of(case, case.application.version, own=False)


@paper("receipt")
def _receipt(case: Case) -> object:
    rows = Receipt.objects.select_related("version").filter(application=case.application, version__isnull=False)
    receipt = rows.order_by("-pk").first()
    if receipt is None:
        raise CaseProblem(_("还没有回执：申报书提交后才有"))
    return receipt_paper(case, receipt)
