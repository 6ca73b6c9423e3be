from django.urls import path

from keshu.bureau.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("", views.index, name="index"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("<slug:code>/", views.listing, name="list"),
    path("<slug:code>/export/", views.export, name="export"),
]
