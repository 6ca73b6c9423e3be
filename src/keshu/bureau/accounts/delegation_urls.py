from django.urls import path

from keshu.bureau.accounts import delegation_views as views

app_name = "leave"
urlpatterns = [
    path("", views.leave, name="index"),
    path("end/", views.end, name="end"),
]
