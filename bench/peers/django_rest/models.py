"""People, the staff who may see them, and their plans."""

from auditlog.registry import auditlog
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Area(models.Model):
    """A MAPPA area."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Staff(AbstractBaseUser):
    """A caller; sees everybody in their area, and whoever they are assigned to."""

    USERNAME_FIELD = "username"
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.username


class Person(models.Model):
    """A person under management, known by reference."""

    ref = models.CharField(max_length=20, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.ref


class Assignment(models.Model):
    """This member of staff works with this person."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "person"], name="one_assignment_per_pair")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} works with {self.person_id}"


class RiskManagementPlan(models.Model):
    """The plan as it is answered."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="plan")
    document = models.JSONField()

    def __str__(self) -> str:
        return f"plan {self.pk}"


auditlog.register(RiskManagementPlan, exclude_fields=["document"])
