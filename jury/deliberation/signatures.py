"""What secretary and presidency sign of the jury's decisions before they are frozen.

Lock order: dossiers by id, then the jury's row, which serialises envelope, places and ranks of the call.
"""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from applications.models import Application, CaseOfficer, InterestDeclaration
from applications.signatures import Signing
from applications.states import State
from hdh_portal.records import journal
from hdh_portal.records.exceptions import Refused
from jury import links
from jury.deliberation.reading import decisions_left_behind, deliberation_plan, dossiers_of, has_interest_in_set
from jury.dossiers import is_frozen
from jury.models import Deliberation, DeliberationPart, Jury
from jury.permissions import has_interest_in_any, person_at
from jury.seats.presiding import presiding_over_all, who_may_preside

FROZEN = _("Les décisions sont figées\u00a0: elles ne changent plus. Lisez le procès-verbal.")


class DeliberationSigning(Signing):
    """All decisions of a call: the secretary signs them, who presides over all of them freezes them."""

    model = Deliberation
    part_model = DeliberationPart
    done = "frozen"
    refusals = {
        "frozen": FROZEN,
        "not_allowed": _("Le secrétariat du jury signe les décisions en premier."),
        "not_presiding": _(
            "Les décisions sont figées par la présidence, ou par la première suppléance sans lien avec un dossier."
        ),
        "signer_has_interest": _("Vous avez un lien avec un dossier de la liste\u00a0: une autre personne signe."),
        "incomplete": _("Les décisions ne peuvent pas être figées. %(first)s"),
        "changed_since_page": _("Une décision a changé depuis cette page\u00a0: relisez-les, puis signez."),
        "not_proposed": _("Le secrétariat n’a pas encore signé\u00a0: il signe d’abord."),
        "already_proposed": _("%(name)s a déjà signé ces décisions\u00a0: la présidence les fige."),
        "same_person": _("Vous avez signé en premier\u00a0: une autre personne, qui préside, fige."),
        "first_signature_fell": _(
            "La première signature ne vaut plus\u00a0: le secrétariat relit les décisions et signe de nouveau."
        ),
        "changed_since_proposal": _(
            "Une décision a changé depuis la première signature\u00a0: le secrétariat signe de nouveau."
        ),
        "part_missing": _(
            "Il manque encore une signature sur un dossier\u00a0: la personne à qui il est ouvert signe d’abord."
        ),
    }
    ways_out = MappingProxyType({"frozen": links.minutes, "incomplete": links.deliberation})
    words = {
        "part": _(
            "Un lien vous ferme un dossier de l’ensemble\u00a0: vous signez les décisions qui vous sont ouvertes, "
            "une autre personne signe les autres."
        ),
        "confirm_title": _("À faire ensuite\u00a0: figer les décisions"),
        "confirm": _("Relisez-les\u00a0: ce bouton les fige, et le procès-verbal se rédige."),
        "confirm_button": _("Figer les décisions"),
        "signed": _("{who} a signé ces décisions le {at}."),
        "wait_title": _("Les décisions sont signées par le secrétariat"),
        "wait": _("La présidence, ou qui la supplée pour l’ensemble, relit les mêmes décisions et les fige."),
        "stale": _(
            "La première signature ne vaut plus\u00a0: une décision a changé, ou cette personne ne peut plus signer."
        ),
        "sign_title": _("À faire ensuite\u00a0: signer les décisions"),
        "sign": _(
            "Chaque projet a sa décision confirmée. Signez l’ensemble\u202f; la présidence relit le même et le fige. "
            "Rien ne change plus ensuite."
        ),
        "sign_button": _("Signer les décisions"),
        "digest": _("Empreinte des décisions\u00a0:"),
    }

    def lock(self):
        rows = Application.objects.select_for_update(of=("self",))
        list(rows.filter(call=self.call, state=State.SHORTLISTED).order_by("pk"))
        open_jury(self.call)

    def plan(self, by, at):
        plan = deliberation_plan(self.call)
        if not plan.is_complete:
            raise self.refusal("incomplete", first=self._first_problem(plan, by))
        return plan

    def _first_problem(self, plan, by):
        """What is missing, in words that say nothing of a dossier that is closed to the person."""
        if has_interest_in_set(by, self.call):
            return _("Une décision manque encore, sur un dossier que vous pouvez lire ou non.")
        return plan.problems[0] if plan.problems else _("Aucun dossier n’est devant le jury.")

    def dossiers(self):
        row = Deliberation.objects.filter(call=self.call).first()
        return dict(dossiers_of(self.call, row).order_by("pk").values_list("pk", "reference"))

    def signers(self):
        """Secretaries who have declared; then the presidency and those who act for it, who is in the room first."""
        declared = InterestDeclaration.objects.values("officer")
        rows = CaseOfficer.objects.in_office().filter(call=self.call, power=CaseOfficer.Power.SECRETARY)
        clerks = rows.filter(pk__in=declared).order_by("pk").values_list("user_id", flat=True)
        return list(clerks), [seat.user_id for seat in who_may_preside(self.call)]

    def substitutes(self, opened):
        """Each one signs what is open to them of what nobody before them could sign."""
        found, left = {}, frozenset().union(*opened.values())
        for user, ids in opened.items():
            if ids & left:
                found[user], left = ids & left, left - ids
        return found

    def refuse_unless_first(self, by):
        if not person_at(self.call, by).is_secretary:
            raise self.refusal("not_allowed")
        if has_interest_in_set(by, self.call):
            raise self.refusal("signer_has_interest")

    def refuse_unless_signer(self, shares, by, *, second=False):
        if by.pk in shares.second or (not second and by.pk in shares.first):
            return
        raise self.refusal("not_presiding" if second else "not_allowed")

    def refuse_unless_second(self, by):
        seat = presiding_over_all(self.call)
        if seat is None or seat.user_id != by.pk:
            raise self.refusal("not_presiding")

    def stands(self, row):
        """Secretary in office, without interest in the set."""
        office = CaseOfficer.objects.in_office().filter(
            call=self.call, user=row.decided_by_id, power=CaseOfficer.Power.SECRETARY
        )
        return office.exists() and not has_interest_in_any(row.decided_by_id, dossiers_of(self.call, row))

    def tidy(self, by, at):
        drop_left_behind(self.call, by, at)


def open_jury(call):
    """The jury's row, locked; refused once the decisions are frozen."""
    jury = Jury.objects.select_for_update(of=("self",)).get(call=call)
    if is_frozen(call):
        raise Refused(str(FROZEN), code="frozen", link=links.minutes(call))
    return jury


def drop_left_behind(call, by, at):
    """Remove decisions, not frozen, on dossiers that left the procedure. For an act whose lines come last."""
    left = decisions_left_behind(call)
    dropped = sorted(left.values_list("application__reference", "pk"))
    left.delete()
    for reference, pk in dropped:
        journal.append(call.chain_id, "decision_dropped", by=by, at=at, application=reference, decision=pk)
