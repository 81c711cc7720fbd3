"""What two managers sign of a stage's outcomes before they are released."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import Application, Release
from applications.release.reading import release_plan
from applications.signatures import Signing
from hdh_portal.records.exceptions import Refused


class ReleaseSigning(Signing):
    """The list of a stage (`StageRelease`) with its letters."""

    model = Release
    done = "already_released"
    refusals = Signing.refusals | {
        "already_released": _("Les issues sont déjà communiquées\u00a0: relisez-les dans la liste."),
        "not_allowed": _("La communication est signée par deux gestionnaires de l’appel."),
        "signer_has_interest": _(
            "%(name)s n’a pas déclaré ses liens, ou en a un avec un dossier de la liste. "
            "Un autre gestionnaire de l’appel signe."
        ),
        "nothing_to_release": _("Aucun dossier n’est à communiquer\u00a0: attendez qu’un dossier ait son issue."),
        "changed_since_page": _("La liste ou un courrier a changé depuis cette page\u00a0: relisez-la, puis signez."),
    }
    words = Signing.words | {
        "confirm_title": _("À faire ensuite\u00a0: confirmer la communication"),
        "confirm": _(
            "Relisez les nombres et les courriers. Ce bouton écrit à tous les candidats. Cet envoi est définitif."
        ),
        "confirm_button": _("Confirmer et communiquer à tous"),
        "wait": _("Un autre gestionnaire de l’appel relit la même liste et confirme. Rien n’est communiqué avant."),
        "stale": _(
            "La première signature ne vaut plus\u00a0: la liste ou un courrier a changé, "
            "ou cette personne ne peut plus signer."
        ),
        "sign": _(
            "Relisez les nombres et les courriers, puis signez. "
            "Une autre personne confirmera la même liste\u202f; rien n’est communiqué avant."
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
            count = len(plan.undecided)
            sentence = ngettext(
                "%(count)s dossier attend encore sa décision\u00a0: rien n’est communiqué avant.",
                "%(count)s dossiers attendent encore leur décision\u00a0: rien n’est communiqué avant.",
                count,
            )
            raise Refused(sentence % {"count": count}, code="incomplete")
        if not plan.outcomes:
            raise self.refusal("nothing_to_release")
        return plan
