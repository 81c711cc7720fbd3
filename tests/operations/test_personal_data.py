"""What the portal holds of a person is given to that person whole, and without anything of others."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import ForeignKey
from django.urls import reverse

from hdh_portal.accounts.models import User
from hdh_portal.operations import personal_data
from tests.factories import make_deposited, make_officer, make_user, owner_of

pytestmark = pytest.mark.django_db


def test_person_finds_their_file_in_their_space(client):
    application, other = make_deposited(title="Un titre à moi"), make_deposited(title="Celui d’un autre")
    owner = owner_of(application)
    client.force_login(owner)
    address = reverse("operations:personal_data_export")
    assert address in client.get(reverse("desk:my_space")).text
    assert address in client.get(reverse("desk:personal_data")).text
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    told = answer.json()
    [dossier] = told["dossiers"]
    assert (dossier["référence"], dossier["dépôts"][0]["version"]) == (application.reference, 1)
    assert "Un titre à moi" in dossier["réponses"].values()
    assert {act["verb"] for act in told["actes"]} >= {"application_created", "application_submitted"}
    for strange in ("Celui d’un autre", other.reference, owner_of(other).email, owner_of(other).name):
        assert strange not in answer.text


def test_no_secret_is_in_it():
    user = make_user()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    text = json.dumps(personal_data.of(user))
    seed = user.authenticator_set.get().data["secret"]
    assert not [secret for secret in (seed, "JBSWY3DPEHPK3PXP", user.password) if secret in text]


def test_every_column_that_names_a_person_is_counted():
    """A table that is made one day is in it without a thought of whoever makes it."""
    officer = make_officer()
    counts = personal_data.of(officer.user)["lignes qui vous nomment"]
    assert counts["applications.caseofficer.user"] == 1
    columns = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is User
    }
    assert set(counts) <= columns and len(columns) > 20


def test_command_gives_the_same_file(capsys):
    user = make_user("Camille Roche")
    call_command("personal_data", user.email.upper())
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(personal_data.of(user)))
    call_command("personal_data", str(user.pk))
    assert json.loads(capsys.readouterr().out)["compte"]["name"] == "Camille Roche"
    with pytest.raises(CommandError):
        call_command("personal_data", "personne@exemple.fr")
