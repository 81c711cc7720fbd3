"""The first stage: deposits, what is sealed, checks, releases."""

from bench.guarded.guard import Guard

TESTS = "tests/applications"

GUARDS = (
    Guard(
        "nobody who selects reads a deposit in the two minutes after the closing",
        "applications/models/call.py",
        (("return at >= self.reading_opens_at", "return at >= self.submission.closes_at"),),
        (f"{TESTS}/admissibility/test_officer_views.py::test_nothing_opens_while_a_deposit_may_still_come_in",),
    ),
    Guard(
        "what was told to all is reopened by nobody",
        "applications/admissibility/actions/reopening.py",
        (("    if application.state != State.SUBMITTED:", "    if False:"),),
        (f"{TESTS}/admissibility/test_reopening.py::test_nothing_is_reopened_once_it_is_released",),
    ),
    Guard(
        "a digest that is signed has its salt",
        "applications/signatures.py",
        (('return sha256({"salt": call.salt, **values})', "return sha256(values)"),),
        (f"{TESTS}/test_signed_digests.py::test_digest_of_a_set_has_the_salt_of_its_call",),
    ),
    Guard(
        "a begun check does not pass to who has an interest in its dossier",
        "applications/people.py",
        (("if (one.user_id, check.application_id) not in closed", "if True"),),
        ("tests/operations/test_checks_handed_over.py::test_manager_hands_begun_checks_to_a_colleague_by_name",),
    ),
    Guard(
        "a link is taken back on the same day alone",
        "applications/interests/actions.py",
        (("    if at >= row.may_be_taken_back_until:", "    if False:"),),
        (f"{TESTS}/interests/test_recusal.py::test_slip_of_the_hand_is_taken_back_on_the_same_day",),
    ),
    Guard(
        "the letter of a closed dossier is not read before it is sent",
        "applications/release/views.py",
        ((".without(_closed_to(officer))", ""),),
        (f"{TESTS}/release/test_release.py::test_who_has_an_interest_reads_the_bare_outcome_and_not_its_letter",),
    ),
    Guard(
        "what arrives at the closing instant is late",
        "applications/models/call.py",
        (
            ("return self.opens_at <= at < self.closes_at", "return self.opens_at <= at <= self.closes_at"),
            ("return at >= self.closes_at", "return at > self.closes_at"),
        ),
        (f"{TESTS}/dossier/test_submission.py::test_deposit_outside_the_window_is_refused_and_recorded",),
    ),
    Guard(
        "what is sealed is what was reviewed",
        "applications/dossier/actions/submission.py",
        (("    if copy.digest != digest:", "    if False:"),),
        (f"{TESTS}/dossier/test_submission.py::test_deposit_of_a_copy_that_changed_since_the_review_is_told",),
    ),
    Guard(
        "the same dossier again gives the same receipt",
        "applications/dossier/actions/submission.py",
        (("if last is not None and last.digest == digest and", "if False and"),),
        (f"{TESTS}/dossier/test_submission.py::test_deposit_twice_gives_the_same_receipt_also_after_closing",),
    ),
    Guard(
        "a version is sealed once, in the database",
        "applications/migrations/0001_initial.py",
        (
            (
                'fields=("application", "version"), name="submission_version_is_sealed_once"',
                'fields=("application", "version", "digest"), name="submission_version_is_sealed_once"',
            ),
        ),
        (f"{TESTS}/dossier/test_submission.py::test_version_is_sealed_once_also_with_another_digest",),
    ),
    Guard(
        "an old page puts nothing over what another page saved",
        "hdh_portal/web/saving.py",
        (("        shown = theirs if seen is None else", "        shown = theirs if True else"),),
        (
            f"{TESTS}/dossier/test_saving.py::test_old_page_puts_no_empty_field_over_what_another_saved",
            f"{TESTS}/dossier/test_saving.py::test_two_texts_for_one_answer_are_shown_and_the_rest_is_saved",
        ),
    ),
    Guard(
        "a partner is found by an id, never by a place in the list",
        "applications/questions/types/organisations.py",
        (('return [row.get("id") or str(place)', "return [str(place)"),),
        (f"{TESTS}/dossier/test_saving.py::test_partner_is_emptied_and_the_next_one_corrected_in_one_old_page",),
    ),
    Guard(
        "two clicks begin one draft",
        "applications/dossier/actions/draft.py",
        (("    if once and (found :=", "    if False and (found :="),),
        (f"{TESTS}/dossier/test_saving.py::test_two_clicks_begin_one_draft",),
    ),
    Guard(
        "a dossier is found by its members only",
        "applications/models/application.py",
        (
            (
                'return self.filter(Exists(Member.objects.filter(application=OuterRef("pk"), user=user)))',
                "return self.all()",
            ),
        ),
        (f"{TESTS}/dossier/test_candidate_pages.py::test_strangers_get_the_same_404_as_for_nothing",),
    ),
    Guard(
        "an interest closes a dossier in every role",
        "applications/models/application.py",
        ((".filter(~Exists(interests))", ""),),
        (f"{TESTS}/interests/test_interest.py::test_later_interest_closes_the_dossier_in_every_role",),
    ),
    Guard(
        "no dossier opens before interests are declared",
        "applications/models/application.py",
        ((".filter(Exists(declared), call=officer.call)", ".filter(call=officer.call)"),),
        (
            f"{TESTS}/admissibility/test_admissibility.py::test_take_is_refused_without_a_declaration",
            f"{TESTS}/interests/test_interest.py::test_declaration_opens_the_others_and_closes_the_named_ones",
        ),
    ),
    Guard(
        "bodies are blind to one another until all are in",
        "applications/admissibility/reading.py",
        (("check.is_done and (check.body_id == officer.body_id or is_all_in)", "check.is_done"),),
        (f"{TESTS}/admissibility/test_officer_views.py::test_other_body_is_blind_whatever_was_concluded",),
    ),
    Guard(
        "a reconciliation is confirmed by somebody else",
        "applications/permissions.py",
        ((" and outcome.decided_by_id not in (None, officer.user_id)", ""),),
        (f"{TESTS}/admissibility/test_admissibility.py::test_reconciliation_takes_two_managers",),
    ),
    Guard(
        "a release is confirmed by somebody else",
        "applications/signatures.py",
        (
            (
                "        if row.decided_by_id == by.pk:\n            raise self.refusal("
                '"same_person")\n        if not self',
                '        if False:\n            raise self.refusal("same_person")\n        if not self',
            ),
        ),
        (f"{TESTS}/release/test_release.py::test_second_signature_is_another_person_and_the_same_list",),
    ),
    Guard(
        "both signers of a release signed the same list",
        "applications/signatures.py",
        (("        if row.digest != plan.digest:", "        if False:"),),
        (f"{TESTS}/release/test_release.py::test_letter_that_changed_after_the_first_signature_is_signed_again",),
    ),
    Guard(
        "a file is let in by its content",
        "applications/dossier/uploads.py",
        (
            (
                "    _judge_start(file, kind, shown)\n",
                "",
            ),
            ("    facts = _facts(path, kind, max_pages)\n", "    facts = {}\n"),
        ),
        (
            f"{TESTS}/dossier/test_uploads.py::test_mismatch_sentence_names_the_true_content",
            f"{TESTS}/dossier/test_candidate_pages.py::test_file_is_refused_beside_its_question",
        ),
    ),
    Guard(
        "a person has two files in the queue at most",
        "applications/dossier/actions/uploading.py",
        (
            (
                "    if Upload.objects.filter(person=person, state=State.WAITING).count() >= MOST_AT_ONCE:",
                "    if False:",
            ),
        ),
        (f"{TESTS}/dossier/test_judging.py::test_person_has_two_files_in_the_queue_at_most",),
    ),
    Guard(
        "a file that was taken back is not joined",
        "applications/dossier/actions/uploading.py",
        (
            (
                "        if not _settle(upload, state=State.JOINED):",
                "        if _settle(upload, state=State.JOINED) is None:",
            ),
        ),
        (f"{TESTS}/dossier/test_judging.py::test_file_that_was_taken_back_is_not_joined",),
    ),
    Guard(
        "a draft wants a verified address",
        "applications/dossier/actions/draft.py",
        (("    if not by.has_verified_address():", "    if False:"),),
        (f"{TESTS}/dossier/test_draft.py::test_draft_wants_a_verified_address",),
    ),
)
