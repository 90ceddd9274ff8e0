"""The words of the simulated world: facts, claims, terms, state and the fold (no simulation, no files)."""
