"""The same campaigns told otherwise: a scenario with numbers of its observation section changed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import Problem, ProblemsFound
from sim.scenario.anatomy import of_model
from sim.scenario.layers import Sheet
from sim.scenario.loading import resolved, scenario_from_resolved
from sim.scenario.overrides import Override, as_layer, read_overrides
from sim.scenario.schema import Scenario
from sim.scenario.sources import Sources
from sim.scenario.yaml_source import Document


def varied(scenario: Scenario, overrides: Sequence[str]) -> Scenario:
    """Return a scenario with ``observation.path=value`` overrides laid over it.

    Raises:
        ProblemsFound: If a path is wrong, or is not of the observation section: that would need a new run.
    """
    if not overrides:
        return scenario
    found = read_overrides(overrides)
    problems = [_of_the_run(one) for one in found if not one.path.startswith("observation.")]
    if problems:
        raise ProblemsFound(problems)
    anatomy = of_model(Scenario)
    sheet = Sheet(anatomy)
    sheet.lay(Document("the batch's scenario", resolved(scenario), {}, {}))
    for one in found:
        sheet.lay(as_layer(one, sheet.data, anatomy))
    return scenario_from_resolved(sheet.document("the batch's scenario").data, scenario.folder)


def _of_the_run(one: Override) -> Problem:
    """Return why an override is none of the observation: a file of its own has the number, or a run reads it."""
    head, dot, _ = one.path.partition(".")
    if head in Sources.model_fields and dot:
        message = "stands in the file of sources, which --set does not reach"
        remedy = "copy the reported timeline and its sources, change it there, and give the copy with --reported"
        return Problem(one.name, 0, 0, one.path, message, remedy)
    return Problem(one.name, 0, 0, one.path, "is read by the run, not by the comparison", "run a batch with this --set")
