"""What two managers sign of the shortlist before it is frozen."""

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.signatures import Signing
from applications.states import State
from hdh_portal.records.exceptions import Refused
from reviews.models import Shortlist
from reviews.shortlist.reading import shortlist_plan


class ShortlistSigning(Signing):
    """The ranking of a call as it stands, its placements, and what each team would read. Who signs it moves it too."""

    model = Shortlist
    done = "already_frozen"
    refusals = Signing.refusals | {
        "already_frozen": _("La présélection est figée\u00a0: plus rien n’y change."),
        "not_allowed": _("La présélection est tenue par les gestionnaires de l’appel."),
        "signer_has_interest": _(
            "%(name)s n’a pas déclaré ses liens, ou en a un avec un dossier de l’appel. "
            "Un autre gestionnaire de l’appel s’en charge."
        ),
        "changed_since_page": _(
            "Le classement ou une appréciation a changé depuis cette page\u00a0: relisez la liste, puis signez."
        ),
    }
    words = Signing.words | {
        "confirm_title": _("À faire ensuite\u00a0: confirmer et figer la liste"),
        "confirm": _("Relisez-la. Ensuite plus rien n’y change\u00a0: ni place, ni fiche."),
        "confirm_button": _("Confirmer et figer la liste"),
        "wait": _("Un autre gestionnaire de l’appel relit la même liste et confirme. Rien n’est figé avant."),
        "stale": _(
            "La première signature ne vaut plus\u00a0: la liste a changé, ou cette personne ne peut plus signer."
        ),
        "sign": _(
            "Relisez la liste et les raisons, puis signez. "
            "Une autre personne confirmera la même liste\u202f; rien n’est figé avant."
        ),
        "digest": _("Empreinte du classement, des raisons et des appréciations\u00a0:"),
    }

    def lock(self):
        dossiers = Application.objects.select_for_update(of=("self",))
        list(dossiers.filter(call=self.call, state=State.ADMISSIBLE).order_by("pk"))

    def plan(self, by, at):
        plan = shortlist_plan(self.call)
        problems = plan.problems(at)
        if problems:
            raise Refused(problems[0].sentence, code=problems[0].code)
        return plan
