"""What two managers sign of a stage's outcomes before they are released."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import Application, Release
from applications.release.reading import release_plan
from applications.signatures import Signing
from hdh_portal.records.exceptions import Link, Refused


class ReleaseSigning(Signing):
    """The list of a stage (`StageRelease`) with its letters."""

    model = Release
    done = "already_released"
    refusals = Signing.refusals | {
        "already_released": _("Les décisions sont déjà publiées\u00a0: relisez-les dans la liste."),
        "not_allowed": _("La publication des décisions est signée par deux gestionnaires de l’appel."),
        "no_signatory": _(
            "L’appel ne dit pas qui signe les courriers\u00a0: complétez la table «\u202fauthority\u202f» "
            "de son fichier, chargez-le, puis signez."
        ),
        "nothing_to_release": _(
            "Aucune décision n’est à publier\u00a0: attendez qu’une décision soit prise sur un dossier."
        ),
        "changed_since_page": _("La liste ou un courrier a changé depuis cette page\u00a0: relisez-la, puis signez."),
    }
    words = Signing.words | {
        "confirm_title": _("À faire ensuite\u00a0: confirmer la publication des décisions"),
        "confirm": _(
            "Relisez les nombres et les courriers. Ce bouton écrit à tous les candidats. Cet envoi est définitif."
        ),
        "confirm_button": _("Confirmer et publier les décisions"),
        "wait": _("Un autre gestionnaire de l’appel relit la même liste et confirme. Rien n’est publié avant."),
        "stale": _(
            "La première signature ne vaut plus\u00a0: la liste ou un courrier a changé, "
            "ou cette personne ne peut plus signer."
        ),
        "sign": _(
            "Relisez les nombres et les courriers, puis signez. "
            "Une autre personne confirmera la même liste\u202f; rien n’est publié avant."
        ),
        "digest": _("Empreinte de la liste et des courriers\u00a0:"),
    }

    def __init__(self, call, stage):
        super().__init__(call, stage=stage.key)
        self.stage = stage

    def lock(self):
        dossiers = Application.objects.select_for_update(of=("self",))
        list(dossiers.filter(call=self.call, state=self.stage.from_state).order_by("pk"))

    def plan(self, by, at):
        self.stage.refuse(self.call, at)
        plan = release_plan(self.call, self.stage.key)
        if plan.undecided:
            count, (page, label) = len(plan.undecided), self.stage.missing_url(self.call)
            sentence = ngettext(
                "%(count)s dossier attend encore sa décision\u00a0: rien n’est publié avant.",
                "%(count)s dossiers attendent encore leur décision\u00a0: rien n’est publié avant.",
                count,
            )
            raise Refused(sentence % {"count": count}, code="incomplete", link=Link(page, (self.call.slug,), label))
        if not all(self.call.texts["authority"][name] for name in ("signatory", "quality", "place", "remedies")):
            raise self.refusal("no_signatory")
        if not plan.outcomes:
            raise self.refusal("nothing_to_release")
        return plan
