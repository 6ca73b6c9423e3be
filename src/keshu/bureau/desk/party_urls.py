from django.urls import path

from keshu.bureau.desk import party_views

app_name = "parties"
urlpatterns = [
    path("", party_views.index, name="index"),
    path("export/", party_views.export, name="export"),
    path("add/", party_views.add, name="add"),
    path("<int:party_id>/", party_views.detail, name="detail"),
    path("<int:party_id>/rename/", party_views.rename, name="rename"),
    path("<int:party_id>/confirm/", party_views.confirm, name="confirm"),
    path("<int:party_id>/merge/", party_views.merge, name="merge"),
    path("<int:party_id>/part/", party_views.part, name="part"),
]
