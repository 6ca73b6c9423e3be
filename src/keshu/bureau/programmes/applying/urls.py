"""The form of a case, its papers, its check, its receipts."""

from django.urls import path

from keshu.bureau.programmes.applying import form_views, paper_views, receipt_views

CASE = "cases/<int:application_id>"

urlpatterns = [
    path(f"{CASE}/form/", form_views.form, name="form"),
    path(f"{CASE}/form/whole/", form_views.whole, name="whole"),
    path(f"{CASE}/form/draft.docx", form_views.draft, name="draft"),
    path(f"{CASE}/form/cells/", form_views.cells, name="cells"),
    path(f"{CASE}/form/check/", form_views.check, name="check"),
    path(f"{CASE}/form/papers/", paper_views.papers, name="papers"),
    path(f"{CASE}/form/papers/uploads", paper_views.begin_upload, name="paper-upload"),
    path(f"{CASE}/form/papers/uploads/<uuid:upload_id>", paper_views.append_upload, name="paper-append"),
    path(f"{CASE}/form/papers/uploads/<uuid:upload_id>/finish", paper_views.finish_upload, name="paper-finish"),
    path(f"{CASE}/form/papers/<int:paper_id>/", paper_views.change, name="paper-change"),
    path(f"{CASE}/form/sections/<slug:section>/", form_views.section, name="section"),
    path(f"{CASE}/form/sections/<slug:section>/figures/", form_views.figures, name="figures"),
    path(f"{CASE}/papers/<slug:sha256>/", paper_views.download, name="paper"),
    path(f"{CASE}/versions/<int:number>/", receipt_views.version, name="version"),
    path(f"{CASE}/versions/<int:number>/form.pdf", receipt_views.printed, name="printed"),
    path(f"{CASE}/versions/<int:number>/changes/", receipt_views.changes, name="changes"),
    path(f"{CASE}/receipts/<int:receipt_id>/", receipt_views.receipt, name="receipt"),
    path("receipts/", receipt_views.verify, name="verify"),
]
