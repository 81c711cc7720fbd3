"""The parts that every page is made of: what they say in each state, with their own parameters only."""

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation

from hdh_portal.ground.french import NBSP as B
from hdh_portal.ground.wording import after_colon, linked, step

pytestmark = pytest.mark.embedded
TEMPLATES = Path(settings.BASE_DIR, "templates")

CLOSES = datetime.datetime(2020, 6, 1, 10, 0, tzinfo=datetime.UTC)
WINDOW = SimpleNamespace(opens_at=CLOSES - datetime.timedelta(days=100), closes_at=CLOSES)


class Asked(forms.Form):
    months = forms.IntegerField(label="Durée", error_messages={"invalid": "Indiquez un nombre entier de mois."})
    axis = forms.ChoiceField(
        label="Axe",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un axe."},
    )


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def clock(before, **more):
    return render_to_string("includes/_clock.html", {"window": WINDOW, "now": CLOSES - before, **more})


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (datetime.timedelta(days=3, hours=2, minutes=48), f"Il reste 3{B}jours 2{B}h{B}48{B}min ."),
        (datetime.timedelta(hours=21, minutes=7), "Clôture des dépôts, demain"),
        (datetime.timedelta(minutes=18), f"12{B}h{B}00{B}min{B}00{B}s"),
        (datetime.timedelta(seconds=40), f"Il reste 40{B}s ."),
        (datetime.timedelta(0), "Dépôts clos"),
        (datetime.timedelta(days=101), "Ouverture"),
    ],
)
def test_clock_says_the_instant_and_then_the_time_left(before, said):
    assert said in " ".join(re.sub(r"<[^>]+>", " ", clock(before)).split(" ")).replace("\n", " ").replace("  ", " ")


def test_clock_draws_the_hour_only_in_the_last_one():
    assert '<svg class="plot' not in clock(datetime.timedelta(hours=1))
    assert '<svg class="plot' in clock(datetime.timedelta(minutes=59, seconds=59))


def test_closed_clock_has_no_primary_action():
    assert "btn-primary" not in clock(datetime.timedelta(0), act_url="/", act_label="Déposer")
    assert "btn-primary" in clock(datetime.timedelta(hours=2), act_url="/", act_label="Déposer")


def test_problems_link_to_the_very_fields():
    html = render_to_string("includes/_problems.html", {"form": Asked({"months": "un an"})})
    assert re.findall(r'href="(#[^"]+)">([^<]+)<', html) == [
        ("#id_months", f"Durée{B}: Indiquez un nombre entier de mois."),
        ("#id_axis_0", f"Axe{B}: Choisissez un axe."),
    ]
    assert "Une réponse est à compléter, une est à corriger" in words(html)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "2 réponses sont à compléter"),
        ({"axis": "a"}, "Une réponse est à compléter"),
        ({"months": "un an", "axis": "c"}, "2 réponses sont à corriger"),
        ({"months": "un an", "axis": "a"}, "Une réponse est à corriger"),
    ],
)
def test_an_empty_answer_is_to_complete_and_a_wrong_one_to_correct(typed, said):
    assert f'<h2 id="problems">{said}</h2>' in render_to_string("includes/_problems.html", {"form": Asked(typed)})


def test_problems_of_a_good_form_say_nothing():
    form = Asked({"months": "12", "axis": "a"})
    assert render_to_string("includes/_problems.html", {"form": form}).strip() == ""


def test_fields_name_their_hint_and_their_error():
    html = render_to_string(
        "bootstrap5/uni_form.html",
        {"form": Asked({"months": "x"}), "form_show_labels": True, "field_template": "bootstrap5/field.html"},
    )
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert [name for name in described.split() if f'id="{name}"' not in html] == []
    assert html.count('class="invalid-feedback"') == 2


def test_closing_on_a_public_holiday_says_so():
    assert "Ce jour est férié" in words(clock(datetime.timedelta(days=3)))
    other = SimpleNamespace(opens_at=WINDOW.opens_at, closes_at=CLOSES + datetime.timedelta(days=1))
    assert "férié" not in words(render_to_string("includes/_clock.html", {"window": other, "now": WINDOW.opens_at}))


def test_addresses_of_our_own_texts_are_links_and_nothing_else_is():
    said = linked("Voir www.exemple.fr, ou (https://exemple.fr/a) le 1er juin. <b>")
    assert re.findall(r'href="([^"]+)"', said) == ["https://www.exemple.fr", "https://exemple.fr/a"]
    assert "1<sup>er</sup>" in said and "&lt;b&gt;" in said


def test_sentence_after_a_colon_keeps_the_capital_of_an_acronym_alone():
    assert [after_colon(text) for text in ("Il manque", "À venir", "SIRET inexact", "")] == [
        "il manque",
        "à venir",
        "SIRET inexact",
        "",
    ]


def test_step_of_a_scale_in_words():
    assert [step(0.5), step(1), step(0.25)] == ["par demi-point", "par point", "par pas de 0,25"]


def test_frames_say_the_language_that_they_speak():
    with translation.override("en"):
        assert '<html lang="en">' in get_template("500.html").render({})
    frames = [path for path in TEMPLATES.rglob("*.html") if "<html" in path.read_text()]
    assert [path.name for path in frames if '<html lang="{{ language }}">' not in path.read_text()] == []


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_last_pages_need_nothing_at_all(name):
    html = get_template(name).render({})
    assert '<html lang="fr">' in html
    assert "Revenir à l’accueil" in html


def test_reference_of_an_error_stands_with_its_instant():
    html = get_template("500.html").render({"reference": "7KQ-412", "at": CLOSES})
    said = re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", html))
    assert f"7KQ-412 , lundi 1 er {B}juin 2020 à 12:00:00" in said


def test_saved_speaks_loudly_only_of_a_failure():
    portal = {"login_url": "/comptes/connexion/"}
    assert 'role="status"' in render_to_string("includes/_saved.html", {"at": CLOSES, "portal": portal})
    failed = render_to_string("includes/_saved.html", {"problem": "La clôture est passée.", "portal": portal})
    assert 'role="alert"' in failed and "La clôture est passée." in failed


def test_fiction_shows_in_the_demonstration_only():
    assert render_to_string("includes/_fiction.html", {"portal": {"demo": False}}).strip() == ""
    assert words(render_to_string("includes/_fiction.html", {"portal": {"demo": True}})) == "fictif"
