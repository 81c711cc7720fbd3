"""Rows held the dotted path of their renderer; they hold its key, which no move of a file changes.

The paths are what rows held then: data, which names no module of today and follows no move.
"""

from django.db import migrations

KEYS = {
    "applications.documents.receipt": "receipt",
    "applications.documents.dossier": "dossier",
    "applications.documents.letter": "admissibility_letter",
    "applications.documents.annex_pages": "annex_pages",
    "applications.emails.receipt": "receipt_mail",
    "applications.emails.decision": "decision_mail",
    "applications.emails.extension": "extension_mail",
    "reviews.documents.score_sheet": "score_sheet",
    "reviews.documents.consolidated_sheet": "consolidated_sheet",
    "reviews.documents.letter": "shortlist_letter",
    "reviews.emails.assigned": "assignment_mail",
    "reviews.emails.reopened": "reopening_mail",
    "jury.documents.letter": "results_letter",
    "jury.documents.minutes": "minutes",
    "jury.documents.announcement": "announcement",
    "jury.emails.summons_of_team": "team_summons_mail",
    "jury.emails.summons_of_juror": "juror_summons_mail",
    "hdh_portal.desk.emails.invitation": "invitation_mail",
    "hdh_portal.desk.emails.manager_invited": "manager_invited_mail",
    "hdh_portal.operations.emails.role_ended": "role_ended_mail",
    "hdh_portal.accounts.emails.email_confirmation_signup": "email_confirmation_signup_mail",
    "hdh_portal.accounts.emails.email_confirmation": "email_confirmation_mail",
    "hdh_portal.accounts.emails.account_already_exists": "account_already_exists_mail",
    "hdh_portal.accounts.emails.unknown_account": "unknown_account_mail",
    "hdh_portal.accounts.emails.password_reset_key": "password_reset_key_mail",
    "hdh_portal.accounts.emails.email_changed": "email_changed_mail",
    "hdh_portal.accounts.emails.email_deleted": "email_deleted_mail",
    "hdh_portal.accounts.emails.password_changed": "password_changed_mail",
    "hdh_portal.accounts.emails.password_reset": "password_reset_mail",
    "hdh_portal.accounts.emails.password_set": "password_set_mail",
    "hdh_portal.accounts.emails.totp_activated": "totp_activated_mail",
    "hdh_portal.accounts.emails.totp_deactivated": "totp_deactivated_mail",
    "hdh_portal.accounts.emails.webauthn_added": "webauthn_added_mail",
    "hdh_portal.accounts.emails.webauthn_removed": "webauthn_removed_mail",
    "hdh_portal.accounts.emails.recovery_codes_generated": "recovery_codes_generated_mail",
    "hdh_portal.accounts.emails.account_closed": "account_closed_mail",
    "hdh_portal.accounts.emails.account_blocked": "account_blocked_mail",
    "hdh_portal.accounts.emails.account_unblocked": "account_unblocked_mail",
    "hdh_portal.accounts.emails.account_is_blocked": "account_is_blocked_mail",
    "hdh_portal.operations.emails.factor_reset_asked": "factor_reset_asked_mail",
    "hdh_portal.operations.emails.factor_reset_to_confirm": "factor_reset_to_confirm_mail",
    "hdh_portal.operations.emails.factor_reset_done": "factor_reset_done_mail",
}


def rename(apps, names):
    for model in ("Document", "Message"):
        rows = apps.get_model("records", model).objects
        for old, new in names.items():
            rows.filter(renderer=old).update(renderer=new)


def to_keys(apps, schema_editor):
    rename(apps, KEYS)


def to_paths(apps, schema_editor):
    rename(apps, {new: old for old, new in KEYS.items()})


class Migration(migrations.Migration):
    dependencies = [("records", "0005_queues")]
    operations = [migrations.RunPython(to_keys, to_paths)]
