"""Official statistics as typed figures, and their rates worked out again."""

from datetime import date
from pathlib import Path

import pytest
import staysafe as ss

TABLE = """time_period,time_identifier,geographic_level,country_name,sex,pupil_count,pupil_percent
202324,Academic year,National,England,Total,1000,100
202324,Academic year,National,England,Boys,490,49
202324,Academic year,National,England,Girls,c,5l
"""


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "pupils.csv"
    path.write_text(TABLE)
    return path


def test_figures_keep_the_reason_of_their_absence(table):
    published = ss.read_published(table)
    rows = published.to_polars().to_dicts()
    assert [row["withheld"] for row in rows] == [None, None, None, None, "suppressed"]
    assert rows[0]["period"] == "2023/24 academic"
    assert rows[2]["filters"] == "sex=Boys"
    assert published.rejects.to_polars()["element"].to_list() == ["pupil_percent (column 7)"]
    account = published.account.to_polars().to_dicts()[0]
    parts = {name: count for name, count in account.items() if name not in ("table", "cells", "missing")}
    assert sum(parts.values()) == account["cells"] == 28


def test_rates_are_worked_out_again(table):
    again = ss.read_published(table).recompute()
    assert again.to_polars()["outcome"].to_list() == ["agrees", "agrees", "cannot-tell"]
    assert again.rules.to_polars()["basis"].to_list() == ["named"]
    assert not again.differs
    table.write_text(TABLE.replace("490,49", "490,40"))
    assert ss.read_published(table).recompute().differs


def test_what_cannot_be_read_says_so(tmp_path):
    with pytest.raises(ss.ReturnError, match="geographic_level"):
        wrong = tmp_path / "wrong.csv"
        wrong.write_text("CHILD,DOB\n1,2\n")
        ss.read_published(wrong)
    with pytest.raises(ValueError, match='"current" or "older"'):
        ss.read_published(tmp_path, symbols="new")
    with pytest.raises(TypeError, match="at least one file"):
        ss.read_published()


def test_counts_of_a_partner_are_a_return(tmp_path):
    counts = tmp_path / "police.csv"
    counts.write_text("indicator,area,period,numerator,denominator\njd-16,E06000001,2010-11,12,40\njd-16,E06000002,2010-11,50,40\n")
    data = ss.read_returns(counts)
    results = ss.lscb().calculate(data, indicators=["jd-16"], periods=["2010-11"], by=["area"])
    rows = {row["area"]: row for row in results.to_polars().to_dicts()}
    assert (rows["E06000001"]["numerator"], rows["E06000001"]["value"]) == (12, 30.0)
    assert "E06000002" not in rows
    assert "more-than-all" in data.rejects.to_polars()["code"].to_list()


def test_a_mapping_sets_figures_beside_an_indicator(table, tmp_path):
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        """[[table]]
source = "a release"
[[table.comparator]]
indicator = "cs-28"
figure = { column = "pupil_percent", where = { sex = "Boys" } }
numerator = { column = "pupil_count" }
denominator = { column = "pupil_count", where = { sex = "Total" } }
"""
    )
    rows = ss.read_published(table, mapping=mapping).comparators.to_polars().to_dicts()
    assert len(rows) == 1
    one = rows[0]
    assert (one["indicator"], one["value"], one["numerator"], one["denominator"]) == ("cs-28", 49.0, 490.0, 1000.0)
    assert ss.read_published(table).comparators.to_polars().is_empty()


def test_published_figures_stand_beside_the_entries_of_a_scorecard(census, tmp_path):
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        """[[table]]
source = "a release"
[[table.comparator]]
indicator = "ctx-referrals"
figure = { column = "referrals" }
note = "rounded"
"""
    )
    table = tmp_path / "referrals.csv"
    table.write_text(
        "time_period,time_identifier,geographic_level,country_code,country_name,referrals\n"
        "201819,Financial year,National,E92000001,England,651210\n"
        "202021,Financial year,National,E92000001,England,c\n"
    )
    published = ss.read_published(table, mapping=mapping)
    fw = ss.lscb()
    card = fw.report(ss.read_returns(census), tmp_path / "report", published=published, indicators=["ctx-referrals"], date=date(2026, 11, 25))
    page = card.html.read_text()
    assert "Published figures beside ctx-referrals" in page
    assert "England (country)" in page
    assert "a release; rounded" in page
    assert "651,210" in page or "suppressed by the supplier" in page
    assert "Published figures beside" not in fw.report(ss.read_returns(census), tmp_path / "without", date=date(2026, 11, 25)).html.read_text()
