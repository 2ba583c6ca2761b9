"""The Django application."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans are registered for auditing where they are defined, in the models."""

    name = "bench.peers.django_rest"
    label = "plans"
