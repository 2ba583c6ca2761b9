"""Who may see whom."""

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from bench.peers.django_rest.models import RiskManagementPlan


class WorksWithPerson(BasePermission):
    """The caller is in the person's area or assigned to them; nobody else learns they exist."""

    def has_object_permission(
        self, request: Request, view: APIView, plan: RiskManagementPlan
    ) -> bool:
        """Raises `Http404` where the caller has nothing to do with the person."""
        if plan.person.area_id == request.user.area_id or plan.assigned:
            return True
        raise Http404
