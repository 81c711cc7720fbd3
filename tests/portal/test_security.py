"""Whom to tell of a weakness, and what the portal is made of."""

import datetime
import json
import re
import subprocess
from pathlib import Path

import pytest

from hdh_portal.ground import clock
from tests.factories import ROOT

PATH = "/.well-known/security.txt"


def fields(client):
    answer = client.get(PATH)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


@pytest.mark.parametrize("years", [0, 1, 30])
def test_security_txt_is_never_out_of_date_and_never_valid_for_a_year(client, monkeypatch, years):
    now = clock.real() + datetime.timedelta(days=365 * years)
    monkeypatch.setattr(clock, "real", lambda: now)
    expires = datetime.datetime.fromisoformat(fields(client)["Expires"])
    assert datetime.timedelta(days=90) < expires - now < datetime.timedelta(days=365)


def test_security_txt_names_the_contact_of_the_operator_and_its_own_address(client, settings):
    settings.HDH_BASE_URL = "https://portail.example.org"
    assert fields(client)["Contact"] == "https://portail.example.org/contact/"
    settings.HDH_SECURITY_CONTACT = "mailto:securite@example.org"
    assert fields(client)["Contact"] == "mailto:securite@example.org"
    assert fields(client)["Canonical"] == f"https://portail.example.org{PATH}"


@pytest.mark.embedded
def test_bill_of_materials_lists_every_locked_package_and_is_the_same_each_time(tmp_path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    command = re.search(r"cyclonedx-py (requirements.*?) -o ", makefile.replace("\\\n", ""), re.DOTALL)[1].split()
    made = [tmp_path / "first.json", tmp_path / "second.json"]
    for path in made:
        words = [str(ROOT / ".venv" / "bin" / "cyclonedx-py"), *command, "-o", str(path)]
        subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=120)
    assert made[0].read_bytes() == made[1].read_bytes()
    bill = json.loads(made[0].read_text(encoding="utf-8"))
    locked = re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([^ ;]+)", Path(ROOT / "requirements.txt").read_text(), re.M)
    assert len(locked) > 40
    assert {(part["name"], part["version"]) for part in bill["components"]} == set(locked)
