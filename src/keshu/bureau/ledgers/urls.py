from django.urls import path

from keshu.bureau.ledgers import import_views, views

app_name = "ledgers"
urlpatterns = [
    path("", views.index, name="index"),
    path("imports/", import_views.index, name="imports"),
    path("imports/<int:batch_id>/", import_views.batch, name="batch"),
    path("imports/<int:batch_id>/problems/", import_views.problems, name="batch-problems"),
    path("imports/<int:batch_id>/columns/", import_views.columns, name="batch-columns"),
    path("imports/<int:batch_id>/commit/", import_views.commit, name="batch-commit"),
    path("imports/<int:batch_id>/drop/", import_views.drop, name="batch-drop"),
    path("imports/<int:batch_id>/undo/", import_views.undo, name="batch-undo"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("<slug:code>/", views.listing, name="list"),
    path("<slug:code>/export/", views.export, name="export"),
    path("<slug:code>/import/", import_views.upload, name="import"),
]
