from django.urls import path

from keshu.bureau.desk import catalogue_views

app_name = "catalogue"
urlpatterns = [
    path("", catalogue_views.index, name="index"),
    path("<slug:kind>/<str:code>/", catalogue_views.detail, name="detail"),
]
