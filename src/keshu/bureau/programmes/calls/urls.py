"""Calls, what may be applied for, and the page of a case."""

from django.urls import path

from keshu.bureau.programmes.applying import case_page_views

urlpatterns = [
    path("cases/<int:application_id>/", case_page_views.case, name="case"),
    path("cases/<int:application_id>/do/<slug:event>/", case_page_views.act, name="act"),
]
