from django.urls import path

from keshu.bureau.desk import place_views

app_name = "places"
urlpatterns = [
    path("", place_views.index, name="index"),
    path("add/", place_views.add, name="add"),
    path("<str:code>/", place_views.detail, name="detail"),
    path("<str:code>/move/", place_views.move, name="move"),
    path("<str:code>/end/", place_views.end, name="end"),
]
