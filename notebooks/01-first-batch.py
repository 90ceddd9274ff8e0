# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first batch
#
# One scenario, a few dozen histories, one changed assumption, and what it did. Everything comes from `sim`.
# Open this file with jupytext (`jupytext --to ipynb notebooks/01-first-batch.py`), or run it as a script.

# %%
from pathlib import Path
from tempfile import mkdtemp

from sim import compare, load_scenario, run, run_batch

root = next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "scenarios").is_dir())
path = root / "scenarios" / "panjshir-2021" / "scenario.yaml"
out = Path(mkdtemp())

# %% [markdown]
# ## A scenario is a set of intentions
#
# It says who is where, with what, wanting what. It does not say what happens.

# %%
scenario = load_scenario(path)
scenario.scenario.title, len(scenario.places), len(scenario.forces), len(scenario.operations)

# %% [markdown]
# ## One history is a log of facts
#
# Each fact is in the past tense and knows the fact that caused it.

# %%
history = run(scenario, seed=1, replication=0)
changes = [fact for fact in history.facts if fact.kind == "ControlChanged" and fact.time_s > 0]
for fact in changes[:5]:
    print(f"day {fact.time_s / 86_400:4.1f}: {fact.place} from {fact.lost_by or 'nobody'} to {fact.side} ({fact.how})")

# %% [markdown]
# The same seed and replication give the same history, wherever it is run.

# %%
assert run(scenario, seed=1, replication=0).sha256 == history.sha256
history.sha256[:16], len(history.facts)

# %% [markdown]
# ## A batch is many of them
#
# Each replication draws the uncertain numbers anew from the ranges of the scenario.

# %%
replications = 24
base = run_batch(scenario, out / "base", replications=replications, seed=1)
base

# %% [markdown]
# Tables come out as Arrow tables; `.to_pandas()` gives a data frame.

# %%
base.daily().to_pandas().query("day == 19").groupby("side")[["fit", "killed_so_far", "places_held"]].median()

# %% [markdown]
# ## Against what was reported
#
# For each headline event: how often it came before, in and after the window that the claims allow, or never.

# %%
judged = compare(base)
for row in judged.headline:
    print(f"{row.label:<60.60} in window {row.p_in}, never {row.p_never}")

# %% [markdown]
# ## One assumption changed
#
# Every number has one address. Here the fighting costs twice as much as the middle of its range. With the same seed,
# every draw that has nothing to do with the change is the same in both batches (common random numbers): replication 7
# here and replication 7 there differ by this number, and not by luck.

# %%
bloodier = load_scenario(path, ["combat.casualties_per_fighter_hour=0.03"])
changed = run_batch(bloodier, out / "bloodier", replications=replications, seed=1)


# %%
def killed(batch):
    """Return the dead of all sides at the end, by replication."""
    days = batch.daily().to_pandas()
    last = days[days["day"] == days["day"].max()]
    return last.groupby("replication")["killed_so_far"].sum()


difference = killed(changed) - killed(base)
print(f"killed at the end: {killed(base).median():.0f} before, {killed(changed).median():.0f} after")
print(f"in {(difference > 0).mean():.0%} of the pairs there are more")
assert (difference != 0).any()

# %%
again = compare(changed)
for before, after in zip(judged.truth, again.truth, strict=True):
    print(f"{before.label:<60.60} happens {before.happens} -> {after.happens}")

# %% [markdown]
# ## Where to go on
#
# * `sim describe scenarios/panjshir-2021/scenario.yaml --assumptions` lists every number with values to try.
# * `render_report(base, out / "report.html")` writes the page about a batch.
# * Twenty-four replications are few: the intervals above say how few.
