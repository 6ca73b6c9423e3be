"""Calls, what may be applied for, and the page of a case."""

from django.urls import path

from keshu.bureau.programmes.applying import case_page_views, home_views
from keshu.bureau.programmes.calls import guide_views, views

urlpatterns = [
    path("calls/", views.index, name="calls"),
    path("calls/export/", views.export, name="calls-export"),
    path("calls/new/", views.choose, name="call-choose"),
    path("calls/new/<str:code>/", views.add, name="call-add"),
    path("calls/<int:call_id>/", views.call, name="call"),
    path("calls/<int:call_id>/edit/", views.edit, name="call-edit"),
    path("calls/<int:call_id>/publish/", views.publish, name="call-publish"),
    path("calls/<int:call_id>/extend/", views.extend, name="call-extend"),
    path("calls/<int:call_id>/cancel/", views.cancel, name="call-cancel"),
    path("guides/", guide_views.guides, name="guides"),
    path("guides/<int:call_id>/", guide_views.guide, name="guide"),
    path("mine/", home_views.mine, name="mine"),
    path("mine/begin/<int:call_id>/", home_views.begin, name="begin"),
    path("cases/<int:application_id>/", case_page_views.case, name="case"),
    path("cases/<int:application_id>/do/<slug:event>/", case_page_views.act, name="act"),
]
