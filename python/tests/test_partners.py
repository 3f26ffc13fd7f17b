"""What goes to partner agencies and what comes back: templates, requests, receipts, registers beside other returns."""

import pytest
import staysafe as ss


@pytest.fixture
def police(tmp_path):
    """A template of the police's register, filled in."""
    table = ss.lscb().template(
        "missing_from_home", agency="police", area="E06000001", period="2010-11 Q1"
    )
    path = tmp_path / "police.csv"
    rows = "r1,KID1,01/02/1998,F,home,03/04/2010,05/04/2010\nr2,KID2,01/02/1999,M,home,10/05/2010,\n"
    path.write_text(table.csv + rows, encoding="utf-8")
    return path


def test_a_filled_in_template_is_read_and_counted(police):
    data = ss.read_returns(police)
    assert len(data.tables["missing_from_home"]) == 2
    res = ss.lscb().calculate(data, periods=["2010-11 Q1"], indicators=["cs-13e"], by=["area"])
    assert res.to_arrow().column("value").to_pylist() == [2.0]


def test_what_a_file_does_not_say_is_said_in_its_place(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("report,child,birth_date,missing_place,missing_from\nr1,KID1,01/02/1998,home,03/04/2010\n")
    with pytest.raises(ss.ReturnError, match="nobody says whose it is"):
        ss.read_returns(path)
    data = ss.read_returns(path, area="805", period="2010-11 Q1", agency="police", framework=ss.lscb())
    assert data.areas == ["E06000001"]


def test_a_template_is_written_twice_the_same(tmp_path):
    made = ss.lscb().template("restraint_incident")
    paths = made.write(tmp_path / "sent")
    assert [path.name for path in paths] == ["restraint_incident.xlsx", "restraint_incident.csv"]
    assert paths[0].read_bytes() == made.xlsx == ss.lscb().template("restraint_incident").xlsx
    with pytest.raises(ss.Error, match="did you mean `restraint_incident`"):
        ss.lscb().template("restraint_incidents")


def test_a_request_is_a_page():
    page = ss.lscb().request("police", period="2010-11 Q1", contact="data@board.example")
    assert "missing_from_home" in page.datasets
    assert "data@board.example" in page.markdown and page.html.startswith("<!DOCTYPE html>")


def test_a_receipt_shows_counts_and_no_value(police):
    police.write_text(police.read_text(encoding="utf-8").replace("05/04/2010", "04/25/2010"), encoding="utf-8")
    data = ss.read_returns(police)
    made = ss.lscb().receipt(data)
    line = made.lines.to_arrow().to_pylist()[0]
    assert (line["accepted"], line["rows"], line["rejected_values"]) == ("queried", 2, 1)
    assert not made.clean and "cs-13e" in made.markdown
    assert "KID" not in made.markdown and "04/25" not in made.markdown
    assert "cs-13e" not in data.receipt().markdown


def test_a_total_of_which_a_partner_hides_a_quarter_is_hidden(tmp_path):
    rows = [("police", quarter, count) for quarter, count in zip("1234", ("11", "<5", "13", "14"), strict=True)]
    rows += [("schools", quarter, "20") for quarter in "1234"]
    lines = [f"jd-01b,E06000001,2010-11 Q{quarter},{agency},{count},," for agency, quarter, count in rows]
    path = tmp_path / "counts.csv"

    def year(text):
        path.write_text("indicator,area,period,agency,numerator,denominator,note\n" + text, encoding="utf-8")
        res = ss.lscb().calculate(ss.read_returns(path), periods=["2010-11"], indicators=["jd-01b"])
        return res.to_arrow().to_pylist()[0]

    hidden = year("\n".join(lines))
    assert (hidden["value"], hidden["numerator"], hidden["outcome"]) == (None, None, "suppressed")
    assert year("\n".join(lines).replace("<5", "12"))["value"] == 130.0
    partly = year("\n".join(line for line in lines if "Q2,police" not in line))
    assert (partly["value"], partly["reported"], partly["expected"]) == (118.0, 7, 8)
    assert "partly-reported" in partly["flags"]
