"""What a juror notes for themselves on one hearing: saved as it is written, seen by nobody else, in no journal."""

from django.utils.translation import gettext as _

from hdh_portal.ground import french
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from jury.dossiers import is_frozen
from jury.models import Juror, Opinion, OpinionMark
from jury.permissions import Person, can_sit
from reviews.marks import is_on_scale

LONGEST_NOTES = 10_000


@action
def save_opinion(hearing, *, marks=None, notes=None, leaning=None, by, at):
    """Keep marks `{criterion key: float or None}`, notes and leaning; None leaves a field as it is.

    A mark of None is taken back. Refused once the decisions are frozen. Returns the `Opinion`.
    """
    application = hearing.application
    call = application.call
    # A recusal holds the seat's row too: no note is written after it.
    juror = Juror.objects.select_for_update(of=("self",), no_key=True).filter(call=call, user=by).first()
    if not can_sit(Person(call, by, juror=juror), application):
        raise Refused(_("Ce dossier vous est fermé. Revenez aux auditions."), code="closed")
    if is_frozen(call):
        raise Refused(_("Les décisions du jury sont figées\u00a0: vos notes ne changent plus."), code="frozen")
    criteria = {row.key: row for row in call.criterion_set.all()}
    _refuse_off_scale(call.evaluation, criteria, marks or {}, notes, leaning)
    opinion, _new = Opinion.objects.get_or_create(hearing=hearing, juror=juror, user=by, defaults={"saved_at": at})
    opinion.saved_at = at
    opinion.notes = opinion.notes if notes is None else notes
    opinion.leaning = opinion.leaning if leaning is None else leaning
    opinion.save(update_fields=["saved_at", "notes", "leaning"])
    _write(opinion, {criteria[key]: value for key, value in (marks or {}).items()})
    return opinion


def _write(opinion, marks):
    """Write the marks that were given and take back the others, each in one statement."""
    given = [
        OpinionMark(opinion=opinion, criterion=criterion, value=float(value))
        for criterion, value in marks.items()
        if value is not None
    ]
    OpinionMark.objects.bulk_create(
        given, update_conflicts=True, unique_fields=["opinion", "criterion"], update_fields=["value"]
    )
    taken_back = [criterion for criterion, value in marks.items() if value is None]
    if taken_back:
        OpinionMark.objects.filter(opinion=opinion, criterion__in=taken_back).delete()


def _refuse_off_scale(evaluation, criteria, marks, notes, leaning):
    fields = {}
    for key, value in marks.items():
        if key not in criteria:
            raise Refused(_("Ce critère n’est pas de cet appel\u00a0: relisez la page."), code="unknown_value")
        if value is not None and not is_on_scale(value, evaluation):
            fields["mark", key] = _("Choisissez une note de l’échelle, de %(low)s à %(high)s.") % {
                "low": french.number(evaluation.mark_min),
                "high": french.number(evaluation.mark_max),
            }
    if leaning not in (None, "", *Opinion.Leaning.values):
        fields["leaning"] = _("Choisissez un des avis proposés.")
    over = french.characters(notes) - LONGEST_NOTES
    if over > 0:
        fields["notes"] = french.ngettext(
            "Vos notes dépassent la limite\u00a0: retirez %(count)s\u00a0caractère.",
            "Vos notes dépassent la limite\u00a0: retirez %(count)s\u00a0caractères.",
            over,
        )
    if fields:
        raise Refused(_("Votre appréciation n’est pas enregistrée."), code="not_valid", fields=fields)
