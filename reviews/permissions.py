"""Duties across objects of the second stage, each a plain `bool`. Who may look something up is the queryset's business.

Source: guarantees.md §2 and §5.
"""

from applications.permissions import can_manage, has_interest


def can_manage_dossier(officer, application):
    """True for such a manager without interest in the dossier."""
    return can_manage(officer, application.call) and not has_interest(officer.user_id, application)
