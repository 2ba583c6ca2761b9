"""A Django REST Framework service that reads a risk management plan and audits the reading."""
