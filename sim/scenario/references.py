"""What the `refs:` of a scenario may name, besides the claims of its reported timeline.

Four kinds of reference: published factors, reports of the context, geographical data, and the
publications that the factors were read in. A key means one thing in the whole file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sim.errors import ProblemsFound
from sim.scenario.fields import Name, Plain
from sim.scenario.spelling import did_you_mean
from sim.scenario.yaml_source import in_order, read_yaml, validate

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Grade = Literal["A", "B", "C", "D"]


class Factor(Plain):
    """A quantity that somebody measured, remembered, derived or judged, for use as the basis of a number."""

    what: Text
    unit: Name
    low: float | None = Field(None, description="About the 5 % point.")
    mode: float | None = Field(None, description="The likeliest value.")
    high: float | None = Field(None, description="About the 95 % point.")
    values: Name | None = Field(None, description="The values, where they are no low, mode and high.")
    publications: tuple[Key, ...] = Field((), alias="from", strict=False, description="Publications it was read in.")
    mark: Literal["S", "M", "D", "J"] = Field(description="S read in the source, M remembered, D derived, J judged.")
    confidence: Grade


class Report(Plain):
    """Something reported around the scenario, or a body of data, for use as the basis of a number."""

    what: Text
    reported_by: Text = Field(alias="from")
    confidence: Grade
    date: Name | None = None
    place: Name | None = None
    disputed: Name | None = Field(None, description="Who says otherwise.")


class Publication(Plain):
    """Something printed: by whom, under which title or about what, where, when."""

    author: Name
    title: Name | None = None
    about: Name | None = Field(None, description="What it is about, where its title was not recorded.")
    outlet: Name
    date: Name | None = None


class References(Plain):
    """Everything that a scenario's numbers may refer to."""

    factors: dict[Key, Factor] = Field(default={})
    context: dict[Key, Report] = Field(default={})
    geography: dict[Key, Report] = Field(default={})
    publications: dict[Key, Publication] = Field(default={})

    def titles(self) -> dict[str, str]:
        """Return a few words for every key that `refs:` may name."""
        titles = {key: factor.what for key, factor in self.factors.items()}
        titles |= {key: report.what for key, report in (self.context | self.geography).items()}
        return titles | {
            key: f"{printed.author}, {printed.title or printed.about or 'untitled'}, {printed.outlet}"
            for key, printed in self.publications.items()
        }


def load_references(path: Path | str) -> References:
    """Read a file of references and check it.

    Raises:
        ProblemsFound: With everything that is wrong, each at its line and column.
    """
    document = read_yaml(path)
    references = validate(document, References)
    printed = references.publications
    problems = [
        document.problem(("factors", key, "from"), f"no publication {name!r}", did_you_mean(name, printed))
        for key, factor in references.factors.items()
        for name in factor.publications
        if name not in printed
    ]
    seen: dict[str, str] = {}
    for kind in ("factors", "context", "geography", "publications"):
        for key in getattr(references, kind):
            if key in seen:
                message = f"the key is given among the {seen[key]} too"
                problems.append(document.problem((kind, key), message, "rename one", key=True))
            seen.setdefault(key, kind)
    if problems:
        raise ProblemsFound(in_order(problems))
    return references
