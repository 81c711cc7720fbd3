from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What those who run the portal see and do: readiness, mails and papers, powers, backups, retention."""

    name = "hdh_portal.operations"
    label = "operations"
