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
        (("        if row.decided_by_id == by.pk:\n            raise", "        if False:\n            raise"),),
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
