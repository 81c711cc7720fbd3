"""What is due is disposed of in one act: its list first, then the rows, then the lines of the journal."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.dossier.disposal import erase_content, erase_draft, erase_files
from applications.models import Application, Disposal
from hdh_portal.accounts.models import Invitation, User
from hdh_portal.ground import french
from hdh_portal.operations.retention import bordereau
from hdh_portal.operations.retention.due import due
from hdh_portal.records import files, journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.periods import BY_KEY


@action
def dispose(chain, *, count, visa="", by, at):
    """Dispose of all that is due, if it is `count` rows and, for public archives, with a `visa`; gives the `Disposal`.

    `chain`: that of the portal. What became due since it was shown changes the count, and nothing is done.
    """
    found = _locked(due(at))
    counts = {key: len(rows) for key, rows in found.items()}
    _refuse(counts, count, visa)
    stored = files.store(bordereau.content(found, at, visa), "text/csv")
    disposal = Disposal.objects.create(at=at, rows=count, visa=visa, file=stored)
    lines = [line for key, rows in found.items() for line in ERASE.get(key, _delete)(rows, disposal)]
    for application, verb in sorted(lines, key=lambda line: line[0].call.chain_id):
        data = {"application": application.reference, "disposal": disposal.pk}
        journal.append(application.call.chain_id, verb, by=by, at=at, **data)
    journal.append(chain.pk, "data_disposed", by=by, at=at, disposal=disposal.pk, list=stored.sha256, rows=counts)
    transaction.on_commit(erase_files)
    return disposal


def _locked(found):
    """The rows themselves, dossiers locked in the order of their keys; kinds with none left out."""
    for key in ("draft", "dossier"):
        pks = sorted(found[key].values_list("pk", flat=True))
        list(Application.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
        found[key] = found[key].filter(pk__in=pks).select_related("call")
    return {key: rows for key, rows in ((key, list(rows)) for key, rows in found.items()) if rows}


def _refuse(counts, count, visa):
    total = sum(counts.values())
    if total == 0:
        raise Refused(_("Rien n’est à éliminer."), code="nothing_due")
    if total != count:
        sentence = french.ngettext(
            "%(count)s\u00a0élément est à éliminer\u00a0: relisez la liste.",
            "%(count)s\u00a0éléments sont à éliminer\u00a0: relisez la liste.",
            total,
        )
        raise Refused(sentence, code="other_count")
    if not visa and any(BY_KEY[key].archives for key in counts):
        raise Refused(
            _("Des dossiers sont des archives publiques\u00a0: indiquez le visa des archives."), code="no_visa"
        )


def _erase_drafts(rows, disposal):
    for application in rows:
        yield application, "draft_disposed"
        erase_draft(application)


def _erase_dossiers(rows, disposal):
    for application in rows:
        erase_content(application, disposal)
        yield application, "dossier_disposed"


def _forget_names(rows, disposal):
    User.objects.filter(pk__in=[row.pk for row in rows]).update(name="")
    return []


def _forget_addresses(rows, disposal):
    """An invitation stays without its address: the departure of a person names that of their successor."""
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(email="")
    return []


def _delete(rows, disposal):
    model = type(rows[0])
    model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return []


ERASE = {"draft": _erase_drafts, "dossier": _erase_dossiers, "closed": _forget_names, "invitation": _forget_addresses}
