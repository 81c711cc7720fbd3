"""What a juror notes for themselves on one hearing: saved as it is written, seen by nobody else, in no journal."""

from django.utils.translation import gettext as _

from hdh_portal.ground import french
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import name_of
from jury import links
from jury.dossiers import is_frozen
from jury.models import Juror, Opinion, OpinionMark
from jury.permissions import Person, can_sit
from reviews.marks import is_on_scale

LONGEST_NOTES = 10_000


@action
def save_opinion(hearing, *, marks=None, notes=None, leaning=None, seen=None, by, at):
    """Keep marks `{criterion key: float or None}`, notes and leaning; None leaves a field as it is.

    A mark of None is taken back. Refused once the decisions are frozen. `seen`: what the page showed. Returns the
    `Opinion` with its `merged` (`saving.Merge`).
    """
    application = hearing.application
    call = application.call
    # A recusal holds the seat's row too: no note is written after it. So do two saves of one person: one merges after
    # the other.
    juror = Juror.objects.select_for_update(of=("self",), no_key=True).filter(call=call, user=by).first()
    if not can_sit(Person(call, by, juror=juror), application):
        raise Refused(_("Ce dossier vous est fermé. Revenez aux auditions."), code="closed", link=links.sittings(call))
    if is_frozen(call):
        raise Refused(
            _("Les décisions du jury sont figées\u00a0: vos notes ne changent plus."),
            code="frozen",
            link=links.sittings(call),
        )
    criteria = {row.key: row for row in call.criterion_set.all()}
    _refuse_off_scale(call.evaluation, criteria, marks or {}, notes, leaning)
    opinion, _new = Opinion.objects.get_or_create(hearing=hearing, juror=juror, user=by, defaults={"saved_at": at})
    typed = {name: value for name, value in (("notes", notes), ("leaning", leaning)) if value is not None}
    typed |= {name_of("mark", key): value for key, value in (marks or {}).items()}
    merged = saving.merge(typed, fields_of(opinion), seen, by=by, at=opinion.saved_at)
    opinion.saved_at, opinion.merged = at, merged
    opinion.notes = merged.written.get("notes", opinion.notes)
    opinion.leaning = merged.written.get("leaning", opinion.leaning)
    opinion.save(update_fields=["saved_at", "notes", "leaning"])
    changed = {key: value for key, value in (marks or {}).items() if name_of("mark", key) in merged.written}
    _write(opinion, {criteria[key]: value for key, value in changed.items()})
    return opinion


def fields_of(opinion):
    """An opinion (or None) field by field, under the names that its page gives them."""
    if opinion is None:
        return {}
    marks = {name_of("mark", row.criterion.key): row.value for row in opinion.marks.select_related("criterion")}
    return marks | {"notes": opinion.notes, "leaning": opinion.leaning}


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
