"""What a practice is."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from search.model import Practice, Region
from tests.builders import make_practice

FIGURE = {"indicator": "Lamps mended", "value": "12", "source": 1}


@pytest.mark.parametrize(("code", "ancestry"), [("AT", ("AT",)), ("AT13", ("AT", "AT1", "AT13"))])
def test_a_region_lies_inside_its_ancestors(code, ancestry):
    assert Region(code=code).ancestry() == ancestry


def test_a_misspelt_field_is_an_error():
    with pytest.raises(ValidationError, match="sumary"):
        make_practice(sumary="x")


def test_a_practice_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        make_practice().title = "Another"


@pytest.mark.parametrize("written", ["2019", "2019-04", "2019-04-30"])
def test_a_date_may_leave_out_day_and_month(written):
    assert make_practice(started=written).started == written


@pytest.mark.parametrize("written", ["2021-02-30", "1850", "21", "April 2019", "2019-4", "2019-13", ""])
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValidationError):
        make_practice(started=written)


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "described"),
        ({"results": [{"indicator": "Lamps mended", "value": "12"}]}, "described"),  # nobody says so
        ({"results": [{"indicator": "Lamps mended", "source": 1}]}, "described"),  # no figure
        ({"results": [FIGURE]}, "measured"),
        ({"evaluation": {"by": "The town", "independent": False}}, "described"),
        ({"results": [FIGURE], "evaluation": {"by": "A university", "independent": True}}, "evaluated"),
        ({"adoptions": [{"regions": ["DE2"], "outcome": "too-early"}]}, "described"),
        ({"adoptions": [{"regions": ["DE2"], "outcome": "did-not-work"}]}, "described"),
        ({"adoptions": [{"regions": ["DE2"], "outcome": "partly"}]}, "replicated"),
        ({"adoptions": [{"regions": ["DE2"], "outcome": "worked"}], "results": [FIGURE]}, "replicated"),
    ],
)
def test_the_evidence_level_is_the_highest_that_the_document_carries(changes, level):
    assert make_practice(**changes).evidence == level


def test_a_reader_gets_the_variant_in_her_language_or_the_original():
    french = {
        "title": "Café de réparation",
        "summary": "Des bénévoles aident leurs voisins à réparer ce qui est cassé.",
        "translated_by": "human",
        "language": "fr",
        "body": "",
    }
    practice = make_practice(translations=[french])
    assert practice.variant("fr").title == "Café de réparation"
    assert practice.variant("sk") is practice
    assert practice.languages == ("en", "fr")


def test_a_practice_survives_being_written_as_json():
    practice = make_practice(
        results=[FIGURE], history={"created": date(2024, 1, 2)}, cost={"amount": "9999.99", "currency": "EUR"}
    )
    assert Practice.model_validate_json(practice.model_dump_json()) == practice


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({}, None),
        ({"ended": "2020"}, None),
        ({"started": "2015", "ended": "2020-01"}, (2015, 2020)),
        ({"started": "2015-12-31", "status": "running"}, (2015, 2100)),
        ({"started": "2015", "ended": "2030", "status": "running"}, (2015, 2030)),
        ({"started": "2015", "status": "finished"}, (2015, 2015)),
        ({"started": "2015", "status": "unknown"}, (2015, 2015)),
    ],
)
def test_a_practice_is_active_in_the_years_that_are_known(fields, years):
    assert make_practice(**fields).active == years
