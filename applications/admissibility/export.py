"""The list of dossiers as a table that people take along: what the list shows, and what each sealed version says."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from applications.admissibility import worklist
from hdh_portal.web.tables import INSTANT, MONEY, NUMBER, Column

CHUNK = 500  # dossiers that are read at once


def columns(call):
    """The `Column`s of a `worklist.Row`: identity, what is asked for, the check of each body, the decision."""
    found = [
        Column(_("Numéro"), lambda row: row.application.reference),
        Column(_("Acronyme"), lambda row: row.submission.acronym),
        Column(_("Titre"), lambda row: row.submission.title),
        Column(_("Porteur"), lambda row: row.submission.lead_name),
        Column(_("SIRET du porteur"), lambda row: row.submission.lead_siret),
        Column(_("Catégorie"), lambda row: _label(row.submission.lead_category)),
        Column(_("Partenaires"), lambda row: ", ".join(one.name for one in row.submission.partners.all())),
        Column(_("Axe"), lambda row: _label(row.submission.axis)),
        Column(_("Aide demandée"), lambda row: row.submission.amount_cents, MONEY),
        Column(_("Durée (mois)"), lambda row: row.submission.duration_months, NUMBER),
        Column(_("Déposé (heure de Paris)"), lambda row: row.submission.arrived_at, INSTANT),
        Column(_("Version"), lambda row: row.submission.version, NUMBER),
    ]
    names = [_("Contrôle, %(body)s") % {"body": body.organisation.short_name} for body in call.checking_bodies]
    found += [Column(name, lambda row, at=at: str(row.bodies[at]["text"])) for at, name in enumerate(names)]
    return [*found, Column(_("Décision"), lambda row: str(row.outcome["text"]) if row.outcome else _("En attente"))]


def lines(rows, wanted, officer):
    """Every `worklist.Row` that is asked for, read five hundred at a time."""
    pks = list(worklist.listed(rows, wanted))
    for start in range(0, len(pks), CHUNK):
        found = worklist.shown(worklist.on_page(rows, pks[start : start + CHUNK]), officer)
        prefetch_related_objects([row.submission for row in found], "partners")
        yield from found


def _label(row):
    return row.label if row else ""
