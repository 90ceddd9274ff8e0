"""What a process may see and do: read state, wait, draw, record."""

from sim.world.compiled import Compiled, compile_scenario
from sim.world.world import World

__all__ = ["Compiled", "World", "compile_scenario"]
