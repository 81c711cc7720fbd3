"""Every paper and mail of the portal by its key, each made once of what a whole call has left."""

import datetime

import pytest
from allauth.account.models import EmailAddress

from applications.models import Outcome, SealedFile, Submission
from hdh_portal.accounts.models import Invitation, User
from hdh_portal.ground import clock
from hdh_portal.operations.models import Departure, SecondFactorReset
from hdh_portal.records.documents import Paper, Pictures
from hdh_portal.records.mail import Mail
from hdh_portal.records.models import Document, JournalEntry, Message
from hdh_portal.records.renderers import all_renderers, render
from jury.models import Announcement, Decision, Deliberation, Hearing, HearingStep, Juror
from reviews.models import Rapporteur, ScoreSheet, ShortlistEntry

pytestmark = pytest.mark.embedded


def of(model, **conditions):
    """Takes the id of the last row of a table that fits."""
    return lambda: model.objects.filter(**conditions).order_by("-pk").values_list("pk", flat=True).first()


def a_reset():
    user, other = User.objects.order_by("pk")[:2]
    return SecondFactorReset.objects.create(user=user, identity="vue", asked_by=other, asked_at=clock.real()).pk


def a_departure():
    rapporteur = Rapporteur.objects.order_by("pk").last()
    manager = User.objects.order_by("pk").first()
    told = {"role": "rapporteur", "reason": "Départ.", "by": manager, "at": clock.real()}
    return Departure.objects.create(call=rapporteur.call, user=rapporteur.user, body=rapporteur.body, **told).pk


def an_invitation():
    at = clock.real()
    told = {"token": "0" * 64, "email": "quelqu.un@exemple.fr", "role": "manager", "sent_at": at}
    call, body = Rapporteur.objects.select_related("call", "body").values_list("call__slug", "body").last()
    expires_at = at + datetime.timedelta(days=7)
    return Invitation.objects.create(call_slug=call, body_id=body, expires_at=expires_at, **told).pk


def a_moved_hearing():
    hearing = Hearing.objects.order_by("pk").last()
    by, at = User.objects.order_by("pk").first(), clock.real()
    values = {"kind": "moved", "at": hearing.starts_at, "was": hearing.starts_at, "recorded_by": by, "recorded_at": at}
    HearingStep.objects.create(hearing=hearing, **values)
    return hearing.application_id


def a_moved_dossier():
    return Submission.objects.filter(application__call__extensions__isnull=False).order_by("pk").last().application_id


PAPERS = {
    "receipt": of(Submission),
    "dossier": of(Submission),
    "annex_pages": of(SealedFile),
    "admissibility_letter": of(Outcome),
    "score_sheet": of(ScoreSheet, sent_at__isnull=False),
    "consolidated_sheet": lambda: ShortlistEntry.objects.order_by("pk").last().application_id,
    "shortlist_letter": of(ShortlistEntry),
    "results_letter": of(Decision),
    "minutes": of(Deliberation),
    "announcement": of(Announcement),
}
STAGES = {
    "receipt_mail": of(Submission),
    "decision_mail": lambda: Submission.objects.order_by("pk").last().application_id,
    "extension_mail": a_moved_dossier,
    "withdrawal_mail": of(JournalEntry, verb="application_withdrawn"),
    "assignment_mail": of(Rapporteur),
    "reopening_mail": of(ScoreSheet, version__gt=1),
    "team_summons_mail": lambda: Hearing.objects.order_by("pk").last().application_id,
    "juror_summons_mail": of(Juror, user__isnull=False),
    "team_moved_mail": a_moved_hearing,
    "juror_moved_mail": of(Juror, user__isnull=False),
    "invitation_mail": an_invitation,
    "manager_invited_mail": of(Invitation),
    "role_ended_mail": a_departure,
    "factor_reset_asked_mail": a_reset,
    "factor_reset_to_confirm_mail": of(SecondFactorReset),
    "factor_reset_done_mail": of(SecondFactorReset),
}
ACCOUNTS = dict.fromkeys(
    f"{name}_mail"
    for name in (
        *("account_already_exists", "unknown_account", "password_reset_key", "email_changed", "email_deleted"),
        *("password_changed", "password_reset", "password_set", "totp_activated", "totp_deactivated"),
        *("webauthn_added", "webauthn_removed", "recovery_codes_generated"),
        *("account_closed", "account_blocked", "account_unblocked", "account_is_blocked"),
    )
) | {"email_confirmation_signup_mail": EmailAddress, "email_confirmation_mail": EmailAddress}
SUBJECTS = PAPERS | STAGES | {key: of(model or User) for key, model in ACCOUNTS.items()}


def test_every_renderer_is_listed_and_renders_once(demonstration):
    demonstration("announced")
    registered = {key: one for key, one in all_renderers().items() if one.floor != "tests"}
    assert set(registered) == set(SUBJECTS)
    made = {key: render(key, subject()) for key, subject in SUBJECTS.items()}
    assert {key for key, one in made.items() if isinstance(one, Paper | Pictures)} == set(PAPERS)
    assert all(one.subject and one.text for one in made.values() if isinstance(one, Mail))
    assert all(one.kind for one in registered.values())


def test_rows_of_a_whole_call_hold_keys_that_are_registered(demonstration):
    demonstration("announced")
    held = {key for model in (Document, Message) for key in model.objects.values_list("renderer", flat=True)}
    assert held <= set(all_renderers())
    assert {"receipt", "receipt_mail", "score_sheet", "minutes", "announcement"} <= held


def test_an_unknown_key_is_named(demonstration):
    with pytest.raises(LookupError, match="'fiche'"):
        render("fiche", 1)
