"""The read."""

from auditlog.context import set_actor
from auditlog.signals import accessed
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from bench.peers.django_rest.models import RiskManagementPlan
from bench.peers.django_rest.permissions import WorksWithPerson


class PlanView(GenericAPIView):
    """`GET /v1/persons/<ref>/risk-management-plan`."""

    permission_classes = [IsAuthenticated, WorksWithPerson]
    queryset = RiskManagementPlan.objects.select_related("person")
    lookup_field = "person__ref"
    lookup_url_kwarg = "ref"

    def get(self, request: Request, ref: str) -> Response:
        """The document; the reading is committed to the audit log before it is answered."""
        plan = self.get_object()
        with set_actor(request.user, remote_addr=request.META["REMOTE_ADDR"]):
            accessed.send(RiskManagementPlan, instance=plan)
        return Response(plan.document)
