"""Pages of handling: lists, the formal check, scores, bulk actions and batches."""

from django.urls import path

from keshu.bureau.programmes.handling import (
    batch_views,
    bulk_views,
    check_views,
    deciding_views,
    list_views,
    score_views,
)

urlpatterns = [
    path("work/", list_views.mine, name="work"),
    path("work/export/", list_views.export_mine, name="work-export"),
    path("cases/", list_views.every, name="cases"),
    path("cases/export/", list_views.export_every, name="cases-export"),
    path("cases/<int:application_id>/check/", check_views.check, name="formal-check"),
    path("cases/<int:application_id>/scores/", score_views.sheet, name="scores"),
    path("cases/<int:application_id>/scores/<int:score_id>/withdraw/", score_views.withdraw, name="score-withdraw"),
    path("calls/<int:call_id>/scores/", score_views.ranking, name="ranking"),
    path("calls/<int:call_id>/scores/export/", score_views.export, name="ranking-export"),
    path("deciding/", deciding_views.decisions, name="decisions"),
    path("recommending/", deciding_views.recommending, name="recommending"),
    path("calls/<int:call_id>/on-paper/", deciding_views.on_paper, name="on-paper"),
    path("cases/<int:application_id>/recommendation/", deciding_views.scan, name="recommendation"),
    path("bulk/", bulk_views.bulk, name="bulk"),
    path("bulk/amounts/", bulk_views.export_amounts, name="amounts"),
    path("batches/", batch_views.batch_list, name="batches"),
    path("batches/<int:batch_id>/", batch_views.batch, name="batch"),
    path("batches/<int:batch_id>/release/", batch_views.release, name="batch-release"),
    path("batches/<int:batch_id>/drop/", batch_views.drop, name="batch-drop"),
    path("batches/<int:batch_id>/undo/", batch_views.undo, name="batch-undo"),
]
