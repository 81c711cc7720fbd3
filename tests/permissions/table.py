"""The permission table: what each person gets from each route and method, in each state that is read there.

One line is one row: route, method, dossier, moment, then one letter for each person (`ACTORS`):
    anonymous | owner, editor, reader, another candidate |
    officer of the first body, of the second, of another call, with an interest, who has not declared,
    manager, secretary | rapporteur, juror | removed officer, administrator
Letters: L sign-in page · o the page · r done, or sent on · x refused with the reason · - page of what does not exist.
Dossiers: draft · retracted (a withdrawn draft) · withdrawn (a deposit) · free (deposited, nobody checks it yet) · taken
(by the first body) · half (the first body concluded) · split (they disagree) · decided (by one manager) · agreed.
Moments: open and closed (deposits), signed (the release, by one manager), released.
"""

from dataclasses import dataclass

from tests.permissions.world import ACTORS

TABLE = """
# A candidate's pages
application_list             GET  draft     open     L oooo ooooooo oo oo
application_list             GET  agreed    released L oooo ooooooo oo oo
call_entry                   GET  draft     open     o oooo ooooooo oo oo
call_entry                   GET  draft     closed   o oooo ooooooo oo oo
application_create           POST draft     open     L rrrr rrrrrrr rr rr
application_create           POST draft     closed   L xxxx xxxxxxx xx xx
application_detail           GET  draft     open     L ooo- ------- -- --
application_detail           GET  free      closed   L ooo- ------- -- --
application_detail           GET  withdrawn closed   L ooo- ------- -- --
application_detail           GET  agreed    released L ooo- ------- -- --
application_withdraw         GET  draft     open     L ooo- ------- -- --
application_withdraw         GET  withdrawn open     L ooo- ------- -- --
application_withdraw_confirm POST draft     open     L rxx- ------- -- --
application_withdraw_confirm POST half      closed   L rxx- ------- -- --
application_withdraw_confirm POST withdrawn open     L xxx- ------- -- --
application_withdraw_confirm POST agreed    released L xxx- ------- -- --
application_restore          POST retracted open     L rxx- ------- -- --
application_restore          POST retracted closed   L xxx- ------- -- --
application_restore          POST withdrawn open     L rxx- ------- -- --
application_restore          POST draft     open     L xxx- ------- -- --
notice_letter                GET  agreed    signed   L ---- ------- -- --
notice_letter                GET  agreed    released L rrr- ------- -- --
notice_open                  POST agreed    signed   L ---- ------- -- --
notice_open                  POST agreed    released L rrr- ------- -- --
section_edit                 GET  draft     open     L ooo- ------- -- --
section_edit                 GET  free      closed   L ooo- ------- -- --
section_save                 POST draft     open     L rrx- ------- -- --
section_save                 POST free      open     L rrx- ------- -- --
section_save                 POST draft     closed   L xxx- ------- -- --
section_save                 POST retracted open     L xxx- ------- -- --
section_save                 POST free      closed   L xxx- ------- -- --
section_save                 POST withdrawn open     L xxx- ------- -- --
attachment_add               POST draft     open     L rrx- ------- -- --
attachment_add               POST draft     closed   L xxx- ------- -- --
attachment_add               POST withdrawn open     L xxx- ------- -- --
attachment_list              GET  draft     open     L rrr- ------- -- --
attachment_list              GET  free      closed   L rrr- ------- -- --
upload_dismiss               POST draft     open     L rrx- ------- -- --
upload_dismiss               POST free      open     L rrx- ------- -- --
upload_dismiss               POST free      closed   L xxx- ------- -- --
attachment_file              GET  draft     open     L ooo- ------- -- --
attachment_file              GET  free      closed   L ooo- ------- -- --
attachment_remove            POST draft     open     L rrx- ------- -- --
attachment_remove            POST free      closed   L xxx- ------- -- --
attachment_remove            POST retracted open     L xxx- ------- -- --
application_review           GET  draft     open     L ooo- ------- -- --
application_review           GET  free      closed   L ooo- ------- -- --
application_submit           POST draft     open     L oox- ------- -- --
application_submit           POST draft     closed   L xxx- ------- -- --
application_submit           POST free      closed   L oox- ------- -- --
application_submit           POST retracted open     L xxx- ------- -- --
application_submit           POST withdrawn open     L xxx- ------- -- --
submission_receipt           GET  draft     open     L ---- ------- -- --
submission_receipt           GET  free      closed   L ooo- ------- -- --
submission_receipt           GET  withdrawn open     L ooo- ------- -- --
submission_receipt_file      GET  draft     open     L ---- ------- -- --
submission_receipt_file      GET  free      closed   L ooo- ------- -- --
submission_answers_file      GET  draft     open     L ---- ------- -- --
submission_answers_file      GET  free      closed   L ooo- ------- -- --
submission_receipt_pdf       GET  draft     open     L ---- ------- -- --
submission_receipt_pdf       GET  free      closed   L ooo- ------- -- --
submission_dossier_pdf       GET  draft     open     L ---- ------- -- --
submission_dossier_pdf       GET  free      closed   L ooo- ------- -- --

# An officer's pages: the call
officer_home                 GET  free      open     L ---- oo-oooo -- --
officer_home                 GET  free      closed   L ---- oo-oooo -- --
interest_declare             GET  free      open     L ---- oo-oooo -- --
interest_declare             GET  free      closed   L ---- oo-oooo -- --
interest_declare_save        POST free      open     L ---- xx-xxxx -- --
interest_declare_save        POST free      closed   L ---- xx-xrxx -- --
check_list                   GET  free      open     L ---- oo-oooo -- --
check_list                   GET  free      closed   L ---- oo-oooo -- --
check_list                   GET  agreed    released L ---- oo-oooo -- --
check_list_export            GET  free      open     L ---- ------- -- --
check_list_export            GET  free      closed   L ---- oo-o-oo -- --
check_list_export            GET  agreed    released L ---- oo-o-oo -- --

# An officer's pages: one dossier, sealed, without interest, after the closing and the declaration
check_edit                   GET  draft     closed   L ---- ------- -- --
check_edit                   GET  withdrawn closed   L ---- ------- -- --
check_edit                   GET  free      open     L ---- ------- -- --
check_edit                   GET  free      closed   L ---- oo---oo -- --
check_edit                   GET  half      closed   L ---- oo---oo -- --
check_edit                   GET  agreed    released L ---- oo---oo -- --
check_take                   POST withdrawn closed   L ---- ------- -- --
check_take                   POST free      open     L ---- ------- -- --
check_take                   POST free      closed   L ---- rr---rx -- --
check_take                   POST taken     closed   L ---- rr---xx -- --
check_take                   POST half      closed   L ---- xr---xx -- --
check_take                   POST agreed    released L ---- xx---xx -- --
check_give_back              POST free      closed   L ---- xx---xx -- --
check_give_back              POST taken     closed   L ---- rx---xx -- --
check_give_back              POST half      closed   L ---- xx---xx -- --
check_save                   POST free      closed   L ---- xx---xx -- --
check_save                   POST taken     closed   L ---- rx---xx -- --
check_save                   POST half      closed   L ---- xx---xx -- --
check_save                   POST agreed    released L ---- xx---xx -- --
check_conclude               POST free      closed   L ---- xx---xx -- --
check_conclude               POST taken     closed   L ---- rx---xx -- --
check_conclude               POST half      closed   L ---- xx---xx -- --
check_interest               GET  free      open     L ---- ------- -- --
check_interest               GET  free      closed   L ---- oo---oo -- --
check_interest_declare       POST free      open     L ---- ------- -- --
check_interest_declare       POST taken     closed   L ---- rr---rr -- --
interest_take_back           POST free      open     L ---- ---r--- -- --
interest_take_back           POST free      closed   L ---- ---r--- -- --
check_reopen                 GET  withdrawn closed   L ---- ------- -- --
check_reopen                 GET  half      open     L ---- ------- -- --
check_reopen                 GET  half      closed   L ---- -----o- -- --
check_reopen                 GET  agreed    released L ---- -----o- -- --
check_reopen_save            POST free      closed   L ---- -----x- -- --
check_reopen_save            POST half      closed   L ---- -----r- -- --
check_reopen_save            POST agreed    released L ---- -----x- -- --
annex_pages                  GET  free      open     L ---- ------- -- --
annex_pages                  GET  withdrawn closed   L ---- ------- -- --
annex_pages                  GET  free      closed   L ---- oo---oo -- --
annex_prepare                POST free      open     L ---- ------- -- --
annex_prepare                POST free      closed   L ---- rr---rr -- --
annex_page_image             GET  free      open     L ---- ------- -- --
annex_page_image             GET  free      closed   L ---- oo---oo -- --
annex_file                   GET  free      open     L ---- ------- -- --
annex_file                   GET  withdrawn closed   L ---- ------- -- --
annex_file                   GET  free      closed   L ---- oo---oo -- --

# A manager's pages
outcome_list                 GET  free      open     L ---- -----o- -- --
outcome_list                 GET  split     closed   L ---- -----o- -- --
outcome_edit                 GET  half      closed   L ---- ------- -- --
outcome_edit                 GET  split     open     L ---- ------- -- --
outcome_edit                 GET  split     closed   L ---- -----o- -- --
outcome_edit                 GET  agreed    closed   L ---- ------- -- --
outcome_decide               POST half      closed   L ---- ------- -- --
outcome_decide               POST split     closed   L ---- -----r- -- --
outcome_decide               POST decided   closed   L ---- -----r- -- --
outcome_decide               POST agreed    closed   L ---- ------- -- --
outcome_decide               POST split     released L ---- -----x- -- --
outcome_confirm              POST half      closed   L ---- ------- -- --
outcome_confirm              POST split     closed   L ---- -----x- -- --
outcome_confirm              POST decided   closed   L ---- -----r- -- --
outcome_confirm              POST split     released L ---- -----x- -- --
signature_list               GET  free      closed   L ---- -----o- -- --
release_current              GET  free      closed   L ---- -----r- -- --
release_preview              GET  free      open     L ---- -----o- -- --
release_preview              GET  free      closed   L ---- -----o- -- --
release_preview              GET  free      released L ---- -----o- -- --
release_propose              POST free      closed   L ---- -----x- -- --
release_propose              POST free      complete L ---- -----r- -- --
release_propose              POST free      released L ---- -----x- -- --
release_confirm              POST free      closed   L ---- -----x- -- --
release_confirm              POST free      signed   L ---- -----r- -- --
release_confirm              POST free      released L ---- -----x- -- --
release_journal              GET  free      signed   L ---- ------- -- --
release_journal              GET  free      released L ---- -----o- -- --
release_letter               GET  half      closed   L ---- ------- -- --
release_letter               GET  agreed    closed   L ---- -----o- -- --
release_letter               GET  agreed    released L ---- -----o- -- --
release_paper                GET  agreed    closed   L ---- ------- -- --
release_paper                GET  agreed    released L ---- -----o- -- --

# The people of a call, for its managers; accounts, for administrators
operations:person_list       GET  free      open     L ---- -----o- -- --
operations:person_list       GET  free      released L ---- -----o- -- --
operations:person_detail     GET  taken     closed   L ---- -----o- -- --
operations:person_remove     POST taken     closed   L ---- -----r- -- --
operations:check_hand_back   POST taken     open     L ---- ------- -- --
operations:check_hand_back   POST taken     closed   L ---- -----r- -- --
operations:checks_hand_over  POST taken     closed   L ---- -----x- -- --
operations:factor_ask        POST free      closed   L ---- -----x- -- --
operations:factor_confirm    POST free      closed   L ---- -----x- -- --
operations:factor_refuse     POST free      closed   L ---- -----r- -- --
operations:invitation_new    GET  free      open     L ---- -----o- -- --
operations:invitation_send   POST free      open     L ---- -----r- -- --
operations:invitation_send_again POST free  open     L ---- -----r- -- --
operations:invitation_withdraw POST free    open     L ---- -----r- -- --
operations:interest_list     GET  free      open     L ---- -----o- -- --
operations:interest_list     GET  free      closed   L ---- -----o- -- --
operations:interest_detail   GET  free      open     L ---- ------- -- --
operations:interest_detail   GET  free      closed   L ---- -----o- -- --
operations:interest_lift     POST free      open     L ---- ------- -- --
operations:interest_lift     POST free      closed   L ---- -----r- -- --
operations:delivery_list     GET  free      open     L ---- oo-oooo -- --
operations:delivery_list     GET  free      closed   L ---- oo-oooo -- --
operations:delivery_again    POST free      open     L ---- ------- -- --
operations:delivery_again    POST free      closed   L ---- -----x- -- --
operations:delivery_all_again POST free     closed   L ---- -----x- -- --
operations:portal_delivery_list GET free    closed   L ---- ------- -- -o
operations:portal_delivery_again POST free  closed   L ---- ------- -- -x
operations:portal_delivery_all_again POST free closed L ---- ------- -- -x
operations:account_list      GET  free      closed   L ---- ------- -- -o
operations:account_detail    GET  free      closed   L ---- ------- -- -o
operations:account_block     POST free      closed   L ---- ------- -- -r
operations:account_unblock   POST free      closed   L ---- ------- -- -x
operations:account_factor_ask POST free     closed   L ---- ------- -- -r
operations:account_factor_confirm POST free closed   L ---- ------- -- -x
operations:account_factor_refuse POST free  closed   L ---- ------- -- -x
# What those who run a call see
operations:quarantine_list   GET  free      open     L ---- -----o- -- --
operations:quarantine_list   GET  free      closed   L ---- -----o- -- --

# Pages that gather
desk:home                    GET  free      closed   o oooo ooooooo oo oo
desk:call_detail             GET  free      open     o oooo ooooooo oo oo
desk:call_detail             GET  free      closed   o oooo ooooooo oo oo
desk:results                 GET  free      released o oooo ooooooo oo oo
desk:journal_head            GET  free      released o oooo ooooooo oo oo
desk:journal_head_timestamp  GET  free      released - ---- ------- -- --
desk:my_space                GET  draft     open     L oooo ooooooo oo oo
desk:my_space                GET  free      closed   L oooo ooooooo oo oo
desk:my_space                GET  free      complete L oooo ooooooo oo oo
desk:attempt_lookup          GET  free      closed   L ---- ooooooo -- --
desk:receipt_verify          GET  free      closed   o oooo ooooooo oo oo
desk:receipt_verify_check    POST free      closed   o oooo ooooooo oo oo
desk:public_keys             GET  free      closed   o oooo ooooooo oo oo
desk:security_txt            GET  free      closed   o oooo ooooooo oo oo
desk:contact                 GET  free      closed   o oooo ooooooo oo oo
desk:legal_notice            GET  free      closed   o oooo ooooooo oo oo
desk:personal_data           GET  free      closed   o oooo ooooooo oo oo
desk:accessibility           GET  free      closed   o oooo ooooooo oo oo
desk:site_map                GET  free      closed   o oooo ooooooo oo oo
desk:healthz                 GET  free      closed   o oooo ooooooo oo oo
operations:readyz            GET  free      closed   o oooo ooooooo oo oo
desk:invitation              GET  free      open     o oooo ooooooo oo oo
desk:invitation_accept       POST free      open     L xxxr xxxxxxx xx xx
desk:invitation_accept       POST free      late     L xxxx xxxxxxx xx xx
desk:invitation_decline      POST free      open     r rrrr rrrrrrr rr rr

# One's own account
operations:personal_data_export GET free    closed   L oooo ooooooo oo oo
accounts:second_factor       GET  free      closed   L oooo ooooooo oo oo
accounts:name_edit           GET  free      closed   L oooo ooooooo oo oo
accounts:name_save           POST free      closed   L xxxx xxxxxxx xx xx
accounts:account_closing     GET  free      closed   L oooo ooooooo oo oo
accounts:account_close       POST free      closed   L xxxx xxxxxxx xx xx
accounts:resume              GET  free      closed   L rrrr rrrrrrr rr rr
account_login                GET  free      closed   o rrrr rrrrrrr rr rr
account_login                POST free      closed   o rrrr rrrrrrr rr rr
account_logout               GET  free      closed   r oooo ooooooo oo oo
account_logout               POST free      closed   r rrrr rrrrrrr rr rr
account_inactive             GET  free      closed   o oooo ooooooo oo oo
account_signup               GET  free      closed   o rrrr rrrrrrr rr rr
account_signup               POST free      closed   o rrrr rrrrrrr rr rr
account_reauthenticate       GET  free      closed   L oooo ooooooo oo oo
account_reauthenticate       POST free      closed   L oooo ooooooo oo oo
account_request_reauthentication_code GET free closed L xxxx xxxxxxx xx xx
account_request_reauthentication_code POST free closed L xxxx xxxxxxx xx xx
account_confirm_reauthentication_code GET free closed L xxxx xxxxxxx xx xx
account_confirm_reauthentication_code POST free closed L xxxx xxxxxxx xx xx
account_email                GET  free      closed   L oooo ooooooo oo oo
account_email                POST free      closed   L rrrr rrrrrrr rr rr
account_email_verification_sent GET free    closed   o oooo ooooooo oo oo
account_change_password      GET  free      closed   L oooo ooooooo oo oo
account_change_password      POST free      closed   L oooo ooooooo oo oo
account_set_password         GET  free      closed   L rrrr rrrrrrr rr rr
account_set_password         POST free      closed   L rrrr rrrrrrr rr rr
account_reset_password       GET  free      closed   o oooo ooooooo oo oo
account_reset_password       POST free      closed   o oooo ooooooo oo oo
account_confirm_login_code   GET  free      closed   L rrrr rrrrrrr rr rr
account_confirm_login_code   POST free      closed   L rrrr rrrrrrr rr rr
account_confirm_email        GET  free      closed   o oooo ooooooo oo oo
account_confirm_email        POST free      closed   - ---- ------- -- --
account_reset_password_from_key_done GET free closed o oooo ooooooo oo oo
account_reset_password_from_key GET free    closed   o oooo ooooooo oo oo
account_reset_password_from_key POST free   closed   o oooo ooooooo oo oo
account_reset_password_done  GET  free      closed   o oooo ooooooo oo oo
mfa_index                    GET  free      closed   L oooo ooooooo oo oo
mfa_authenticate             GET  free      closed   L rrrr rrrrrrr rr rr
mfa_authenticate             POST free      closed   L rrrr rrrrrrr rr rr
mfa_reauthenticate           GET  free      closed   L oooo ooooooo oo oo
mfa_reauthenticate           POST free      closed   L oooo ooooooo oo oo
mfa_activate_totp            GET  free      closed   L rrrr rrrrrrr rr rr
mfa_activate_totp            POST free      closed   L rrrr rrrrrrr rr rr
mfa_deactivate_totp          GET  free      closed   L rrrr rrrrrrr rr rr
mfa_deactivate_totp          POST free      closed   L rrrr rrrrrrr rr rr
mfa_view_recovery_codes      GET  free      closed   L ---- ------- -- --
mfa_generate_recovery_codes  GET  free      closed   L rrrr rrrrrrr rr rr
mfa_generate_recovery_codes  POST free      closed   L rrrr rrrrrrr rr rr
mfa_download_recovery_codes  GET  free      closed   L ---- ------- -- --
mfa_list_webauthn            GET  free      closed   L oooo ooooooo oo oo
mfa_add_webauthn             GET  free      closed   L rrrr rrrrrrr rr rr
mfa_add_webauthn             POST free      closed   L rrrr rrrrrrr rr rr
mfa_reauthenticate_webauthn  GET  free      closed   L rrrr rrrrrrr rr rr
mfa_reauthenticate_webauthn  POST free      closed   L rrrr rrrrrrr rr rr
mfa_remove_webauthn          GET  free      closed   L rrrr rrrrrrr rr rr
mfa_remove_webauthn          POST free      closed   L rrrr rrrrrrr rr rr
mfa_edit_webauthn            GET  free      closed   L rrrr rrrrrrr rr rr
mfa_edit_webauthn            POST free      closed   L rrrr rrrrrrr rr rr
usersessions_list            GET  free      closed   L oooo ooooooo oo oo
usersessions_list            POST free      closed   L rrrr rrrrrrr rr rr
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    route: str
    method: str
    dossier: str
    moment: str
    letters: str

    def __str__(self):
        return f"{self.route} {self.method} {self.dossier} {self.moment}"


def rows(text, actors, area):
    """Every row of a table; a route without a namespace and without an underscore of allauth's is one of `area`."""
    found = []
    for line in filter(None, text.splitlines()):
        if line.startswith("#"):
            continue
        route, method, dossier, moment, *groups = line.split()
        letters = "".join(groups)
        if len(letters) != len(actors):
            raise ValueError(f"{line!r} does not name {len(actors)} people")
        ours = ":" in route or route.startswith(("account_", "mfa_", "usersessions_"))
        found.append(Row(route if ours else f"{area}:{route}", method, dossier, moment, letters))
    return found


ROWS = rows(TABLE, ACTORS, "applications")
