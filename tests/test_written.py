"""Dates and numbers as people write them."""

import pytest

from search.written import is_unclear, read_date, read_number


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("3.5.2018", "2018-05-03"), ("03/05/2018", "2018-05-03"), ("04/2020", "2020-04"), ("2020-04", "2020-04"),
        ("04.2019", "2019-04"), ("2019", "2019"), ("March 2021", "2021-03"), ("3 March 2021", "2021-03-03"),
        ("March 3rd, 2021", ""), ("March 3, 2021", "2021-03-03"), ("1er août 2020", "2020-08-01"),
        ("12 de marzo de 2019", "2019-03-12"), ("marzo de 2019", "2019-03"), ("3. März 2020", "2020-03-03"),
        ("5. maja 2017", "2017-05-05"), ("máj 2017", "2017-05"), ("märts 2018", "2018-03"),
        ("Απρίλιος 2016", "2016-04"),
        ("31.02.2018", ""), ("31 February 2018", ""), ("13/2018", ""), ("soon", ""), ("Team 2021", ""), ("", ""),
    ],
)  # fmt: skip
def test_dates_are_read_as_offices_write_them(text, date):
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250.000,00 €", "1250000.00"), ("1,250,000.50", "1250000.50"), ("12 500,5", "12500.5"), ("85 %", "85"),
        ("1'250.5", "1250.5"), ("7,-", "7"), ("viel", ""), ("-3", "-3"), ("1.250.000", "1250000"), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_read_as_offices_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "unclear"),
    [("120.000 €", True), ("12,500", True), ("0.125", False), ("1.5", False), ("1.250.000", False), ("12500", False)],
)
def test_what_may_be_thousands_or_decimals_is_known(text, unclear):
    assert is_unclear(text) is unclear
