"""A board's folder: its plan is made and made again, says how it stands, and feeds the first page."""

from datetime import date

import pytest
import staysafe as ss

DAY = date(2024, 7, 1)
CHALLENGE = """[[challenge]]
id = "c1"
raised = 2024-04-25
to = "police"
question = "Why has nothing come since October?"
due = 2024-06-05
"""


@pytest.fixture
def board(tmp_path):
    folder = tmp_path / "board"
    folder.mkdir()
    (folder / "challenges.toml").write_text(CHALLENGE, encoding="utf-8")
    return folder


def test_a_plan_is_made_edited_and_made_again(framework, data, board):
    assert "police/offence" in framework.make_plan(board, data, DAY)
    plan = board / "plan.toml"
    row = 'id = "police/offence"\n'
    edited = plan.read_text(encoding="utf-8").replace(row, row + "due = 2024-05-01 # said the chair\n")
    plan.write_text(edited, encoding="utf-8")
    assert framework.make_plan(board, data, DAY).startswith("0 rows added")
    assert plan.read_text(encoding="utf-8") == edited
    now = framework.board(board, data, DAY)
    [late] = [row for row in now.to_arrow().to_pylist() if row["days_overdue"] is not None]
    assert (late["row"], late["days_overdue"], late["escalated_to"]) == ("police/offence", 61, "board-chair")
    assert "61 days since 2024-05-01" in str(now)


def test_challenges_are_a_table_and_stand_on_the_boards_first_page_alone(framework, data, board, tmp_path):
    now = framework.board(board, data, DAY)
    [challenge] = now.challenges.to_polars().to_dicts()
    assert (challenge["answer"], challenge["days_overdue"], challenge["outstanding"]) == ("overdue", 26, True)
    assert now.gaps.headlines == framework.gap(data, DAY).headlines
    published = framework.report(data, tmp_path / "published", date=DAY, board=board)
    assert "since October" not in published.html.read_text(encoding="utf-8")
    own = framework.report(data, tmp_path / "own", for_="board", recipient="The chair", date=DAY, board=board)
    assert "since October" in own.html.read_text(encoding="utf-8")


def test_a_conflict_is_an_error_with_its_line(framework, data, board):
    conflict = "<<<<<<< ours\nperiods = 2\n=======\nperiods = 3\n>>>>>>> theirs\n"
    (board / "plan.toml").write_text(conflict, encoding="utf-8")
    for ask in (framework.board, framework.make_plan):
        with pytest.raises(ss.Error, match="plan.toml:1:1"):
            ask(board, data, DAY)
