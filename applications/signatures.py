"""What two people sign: the first signs the digest of a set, the second the very same, and only then it is done.

One protocol for the release of a stage, the shortlist and the jury's decisions: each derives a `Signing`.

Where no two people are free of every interest in a set with a cut, each signs what is open to them, and the set is
signed once every dossier bears the signatures of two people (design: what an interest closes). What each signed is a
`SignedPart`, under the digest of that part: the digest of the whole would tell of what is closed to them.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications import links
from applications.models import CaseOfficer, Interest, InterestDeclaration
from applications.officers import officer_of
from applications.permissions import can_manage
from hdh_portal.ground import french
from hdh_portal.records import journal
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused

# What `Signing.confirm` sets on the row.
SECOND = ("confirmed_by", "confirmed_at")


def digest_of_set(call, values):
    """SHA-256 of what a set says, with the salt of its call: the digest that is signed.

    A digest is shown to who may sign, closed dossiers or not; a rank or a mark of these has so few values that without
    salt each could be tried.
    """
    return sha256({"salt": call.salt, **values})


@dataclass(frozen=True)
class Shares:
    """Who signs what where nobody is free of all: `{user id: ids of dossiers}` of who may sign first, second."""

    first: dict
    second: dict

    def of(self, user):
        """Ids of the dossiers that a person signs; none for who has no part in it."""
        return self.first.get(user.pk, frozenset()) | self.second.get(user.pk, frozenset())

    def cover(self, signed, dossiers):
        """True if every dossier has two signatures; `signed`: `{user id: ids that they signed}`."""
        return all(self._twice(signed, one) for one in dossiers)

    def _twice(self, signed, dossier):
        by = {user for user, ids in signed.items() if dossier in ids}
        first = {user for user in by if dossier in self.first.get(user, ())}
        second = {user for user in by if dossier in self.second.get(user, ())}
        return bool(first and second) and len(first | second) > 1


class Signing:
    """A set that two people sign; what is its own stands in a class of its own. Here two managers sign a list.

    `model`: the row that keeps both signatures (`call`, `digest`, `decided_by`, `decided_at`, `confirmed_by`,
    `confirmed_at`), one for each call and `named`; its name begins the verb of the journal. `done`: code of the refusal
    once it is confirmed. `refusals`: `{code: sentence}`, where `%(name)s` is a person. `words`: what
    `applications/_signature.html` says. `part_model`: the `SignedPart` of a set that may be signed in parts; its plan
    has `digest_of(ids)`, and the class says who its `dossiers` and `signers` are.
    """

    model = None
    part_model = None
    done = ""
    refusals = {
        "not_proposed": _("Personne n’a encore signé\u00a0: signez la liste, une autre personne confirmera."),
        "already_proposed": _("%(name)s a déjà signé cette même liste\u00a0: confirmez-la."),
        "same_person": _("Vous avez signé en premier\u00a0: un autre gestionnaire de l’appel confirme."),
        "not_declared": _(
            "Vous n’avez pas encore déclaré vos liens d’intérêts dans cet appel\u00a0: déclarez-les, puis signez."
        ),
        "first_signature_fell": _(
            "La première signature ne vaut plus\u00a0: "
            "cette personne a quitté son rôle, ou a un lien avec un dossier. "
            "Signez la liste, une autre personne confirmera."
        ),
        "changed_since_proposal": _(
            "La liste a changé depuis la première signature\u00a0: signez-la de nouveau, "
            "puis une autre personne confirmera."
        ),
        "part_missing": _("Il manque encore une signature sur un dossier\u00a0: une autre personne signe d’abord."),
    }
    # `{code: call -> Link}`: where a refusal is mended, if not on the page of the set.
    ways_out = MappingProxyType({"not_declared": links.declaration})
    words = {
        "part": _(
            "Un lien vous ferme une partie de la liste\u00a0: vous signez ce qui vous est ouvert, "
            "une autre personne signe le reste."
        ),
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
        """Refuse who may not sign first: anybody but a manager of the call who has declared their interests."""
        officer = officer_of(self.call, by)
        if not officer.is_manager:
            raise self.refusal("not_allowed")
        if not can_manage(officer, self.call):
            raise self.refusal("not_declared")

    def refuse_unless_second(self, by):
        """Refuse who may not sign second, whoever signed first."""
        self.refuse_unless_first(by)

    def refuse_unless_signer(self, shares, by, *, second=False):
        """Refuse who may sign no part of the set (`second`: not as the last one, whose signature completes it)."""
        if by.pk not in (shares.second if second else shares.first | shares.second):
            raise self.refusal("not_allowed")

    def stands(self, row):
        """True while the first signer may still sign."""
        officer = CaseOfficer.objects.in_office().filter(call=self.call, user=row.decided_by_id).first()
        return officer is not None and can_manage(officer, self.call)

    def tidy(self, by, at):
        """What else the first signature writes, before itself."""

    def dossiers(self):
        """`{id: reference}` of the dossiers of the set."""
        raise NotImplementedError

    def signers(self):
        """Ids of people who may sign first, and second, whatever their interests: here managers who have declared."""
        declared = InterestDeclaration.objects.values("officer")
        rows = CaseOfficer.objects.in_office().filter(call=self.call, power=CaseOfficer.Power.MANAGER, pk__in=declared)
        managers = list(rows.order_by("pk").values_list("user_id", flat=True))
        return managers, managers

    # Parts

    def shares(self, dossiers=None):
        """The `Shares` of a set of which no two people are free of all, or None where two are: they sign it whole.

        `dossiers`: as of `dossiers()`, where they are read already.
        """
        if self.part_model is None:
            return None
        first, second = self.signers()
        if not first or not second:
            return None
        ids = frozenset(self.dossiers() if dossiers is None else dossiers)
        if not ids:
            return None
        current = Interest.objects.current().filter(user__in={*first, *second}, application__in=ids).order_by()
        closed = {}
        for user, application in current.values_list("user_id", "application_id"):
            closed.setdefault(user, set()).add(application)
        free = [[user for user in users if user not in closed] for users in (first, second)]
        if any(one != other for one in free[0] for other in free[1]):
            return None
        opened = [{user: ids - closed.get(user, set()) for user in users} for users in (first, second)]
        return Shares(opened[0], self.substitutes(opened[1]))

    def substitutes(self, opened):
        """Of those who may sign second, what each does sign: all that is open to them, unless a set says otherwise."""
        return opened

    def signed_parts(self, shares, row, plan):
        """`{user id: ids}` of the signatures that stand: by who may sign still, under what the plan says now."""
        known = {reference: pk for pk, reference in self.dossiers().items()}
        found = {}
        for part in self.part_model.objects.filter(call=self.call, **self.named).order_by("id"):
            ids = frozenset(known.get(reference) for reference in part.references)
            may = shares.first.get(part.user_id, frozenset()) | shares.second.get(part.user_id, frozenset())
            stands = None not in ids and ids <= may and part.digest == plan.digest_of(ids)
            found[part.user_id] = ids if stands else frozenset()
        if row is not None and row.digest == plan.digest:  # Signed whole, while two people were free of all.
            found[row.decided_by_id] = shares.first.get(row.decided_by_id, frozenset())
        return found

    def act_of(self, user, shares, row, plan):
        """What a person may do where the set is signed in parts: `sign`, `confirm`, `wait`, or an empty text."""
        mine, signed = shares.of(user), self.signed_parts(shares, row, plan)
        if not mine:
            return ""
        has_signed = signed.get(user.pk) == mine
        is_other = row is not None and row.decided_by_id != user.pk
        if is_other and user.pk in shares.second and shares.cover(signed | {user.pk: mine}, self.dossiers()):
            return "confirm"
        if has_signed or (row is None and user.pk not in shares.first):
            return "wait"
        return "sign"

    def _part_as_seen(self, shares, digest, by, at):
        """`(plan, ids of the dossiers that this person signs)`, if they read what stands now."""
        mine = shares.of(by)
        if not mine:
            raise self.refusal("signer_has_interest", name=by)
        plan = self.plan(by, at)
        if digest != plan.digest_of(mine):
            raise self.refusal("changed_since_page")
        return plan, mine

    def _propose_part(self, shares, digest, by, at):
        row = self._row()
        self._refuse_done(row)
        plan, mine = self._part_as_seen(shares, digest, by, at)
        signed = {} if row is None else self.signed_parts(shares, row, plan)
        if signed.get(by.pk) == mine:
            return row
        if row is None or not signed.get(row.decided_by_id):
            if by.pk not in shares.first:
                raise self.refusal("not_proposed")
            row = row or self.model(call=self.call, **self.named)
            row.digest, row.decided_by, row.decided_at = plan.digest_of(mine), by, at
        self.tidy(by, at)
        row.save()
        self._sign_part(row, plan, mine, by, at)
        return row

    def _confirm_part(self, shares, digest, by, at):
        row = self._row()
        if row is None:
            raise self.refusal("not_proposed")
        self._refuse_done(row)
        if row.decided_by_id == by.pk:
            raise self.refusal("same_person")
        plan, mine = self._part_as_seen(shares, digest, by, at)
        signed = self.signed_parts(shares, row, plan)
        if not shares.cover(signed | {by.pk: mine}, self.dossiers()):
            raise self.refusal("part_missing")
        if signed.get(by.pk) != mine:
            self._sign_part(row, plan, mine, by, at)
        row.digest = plan.digest
        row.save(update_fields=["digest"])
        row.confirmed_by, row.confirmed_at = by, at
        return row, plan

    def _sign_part(self, row, plan, mine, by, at):
        known, name = self.dossiers(), self.model._meta.model_name
        values = {"references": sorted(known[pk] for pk in mine), "digest": plan.digest_of(mine)}
        self.part_model.objects.create(call=self.call, user=by, at=at, **self.named, **values)
        data = {name: row.pk, **values, **self.named}
        journal.append(self.call.chain_id, f"{name}_part_signed", by=by, at=at, **data)

    # The protocol

    def propose(self, digest, *, by, at):
        """Sign first; returns the row. `digest`: that of the set as this person saw it. Nothing follows yet.

        Where the set is signed in parts, everybody but the last signs so, under the digest of what is open to them.
        """
        self.lock()
        if (shares := self.shares()) is not None:
            self.refuse_unless_signer(shares, by)
            return self._propose_part(shares, digest, by, at)
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
        if (shares := self.shares()) is not None:
            self.refuse_unless_signer(shares, by, second=True)
            return self._confirm_part(shares, digest, by, at)
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
        way_out = self.ways_out.get(code)
        return Refused(str(self.refusals[code]) % values, code=code, link=way_out and way_out(self.call))

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
        if (shares := self.shares()) is not None:
            return self.part(self.act_of(user, shares, row, plan) or "wait", row, plan, shares.of(user))
        if row is None or not self.holds(row, plan):
            return self.part("sign", row, plan)
        return self.part("wait" if row.decided_by_id == user.pk else "confirm", row, plan)

    def part(self, act, row, plan, ids=None):
        """The same for an act that is known: `sign`, `confirm`, or `wait` for the other person.

        `ids`: of the dossiers that this person signs, where the set is signed in parts.
        """
        digest = plan.digest if ids is None else plan.digest_of(ids)
        is_stale = act == "sign" and row is not None and ids is None
        found = {"act": act, "is_stale": is_stale, "digest": digest, "words": self.words, "is_part": ids is not None}
        if act == "confirm":
            values = {"who": row.decided_by, "at": french.moment_html(row.decided_at)}
            found["signed"] = format_html(str(self.words["signed"]), **values)
        return found
