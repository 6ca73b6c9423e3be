from django.urls import path

from keshu.bureau.targets import task_views, views

app_name = "targets"
urlpatterns = [
    path("", views.index, name="index"),
    path("export/", views.export, name="export"),
    path("new/", views.add, name="new"),
    path("tasks/", task_views.index, name="tasks"),
    path("tasks/export/", task_views.export, name="tasks-export"),
    path("<int:target_id>/", views.detail, name="detail"),
    path("<int:target_id>/edit/", views.edit, name="edit"),
    path("<int:target_id>/break-down/", views.break_down, name="break-down"),
    path("<int:target_id>/withdraw/", views.withdraw, name="withdraw"),
]
