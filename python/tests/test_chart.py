"""A chart shows the figures that returns could fully speak for, and says what it shows."""

import pytest
import staysafe as ss


def test_a_chart_says_what_it_shows(results):
    chart = results["ctx-referrals"].plot().to_dict()
    assert chart["title"] == f"ctx-referrals: {results.title('ctx-referrals')}"
    assert [chart["encoding"][axis]["title"] for axis in ("x", "y")] == ["quarter", "how many"]
    figures = results["ctx-referrals"].to_arrow().to_pylist()
    quarters = {row["period"]: row["value"] for row in figures if "Q" in row["period"] and row["value"] is not None}
    assert {point["period"]: point["value"] for point in chart["data"]["values"]} == quarters
    assert chart["encoding"]["x"]["sort"] == sorted(quarters)
    assert "4 figures" in chart["description"]


def test_survivors_are_not_drawn(framework, data):
    beyond = framework.calculate(data, beyond_cover=True, indicators=["ctx-referrals"])
    rows = beyond.to_arrow().to_pylist()
    assert any("survivors-only" in row["flags"] for row in rows)
    drawn = {point["period"] for point in beyond.plot("financial year").to_dict()["data"]["values"]}
    assert drawn == {"2023-24"}


def test_a_chart_that_cannot_be_drawn(results):
    with pytest.raises(ss.Error, match="a chart shows one indicator"):
        results.plot()
    with pytest.raises(ss.Error, match="is of a month; there are: financial year, quarter"):
        results["ctx-referrals"].plot("month")
    with pytest.raises(ss.Error, match="nothing to draw"):
        results["cs-01"].plot()
