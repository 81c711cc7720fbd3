"""Who scores which dossier: proposed by the matching, changed by hand, confirmed by a manager, who tells them all."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import links as first
from applications.locking import lock
from applications.models import Interest
from applications.officers import officer_of
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from reviews import links
from reviews.assigning import matching
from reviews.assigning.reading import (
    ALREADY,
    FROZEN,
    FULL,
    INTEREST,
    NOT_IN_OFFICE,
    NOT_RELEASED,
    OVER,
    SAME_BODY,
    Carrier,
    assignments_digest,
    closed_because,
    evaluated,
    obstacle,
    of_evaluated,
    open_rows,
    proposal,
    proposed,
    serving,
    users_with_interest,
)
from reviews.assigning.shortfalls import infeasible
from reviews.models import Assignment, Rapporteur, ScoreSheet
from reviews.models.assignment import with_interest
from reviews.permissions import can_manage, can_manage_dossier

MAIL = "assignment_mail"


def manager_or_refusal(call, user):
    """The office of who manages the evaluation, or a refusal: a manager who has declared their interests."""
    officer = officer_of(call, user)
    if not officer.is_manager:
        raise Refused(_("L’évaluation est conduite par les gestionnaires de l’appel."), code="not_allowed")
    if not can_manage(officer, call):
        raise Refused(
            _("Déclarez d’abord vos liens d’intérêts\u00a0: la répartition s’ouvre ensuite."),
            code="not_declared",
            link=first.declaration(call),
        )
    return officer


def refuse_unless_assignable(call, at):
    """Refuse before the admissibility is told, from the end of the evaluation on, and once its list is frozen."""
    code = closed_because(call, at)
    sentences = {
        NOT_RELEASED: _(
            "Les dossiers se répartissent quand les décisions de recevabilité sont publiées. Publiez-les d’abord."
        ),
        OVER: _("L’évaluation a pris fin le %(day)s\u00a0: la répartition ne change plus.")
        % {"day": french.instant(call.evaluation.closes_at)},
        FROZEN: _("La présélection est figée\u00a0: la répartition ne change plus."),
    }
    if code:
        raise Refused(sentences[code], code=code, link=first.release(call) if code == NOT_RELEASED else None)


def _lock_set(call):
    """The dossiers to evaluate, locked in the order of their ids, then the rapporteurs in office."""
    dossiers = list(evaluated(call).select_for_update(of=("self",)).order_by("pk"))
    people = Rapporteur.objects.in_office().select_for_update(of=("self",)).filter(call=call)
    return dossiers, list(people.order_by("pk"))


# The proposal -------------------------------------------------------------------------------------------------------


@action
def propose_assignments(call, *, by, at):
    """Give each admissible dossier its rapporteurs; returns the `Assignment`s that wait for confirmation.

    What is confirmed and serves stays, what was only proposed is drawn anew. A standing assignment whose rapporteur
    has got an interest ends. Nobody gets a dossier back that was given up or taken from them. Dossiers that an interest
    closes to who proposes stay as they are: another manager proposes for these.
    """
    dossiers, people = _lock_set(call)
    manager_or_refusal(call, by)
    refuse_unless_assignable(call, at)
    if not people:
        raise _no_rapporteur(call.evaluation.sheets_per_dossier)
    ended = _end_with_interest(call, by, at)
    mine = set(evaluated(call).visible_to(by).order_by().values_list("pk", flat=True))
    pairs = _matched(call, [row for row in dossiers if row.pk in mine], people)
    old = list(proposed(call, by))
    if not pairs and not old:
        raise Refused(
            _("Chaque dossier a déjà ses rapporteurs\u00a0: rien n’est à répartir."), code="nothing_to_propose"
        )
    if not ended and set(pairs) == {(one.application_id, one.rapporteur_id) for one in old}:
        return old
    new = _replace_proposal(call, by, pairs, {one.pk: one for one in people}, at)
    data = {"digest": assignments_digest(call, by), "proposed": len(new), "ended": ended}
    journal.append(call.chain_id, "assignments_proposed", by=by, at=at, **data)
    return new


def _no_rapporteur(needed):
    sentence = ngettext(
        "Aucun rapporteur n’est nommé\u00a0: nommez-en un au moins.",
        "Aucun rapporteur n’est nommé\u00a0: nommez-en %(needed)s au moins, d’organismes différents.",
        needed,
    )
    return Refused(sentence % {"needed": needed}, code="no_rapporteur")


def _end_with_interest(call, by, at):
    """End what was confirmed to somebody who has got an interest since, whatever was sent; returns the ids."""
    current = open_rows(of_evaluated(Assignment.objects.confirmed().filter(with_interest()), call), by)
    ids = sorted(current.values_list("pk", flat=True).order_by())
    Assignment.objects.filter(pk__in=ids).update(ended_at=at, ended_reason=Assignment.End.INTEREST)
    return ids


def _matched(call, dossiers, people):
    """New pairs `[(application id, rapporteur id)]` of these dossiers, beside those that are confirmed.

    What others gave of dossiers that are not drawn here takes its part of what each person accepts.
    """
    drawn, elsewhere = {row.pk for row in dossiers}, {}
    kept, carried, capacities = [], {}, {}
    bodies = {one.pk: one.body_id for one in people}
    for row in serving(call).select_related("rapporteur").order_by("application_id", "pk"):
        if row.application_id not in drawn:
            elsewhere[row.rapporteur_id] = elsewhere.get(row.rapporteur_id, 0) + 1
            continue
        if row.confirmed_at is None:
            continue
        kept.append((row.application_id, row.rapporteur_id))
        carried[row.rapporteur_id] = carried.get(row.rapporteur_id, 0) + 1
        bodies.setdefault(row.rapporteur_id, row.body_id)
    in_office = {one.pk: one.capacity for one in people}
    for pk in bodies:
        most = in_office.get(pk, 0)  # Who has left office takes nothing new; what they sent stays.
        capacities[pk] = None if most is None else max(most - elsewhere.get(pk, 0), carried.get(pk, 0))
    try:
        pairs = matching.match(
            [row.pk for row in dossiers],
            list(bodies),
            bodies,
            _apart(call, people) - {(rapporteur, dossier) for dossier, rapporteur in kept},
            capacities,
            sheets=call.evaluation.sheets_per_dossier,
            kept=kept,
        )
    except matching.Infeasible as refusal:
        raise infeasible(call, refusal.shortfalls) from None
    return [pair for pair in pairs if pair not in set(kept)]


def _apart(call, people):
    """`{(rapporteur id, application id)}` that must not meet: interests, and what a person gave up, lost or judged.

    Told by the person, not by the role: who leaves office and comes back is the same one.
    """
    users = {one.user_id: one.pk for one in people}
    interests = of_evaluated(Interest.objects.current().filter(user__in=users), call)
    gone = Q(ended_at__isnull=False) | Q(rapporteur__removed_at__isnull=False)
    past = of_evaluated(Assignment.objects.filter(gone, rapporteur__user__in=users), call)
    apart = {*interests.values_list("user_id", "application_id").order_by()}
    apart |= {*past.values_list("rapporteur__user_id", "application_id").order_by()}
    return {(users[user], dossier) for user, dossier in apart}


def _replace_proposal(call, by, pairs, people, at):
    """Proposed rows were told to nobody: they are removed, and the new ones written."""
    open_rows(of_evaluated(Assignment.objects.current().filter(confirmed_at=None), call), by).delete()
    return Assignment.objects.bulk_create(
        Assignment(
            application_id=dossier,
            rapporteur=people[rapporteur],
            body_id=people[rapporteur].body_id,
            source=Assignment.Source.MATCHING,
            proposed_at=at,
        )
        for dossier, rapporteur in pairs
    )


@action
def confirm_assignments(call, digest, *, by, at):
    """Confirm the proposal as it was previewed (`assignments_digest`) and tell each rapporteur; returns the rows."""
    _lock_set(call)
    manager_or_refusal(call, by)
    refuse_unless_assignable(call, at)
    rows = list(proposed(call, by).select_related("rapporteur__user", "application"))
    if not rows:
        raise Refused(_("La répartition est déjà confirmée\u00a0: il n’y a rien à faire."), code="nothing_to_confirm")
    plan = proposal(call, by)
    if digest != plan.digest:
        raise Refused(
            _("La répartition a changé depuis cette page\u00a0: relisez-la, puis confirmez-la."),
            code="changed_since_page",
        )
    _refuse_if_short(plan.short)
    Assignment.objects.filter(pk__in=[one.pk for one in rows]).update(confirmed_at=at)
    for one in rows:
        one.confirmed_at = at
    notify(rows)
    data = {"digest": digest, "confirmed": len(rows), "rapporteurs": len({one.rapporteur_id for one in rows})}
    journal.append(call.chain_id, "assignments_confirmed", by=by, at=at, **data)
    return rows


def _refuse_if_short(short):
    if short:
        sentence = ngettext(
            "%(count)s dossier n’a pas tous ses rapporteurs\u00a0: complétez la répartition, puis confirmez-la.",
            "%(count)s dossiers n’ont pas tous leurs rapporteurs\u00a0: complétez la répartition, puis confirmez-la.",
            short,
        )
        raise Refused(sentence % {"count": french.number(short)}, code="incomplete")


def notify(rows):
    """One mail to each rapporteur, however many dossiers are new to them; its key is that of their first one."""
    first = {}
    for one in rows:
        first.setdefault(one.rapporteur_id, one)
    outbox.queue_messages(
        MAIL,
        [
            outbox.Parcel(pk, one.rapporteur.user.email, f"fiches-{pk}-{one.pk}", outbox.About(one.rapporteur.chain_id))
            for pk, one in first.items()
        ],
    )


# One place by hand --------------------------------------------------------------------------------------------------


@action
def change_assignment(assignment, rapporteur, *, by, at):
    """Give one place of a dossier to another rapporteur; returns the new `Assignment`.

    A row that was only proposed is replaced; one that was confirmed ends, and the new one is confirmed and told at
    once. A row that has ended already (a link, a dossier given back) gives its place while the dossier is short of one.
    """
    application = lock(assignment.application)
    call = application.call
    if not can_manage_dossier(manager_or_refusal(call, by), application):
        raise Refused(
            _("Vous avez un lien avec ce dossier\u00a0: un autre gestionnaire de l’appel choisit ses rapporteurs."),
            code="has_interest",
            link=links.assignments(call),
        )
    refuse_unless_assignable(call, at)
    if application.state != State.ADMISSIBLE:
        raise Refused(
            _("Ce dossier ne s’évalue plus. Revenez à la répartition."),
            code="state_is_past",
            link=links.assignments(call),
        )
    old = Assignment.objects.select_related("rapporteur").filter(pk=assignment.pk).first()
    if old is None:
        raise Refused(
            _("La répartition a changé depuis cette page\u00a0: relisez ce dossier, puis choisissez."),
            code="changed_since_page",
            link=links.assignment(application),
        )
    bound = users_with_interest(application)
    current = list(Assignment.objects.current().filter(application=application).select_related("rapporteur"))
    _refuse_unless_free(old, current, bound, call.evaluation.sheets_per_dossier)
    rapporteur = _new_rapporteur(rapporteur, call, current, old, bound)
    new = put_in_place(old, rapporteur, old.rapporteur.user_id in bound, at)
    if new.confirmed_at is not None:
        notify([new])
    data = {"application": application.reference, "assignment": new.pk, "rapporteur": rapporteur.pk}
    journal.append(call.chain_id, "assignment_changed", by=by, at=at, replaced=assignment.pk, **data)
    return new


def _refuse_unless_free(old, current, bound, sheets):
    """Refuse where the old row's place is taken, or its sheet sent; a sheet of somebody with an interest is void."""
    if old.ended_at is not None and len(current) >= sheets:
        raise Refused(
            _("Cette place est déjà prise. Relisez les rapporteurs du dossier, puis choisissez."),
            code="changed_since_page",
        )
    is_sent = old.ended_at is None and ScoreSheet.objects.sent().filter(assignment=old).exists()
    if is_sent and old.rapporteur.user_id not in bound:
        raise Refused(
            _("%(name)s a envoyé sa fiche\u00a0: elle reste. Choisissez une autre place.") % {"name": old.rapporteur},
            code="already_sent",
        )


def _new_rapporteur(rapporteur, call, current, old, bound):
    """The rapporteur, locked and read again, if nothing keeps them from the place."""
    row = Rapporteur.objects.select_for_update(of=("self",)).select_related("user", "body").get(pk=rapporteur.pk)
    carrier = Carrier(row, serving(call).filter(rapporteur=row).count())
    code = obstacle(carrier, current, old, bound)
    if row.call_id != call.pk:
        code = NOT_IN_OFFICE
    sentences = {
        NOT_IN_OFFICE: _("%(name)s n’est pas rapporteur de cet appel. Choisissez une autre personne."),
        INTEREST: _("%(name)s a un lien d’intérêts avec ce dossier. Choisissez une autre personne."),
        ALREADY: _("%(name)s évalue déjà ce dossier. Choisissez une autre personne."),
        SAME_BODY: _("Un rapporteur %(of_body)s évalue déjà ce dossier. Choisissez une personne d’un autre organisme."),
        FULL: _("%(name)s a le nombre de fiches que cette personne accepte. Choisissez-en une autre."),
    }
    if code:
        sentence = sentences[code] % {"name": row.user, "of_body": row.body.of_it}
        raise Refused(sentence, code=code, fields={"rapporteur": sentence})
    return row


def put_in_place(old, rapporteur, has_interest, at):
    """Write the new row in the place of the old one, which nobody was told of or which ends."""
    was_confirmed = old.confirmed_at is not None
    application = old.application_id
    if old.ended_at is None and not was_confirmed:
        old.delete()
    elif old.ended_at is None:
        old.ended_at = at
        old.ended_reason = Assignment.End.INTEREST if has_interest else Assignment.End.REPLACED
        old.save(update_fields=["ended_at", "ended_reason"])
    return Assignment.objects.create(
        application_id=application,
        rapporteur=rapporteur,
        body_id=rapporteur.body_id,
        source=Assignment.Source.MANUAL,
        proposed_at=at,
        confirmed_at=at if was_confirmed else None,
    )
