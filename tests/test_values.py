"""What was probably meant by a value that no vocabulary has."""

import pytest

from search.values import meant_id
from search.vocabulary import REGION_SCHEME


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Região do Alentejo", "PT1C"), ("Alentejo região", "PT1C"), ("in der Steiermark", "AT22"),
        ("Lisboa", "PT1A"), ("Bratislava", "SK01"), ("Prešovský", "SK041"), ("Bretagn", "FRH0"),
        ("Castile", ""), ("South", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_region_is_meant_by_a_part_of_its_name_or_by_more_than_it(vocabulary, written, code):
    assert meant_id(REGION_SCHEME, written, vocabulary) == code
