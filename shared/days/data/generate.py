"""Writes holidays.tsv beside this file; see README.md. `scripts/holidays` runs it with the packages that it needs."""

import datetime
import importlib.metadata
import pathlib
import sys

import holidays

YEARS = range(int(sys.argv[1]), int(sys.argv[2]) + 1)


# Sri Lanka announces its days a year ahead. Those of fixed dates go on in the years that are not announced.
FIXED = {"LK": [(2, 4), (4, 13), (4, 14), (5, 1), (12, 25)]}


def names(country, **wanted):
    """The names of each day that the whole country has off; where work goes on, of its days all the same."""
    days = country(years=YEARS, **wanted)
    if not days and "workday" in country.supported_categories:
        days = country(years=YEARS, categories=("workday",), **wanted)  # Ukraine under martial law
    return {date: days.get_list(date) for date in days}


def is_islamic(country):
    return issubclass(country, holidays.groups.IslamicHolidays)


# Days whose names claim a state that Viet Nam does not recognise are called by their date alone.
UNNAMED = {
    ("TW", "Founding Day of the Republic of China"): ("1 January", "元旦"),
    ("TW", "National Day"): ("10 October", "雙十節"),
    ("TW", "Constitution Day"): ("25 December", "12月25日"),
    ("TW", "Taiwan Restoration and Guningtou Victory Memorial Day"): ("25 October", "10月25日"),
}


def plain_names(country, name, other):
    """English and local name, without claims."""
    bare = name.removesuffix(" (observed)")
    if (country.country, bare) not in UNNAMED:
        return name, other
    name, local = UNNAMED[country.country, bare]
    return (f"{name} (observed)", f"{local}（補假）") if other.endswith("（補假）") else (name, local)


def english(country, name):
    """As the product spells: a name in British English, typographic apostrophes."""
    if country.country != "US":
        name = name.replace("Labor", "Labour")
    return name.replace("'", "’")


def kind(off, regular):
    return "substitute" if not regular else "public" if off else "commemoration"


def lines(country):
    """One line for each name: country, kind, language, English name, local name if another, dates."""
    language = country.default_language or "en_US"
    in_english = {"language": "en_US"} if "en_US" in country.supported_languages else {}
    plain = {"islamic_show_estimated": False} if is_islamic(country) else {}
    days = names(country, **in_english, **plain)
    local = names(country, language=country.default_language, **plain)
    regular = names(country, observed=False, **in_english, **plain)
    off = bool(country(years=YEARS))
    marked = names(country, **in_english, islamic_show_estimated=True) if is_islamic(country) else days
    found = {}
    for date in sorted(days):
        own = local.get(date, [])
        for place, name in enumerate(days[date]):
            other = own[place] if len(own) == len(days[date]) else name
            shown, other = plain_names(country, english(country, name), "" if other == name else other)
            key = (
                country.country,
                kind(off, name in regular.get(date, [])),
                language.replace("_", "-"),
                shown,
                other,
            )
            estimated = name not in marked.get(date, [])
            found.setdefault(key, []).append("~" * estimated + date.strftime("%Y%m%d"))
    unannounced = [year for year in YEARS if year not in {date.year for date in days}]
    for month, day in FIXED.get(country.country, []):
        for dates in found.values():
            if all(date.endswith(f"{month:02}{day:02}") for date in dates):
                dates.extend(f"{year}{month:02}{day:02}" for year in unannounced)
    return ["\t".join((*key, " ".join(dates))) for key, dates in found.items()]


def main():
    # Viet Nam's are rules of the product; three letters are the same countries again; XK is no ISO code.
    codes = [code for code in sorted(holidays.list_supported_countries()) if len(code) == 2 and code not in {"VN", "XK"}]
    header = [
        f"# source: holidays {importlib.metadata.version('holidays')}",
        f"# made: {datetime.date.today().isoformat()}",
        f"# years: {YEARS[0]}-{YEARS[-1]}",
    ]
    table = header + [line for code in codes for line in lines(getattr(holidays, code))]
    text = "".join(f"{line}\n" for line in table)
    pathlib.Path(__file__).with_name("holidays.tsv").write_text(text, encoding="utf-8")


main()
