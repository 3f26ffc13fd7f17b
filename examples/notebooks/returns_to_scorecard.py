# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From a return to a scorecard
#
# Who would do this: an analyst in a council, the week the children in need census is ready. Why: the board asks
# for its indicators, and the honest answer has two halves, the figures that the census can give and the list
# of those it cannot, with whom to ask. Both come from the same few calls.
#
# The council in this notebook does not exist. Its census is made here, from a seed, so that the notebook can be run and
# shown by anyone. With a real file, leave the next cell out and name the file in the one after it: it stays on your machine.

# %%
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp(prefix="staysafe-"))
census = folder / "census.xml"
synth = os.environ.get("STAYSAFE_SYNTH") or shutil.which("staysafe-synth")
assert synth, "build it with `cargo build --package staysafe-synth`, and set STAYSAFE_SYNTH to where it is"
subprocess.run([synth, "--children", "1500", "--seed", "7", "--year", "2026", "--out", census], check=True)
print(f"{census.stat().st_size / 1e6:.1f} MB")

# %% [markdown]
# ## What arrived
#
# Reading comes before believing. The profile says which modules the file carries, which dates they span and how
# complete each field is. What could not be read is counted with its place and reason; a value that may be personal
# is masked, here as everywhere.

# %%
import staysafe as ss

data = ss.read_returns(census)
data

# %%
profile = data.profile.to_pandas()
profile.drop_duplicates("dataset")[["dataset", "carried", "rows"]]

# %%
profile[profile["dataset"] == "section_47"][["field", "known", "missing", "rejected", "first", "last"]]

# %%
data.rejects.to_pandas()

# %%
for notice in data.notices:
    print(notice)

# %% [markdown]
# ## Figures
#
# `ss.lscb()` is the framework of a Local Safeguarding Children Board: 76 entries, and beside them a list of what every analyst checks
# first. A census speaks for the year up to its reference date; earlier periods are refused, because what a file still
# holds of them is only the cases that lasted.

# %%
fw = ss.lscb()
assert not fw.check().has_errors

res = fw.calculate(data)
figures = res.to_pandas()
assert not figures.empty
figures["outcome"].value_counts()

# %% [markdown]
# Each figure stands beside its numerator and denominator, because a share of eight children is not a share of
# eight hundred. The notes count what a percentage alone would hide: `dates-inverted` is a conference dated before its
# own enquiry, in neither count until somebody mends the record.

# %%
columns = ["period", "numerator", "denominator", "value", "outcome", "flags", "notes"]
conferences = res["cs-14"].to_pandas()[columns]
assert (conferences["outcome"] == "figure").any()
conferences

# %%
res["cs-14"].plot()

# %% [markdown]
# ## What is not there
#
# Most of a board's list cannot be had from a census, and the gap analysis says so entry by entry: what is missing, what stands in the
# way, who holds it. It is the agenda of a conversation with partners, not a fault of the census.

# %%
gap = fw.gap(data)
gap.headlines

# %%
wanted = gap.to_pandas()
wanted[wanted["listed"] & (wanted["headline"] == "gap")][["indicator", "title", "reasons", "ask"]].head(10)

# %% [markdown]
# What would unlock the most entries, if only one thing could be asked for this quarter:

# %%
gap.unlocks.to_pandas().head(5)

# %% [markdown]
# ## Why this one
#
# A figure is trusted once somebody has followed a few cases by hand. `cases` lists those behind it, `why` tells
# of one child which clause failed, down to the working day. Both name children, so they show nothing until they
# are printed; do that only where such a list may be read. (The children below do not exist.)

# %%
last = conferences[conferences["outcome"] == "figure"]["period"].iloc[-1]
late = fw.cases(data, "cs-14", period=last, late=True)
late

# %%
key = late.to_pandas()["key"].iloc[0]
print(fw.why(data, "cs-14", key=key, period=last))

# %% [markdown]
# ## The scorecard
#
# Publication is the default: small numbers are hidden, and so is whatever would give them away. A board
# may see full figures, with its name on every page: `for_="board", recipient="…"`. Beside the page lie the figures
# that it shows, so that the next run can say what changed.

# %%
scorecard = fw.report(data, folder / "scorecard")
assert scorecard.html.is_file()
scorecard

# %%
for sentence in scorecard.says:
    print(sentence)
