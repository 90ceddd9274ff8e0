"""Military symbols of simulated forces: numeric codes of APP-6 (D) and MIL-STD-2525 (D), twenty digits.

Every symbol is one of a simulation (context 2), and every side is drawn as neutral: the program takes nobody's side,
and the colour says whose it is. The echelon is only a size, read from the number of fighters when the force came into
being; it says nothing of how anybody is organised.
"""

from __future__ import annotations

from bisect import bisect_right

#: Standard identity that all sides are drawn with: neutral.
NEUTRAL = "4"

_VERSION, _SIMULATION, _LAND_UNIT, _PRESENT, _NO_HEADQUARTERS = "10", "2", "10", "0", "0"
#: Fighters from which on a force is drawn with an echelon: team, squad, platoon, company, battalion, regiment, brigade,
#: division.
_FROM = (1, 6, 15, 50, 250, 1_000, 3_000, 8_000)
_ECHELONS = ("00", "11", "12", "14", "15", "16", "17", "18", "21")

INFANTRY, MOTORISED, TRANSPORT = "121100", "121104", "163600"
#: Fighters for each vehicle up to which a force counts as motorised.
_RIDING_MAX = 12


def force_symbol(fighters: int, vehicles: int) -> str:
    """Return the symbol of a force: infantry, or motorised infantry where there is a vehicle for every dozen men."""
    arm = MOTORISED if vehicles and fighters / vehicles <= _RIDING_MAX else INFANTRY
    return _code(arm, _ECHELONS[bisect_right(_FROM, fighters)])


def convoy_symbol() -> str:
    """Return the symbol of a convoy: transportation, of no echelon."""
    return _code(TRANSPORT, "00")


def _code(entity: str, echelon: str) -> str:
    head = f"{_VERSION}{_SIMULATION}{NEUTRAL}{_LAND_UNIT}{_PRESENT}{_NO_HEADQUARTERS}"
    return f"{head}{echelon}{entity}0000"
