"""Public holidays."""

import datetime

import pytest

from hdh_portal.ground.holidays import easter, is_holiday

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("year", "month", "day"), [(1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2020, 4, 12), (2024, 3, 31), (2038, 4, 25)]
)
def test_easter_is_where_the_calendar_has_it(year, month, day):
    assert easter(year) == datetime.date(year, month, day)


def test_holidays_of_a_year():
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=n) for n in range(366)]
    assert [f"{day:%d/%m}" for day in days if is_holiday(day)] == [
        *("01/01", "13/04", "01/05", "08/05", "21/05", "01/06", "14/07", "15/08", "01/11", "11/11", "25/12"),
    ]
