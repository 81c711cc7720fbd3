"""Duties across objects of the second stage, each a plain `bool`. Who may look something up is the queryset's business.

Source: guarantees.md §2 and §5.
"""

from applications.permissions import can_sign_release


def can_steer(officer, call):
    """True for a manager in office without standing interest in any deposited dossier of the call."""
    return can_sign_release(officer, call)
