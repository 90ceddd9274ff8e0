"""The columns of the two formats, and by which of them a file is known for what it is."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import InputError
from sim.scenario.spelling import did_you_mean

#: UCDP Georeferenced Event Dataset, version 21.1 and later, and its monthly candidate events.
GED = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office", "source_date",
    "source_headline", "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high",
    "low", "gwnoa", "gwnob",
)  # fmt: skip

#: Armed Conflict Location & Event Data, the export with disorder types, tags and a time stamp.
ACLED = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
    "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso",
    "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip

COLUMNS: dict[str, tuple[str, ...]] = {"ged": GED, "acled": ACLED}

#: The column that names a row, by format.
KEY = {"ged": "id", "acled": "event_id_cnty"}


def known_format(name: str) -> str:
    """Return the name of a format as it was given.

    Raises:
        InputError: If there is none of that name.
    """
    if name not in COLUMNS:
        raise InputError(f"--format {name}: {did_you_mean(name, COLUMNS)}")
    return name


def format_of(header: Sequence[str]) -> str | None:
    """Return the format that most of the names of a header belong to, None if it is neither."""
    shares = {form: len(set(header) & set(columns)) / len(columns) for form, columns in COLUMNS.items()}
    likeliest = max(shares, key=lambda form: shares[form])
    return likeliest if shares[likeliest] > 0.5 else None
