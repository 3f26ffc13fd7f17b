"""A draft framework proposes candidates for priorities, and priorities select what is needed."""

import json
from datetime import date

import pytest
import staysafe as ss

DAY = date(2024, 7, 1)
PRIORITIES = """[[priority]]
id = "victims"
words = "Young victims of crime are seen"
owner = "A. Name"
from = 2024-04-01
indicators = ["jd-10", "cs-14"]
needs = ["young people who are victims of crime", "what children think of the weather"]
"""


@pytest.fixture
def board(tmp_path):
    folder = tmp_path / "board"
    folder.mkdir()
    (folder / "priorities.toml").write_text(PRIORITIES, encoding="utf-8")
    return folder


def test_candidates_come_with_their_evidence(framework, data, board):
    found = framework.propose_priorities(data, date=DAY)
    rows = found.to_arrow().to_pylist()
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    offences = next(row for row in rows if row["candidate"] == "offence")
    assert (offences["evidence"], offences["priorities"]) == ("cannot be seen", "")
    assert "held by Police" in offences["words"]
    assert "jd-10" in offences["indicators"].split(", ")
    assert str(found).startswith("1. ")
    assert "# words = " in found.to_toml()
    held = framework.propose_priorities(data, board=board, date=DAY)
    assert next(row["priorities"] for row in held.to_arrow().to_pylist() if row["candidate"] == "offence") == "victims"
    assert 'id = "offence"' not in held.to_toml()
    assert len(json.loads(held.to_json())) == len({row["candidate"] for row in rows})


def test_priorities_select_indicators_data_and_say_what_nobody_has(framework, board):
    selected = framework.select(board, date=DAY)
    assert selected.indicators.to_arrow()["indicator"].to_pylist() == ["cs-14", "jd-10"]
    needs = {row["need"]: row["perhaps"] for row in selected.needs.to_arrow().to_pylist()}
    assert "jd-10" in needs["young people who are victims of crime"]
    assert needs["what children think of the weather"] is None
    offence = next(row for row in selected.to_arrow().to_pylist() if row["dataset"] == "offence")
    assert (offence["holder"], offence["indicators"]) == ("Police", "jd-10")
    assert "cs-15" in selected.not_selected
    assert "nobody has an indicator for it" in str(selected)
    assert len(framework.select(board, date=date(2024, 3, 1)).indicators) == 0
    (board / "priorities.toml").write_text("[[priority]]\nid = 'x'\n<<<<<<< ours\n", encoding="utf-8")
    with pytest.raises(ss.Error, match=r"priorities\.toml:3"):
        framework.select(board)


def test_a_notebook_shows_the_plan_in_time(framework, data, board):
    now = framework.board(board, data, DAY)
    assert "no row of the plan and no meeting has a date" in now._repr_html_()
    framework.make_plan(board, data, DAY)
    plan = (board / "plan.toml").read_text(encoding="utf-8")
    dated = plan.replace('id = "police/offence"\n', 'id = "police/offence"\ndue = 2024-05-01\n')
    (board / "plan.toml").write_text(dated, encoding="utf-8")
    html = framework.board(board, data, DAY)._repr_html_()
    assert '<time datetime="2024-05-01">' in html
    assert "(past)" in html
    assert "Today" in html


def test_the_scorecard_links_what_is_written_beside_it(framework, data, board, tmp_path):
    card = framework.report(data, tmp_path / "card", date=DAY)
    assert [path.name for path in card.beside] == ["gaps.html"]
    assert all(path.is_file() for path in card.beside)
    assert '<a href="gaps.html">' in card.html.read_text(encoding="utf-8")
    ss.Workflow.init(board, date=DAY).record(
        "choose option", option="option-2", reason="r", by="The Board", role="board", date=DAY
    )
    words = {"for_": "board", "recipient": "The chair", "date": DAY, "board": board}
    ours = framework.report(data, tmp_path / "ours", **words)
    assert [path.name for path in ours.beside] == ["gaps.html", "board.html"]
    assert "[The board" in ours.markdown.read_text(encoding="utf-8")
    published = framework.report(data, tmp_path / "public", date=DAY, board=board)
    assert [path.name for path in published.beside] == ["gaps.html"]
