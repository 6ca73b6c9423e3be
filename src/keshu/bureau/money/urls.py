from django.urls import path

from keshu.bureau.money import paying_views, returning_views, views, voucher_views

app_name = "money"
urlpatterns = [
    path("", views.index, name="index"),
    path("export/", views.export, name="export"),
    path("own/", views.own, name="own"),
    path("pay/", paying_views.bulk, name="bulk"),
    path("recoveries/", views.recoveries, name="recoveries"),
    path("recoveries/<int:recovery_id>/receive/", returning_views.receive, name="receive"),
    path("calls/", views.calls, name="calls"),
    path("calls/<int:call_id>/", views.call, name="call"),
    path("calls/<int:call_id>/export/", views.export_call, name="call-export"),
    path("calls/<int:call_id>/propose/", returning_views.propose, name="propose"),
    path("calls/<int:call_id>/budget/", returning_views.budget, name="budget-new"),
    path("calls/<int:call_id>/budget/<int:line_id>/", returning_views.budget, name="budget"),
    path("cases/<int:application_id>/pay/", paying_views.pay, name="pay"),
    path("cases/<int:application_id>/recover/", returning_views.recover, name="recover"),
    path("cases/<int:application_id>/surplus/", returning_views.surplus, name="surplus"),
    path("cases/<int:application_id>/total/", returning_views.total, name="total"),
    path("instalments/<int:instalment_id>/", paying_views.instalment, name="instalment"),
    path("payments/<int:payment_id>/void/", paying_views.void, name="void"),
    path("payments/<int:payment_id>/notice/", paying_views.notice, name="notice"),
    path("vouchers/", voucher_views.index, name="vouchers"),
    path("vouchers/own/", voucher_views.own, name="own-vouchers"),
    path("vouchers/new/", voucher_views.issue, name="voucher-new"),
    path("vouchers/<int:voucher_id>/", voucher_views.voucher, name="voucher"),
    path("vouchers/<int:voucher_id>/withdraw/", voucher_views.withdraw, name="voucher-withdraw"),
    path("vouchers/<int:voucher_id>/uses/<int:use_id>/void/", voucher_views.void_use, name="voucher-void"),
]
