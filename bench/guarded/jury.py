"""The third stage: hearings, private notes, decisions, the announcement."""

from bench.guarded.guard import Guard

TESTS = "tests/jury"

HEARD = (
    Guard(
        "a seat comes with the interests of its organisation",
        "jury/seats/actions/people.py",
        (("found = write_found_interests(user, juror.organisation, juror.call, at)", "found = []"),),
        (f"{TESTS}/seats/test_people.py::test_a_seat_comes_with_the_interests_of_its_organisation_and_of_the_person",),
    ),
    Guard(
        "who has an interest in a dossier has no page and no file of it",
        "jury/dossiers.py",
        (("Application.objects.visible_to(person.user).filter(", "Application.objects.filter("),),
        (
            f"{TESTS}/hearings/test_hearing_views.py::test_a_secretary_with_an_interest_neither_reads_nor_runs",
            f"{TESTS}/seats/test_declaration.py::test_a_recusal_closes_the_dossier_erases_the_notes_and_leaves_the_room",
        ),
    ),
    Guard(
        "a dossier opens to a juror after their declaration",
        "jury/dossiers.py",
        (("return dossiers.filter(Exists(declared))", "return dossiers"),),
        (
            f"{TESTS}/hearings/test_hearings.py::test_what_opens_to_whom",
            f"{TESTS}/hearings/test_hearing_views.py::"
            "test_a_recused_juror_meets_404_on_every_route_and_one_that_declared_nothing_too",
        ),
    ),
    Guard(
        "who has an interest in a dossier is not in the room",
        "jury/hearings/reading.py",
        (("    if has_interest and status", "    if False and status"),),
        (f"{TESTS}/hearings/test_hearings.py::test_the_quorum_is_counted_on_who_is_in_the_room",),
    ),
    Guard(
        "private notes are read by their juror only",
        "jury/hearings/views/hearing.py",
        (
            (
                "mine = Opinion.objects.filter(hearing=hearing, juror=person.juror, user=person.user)",
                "mine = Opinion.objects.filter(hearing=hearing)",
            ),
        ),
        (f"{TESTS}/hearings/test_hearing_views.py::test_notes_are_shown_to_nobody_else_on_any_route",),
    ),
    Guard(
        "the next person of a seat does not read the notes of the one before",
        "jury/hearings/views/hearing.py",
        (("juror=person.juror, user=person.user)", "juror=person.juror)"),),
        (
            f"{TESTS}/hearings/test_hearing_views.py::test_the_next_person_of_a_seat_does_not_read_the_notes_of_the_one_before",
        ),
    ),
    Guard(
        "a hearing below its quorum does not end",
        "jury/hearings/actions/hearings.py",
        (("    if course_of(hearing).suspended is not None:", "    if False:"),),
        (
            f"{TESTS}/hearings/test_corrections.py::"
            "test_below_the_quorum_the_hearing_is_suspended_its_clock_stands_and_it_does_not_end",
        ),
    ),
    Guard(
        "nobody is presumed to have stayed once a hearing is over",
        "jury/hearings/reading.py",
        (
            (
                "    return over_at is not None and noted.at < over_at and noted.status != Presence.Status.RECUSED",
                "    return False",
            ),
        ),
        (f"{TESTS}/hearings/test_corrections.py::test_nobody_is_presumed_to_have_stayed_for_the_decision",),
    ),
    Guard(
        "nothing is decided on a hearing that ended below its quorum",
        "jury/deliberation/actions.py",
        (("    if course_of(hearing).lacked_quorum_at_end:", "    if False:"),),
        (
            f"{TESTS}/hearings/test_corrections.py::"
            "test_quorum_that_was_lost_at_the_end_is_found_by_a_correction_and_nothing_is_decided_on_it",
        ),
    ),
    Guard(
        "nobody places the hearing of a dossier in which they have an interest",
        "jury/hearings/actions/timetable.py",
        (('dossiers.keys() - set(closed.values_list("application_id", flat=True))', "dossiers"),),
        (f"{TESTS}/hearings/test_placing.py::test_nobody_places_the_dossier_in_which_they_have_an_interest",),
    ),
    Guard(
        "a presence that was cancelled puts nobody aside",
        "jury/seats/presiding.py",
        (("return rows.filter(stands)", "return rows"),),
        (
            f"{TESTS}/seats/test_presiding.py::"
            "test_what_was_corrected_says_who_was_in_the_room_last_and_not_what_was_noted",
        ),
    ),
    Guard(
        "a mention is signed as it was read",
        "jury/deliberation/riders.py",
        (("    if digest != rider_digest(rider):", "    if False:"),),
        (f"{TESTS}/minutes/test_riders.py::test_who_writes_and_who_signs",),
    ),
    Guard(
        "a mention of a closed dossier is not read",
        "jury/minutes/riders.py",
        (("    if is_closed:", "    if False:"),),
        (f"{TESTS}/minutes/test_riders.py::test_an_interest_closes_the_mention_of_its_dossier_and_of_the_whole",),
    ),
    Guard(
        "the order of the hearings is drawn once",
        "jury/hearings/actions/timetable.py",
        (("    if draw_of(call) is not None:", "    if False:"),),
        (f"{TESTS}/hearings/test_drawing.py::test_order_is_drawn_once_from_a_seed_that_the_journal_has_first",),
    ),
    Guard(
        "every line of presence stays, in the database",
        "jury/migrations/0003_append_only.py",
        (('        guarded("jury_presence"),\n', ""),),
        (f"{TESTS}/hearings/test_hearings.py::test_the_database_keeps_every_line_of_presence",),
    ),
)

DECIDED = (
    Guard(
        "a page that is behind replaces no decision",
        "hdh_portal/web/saving.py",
        (("    if merged.clashes:\n        raise Clashing(merged)\n", ""),),
        (
            f"{TESTS}/deliberation/test_deliberation_views.py::test_decision_from_an_old_page_replaces_none_that_was_recorded_since",
        ),
    ),
    Guard(
        "a decision wants the quorum, after recusals",
        "jury/deliberation/actions.py",
        (("    if not room.has_quorum:", "    if False:"),),
        (f"{TESTS}/deliberation/test_decisions.py::test_quorum_is_counted_after_recusals_for_each_decision",),
    ),
    Guard(
        "decisions that are signed in parts are signed twice on every dossier",
        "applications/signatures.py",
        (
            (
                "        if not shares.cover(signed | {by.pk: mine}, self.dossiers()):",
                "        if False:",
            ),
        ),
        (
            f"{TESTS}/deliberation/test_signed_in_parts.py::"
            "test_presidency_and_who_acts_for_it_sign_what_is_open_to_each",
        ),
    ),
    Guard(
        "a decision has its quorum, in the database",
        "jury/migrations/0002_hearings_and_decisions.py",
        (("models.Q(('present__gte', models.F('quorum')))", "models.Q(('present__gte', 0))"),),
        (f"{TESTS}/deliberation/test_decision_rows.py::test_decision_outside_its_rule_is_refused",),
    ),
    Guard(
        "an amount is within the request",
        "jury/deliberation/actions.py",
        (("        (requested, _(", "        (amount, _("),),
        (f"{TESTS}/deliberation/test_decisions.py::test_what_a_decision_lacks_is_said_beside_its_field",),
    ),
    Guard(
        "an amount is within the cap of the call",
        "jury/deliberation/actions.py",
        (("        (call.max_grant_cents, _(", "        (amount, _("),),
        (
            f"{TESTS}/deliberation/test_decisions.py::test_amount_is_within_the_cap_of_the_call_the_envelope_and_the_places",
        ),
    ),
    Guard(
        "the amounts are within the envelope",
        "jury/deliberation/actions.py",
        (("        (left, _(", "        (amount, _("),),
        (
            f"{TESTS}/deliberation/test_decisions.py::test_amount_is_within_the_cap_of_the_call_the_envelope_and_the_places",
        ),
    ),
    Guard(
        "there are as many laureates as places at most",
        "jury/deliberation/actions.py",
        (("_laureates(others) >= jury.laureates:", "False:"),),
        (
            f"{TESTS}/deliberation/test_decisions.py::test_amount_is_within_the_cap_of_the_call_the_envelope_and_the_places",
        ),
    ),
    Guard(
        "a decision is confirmed by who presides",
        "jury/deliberation/actions.py",
        (("    _refuse_unless_presiding(decision, seat, by)\n", ""),),
        (f"{TESTS}/deliberation/test_decisions.py::test_presidency_confirms_what_it_read_once",),
    ),
    Guard(
        "who presides is in the room",
        "jury/seats/presiding.py",
        (("    if room.present:", "    if False:"),),
        (
            f"{TESTS}/deliberation/test_decisions.py::test_acting_president_confirms_and_freezes_where_the_presidency_is_away",
        ),
    ),
    Guard(
        "what is confirmed is what was read",
        "jury/deliberation/actions.py",
        (("    if digest != decision_digest(decision):", "    if False:"),),
        (f"{TESTS}/deliberation/test_decisions.py::test_presidency_confirms_what_it_read_once",),
    ),
    Guard(
        "a confirmed decision falls with an interest of who took part",
        "jury/deliberation/reading.py",
        (("    if decision.is_confirmed and decision.application_id in late:", "    if False:"),),
        (
            f"{TESTS}/minutes/test_who_took_part.py::test_juror_with_a_link_declared_after_the_confirmation_makes_the_decision_fall",
        ),
    ),
    Guard(
        "who has an interest in a dossier of the set reads no sum of it",
        "jury/permissions.py",
        (("    if has_interest_in_any(person.user, dossiers):", "    if False:"),),
        (f"{TESTS}/deliberation/test_deliberation_views.py::test_form_shows_no_rank_to_who_has_an_interest_elsewhere",),
    ),
    Guard(
        "who has an interest in a dossier of the set learns nothing of it from an answer",
        "jury/deliberation/actions.py",
        (("may_show = not has_interest_in_set(by, application.call)", "may_show = True"),),
        (
            f"{TESTS}/deliberation/test_deliberation_views.py::test_secretary_who_has_an_interest_elsewhere_learns_nothing_of_it_from_an_answer",
        ),
    ),
    Guard(
        "who takes over a seat was not in the room",
        "jury/hearings/reading.py",
        (("    if noted is not None and noted.recorded_at < juror.seated_at:", "    if False:"),),
        (
            f"{TESTS}/minutes/test_who_took_part.py::test_who_takes_over_the_presidency_confirms_nothing_that_they_did_not_hear",
        ),
    ),
    Guard(
        "the set is frozen by who presides over all of it",
        "jury/deliberation/signatures.py",
        (("        if seat is None or seat.user_id != by.pk:", "        if seat is None:"),),
        (f"{TESTS}/deliberation/test_decisions.py::test_who_has_an_interest_in_any_dossier_of_the_set_signs_nothing",),
    ),
    Guard(
        "both signers of the deliberation signed the same decisions",
        "applications/signatures.py",
        (("        if row.digest != plan.digest:", "        if False:"),),
        (f"{TESTS}/deliberation/test_decisions.py::test_freeze_is_signed_by_secretary_and_presidency_on_one_digest",),
    ),
    Guard(
        "nothing is decided once the deliberation is frozen",
        "jury/deliberation/signatures.py",
        (("    if is_frozen(call):", "    if False:"),),
        (
            f"{TESTS}/deliberation/test_decisions.py::test_after_the_freeze_nothing_changes_by_an_act_or_by_the_database",
        ),
    ),
    Guard(
        "a frozen decision never changes, in the database",
        "jury/migrations/0003_append_only.py",
        (('        guarded("jury_decision"),\n', ""),),
        (
            f"{TESTS}/deliberation/test_decisions.py::test_after_the_freeze_nothing_changes_by_an_act_or_by_the_database",
        ),
    ),
)

NOTIFIED = (
    Guard(
        "no result is told before its earliest instant",
        "jury/announcement/release.py",
        (("        if at < call.jury.announcement_earliest:", "        if False:"),),
        (f"{TESTS}/announcement/test_release.py::test_release_waits_for_its_earliest_instant",),
    ),
    Guard(
        "no result is told before the decisions are frozen",
        "jury/announcement/release.py",
        (
            (
                "call=call, application__state=self.from_state, call__deliberation__confirmed_at__isnull=False",
                "call=call, application__state=self.from_state",
            ),
        ),
        (f"{TESTS}/announcement/test_release.py::test_release_waits_for_the_freeze_and_before_it_no_decision_is_read",),
    ),
    Guard(
        "there is no announcement before its release",
        "jury/announcement/views.py",
        (
            (
                "    found = reading.published(get_object_or_404(Call, slug=slug))\n    if found is None:\n"
                "        raise Http404\n",
                "    call, now = get_object_or_404(Call, slug=slug), clock.now()\n"
                "    content = reading.content_of(call, now)\n"
                "    found = reading.published(call) or Announcement(call=call, version=1, content=content, at=now)\n",
            ),
            ("from jury.models import Deliberation,", "from jury.models import Announcement, Deliberation,"),
        ),
        (f"{TESTS}/announcement/test_announcement_views.py::test_before_the_release_nothing_is_there",),
    ),
    Guard(
        "the announcement names laureates only",
        "jury/announcement/laureates.py",
        (("        conclusion=Decision.Conclusion.LAUREATE,\n", ""),),
        (f"{TESTS}/announcement/test_announcement.py::test_only_confirmed_laureates_are_named",),
    ),
)

GUARDS = (*HEARD, *DECIDED, *NOTIFIED)
