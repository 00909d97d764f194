"""Writes tests/lunar.tsv: the Vietnamese lunar calendar from another source than the product's, by the rules anew.

The moon and the sun are the XEphem library's (`ephem`); New Year's days are compared with the package `holidays`.
"""

import datetime
import importlib.metadata
import math
import pathlib

import ephem
import holidays

YEARS = range(1968, 2101)
HA_NOI = 7 / 24
EPOCH = datetime.date(1899, 12, 31).toordinal()  # at noon


def day_in_ha_noi(instant):
    return EPOCH + math.floor(instant + 0.5 + HA_NOI)


def sun_as_day_begins(day):
    """The sun's ecliptic longitude, in degrees, at midnight in Ha Noi."""
    midnight = ephem.Date(day - EPOCH - 0.5 - HA_NOI)
    return math.degrees(ephem.Ecliptic(ephem.Sun(midnight), epoch=midnight).lon) % 360


def new_moons():
    moons, instant = [], ephem.Date(f"{YEARS[0] - 2}/6/1")
    while instant < ephem.Date(f"{YEARS[-1] + 2}/6/1"):
        instant = ephem.next_new_moon(instant)
        moons.append(day_in_ha_noi(instant))
        instant = ephem.Date(instant + 1)
    return moons


def months():
    """First day of each month, its number, whether it is a leap month."""
    moons = new_moons()
    sun = [sun_as_day_begins(day) for day in moons]
    # The eleventh month has the winter solstice.
    eleventh = [at for at in range(len(moons) - 1) if sun[at] < 270 <= sun[at + 1]]
    for first, last in zip(eleventh, eleventh[1:]):
        number, wanted = 11, last - first == 13
        for at in range(first, last):
            leap = wanted and sun[at] // 30 == sun[at + 1] // 30
            wanted = wanted and not leap
            number = number if leap or at == first else number % 12 + 1
            yield moons[at], number, leap


def main():
    every = list(months())
    starts = [at for at, (_, number, leap) in enumerate(every) if (number, leap) == (1, False)]
    official = holidays.VN(years=range(1976, YEARS[-1]), language="en_US")
    official = {date for date in official if "Lunar New Year" in official.get_list(date)}
    lines = []
    for first, last in zip(starts, starts[1:]):
        new_year = datetime.date.fromordinal(every[first][0])
        if new_year.year not in YEARS:
            continue
        if 1976 <= new_year.year < YEARS[-1] and new_year not in official:
            raise SystemExit(f"the sources disagree on the New Year of {new_year.year}")
        year = every[first : last + 1]
        lengths = " ".join(str(after[0] - month[0]) for month, after in zip(year, year[1:]))
        leap = next((number for _, number, leap in year if leap), 0)
        lines.append(f"{new_year:%Y-%m-%d}\t{leap}\t{lengths}\n")
    header = f"# New Year, number of the leap month or 0, days of each month. Source: ephem {importlib.metadata.version('ephem')}\n"
    path = pathlib.Path(__file__).parents[1] / "tests/lunar.tsv"
    path.write_text(header + "".join(lines), encoding="utf-8")


main()
