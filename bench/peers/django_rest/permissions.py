"""Who may see whom."""

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from bench.peers.django_rest.models import Assignment, RiskManagementPlan


class WorksWithPerson(BasePermission):
    """The caller is in the person's area or assigned to them; nobody else learns they exist."""

    def has_object_permission(
        self, request: Request, view: APIView, plan: RiskManagementPlan
    ) -> bool:
        """Raises `Http404` where the caller has nothing to do with the person."""
        staff, person = request.user, plan.person
        if staff.area_id == person.area_id:
            return True
        if Assignment.objects.filter(staff=staff.pk, person=person.pk).exists():
            return True
        raise Http404
