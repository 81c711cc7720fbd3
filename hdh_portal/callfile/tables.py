"""Whether the database has the tables of this code."""

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from hdh_portal.operations.preflight import unapplied


def refuse_old_tables():
    """End the command with one line, instead of the database's own complaint about a table that is not there yet."""
    try:
        waiting = unapplied()
    except DatabaseError:
        raise CommandError(_("La base de données ne répond pas\u00a0: lancez-la, puis recommencez.")) from None
    if waiting:
        sentence = _(
            "La base de données n’est pas à jour\u00a0: lancez «\u202fmanage.py migrate\u202f», puis recommencez."
        )
        raise CommandError(sentence)
