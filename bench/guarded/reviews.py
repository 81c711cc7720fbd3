"""The second stage: who scores what, the sheets, the ranking, the shortlist."""

from bench.guarded.guard import Guard

TESTS = "tests/reviews"

ASSIGNED = (
    Guard(
        "a dossier of a rapporteur's own body is closed from the start",
        "reviews/rapporteurs.py",
        (("found = write_found_interests(user, body, call, at)", "found = []"),),
        (f"{TESTS}/test_people.py::test_appointment_finds_dossiers_of_the_same_siren",),
    ),
    Guard(
        "no pair of the matching has an interest",
        "reviews/assigning/matching.py",
        (("self.allowed[self.dossier_place[dossier]] &= ~(1 << self.place[rapporteur])", "pass"),),
        (f"{TESTS}/assigning/test_matching.py::test_matching_satisfies_each_constraint_or_none_can",),
    ),
    Guard(
        "the matching takes a body once for a dossier",
        "reviews/assigning/matching.py",
        (("self.free[d] &= ~self.same_body[r]", "self.free[d] &= ~(1 << r)"),),
        (f"{TESTS}/assigning/test_matching.py::test_matching_satisfies_each_constraint_or_none_can",),
    ),
    Guard(
        "the matching keeps to what a person can take",
        "reviews/assigning/matching.py",
        (("return self.room[r] is None or self.load[r] < self.room[r]", "return True"),),
        (f"{TESTS}/assigning/test_matching.py::test_small_capacity_is_kept_and_the_others_share_the_rest",),
    ),
    Guard(
        "the loads of the matching are even",
        "reviews/assigning/matching.py",
        (("return self.load[r], lot", "return 0, lot"),),
        (f"{TESTS}/assigning/test_matching.py::test_sizes_of_2020_give_each_rapporteur_sixteen_or_seventeen_sheets",),
    ),
    Guard(
        "the bodies of a dossier differ, in the database",
        "reviews/migrations/0002_scoring.py",
        (
            (
                "fields=('application', 'body'), name='assignment_bodies_of_a_dossier_differ'",
                "fields=('application', 'body', 'rapporteur'), name='assignment_bodies_of_a_dossier_differ'",
            ),
        ),
        (f"{TESTS}/assigning/test_assignment_change.py::test_database_gives_a_dossier_to_one_rapporteur_of_a_body",),
    ),
    Guard(
        "an interest closes a dossier to its rapporteur",
        "reviews/models/assignment.py",
        (("return self.filter(~with_interest())", "return self.all()"),),
        (
            f"{TESTS}/scoring/test_rapporteur_views.py::test_link_found_later_closes_every_route_of_a_dossier_that_was_open",
        ),
    ),
    Guard(
        "a dossier opens to its rapporteur after the declaration",
        "reviews/models/assignment.py",
        (("return self.of(rapporteur).filter(declared_at__isnull=False)", "return self.of(rapporteur)"),),
        (
            f"{TESTS}/scoring/test_rapporteur_views.py::test_before_the_declaration_names_show_and_nothing_else",
            f"{TESTS}/scoring/test_rapporteur_annexes.py::test_annexes_open_with_the_dossier_and_close_with_it",
        ),
    ),
    Guard(
        "a role that was removed gives no right",
        "applications/models/people.py",
        (("return self.filter(removed_at=None)", "return self.all()"),),
        (f"{TESTS}/scoring/test_rapporteur_views.py::test_pages_of_others_read_like_absent",),
    ),
)

WRITTEN = (
    Guard(
        "a sheet is refused outside the window",
        "reviews/scoring/actions/declaration.py",
        (("    refuse_outside_window(assignment.application.call.evaluation, at)\n", ""),),
        (f"{TESTS}/scoring/test_sheet.py::test_writing_is_refused_outside_the_window",),
    ),
    Guard(
        "a sheet is refused before the declaration",
        "reviews/scoring/actions/sheet.py",
        (("    if not assignment.is_open:", "    if False:"),),
        (f"{TESTS}/scoring/test_sheet.py::test_writing_is_refused_before_the_declaration",),
    ),
    Guard(
        "a mark stands on the scale of the call",
        "reviews/scoring/actions/sheet.py",
        (('found = {("mark", key): _off_scale(evaluation) for key in off}', "found = {}"),),
        (f"{TESTS}/scoring/test_sheet.py::test_mark_off_the_scale_is_refused_beside_its_field",),
    ),
    Guard(
        "a sheet is sent with a comment on each criterion",
        "reviews/scoring/actions/sheet.py",
        (("        if len(row.comment) < call.evaluation.minimum_comment:", "        if False:"),),
        (f"{TESTS}/scoring/test_sheet.py::test_send_names_each_field_to_mend_in_the_order_of_the_page",),
    ),
    Guard(
        "a sheet that was sent never changes, in the database",
        "reviews/migrations/0003_append_only.py",
        (('        guarded("reviews_scoresheet"),\n', ""),),
        (f"{TESTS}/scoring/test_sheet.py::test_sent_sheet_refuses_change_by_sql",),
    ),
    Guard(
        "the marks of a sheet that was sent never change, in the database",
        "reviews/migrations/0003_append_only.py",
        (('        guarded("reviews_mark"),\n', ""),),
        (f"{TESTS}/scoring/test_sheet.py::test_sent_sheet_refuses_change_by_sql",),
    ),
    Guard(
        "marks of others are hidden until one's own are sent",
        "reviews/scoring/views/sheet.py",
        (('_others(assignment) if is_sent and context["window"]', '_others(assignment) if context["window"]'),),
        (f"{TESTS}/scoring/test_rapporteur_views.py::test_unsent_sheet_is_read_after_the_window",),
    ),
    Guard(
        "a tab that is behind replaces nothing unasked",
        "hdh_portal/web/saving.py",
        (("        elif shown == theirs and not is_left:", "        elif not is_left:"),),
        (f"{TESTS}/scoring/test_two_tabs.py::test_tab_that_is_behind_erases_and_seals_nothing_unasked",),
    ),
    Guard(
        "nothing is sent with words that its page did not show",
        "reviews/scoring/views/sheet.py",
        (("        saving.refuse_behind(", "        (lambda *_unread: None)("),),
        (f"{TESTS}/scoring/test_two_tabs.py::test_sheet_is_not_sent_with_words_that_its_page_did_not_show",),
    ),
    Guard(
        "no sheet is sent once the shortlist is frozen",
        "reviews/scoring/actions/sheet.py",
        (("    _refuse_frozen(assignment.application.call)\n", ""),),
        (f"{TESTS}/shortlist/test_frozen_shortlist.py::test_nothing_changes_once_it_is_frozen",),
    ),
    Guard(
        "a void sheet does not count",
        "reviews/models/sheet.py",
        (('.filter(~with_interest("assignment__"), assignment__ended_at=None)', ".filter(assignment__ended_at=None)"),),
        (
            f"{TESTS}/sheets/test_documents.py::test_sheet_whose_rapporteur_has_an_interest_counts_no_more",
            f"{TESTS}/scoring/test_rapporteur_views.py::test_void_sheet_of_another_is_not_shown",
        ),
    ),
    Guard(
        "a sheet that was given back to its rapporteur does not count",
        "reviews/models/sheet.py",
        (("return self.last().filter(sent_at__isnull=False)", "return self.filter(sent_at__isnull=False)"),),
        (
            f"{TESTS}/scoring/test_sheet.py::test_reopened_sheet_says_the_same_and_counts_no_more",
            f"{TESTS}/ranking/test_ranking.py::test_what_does_not_count_is_left_out",
        ),
    ),
)

RANKED = (
    Guard(
        "a frozen list says who was equal",
        "reviews/shortlist/actions.py",
        (("is_equal=line.is_equal,", "is_equal=False,"),),
        (f"{TESTS}/ranking/test_ranking.py::test_frozen_ranking_knows_its_equals_also_once_one_has_left",),
    ),
    Guard(
        "who has an interest in a dossier reads no rank",
        "reviews/ranking/reading.py",
        (("    if shut:\n        return _by_marks(lines, evaluation.tie_break)\n", ""),),
        (
            f"{TESTS}/ranking/test_ranking_interest.py::test_who_has_an_interest_in_a_dossier_reads_the_marks_of_the_others_and_no_rank",
        ),
    ),
    Guard(
        "who has an interest in a dossier moves and signs nothing",
        "reviews/shortlist/signatures.py",
        (("        if not is_free_of(by, ranked(self.call)):", "        if False:"),),
        (f"{TESTS}/shortlist/test_shortlist.py::test_who_has_an_interest_in_any_dossier_neither_places_nor_signs",),
    ),
    Guard(
        "an interest closes its dossier in the assignments",
        "reviews/assigning/reading.py",
        (("    if viewer is None:\n        return rows\n", "    if True:\n        return rows\n"),),
        (f"{TESTS}/assigning/test_assignment_interest.py::test_link_closes_its_dossier_and_nothing_else",),
    ),
    Guard(
        "the shortlist has as many dossiers as places",
        "reviews/shortlist/reading.py",
        (("        if self.open or found == wanted:", "        if True:"),),
        (f"{TESTS}/shortlist/test_shortlist.py::test_list_has_as_many_dossiers_as_places",),
    ),
    Guard(
        "the shortlist waits for the end of the evaluation",
        "reviews/shortlist/reading.py",
        (("        if window.is_over(at):", "        if True:"),),
        (f"{TESTS}/shortlist/test_shortlist.py::test_list_waits_for_the_end_of_the_window",),
    ),
    Guard(
        "a shortlist is frozen by somebody else",
        "applications/signatures.py",
        (
            (
                "        if row.decided_by_id == by.pk:\n            raise self.refusal("
                '"same_person")\n        if not self',
                '        if False:\n            raise self.refusal("same_person")\n        if not self',
            ),
        ),
        (f"{TESTS}/shortlist/test_shortlist.py::test_second_signature_is_another_person_and_the_same_list",),
    ),
    Guard(
        "both signers of a shortlist signed the same list",
        "applications/signatures.py",
        (("        if row.digest != plan.digest:", "        if False:"),),
        (f"{TESTS}/shortlist/test_shortlist.py::test_list_that_changed_after_the_first_signature_is_signed_again",),
    ),
    Guard(
        "a first signature falls with the right to sign",
        "applications/signatures.py",
        (("        if not self.stands(row):", "        if False:"),),
        (f"{TESTS}/shortlist/test_shortlist.py::test_first_signature_falls_with_the_office_and_with_an_interest",),
    ),
    Guard(
        "the frozen list never changes, in the database",
        "reviews/migrations/0003_append_only.py",
        (('        guarded("reviews_shortlistentry"),\n', ""),),
        (f"{TESTS}/shortlist/test_frozen_shortlist.py::test_database_keeps_the_frozen_list",),
    ),
    Guard(
        "the frozen list takes no new line, in the database",
        "reviews/migrations/0004_frozen_list_takes_no_row.py",
        (('        guarded("reviews_shortlistentry"),\n', ""),),
        (f"{TESTS}/shortlist/test_frozen_shortlist.py::test_database_takes_no_row_once_the_list_is_frozen",),
    ),
    Guard(
        "no shortlist is told before it is frozen",
        "reviews/shortlist/release.py",
        (("if not Shortlist.objects.filter(call=call, confirmed_at__isnull=False).exists():", "if False:"),),
        (f"{TESTS}/shortlist/test_release.py::test_release_is_refused_before_the_freeze",),
    ),
)

LEFT_AND_MOVED = (
    Guard(
        "nobody moves a dossier over the cut line while sheets may come",
        "reviews/shortlist/actions.py",
        (("    _refuse_while_sheets_come(application.call.evaluation, at)\n", ""),),
        (f"{TESTS}/ranking/test_provisional.py::test_nobody_moves_a_dossier_while_sheets_may_come",),
    ),
    Guard(
        "a dossier that somebody else has is not taken back",
        "reviews/scoring/actions/declaration.py",
        (("    _refuse_taken(assignment)\n", ""),),
        (f"{TESTS}/scoring/test_leaving.py::test_place_that_somebody_else_has_is_not_taken_back",),
    ),
    Guard(
        "a dossier is taken up again on the same day alone",
        "reviews/scoring/actions/declaration.py",
        (("if at >= assignment.may_be_taken_back_until:", "if False:"),),
        (f"{TESTS}/scoring/test_leaving.py::test_slip_is_taken_back_on_the_same_day_and_no_later",),
    ),
    Guard(
        "an opinion that may end in a refusal has a text for the team",
        "reviews/scoring/actions/sheet.py",
        (("elif sheet.opinion in REFUSING and", "elif False and"),),
        (f"{TESTS}/scoring/test_rapporteur_views.py::test_text_for_the_team_is_asked_for_where_a_refusal_needs_it",),
    ),
)

GUARDS = (*ASSIGNED, *WRITTEN, *RANKED, *LEFT_AND_MOVED)
