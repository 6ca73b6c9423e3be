"""Pages of handling: lists, the formal check, scores, bulk actions and batches."""

from django.urls import path

from keshu.bureau.programmes.handling import check_views, list_views

urlpatterns = [
    path("work/", list_views.mine, name="work"),
    path("work/export/", list_views.export_mine, name="work-export"),
    path("cases/", list_views.every, name="cases"),
    path("cases/export/", list_views.export_every, name="cases-export"),
    path("cases/<int:application_id>/check/", check_views.check, name="check"),
]
