"""What the database itself holds of the evaluation: each constraint refuses what it names."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import Call
from reviews.models import Criterion, Evaluation, RapporteurBody

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    """The second sample call, with its evaluation."""
    return Call.objects.get(reference_prefix="BRUIT-31")


@pytest.mark.parametrize(
    ("model", "change", "name"),
    [
        (Evaluation, {"mark_max": 1.0}, "evaluation_scale_has_steps"),
        (Evaluation, {"mark_step": 0.0}, "evaluation_scale_has_steps"),
        (Evaluation, {"sheets_per_dossier": 0}, "evaluation_counts_start_at_one"),
        (Evaluation, {"shortlist_size": 0}, "evaluation_counts_start_at_one"),
        (Criterion, {"weight": 0.0}, "criterion_weighs_something"),
    ],
)
def test_row_outside_its_rule_is_refused(call, model, change, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(call=call).update(**change)


def test_window_closes_after_it_opens(call):
    opens_at = call.evaluation.opens_at
    with pytest.raises(IntegrityError, match="evaluation_closes_after_it_opens"), transaction.atomic():
        Evaluation.objects.filter(call=call).update(closes_at=opens_at)


@pytest.mark.parametrize("change", [{"key": "measure"}, {"position": 1}])
def test_criterion_key_and_place_are_taken_once(call, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(call=call, key="gain").update(**change)


@pytest.mark.parametrize("same", ["organisation", "position"])
def test_rapporteur_body_and_place_are_taken_once(call, same):
    first, second = RapporteurBody.objects.filter(call=call)
    with pytest.raises(IntegrityError), transaction.atomic():
        RapporteurBody.objects.filter(pk=second.pk).update(**{same: getattr(first, same)})


def test_call_has_one_evaluation(call):
    evaluation = Evaluation.objects.get(call=call)
    evaluation.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        evaluation.save(force_insert=True)


def test_rows_say_what_they_are(call):
    criterion = Criterion.objects.filter(call=call).first()
    body = RapporteurBody.objects.filter(call=call).last()
    names = (str(criterion), str(body), str(call.evaluation))
    assert names == (criterion.label, "Agence du calme", f"{call.pk} evaluation")
