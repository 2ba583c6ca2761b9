"""Custody from several answers of one system: alerts and key dates come as answers of their own."""

from collections.abc import Sequence

from schemas.base import section_of
from schemas.custody import LOCATION, Alert, Custody


def together(where: Custody, views: Sequence[Custody]) -> Custody:
    """Where the person is, from one record; the rest from `views`, newest first, the first that
    says it. What a later answer says of an alert holds for all alerts of that code."""
    if list(views) == [where]:
        return where
    told = {
        field: next((v for view in views if (v := getattr(view, field)) not in (None, [])), None)
        for field in Custody.model_fields
        if section_of(Custody, field) is not LOCATION
    }
    alerts: list[Alert] = []
    for view in views:
        known = {alert.code for alert in alerts}
        alerts += [alert for alert in view.alerts if alert.code not in known]
    said = {field: value for field, value in told.items() if value is not None}
    return where.model_copy(update=said | {"alerts": alerts})
