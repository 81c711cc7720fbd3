"""What two managers sign of the shortlist before it is frozen."""

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.permissions import has_interest, is_free_of
from applications.signatures import Signing
from applications.states import State
from hdh_portal.records.exceptions import Refused
from reviews import links
from reviews.models import Shortlist, ShortlistPart
from reviews.ranking.reading import ranked
from reviews.shortlist.reading import shortlist_plan


class ShortlistSigning(Signing):
    """The ranking of a call as it stands, its placements, and what each team would read. Who signs it moves it too.

    The list has a cut: one dossier in is another one out. It is signed by people without interest in any of them, or in
    parts where no two are.
    """

    model = Shortlist
    part_model = ShortlistPart
    done = "already_frozen"
    refusals = Signing.refusals | {
        "already_frozen": _("La présélection est figée\u00a0: plus rien n’y change."),
        "not_allowed": _("La présélection est tenue par les gestionnaires de l’appel."),
        "signer_has_interest": _(
            "Vous avez un lien avec un dossier à présélectionner\u00a0: "
            "deux gestionnaires sans lien avec aucun d’eux signent. La page «\u202fSignatures\u202f» dit qui."
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

    def dossiers(self):
        return dict(ranked(self.call).order_by("pk").values_list("pk", "reference"))

    def refuse_unless_first(self, by):
        self.refuse_unless_manager(by)
        if not is_free_of(by, ranked(self.call)):
            raise self.refusal("signer_has_interest")

    def refuse_unless_manager(self, by):
        """Refuse who has no part in the list at all."""
        super().refuse_unless_first(by)

    def refuse_unless_placed_by(self, application, by):
        """Refuse who may not move a dossier: as for the list, or where it is shared, with an interest in this one."""
        self.refuse_unless_manager(by)
        if not self.may_place(application, by):
            raise self.refusal("signer_has_interest")

    def may_place(self, application, user):
        """True for who may move a dossier: free of the whole set, or of this one where the set is signed in parts."""
        if is_free_of(user, ranked(self.call)):
            return True
        return self.shares() is not None and not has_interest(user, application)

    def stands(self, row):
        return super().stands(row) and is_free_of(row.decided_by_id, ranked(self.call))

    def plan(self, by, at):
        plan = shortlist_plan(self.call)
        shut = set(ranked(self.call).closed_to(by).order_by().values_list("pk", flat=True))
        problems = plan.problems(at, shut)
        if problems:
            raise Refused(problems[0].sentence, code=problems[0].code, link=links.ranking(self.call))
        return plan
