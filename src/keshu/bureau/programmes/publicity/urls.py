"""Addresses of lists, objections, documents and what the public sees of them."""

from django.urls import path

from keshu.bureau.programmes.publicity import document_views, list_views, objection_views, public_views

LIST, OBJECTION = "publicities/<int:publicity_id>", "objections/<int:objection_id>"
DOCUMENT, CASE, CALL = "documents/<int:document_id>", "cases/<int:application_id>", "calls/<int:call_id>"

urlpatterns = [
    path("public/", public_views.index, name="public-lists"),
    path("public/<int:publicity_id>/", public_views.show, name="public-list"),
    path("public/<int:publicity_id>/object/", public_views.object_to, name="public-object"),
    path("public/ticket/", public_views.ticket, name="public-ticket"),
    path("results/", public_views.results, name="results"),
    path("results/<int:document_id>/", public_views.result, name="result"),
    path("publicities/", list_views.index, name="publicities"),
    path(f"{CALL}/publicity/", list_views.publish, name="publicity-new"),
    path(f"{LIST}/", list_views.show, name="publicity"),
    path(f"{LIST}/end/", list_views.end, name="publicity-end"),
    path(f"{LIST}/notice/", list_views.notice, name="publicity-notice"),
    path(f"{LIST}/items/<int:item_id>/", list_views.correct, name="publicity-correct"),
    path(f"{LIST}/objections/", objection_views.register, name="objection-register"),
    path("objections/", objection_views.index, name="objections"),
    path(f"{OBJECTION}/", objection_views.show, name="objection"),
    path(f"{OBJECTION}/take-up/", objection_views.take_up, name="objection-take-up"),
    path(f"{OBJECTION}/who/", objection_views.unmask, name="objection-unmask"),
    path(f"{OBJECTION}/scan/", objection_views.scan, name="objection-scan"),
    path("documents/", document_views.index, name="documents"),
    path(f"{CALL}/documents/<slug:template>/", document_views.draft, name="document-draft"),
    path(f"{CALL}/upper/", document_views.upper, name="document-upper"),
    path(f"{DOCUMENT}/", document_views.show, name="document"),
    path(f"{DOCUMENT}/lines/", document_views.lines, name="document-lines"),
    path(f"{DOCUMENT}/go-on/", document_views.go_on, name="document-go-on"),
    path(f"{DOCUMENT}/drop/", document_views.drop, name="document-drop"),
    path(f"{DOCUMENT}/get/<slug:what>/", document_views.download, name="document-get"),
    path(f"{CASE}/print/<slug:template>/", document_views.paper, name="case-paper"),
    path(f"{CASE}/archive.zip", document_views.archive, name="case-archive"),
]
