from django.urls import path

from keshu.bureau.statistics import source_views, views

app_name = "statistics"
urlpatterns = [
    path("", views.index, name="index"),
    path("export/", views.index_export, name="index-export"),
    path("figure/", views.figure_page, name="figure"),
    path("indicators/<str:code>/", views.indicator_page, name="indicator"),
    path("indicators/<str:code>/rows/", views.rows_export, name="rows-export"),
    path("indicators/<str:code>/places/", views.places_export, name="places-export"),
    path("sources/", source_views.index, name="sources"),
    path("sources/export/", source_views.export, name="sources-export"),
    path("sources/new/", source_views.add, name="source-add"),
    path("sources/import/", source_views.import_bulletin, name="source-import"),
    path("sources/<int:source_id>/", source_views.detail, name="source"),
    path("sources/<int:source_id>/edit/", source_views.edit, name="source-edit"),
    path("sources/<int:source_id>/values/", source_views.add_value, name="source-value"),
    path("sources/<int:source_id>/values/export/", source_views.values_export, name="source-export"),
    path("sources/<int:source_id>/withdraw/", source_views.withdraw, name="source-withdraw"),
    path("sources/<int:source_id>/file/", source_views.download, name="source-file"),
    path("values/<int:value_id>/void/", source_views.void, name="value-void"),
    path("acts/<int:act_id>/undo/", source_views.undo, name="undo"),
]
