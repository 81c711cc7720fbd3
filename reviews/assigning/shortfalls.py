"""Why no assignment is possible, in words: each dossier without its rapporteurs, and the limit in its way."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Submission
from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused
from reviews.assigning import matching
from reviews.models import Rapporteur


def infeasible(call, shortfalls):
    """What keeps each dossier from being served, and what to do, in words; beside each dossier, by its number."""
    rows = Submission.objects.counting().filter(application__in=[one.dossier for one in shortfalls])
    sealed = {row.application_id: row for row in rows.select_related("application")}
    named = {pk for one in shortfalls for pk in (*one.apart, *one.full)}
    known = Rapporteur.objects.in_office().select_related("user").in_bulk(named)
    fields = {
        ("dossier", sealed[one.dossier].application.reference): _shortfall(
            call, one, sealed[one.dossier].acronym, known
        )
        for one in shortfalls
    }
    code = f"infeasible_{shortfalls[0].constraint}"
    if len(fields) == 1:
        return Refused(next(iter(fields.values())), code=code, fields=fields)
    sentence = _("%(count)s dossiers ne trouvent pas leurs rapporteurs. Rien n’est proposé.")
    return Refused(sentence % {"count": french.number(len(fields))}, code=code, fields=fields)


def _shortfall(call, shortfall, acronym, people):
    """Why one dossier is not served: what is missing, who is out of reach and by which limit, and what to do."""
    facts = {"acronym": acronym, "found": shortfall.found, "needed": call.evaluation.sheets_per_dossier}
    if shortfall.constraint == matching.BODIES:
        sentence = ngettext(
            "%(acronym)s demande %(needed)s rapporteurs d’organismes différents, et vos rapporteurs viennent de "
            "%(found)s seul organisme\u00a0: nommez-en un d’un autre organisme, puis proposez de nouveau.",
            "%(acronym)s demande %(needed)s rapporteurs d’organismes différents, et vos rapporteurs viennent de "
            "%(found)s organismes\u00a0: nommez-en un d’un autre organisme, puis proposez de nouveau.",
            shortfall.found,
        )
    elif shortfall.constraint == matching.INTERESTS and not shortfall.found:
        sentence = _(
            "%(acronym)s n’a plus de rapporteur possible, sans les liens d’intérêts et les dossiers rendus\u00a0: "
            "nommez-en d’autres, puis proposez de nouveau."
        )
    elif shortfall.constraint == matching.INTERESTS:
        sentence = ngettext(
            "%(acronym)s demande %(needed)s rapporteurs d’organismes différents\u00a0: sans les liens d’intérêts et "
            "les dossiers rendus, il reste %(found)s organisme. "
            "Nommez un rapporteur d’un autre organisme, puis proposez de nouveau.",
            "%(acronym)s demande %(needed)s rapporteurs d’organismes différents\u00a0: sans les liens d’intérêts et "
            "les dossiers rendus, il reste %(found)s organismes. "
            "Nommez un rapporteur d’un autre organisme, puis proposez de nouveau.",
            shortfall.found,
        )
    else:
        sentence = ngettext(
            "%(acronym)s ne trouve pas de rapporteur\u00a0: ceux qui pourraient l’évaluer ont le nombre de "
            "fiches qu’ils acceptent. Nommez un rapporteur de plus, puis proposez de nouveau.",
            "%(acronym)s ne trouve pas %(needed)s rapporteurs\u00a0: ceux qui pourraient l’évaluer ont le nombre de "
            "fiches qu’ils acceptent. Nommez un rapporteur de plus, puis proposez de nouveau.",
            facts["needed"],
        )
    return " ".join([sentence % facts, *_limits(shortfall, people)])


def _limits(shortfall, people):
    """Who does not take the dossier, in a sentence for each limit. `people`: rapporteurs in office, by id."""
    found = []
    apart = [str(people[pk]) for pk in shortfall.apart if pk in people]
    if apart:
        found.append(_("Liens d’intérêts ou dossier rendu\u00a0: %(names)s.") % {"names": ", ".join(apart)})
    full = [people[pk] for pk in shortfall.full if pk in people]
    if full:
        names = [_("%(name)s (%(most)s au plus)") % {"name": one, "most": french.number(one.capacity)} for one in full]
        found.append(_("Nombre de fiches atteint\u00a0: %(names)s.") % {"names": ", ".join(names)})
    return found
