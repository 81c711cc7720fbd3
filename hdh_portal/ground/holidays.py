"""The public holidays of metropolitan France (Code du travail, L. 3133-1)."""

import datetime

FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}  # (month, day)
AFTER_EASTER = (1, 39, 50)  # days: Easter Monday, Ascension, Whit Monday


def easter(year):
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def is_holiday(day):
    """True on a public holiday."""
    return (day.month, day.day) in FIXED or (day - easter(day.year)).days in AFTER_EASTER
