"""What two people sign: the first signs the digest of a set, the second the very same, and only then it is done.

One protocol for the release of a stage, the shortlist and the jury's decisions: each derives a `Signing`.
"""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.models import CaseOfficer
from applications.officers import officer_of
from applications.permissions import can_sign_release
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.exceptions import Refused

# What `Signing.confirm` sets on the row.
SECOND = ("confirmed_by", "confirmed_at")


class Signing:
    """A set that two people sign; what is its own stands in a class of its own. Here two managers sign a list.

    `model`: the row that keeps both signatures (`call`, `digest`, `decided_by`, `decided_at`, `confirmed_by`,
    `confirmed_at`), one for each call and `named`; its name begins the verb of the journal. `done`: code of the refusal
    once it is confirmed. `refusals`: `{code: sentence}`, where `%(name)s` is a person. `words`: what
    `applications/_signature.html` says.
    """

    model = None
    done = ""
    refusals = {
        "not_proposed": _("Personne n’a encore signé\u00a0: signez la liste, une autre personne confirmera."),
        "already_proposed": _("%(name)s a déjà signé cette même liste\u00a0: confirmez-la."),
        "same_person": _("Vous avez signé en premier\u00a0: un autre gestionnaire de l’appel confirme."),
        "first_signature_fell": _(
            "La première signature ne vaut plus\u00a0: "
            "cette personne a quitté son rôle, ou a un lien avec un dossier. "
            "Signez la liste, une autre personne confirmera."
        ),
        "changed_since_proposal": _(
            "La liste a changé depuis la première signature\u00a0: signez-la de nouveau, "
            "puis une autre personne confirmera."
        ),
    }
    words = {
        "signed": _("{who} a signé cette liste le {at}."),
        "wait_title": _("Vous avez signé"),
        "sign_title": _("À faire ensuite\u00a0: relire et signer"),
        "sign_button": _("Signer cette liste"),
    }

    def __init__(self, call, **named):
        self.call, self.named = call, named

    # What is a set's own

    def lock(self):
        """Lock what is signed, dossiers in the order of their ids: nothing of it changes before the act is over."""
        raise NotImplementedError

    def plan(self, by, at):
        """What would be signed now, with its `digest`; refused while something is missing."""
        raise NotImplementedError

    def refuse_unless_first(self, by):
        """Refuse who may not sign first: anybody but a manager without interest in any dossier of the call."""
        officer = officer_of(self.call, by)
        if not officer.is_manager:
            raise self.refusal("not_allowed")
        if not can_sign_release(officer, self.call):
            raise self.refusal("signer_has_interest", name=by)

    def refuse_unless_second(self, by):
        """Refuse who may not sign second, whoever signed first."""
        self.refuse_unless_first(by)

    def stands(self, row):
        """True while the first signer may still sign."""
        officer = CaseOfficer.objects.in_office().filter(call=self.call, user=row.decided_by_id).first()
        return officer is not None and can_sign_release(officer, self.call)

    def tidy(self, by, at):
        """What else the first signature writes, before itself."""

    # The protocol

    def propose(self, digest, *, by, at):
        """Sign first; returns the row. `digest`: that of the set as this person saw it. Nothing follows yet."""
        self.lock()
        self.refuse_unless_first(by)
        row = self._row()
        self._refuse_done(row)
        plan = self._plan_as_seen(digest, by, at)
        if row is not None and self.holds(row, plan):
            if row.decided_by_id == by.pk:
                return row
            raise self.refusal("already_proposed", name=row.decided_by)
        # A signature that fell, or one under another set, gives way to this one.
        row = row or self.model(call=self.call, **self.named)
        self.tidy(by, at)
        row.digest, row.decided_by, row.decided_at = plan.digest, by, at
        row.save()
        name = self.model._meta.model_name
        data = {name: row.pk, "digest": row.digest, **self.named}
        journal.append(self.call.chain_id, f"{name}_proposed", by=by, at=at, **data)
        return row

    def confirm(self, digest, *, by, at):
        """Sign second what somebody else signed first; returns `(row, plan)`.

        The row bears the second signature, which the act that follows saves (`SECOND`).
        """
        self.lock()
        self.refuse_unless_second(by)
        row = self._row()
        if row is None:
            raise self.refusal("not_proposed")
        self._refuse_done(row)
        if row.decided_by_id == by.pk:
            raise self.refusal("same_person")
        if not self.stands(row):
            raise self.refusal("first_signature_fell")
        plan = self._plan_as_seen(digest, by, at)
        if row.digest != plan.digest:
            raise self.refusal("changed_since_proposal")
        row.confirmed_by, row.confirmed_at = by, at
        return row, plan

    def holds(self, row, plan):
        """True while the first signature is under this very set, by somebody who may still sign."""
        return row.digest == plan.digest and self.stands(row)

    def refusal(self, code, **values):
        """The `Refused` of a code, in the words of this set."""
        return Refused(str(self.refusals[code]) % values, code=code)

    def _row(self):
        rows = self.model.objects.select_for_update(of=("self",)).select_related("decided_by", "call")
        return rows.filter(call=self.call, **self.named).first()

    def _refuse_done(self, row):
        if row is not None and row.confirmed_at is not None:
            raise self.refusal(self.done)

    def _plan_as_seen(self, digest, by, at):
        plan = self.plan(by, at)
        if digest != plan.digest:
            raise self.refusal("changed_since_page")
        return plan

    # The page

    def page(self, row, plan, user):
        """What `applications/_signature.html` shows a person who may sign; `row`: with its signers, or None."""
        if row is None or not self.holds(row, plan):
            return self.part("sign", row, plan)
        return self.part("wait" if row.decided_by_id == user.pk else "confirm", row, plan)

    def part(self, act, row, plan):
        """The same for an act that is known: `sign`, `confirm`, or `wait` for the other person."""
        found = {"act": act, "is_stale": act == "sign" and row is not None, "digest": plan.digest, "words": self.words}
        if act == "confirm":
            values = {"who": row.decided_by, "at": french.moment_html(row.decided_at)}
            found["signed"] = format_html(str(self.words["signed"]), **values)
        return found
