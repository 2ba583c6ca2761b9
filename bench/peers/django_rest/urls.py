"""The only path."""

from django.urls import path

from bench.peers.django_rest.views import PlanView

urlpatterns = [path("v1/persons/<str:ref>/risk-management-plan", PlanView.as_view())]
