from django.urls import path

from keshu.bureau.programmes.grants import credit_views, views

CASE = "cases/<int:application_id>"

urlpatterns = [
    path(f"{CASE}/task-book/", views.task_book, name="task-book"),
    path(f"{CASE}/task-book/agree/", views.agree, name="task-book-agree"),
    path(f"{CASE}/change/", views.change, name="change"),
    path(f"{CASE}/reports/new/", views.report, name="report"),
    path(f"{CASE}/reports/<int:report_id>/file/", views.report_file, name="report-file"),
    path(f"{CASE}/reports/<int:report_id>/accept/", views.judge_report, {"verdict": "accept"}, name="report-accept"),
    path(f"{CASE}/reports/<int:report_id>/return/", views.judge_report, {"verdict": "return"}, name="report-return"),
    path(f"{CASE}/milestones/<int:milestone_id>/", views.milestone, name="milestone"),
    path(f"{CASE}/visits/new/", views.visit, name="visit"),
    path(f"{CASE}/visits/<int:visit_id>/close/", views.close_visit, name="visit-close"),
    path(f"{CASE}/verdicts/new/", views.verdict, name="verdict"),
    path("credits/", credit_views.credits, name="credits"),
    path("credits/new/", credit_views.add, name="credit-add"),
    path("credits/<int:credit_id>/repair/", credit_views.repair, name="credit-repair"),
]
