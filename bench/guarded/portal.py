"""What every part of the portal stands on: people, the journal, papers, arrival."""

from bench.guarded.guard import Guard

TESTS = "tests/applications"

GUARDS = (
    Guard(
        "the database refuses to change the journal",
        "hdh_portal/records/migrations/0002_append_only.py",
        (('        guarded("records_journalentry"),\n', ""),),
        ("tests/records/test_append_only.py::test_journal_refuses_any_change",),
    ),
    Guard(
        "a refusal leaves an attempt",
        "hdh_portal/records/actions.py",
        (("refusal.reference = attempts.record(", "refusal.reference = (lambda **others: attempts.new_reference())("),),
        (f"{TESTS}/dossier/test_submission.py::test_deposit_outside_the_window_is_refused_and_recorded",),
    ),
    Guard(
        "two clicks on one button make one thing",
        "hdh_portal/records/actions.py",
        ((", once.claimed():\n", ":\n"),),
        ("tests/portal/test_twice.py::test_second_click_does_nothing_more",),
    ),
    Guard(
        "an old page acts on nothing that it did not show",
        "hdh_portal/web/saving.py",
        (("    if not is_current(seen, current):\n", "    if False:\n"),),
        ("tests/jury/hearings/test_old_pages.py::test_old_toggle_changes_no_seat_that_was_noted_since",),
    ),
    Guard(
        "cells of a CSV file are inert",
        "hdh_portal/web/tables.py",
        (('return f"\'{text}" if text[:1] in', "return text if text[:1] in"),),
        ("tests/web/test_tables.py::test_text_is_read_by_a_french_spreadsheet",),
    ),
    Guard(
        "cells of a workbook are texts, not formulas",
        "hdh_portal/web/tables.py",
        (("sheet.write_string(line, at, value, style)", "sheet.write(line, at, value, style)"),),
        ("tests/web/test_tables.py::test_workbook_holds_values_of_their_kind_and_no_formula",),
    ),
    Guard(
        "what reads a stranger's file reaches no secret",
        "hdh_portal/records/sandbox.py",
        (("    if can_confine():\n", "    if False:\n"),),
        ("tests/records/test_sandbox.py::test_child_reads_nothing_of_its_parent",),
    ),
    Guard(
        "papers fetch packaged files only",
        "hdh_portal/records/rendering.py",
        (('if scheme != "pkg" or PACKAGED not in path.parents or not path.is_file():', "if not path.is_file():"),),
        ("tests/records/test_rendering.py::test_fetcher_refuses_what_is_not_packaged",),
    ),
    Guard(
        "whoever selects needs a second factor",
        "hdh_portal/settings.py",
        (('    "hdh_portal.accounts.middleware.SecondFactorMiddleware",\n', ""),),
        ("tests/accounts/test_second_factor.py::test_officer_without_second_factor_is_sent_to_set_one_up",),
    ),
    Guard(
        "a second factor is not reset by who asked",
        "hdh_portal/operations/actions/second_factor.py",
        (("    if by.pk == reset.asked_by_id:", "    if False:"),),
        ("tests/operations/test_second_factor.py::test_asker_and_owner_do_not_confirm",),
    ),
    Guard(
        "a factor that is used after the request was not lost",
        "hdh_portal/operations/actions/second_factor.py",
        (("    if _used_since(user, reset):", "    if False:"),),
        ("tests/operations/test_second_factor.py::test_factor_that_is_used_after_the_request_was_not_lost",),
    ),
    Guard(
        "the last who manages a call stays",
        "hdh_portal/operations/actions/people.py",
        (("role.is_manager and not others:", "False:"),),
        (
            "tests/operations/test_people.py"
            "::test_last_but_one_manager_goes_only_once_it_is_understood_and_the_last_never",
        ),
    ),
    Guard(
        "sessions end with a block, whichever way they began",
        "hdh_portal/accounts/models.py",
        (('return f".{self.sessions_ended}" if self.sessions_ended else ""', 'return ""'),),
        ("tests/operations/test_accounts.py::test_unblocking_lets_in_again_but_not_the_old_sessions",),
    ),
    Guard(
        "only the trusted proxy says when a request arrived",
        "hdh_portal/web/proxy.py",
        (("    if not found or not is_trusted(peer):", "    if not found:"),),
        ("tests/web/test_arrival.py::test_instant_of_a_stranger_is_not_believed",),
    ),
    Guard(
        "without a proxy the body is read before the clock",
        "hdh_portal/web/middleware.py",
        (("(stamped or clock.real()) + clock.offset()", "(stamped or entered) + clock.offset()"),),
        ("tests/web/test_arrival.py::test_without_a_proxy_the_end_of_the_body_counts",),
    ),
    Guard(
        "a body that ends early reaches no page",
        "hdh_portal/wsgi.py",
        (("        if len(data) < wanted:", "        if False:"),),
        ("tests/web/test_arrival.py::test_body_that_ends_early_never_reaches_a_page",),
    ),
    Guard(
        "an old stamp is not believed",
        "hdh_portal/web/proxy.py",
        (("OLDEST = datetime.timedelta(minutes=2)", "OLDEST = datetime.timedelta(minutes=10)"),),
        ("tests/web/test_arrival.py::test_future_or_old_instant_is_not_believed",),
    ),
    Guard(
        "a line of the journal that was written before its predecessor is named",
        "hdh_portal/records/journal.py",
        (("before - after > BACKWARDS", "False"),),
        (f"{TESTS}/evidence/test_evidence.py::test_line_written_before_its_predecessor_is_named_and_logged",),
    ),
    Guard(
        "a changed line of the journal is found",
        "hdh_portal/records/journal.py",
        (("        if digest(entry) != entry.hash:", "        if False:"),),
        (f"{TESTS}/evidence/test_evidence.py::test_changed_line_is_named",),
    ),
    Guard(
        "a forged field of a receipt is named",
        "hdh_portal/records/signing.py",
        (
            (
                'forged = [name for name in receipt if digests.get(name) != sha256({"value": receipt[name]})]',
                "forged = []",
            ),
        ),
        ("tests/records/test_signing.py::test_forged_field_is_named",),
    ),
    Guard(
        "an error outside the views is kept under its reference",
        "hdh_portal/web/middleware.py",
        (("    _keep(request, exception)", "    pass"),),
        ("tests/web/test_errors.py::test_error_outside_a_view_is_kept_once_under_the_reference_of_its_page",),
    ),
    Guard(
        "nothing is kept of who has no session",
        "hdh_portal/accounts/kept.py",
        (("user_id is None or ", ""),),
        (
            "tests/accounts/test_sessions.py"
            "::test_nothing_is_kept_of_who_has_no_session_and_the_page_gives_the_text_back",
        ),
    ),
    Guard(
        "papers that wait while words change say what was told",
        "hdh_portal/callfile/loading.py",
        (("    outbox.store_waiting()", "    pass"),),
        ("tests/callfile/test_waiting_papers.py::test_papers_that_wait_while_words_change_say_what_was_told",),
    ),
    Guard(
        "the sweep of files is alone with a folder",
        "hdh_portal/records/files.py",
        (("fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH", "fcntl.LOCK_SH"),),
        ("tests/records/test_sweeping.py::test_folder_that_somebody_stores_in_is_left",),
    ),
    Guard(
        "the sweep tells nothing that the broker holds",
        "hdh_portal/records/outbox.py",
        (("        if length:", "        if False:"),),
        ("tests/records/test_notifying.py::test_ten_sweeps_without_a_worker_leave_one_copy_of_each",),
    ),
    Guard(
        "what somebody waits for has a queue of its own",
        "hdh_portal/records/outbox.py",
        (('"asked" if row.is_awaited else "papers"', '"papers"'),),
        ("tests/records/test_notifying.py::test_each_work_is_told_in_the_queue_of_those_who_wait_for_it",),
    ),
    Guard(
        "a link whose time is over is not sent late",
        "hdh_portal/records/tasks.py",
        (("message.expires_at <= clock.real()", "False"),),
        ("tests/records/test_tasks.py::test_mail_whose_time_is_over_is_not_sent_and_says_why",),
    ),
)
