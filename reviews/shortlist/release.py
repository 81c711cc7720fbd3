"""The release of the shortlist: what its letters say beside the call's own words."""

from types import MappingProxyType

from django.utils.translation import gettext as _

from applications.models import Release
from applications.release.reading import StageRelease
from applications.states import State
from hdh_portal.records.exceptions import Refused
from reviews import links
from reviews.models import Shortlist, ShortlistEntry


class Shortlisting(StageRelease):
    """The frozen shortlist, told to the team of every admissible dossier at once."""

    key = Release.Stage.SHORTLIST
    slug = "preselection"
    from_state = State.ADMISSIBLE
    conclusions = (State.SHORTLISTED, State.NOT_SHORTLISTED)
    # What the rapporteurs write to a team that is not shortlisted, as it was frozen.
    placeholders = MappingProxyType({State.NOT_SHORTLISTED: {"reasons": lambda line: line.refusal_text}})
    compulsory = MappingProxyType({State.NOT_SHORTLISTED: ("reasons", "remedies")})
    letter = "shortlist_letter"

    def outcomes(self, call):
        """Lines of the frozen list whose dossier is still in the procedure, by reference."""
        rows = ShortlistEntry.objects.filter(shortlist__call=call, application__state=self.from_state)
        frozen = rows.filter(shortlist__confirmed_at__isnull=False)
        return frozen.select_related("application").order_by("application__reference")

    def notified(self, call):
        """Lines whose notice was written."""
        return ShortlistEntry.objects.filter(shortlist__call=call, application__notices__kind=self.key)

    def line(self, outcome):
        """Rank and told comments: who signs, signs the very list that was frozen."""
        return [outcome.rank, outcome.refusal_text]

    def notice_text(self, outcome):
        """One sentence."""
        if outcome.is_shortlisted:
            return _(
                "Votre dossier est présélectionné\u00a0: votre équipe est invitée à défendre le projet devant le jury."
            )
        return _("Votre dossier n’est pas présélectionné. Le courrier donne aussi ces appréciations et vos recours.")

    def refuse(self, call, at):
        """Refuse before the list is frozen."""
        if not Shortlist.objects.filter(call=call, confirmed_at__isnull=False).exists():
            raise Refused(
                _("La présélection n’est pas figée\u00a0: deux personnes la figent d’abord."),
                code="not_frozen",
                link=links.shortlist(call),
            )

    def missing_url(self, call):
        """The shortlist."""
        return "reviews:shortlist", _("Voir la présélection")
