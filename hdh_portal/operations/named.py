"""Rows that a command names by address, slug or reference: one sentence where there is none."""

import contextlib

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from applications.models import Application, Call
from hdh_portal.accounts.models import User
from hdh_portal.records.exceptions import Refused


def user_of(email):
    """The account of an address, in whatever case."""
    return _found(User.objects.filter(email__iexact=email), _("Aucun compte n’a l’adresse «\u202f%s\u202f».") % email)


def call_of(slug):
    """The call of this slug."""
    return _found(Call.objects.filter(slug=slug), _("Aucun appel «\u202f%s\u202f».") % slug)


def dossier_of(reference):
    """The dossier of this reference."""
    return _found(Application.objects.filter(reference=reference), _("Aucun dossier «\u202f%s\u202f».") % reference)


def _found(rows, missing):
    row = rows.first()
    if row is None:
        raise CommandError(missing)
    return row


@contextlib.contextmanager
def refusal_as_error():
    """A refusal ends the command with its sentence, and nothing is written."""
    try:
        yield
    except Refused as refusal:
        raise CommandError(refusal.sentence) from None
