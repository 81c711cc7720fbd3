"""allauth's hooks."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""
