from django.urls import path

from keshu.bureau.reports import acting_views as acting
from keshu.bureau.reports import proof_views, views

app_name = "summaries"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("verify/", views.verify, name="verify"),
    path("<int:summary_id>/", views.summary, name="summary"),
    path("<int:summary_id>/marks/<str:mark>/", views.mark, name="mark"),
    path("<int:summary_id>/check/", views.check, name="check"),
    path("<int:summary_id>/compare/", views.compare, name="compare"),
    path("<int:summary_id>/send/", views.send, name="send"),
    path("<int:summary_id>/download/<str:form>/", views.download, name="download"),
    path("<int:summary_id>/order/", acting.order, name="order"),
    path("<int:summary_id>/recompose/", acting.recompose, name="recompose"),
    path("<int:summary_id>/due/", acting.due, name="due"),
    path("<int:summary_id>/falls/", acting.falls, name="falls"),
    path("<int:summary_id>/step/", acting.step, name="step"),
    path("<int:summary_id>/step/return/", acting.step_back, name="step-return"),
    path("<int:summary_id>/freeze/", acting.freeze, name="freeze"),
    path("<int:summary_id>/measures/put-back/", acting.put_back, name="put-back"),
    path("<int:summary_id>/signatures/<int:signature_id>/scan/", acting.scan_file, name="scan"),
    path("<int:summary_id>/sections/<str:code>/edit/", acting.edit, name="edit"),
    path("<int:summary_id>/sections/<str:code>/versions/", views.versions, name="versions"),
    path("<int:summary_id>/sections/<str:code>/recompose/", acting.recompose_section, name="section-recompose"),
    path("<int:summary_id>/sections/<str:code>/sign/", acting.sign, name="sign"),
    path("<int:summary_id>/sections/<str:code>/return/", acting.send_back, name="return"),
    path("<int:summary_id>/sections/<str:code>/proof/<str:key>/", proof_views.proof, name="proof"),
]
