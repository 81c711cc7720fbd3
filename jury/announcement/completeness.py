"""What keeps an announcement from going out: a laureate without a text, a letter without words, a wrong sum."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Letter


def problems(content, call, conclusions):
    """Sentences, one for each thing to mend. `conclusions`: those of the decisions that are told with it."""
    return [*_of_laureates(content), *_of_letters(call, conclusions), *_of_sums(content, conclusions)]


def _of_laureates(content):
    for card in content.get("laureates", []):
        named = {"acronym": card["acronym"]}
        if not card["lead"].strip():
            yield _("%(acronym)s n’a pas de porteur principal") % named
        if not card["text"]:
            yield _("%(acronym)s n’a pas de texte à publier") % named


def _of_letters(call, conclusions):
    wanted = dict.fromkeys(conclusions)
    there = set(Letter.objects.filter(call=call, kind__in=wanted).values_list("kind", flat=True))
    for kind in wanted:
        if kind not in there:
            yield _("le courrier «\u202f%(kind)s\u202f» manque dans l’appel") % {"kind": kind}


def _of_sums(content, conclusions):
    """Each step of the funnel holds the next one, and shares make a whole."""
    announced = content["result"]["laureates"]
    decided = list(conclusions).count("laureate")
    if announced != decided:
        sentence = ngettext(
            "%(announced)s lauréat dans l’annonce pour %(decided)s dans les décisions",
            "%(announced)s lauréats dans l’annonce pour %(decided)s dans les décisions",
            announced,
        )
        yield sentence % {"announced": announced, "decided": decided}
    shortlisted, count = content["selection"]["evaluation"]["shortlisted"], content["candidates"]["count"]
    if not announced <= shortlisted <= count:
        yield _("les nombres ne se suivent pas\u00a0: %(count)s candidats, %(shortlisted)s présélectionnés") % {
            "count": count,
            "shortlisted": shortlisted,
        }
    if sum(share["percent"] for share in content["candidates"]["shares"]) != 100:
        yield _("les parts par catégorie ne font pas 100\u00a0%%") % {}
