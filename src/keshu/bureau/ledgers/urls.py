from django.urls import path

from keshu.bureau.ledgers import entry_views, form_views, import_views, report_views, views

app_name = "ledgers"
urlpatterns = [
    path("", views.index, name="index"),
    path("imports/", import_views.index, name="imports"),
    path("imports/<int:batch_id>/", import_views.batch, name="batch"),
    path("imports/<int:batch_id>/problems/", import_views.problems, name="batch-problems"),
    path("imports/<int:batch_id>/file/", import_views.original, name="batch-file"),
    path("imports/<int:batch_id>/columns/", import_views.columns, name="batch-columns"),
    path("imports/<int:batch_id>/commit/", import_views.commit, name="batch-commit"),
    path("imports/<int:batch_id>/drop/", import_views.drop, name="batch-drop"),
    path("imports/<int:batch_id>/undo/", import_views.undo, name="batch-undo"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("parties/", form_views.suggest, name="suggest"),
    path("entries/<int:entry_id>/edit/", form_views.edit, name="edit"),
    path("entries/<int:entry_id>/star/", entry_views.star, name="star"),
    path("entries/<int:entry_id>/void/", entry_views.void, name="void"),
    path("entries/<int:entry_id>/attach/", entry_views.attach, name="attach"),
    path("entries/<int:entry_id>/attachments/<int:attachment_id>/", entry_views.download, name="attachment"),
    path("entries/<int:entry_id>/attachments/<int:attachment_id>/remove/", entry_views.detach, name="detach"),
    path("entries/<int:entry_id>/personal/<slug:field>/", entry_views.unmask, name="unmask"),
    path("<slug:code>/", views.listing, name="list"),
    path("<slug:code>/export/", views.export, name="export"),
    path("<slug:code>/import/", import_views.upload, name="import"),
    path("<slug:code>/chosen/", entry_views.chosen, name="chosen"),
    path("<slug:code>/new/", form_views.new, name="new"),
    path("<slug:code>/draft/", form_views.save_draft, name="draft"),
    path("<slug:code>/draft/drop/", form_views.drop_draft, name="draft-drop"),
    path("<slug:code>/report/", report_views.report, name="report"),
    path("<slug:code>/begin/", report_views.begin, name="begin"),
]
