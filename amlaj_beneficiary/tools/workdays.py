"""Days of rest, without a calendar of its own: the caller knows which days are free."""
from datetime import timedelta

LONGEST_REST = 30


def shown_day(day, is_rest):
    """Return the first day on or after ``day`` that is no day of rest: the date that people are told.

    :param day: a date
    :param is_rest: called with a date, true for a day of rest
    At most 30 days are tried; if all are free (a calendar without working days), the answer is ``day`` itself, because
    a wrong calendar must not move a promise by a month.
    """
    for offset in range(LONGEST_REST + 1):
        candidate = day + timedelta(days=offset)
        if not is_rest(candidate):
            return candidate
    return day
