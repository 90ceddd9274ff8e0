"""The `lint:` section of a scenario: findings of `sim lint` that its author knows and keeps, each with a reason."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sim.scenario.fields import Id, Plain

RuleCode = Annotated[str, StringConstraints(pattern=r"^R[0-9]{3}$")]
Reason = Annotated[str, StringConstraints(min_length=10, max_length=400)]
PathPattern = Annotated[str, StringConstraints(pattern=r"^([^*\s]+\*?|\*)$", max_length=200)]


class Waiver(Plain):
    """Findings of one rule at one path that are kept as they are."""

    rule: RuleCode = Field(description="Code of the rule, as `sim lint` prints it.")
    path: PathPattern = Field(description="Path of the findings; one that ends in * means all that begin so.")
    reason: Reason = Field(description="Why the scenario is right all the same, for whoever reads it next.")

    def covers(self, code: str, path: str) -> bool:
        """Tell whether it speaks of a finding."""
        if code != self.rule:
            return False
        return path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path


class Lint(Plain):
    """What `sim lint` need not say again. No run reads it."""

    waivers: dict[Id, Waiver] = Field(default={}, description="Findings that are known and kept, by a name.")
