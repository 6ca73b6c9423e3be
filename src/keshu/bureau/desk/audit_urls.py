from django.urls import path

from keshu.bureau.desk import audit_views

app_name = "audit"
urlpatterns = [
    path("", audit_views.index, name="index"),
    path("check/", audit_views.check, name="check"),
    path("check/progress/", audit_views.progress, name="progress"),
    path("export/", audit_views.export, name="export"),
    path("acts/<int:act_id>/", audit_views.detail, name="detail"),
]
