from django.urls import path

from keshu.bureau.desk import message_views as views

app_name = "messages"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("open/", views.opened, name="open"),
    path("read/", views.read_all, name="read-all"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/retry/", views.retry, name="retry"),
    path("outbox/cancel/", views.cancel, name="cancel"),
]
