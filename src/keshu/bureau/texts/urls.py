from django.urls import path

from keshu.bureau.texts import adopting_views as adopting
from keshu.bureau.texts import searching_views as searching
from keshu.bureau.texts import views

app_name = "texts"
urlpatterns = [
    path("", views.index, name="index"),
    path("export/", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("figures/", searching.figures, name="figures"),
    path("figures/export/", searching.figures_export, name="figures-export"),
    path("differing/", searching.differing, name="differing"),
    path("compare/", searching.compare, name="compare"),
    path("<int:text_id>/", views.text, name="text"),
    path("<int:text_id>/download/<str:form>/", views.download, name="download"),
    path("<int:text_id>/adopt/", adopting.adopt, name="adopt"),
    path("<int:text_id>/read/", views.read_again, name="read"),
    path("<int:text_id>/change/", views.change, name="change"),
    path("<int:text_id>/findings/<int:finding>/", views.judge, name="judge"),
    path("<int:text_id>/remove/", views.remove, name="remove"),
]
