"""A site with one view that forgot to say who may open it."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("open/", lambda request: HttpResponse("open"))]
