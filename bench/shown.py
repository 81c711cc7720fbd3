"""Which pages `bench/screenshots.py` takes, at which stage and as whom, and why a page is not taken.

Every route that answers a GET stands in `PICTURES` or in `REASONS`, or the run fails.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Picture:
    """A page: its route and where it stands; the values of `of` are keys of `hdh_portal.demo.visit.examples()`."""

    stage: str
    role: str
    route: str
    of: dict = field(default_factory=dict)
    query: str = ""
    note: str = ""

    @property
    def name(self):
        """The picture's name without width: « 03-admissibility-officer-check_edit-begun »."""
        return "-".join(filter(None, [self.stage, self.role, self.route.rpartition(":")[2], self.note]))


def pictures(stage, role, *routes, of=None, note=""):
    """The same person's pages at one stage."""
    return [Picture(stage, role, route, of or {}, note=note) for route in routes]


CALL = {"slug": "call"}
ADMISSIBILITY, SHORTLIST, RESULTS = (
    CALL | {"stage": f"={slug}"} for slug in ("recevabilite", "preselection", "resultats")
)
RELEASE = ("applications:release_preview", "applications:release_journal")
STEERING = ("reviews:assignment_list", "reviews:sheet_list", "reviews:ranking", "reviews:shortlist")
OF_CALL = ("desk:call_detail", "desk:results", "desk:journal_head")
PEOPLE = (
    "operations:person_list",
    "operations:invitation_new",
    "operations:interest_list",
    "operations:delivery_list",
    "applications:signature_list",
)
OFFICE = ("applications:officer_home", "applications:interest_declare", "applications:check_list")
DOSSIER = ("applications:application_detail", "applications:application_review")
ALONE = ("receipt_verify", "contact", "legal_notice", "personal_data", "accessibility", "site_map")
ENTRANCE = ("account_login", "account_signup", "account_reset_password", "account_reset_password_done")
ACCOUNT = ("accounts:name_edit", "account_email", "mfa_index", "usersessions_list")
ACCOUNT += ("account_logout",)
SECTIONS = ("identity", "consortium", "benefits", "annex", "declarations")


def _of(stage, role, route, *kinds):
    """One page for dossiers of several kinds."""
    return [Picture(stage, role, route, CALL | {"reference": kind}, note=kind) for kind in kinds]


def _evaluation():
    """What rapporteurs and those who manage see, from the assignment to the release of the shortlist."""
    return [
        *pictures("released", "manager", "reviews:assignment_list", of=CALL),
        *pictures("scoring", "rapporteur", "desk:my_space"),
        *pictures("scoring", "rapporteur", "reviews:worklist", of=CALL),
        *pictures("scoring", "rapporteur", "reviews:declaration_list", "reviews:scoring_guide", of=CALL),
        *_of("scoring", "rapporteur", "reviews:declaration_edit", "to_declare"),
        *_of("scoring", "rapporteur", "reviews:sheet_edit", "scoring", "to_score", "scored"),
        Picture("scoring", "rapporteur", "reviews:annex_pages", CALL | {"reference": "scoring", "pk": "scoring_annex"}),
        *pictures("scoring", "manager", "desk:my_space"),
        *pictures("scoring", "manager", *STEERING, of=CALL),
        *pictures("scoring", "manager", *PEOPLE, of=CALL),
        Picture("scoring", "manager", "operations:person_list", CALL, query="?vue=rapporteurs", note="rapporteurs"),
        Picture(
            "scoring", "manager", "operations:person_detail", CALL | {"kind": "=rapporteurs", "pk": "rapporteur_role"}
        ),
        Picture("scoring", "manager", "operations:interest_detail", CALL | {"pk": "interest"}),
        *_of("scoring", "manager", "reviews:assignment_edit", "stepped_aside"),
        *_of("scoring", "manager", "reviews:sheet_dossier", "reopened"),
        *pictures("shortlisted", "manager", *STEERING[1:], of=CALL),
        *pictures("shortlisted", "manager", *RELEASE, of=SHORTLIST),
        *_of("scoring", "manager", "reviews:shortlist_place", "reopened"),
        *pictures("shortlisted", "shortlisted", *DOSSIER[:1], of={"reference": "shortlisted"}),
        *pictures("shortlisted", "not-shortlisted", *DOSSIER[:1], of={"reference": "not-shortlisted"}),
        *pictures("shortlisted", "juror", "jury:juror_declare", "jury:sitting_list", of=CALL),
        *pictures("shortlisted", "secretary", "jury:hearing_place", "jury:acting_edit", of=CALL),
    ]


def _jury():
    """What the jury and the secretary see, from the hearings to the minutes; then the announcement."""
    return [
        *pictures("jury", "juror", "desk:my_space"),
        *pictures("jury", "juror", "jury:sitting_list", "jury:deliberation", of=CALL),
        *_of("jury", "juror", "jury:hearing_detail", "under_way", "to_hear"),
        *_of("jury", "juror", "jury:hearing_dossier", "under_way"),
        *_of("jury", "juror", "jury:hearing_interest", "to_hear"),
        Picture("jury", "juror", "jury:annex_pages", CALL | {"reference": "under_way", "pk": "heard_annex"}),
        *pictures("jury", "president", "jury:sitting_list", "jury:deliberation", of=CALL),
        *pictures("jury", "secretary", "desk:my_space"),
        *pictures("jury", "secretary", "jury:sitting_list", "jury:deliberation", "jury:acting_edit", of=CALL),
        *_of("jury", "secretary", "jury:hearing_detail", "under_way", "heard"),
        *_of("jury", "secretary", "jury:decision_edit", "heard"),
        *pictures("announced", "secretary", "jury:deliberation", "jury:minutes", of=CALL),
        *_of("announced", "secretary", "jury:decision_edit", "laureate"),
        *pictures("announced", "manager", *RELEASE, of=RESULTS),
        *pictures("announced", "laureate", *DOSSIER[:1], of={"reference": "laureate"}),
        *pictures("announced", "not-selected", *DOSSIER[:1], of={"reference": "not-selected"}),
        *pictures("announced", "public", "desk:home"),
        *pictures("announced", "public", *OF_CALL, "jury:announcement", "jury:composition", of=CALL),
    ]


def _checks():
    """The check page of a dossier in each state."""
    states = ("to_check", "begun", "checked")
    pages = [
        Picture("admissibility", "officer", "applications:check_edit", CALL | {"reference": one}, note=one)
        for one in states
    ]
    reference = CALL | {"reference": "to_check"}
    return [*pages, Picture("admissibility", "officer", "applications:check_interest", reference)]


PICTURES = [
    *pictures("open", "public", "desk:home", *(f"desk:{name}" for name in ALONE)),
    *pictures("open", "public", *OF_CALL, "applications:call_entry", of=CALL),
    *pictures("open", "public", *ENTRANCE, "account_email_verification_sent", "account_reset_password_from_key_done"),
    *pictures("open", "draft", "desk:my_space", "applications:application_list", "accounts:account_closing", *ACCOUNT),
    *pictures("open", "draft", "applications:call_entry", of=CALL),
    *pictures("open", "draft", *DOSSIER, "applications:application_withdraw", of={"reference": "draft"}),
    *[
        Picture("open", "draft", "applications:section_edit", {"reference": "draft", "key": f"={key}"}, note=key)
        for key in SECTIONS
    ],
    *pictures("open", "candidate", *DOSSIER, of={"reference": "candidate"}),
    *pictures("last-minutes", "public", "desk:call_detail", of=CALL),
    *pictures("last-minutes", "draft", *DOSSIER, of={"reference": "draft"}),
    *pictures("admissibility", "candidate", "desk:my_space", "demo:mailbox"),
    *pictures("admissibility", "candidate", *DOSSIER, of={"reference": "candidate"}),
    *pictures(
        "admissibility", "candidate", "applications:submission_receipt", of={"reference": "candidate", "version": "=1"}
    ),
    *pictures("admissibility", "public", "desk:home"),
    *pictures("admissibility", "public", "desk:call_detail", "desk:journal_head", of=CALL),
    *pictures("admissibility", "officer", "desk:my_space", "desk:attempt_lookup", "accounts:second_factor"),
    *pictures("admissibility", "officer", "operations:readyz"),
    *pictures("admissibility", "officer", *OFFICE, of=CALL),
    *_checks(),
    Picture("admissibility", "officer", "applications:annex_pages", CALL | {"reference": "annexed", "pk": "annex"}),
    *pictures("admissibility", "manager", "desk:my_space"),
    *pictures(
        "admissibility",
        "manager",
        "applications:officer_home",
        "applications:outcome_list",
        of=CALL,
    ),
    *pictures("admissibility", "manager", "operations:quarantine_list", of=CALL),
    *pictures("admissibility", "manager", "applications:release_preview", of=ADMISSIBILITY),
    Picture("admissibility", "manager", "applications:outcome_edit", CALL | {"reference": "to_reconcile"}),
    Picture("admissibility", "manager", "applications:release_letter", ADMISSIBILITY | {"reference": "agreed"}),
    *pictures("released", "candidate", *DOSSIER[:1], of={"reference": "candidate"}),
    *pictures("released", "refused", "desk:my_space", "applications:application_list"),
    *pictures("released", "refused", *DOSSIER[:1], of={"reference": "refused"}),
    *pictures("released", "manager", *RELEASE, of=ADMISSIBILITY),
    *pictures("released", "public", "desk:home"),
    *pictures("released", "public", "desk:results", "desk:journal_head", of=CALL),
    *_evaluation(),
    *_jury(),
]

FILE = "a file to keep, no page"
KEY = "needs a link that only one mail holds"
OPERATOR = "nobody operates the portal in the demonstration; tests/browser looks at it"
PASSWORD = "people of the demonstration have no password; tests/accounts and tests/browser look at it"
ONE_ACT = "the form of one act, which its browser test looks at"
REASONS = {
    "applications:check_reopen": ONE_ACT,
    "jury:hearing_correct": ONE_ACT,
    "jury:hearing_move": ONE_ACT,
    "reviews:declaration_recuse": ONE_ACT,
    "reviews:declaration_return": ONE_ACT,
    "reviews:capacity_edit": ONE_ACT,
    "reviews:handover_edit": ONE_ACT,
    "applications:notice_letter": FILE,
    "applications:release_paper": FILE,
    "applications:attachment_file": FILE,
    "applications:attachment_list": "a part of the page of a section",
    "applications:submission_receipt_file": FILE,
    "applications:submission_answers_file": FILE,
    "desk:journal_head_timestamp": FILE,
    "operations:personal_data_export": FILE,
    "applications:submission_receipt_pdf": FILE,
    "applications:submission_dossier_pdf": FILE,
    "applications:release_current": "sends on to the release that comes next",
    "reviews:current_step": "sends on to the step that the call has reached",
    "reviews:annex_page_image": FILE,
    "reviews:annex_file": FILE,
    "reviews:sheet_pdf": FILE,
    "reviews:consolidated_pdf": FILE,
    "reviews:own_sheet_pdf": FILE,
    "reviews:sheet_archive": FILE,
    "reviews:ranking_csv": FILE,
    "applications:check_list_export": FILE,
    "jury:annex_page_image": FILE,
    "jury:annex_file": FILE,
    "jury:hearing_consolidated": FILE,
    "jury:hearing_progress": "a part of the page of a hearing",
    "jury:minutes_pdf": FILE,
    "jury:announcement_pdf": FILE,
    "jury:announcement_json": FILE,
    "jury:announcement_preview": "stands between the freeze and the release only; tests/jury looks at it",
    "applications:annex_page_image": FILE,
    "applications:annex_file": FILE,
    "operations:account_list": OPERATOR,
    "operations:portal_delivery_list": OPERATOR,
    "operations:account_detail": OPERATOR,
    "mfa_download_recovery_codes": FILE,
    "desk:public_keys": "JSON",
    "desk:security_txt": "text for machines (RFC 9116)",
    "desk:healthz": "one word for machines",
    "desk:invitation": KEY,
    "account_confirm_email": KEY,
    "account_reset_password_from_key": KEY,
    "demo:mail": "its name is known once a mail was sent; the mailbox shows what it holds",
    "accounts:resume": "shows only what a session that ended had kept",
    "account_inactive": "no account of the demonstration is closed",
    "account_confirm_login_code": "answers by a redirection: signing in by code is off",
    "account_reauthenticate": PASSWORD,
    "account_request_reauthentication_code": "is closed: nobody proves who they are by a code sent by mail",
    "account_confirm_reauthentication_code": "is closed like the one before",
    "account_change_password": PASSWORD,
    "account_set_password": PASSWORD,
    "mfa_authenticate": PASSWORD,
    "mfa_reauthenticate": PASSWORD,
    "mfa_reauthenticate_webauthn": PASSWORD,
    "mfa_activate_totp": PASSWORD,
    "mfa_deactivate_totp": PASSWORD,
    "mfa_view_recovery_codes": PASSWORD,
    "mfa_generate_recovery_codes": PASSWORD,
    "mfa_list_webauthn": PASSWORD,
    "mfa_add_webauthn": PASSWORD,
    "mfa_edit_webauthn": PASSWORD,
    "mfa_remove_webauthn": PASSWORD,
}
