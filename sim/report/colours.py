"""Colours that carry probability: mixing in a space where equal steps look equal.

The lead of one side over the next is shown by how far its colour stands out from a neutral ground; an
even chance is the ground itself, so that certainty is seen before allegiance. Mixing runs in OKLab
(Ottosson 2020, "A perceptual color space for image processing").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

INK = "#23272d"
MUTED = "#6a665e"
FAINT = "#a39d91"
HAIRLINE = "#e3ded3"
PAPER = "#fbfaf7"
#: Nobody leads, or nobody holds the place.
NEUTRAL = "#e9e5db"
#: Certainly held by nobody.
UNHELD = "#ffffff"

#: A difference between two batches: less in the second, more in it; no side of a shipped scenario looks like these.
LESS, MORE = "#762a83", "#1b7837"
#: A difference that cannot be told from none.
NOISE = "#dad5ca"

#: Claimants of no party; sides alone have a hue.
UNALIGNED = "#66625b"

_Triple = tuple[float, float, float]


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0-255) of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def with_alpha(colour: str, alpha: float) -> str:
    """Return a CSS colour of ``#rrggbb`` that lets ``1 - alpha`` of the ground through."""
    red, green, blue = channels(colour)
    return f"rgba({red},{green},{blue},{alpha:g})"


def mix(ground: str, colour: str, weight: float) -> str:
    """Return the colour that lies ``weight`` (0 to 1) of the way from ``ground`` to ``colour`` in OKLab."""
    a, b = _oklab(ground), _oklab(colour)
    return _from_oklab((a[0] + (b[0] - a[0]) * weight, a[1] + (b[1] - a[1]) * weight, a[2] + (b[2] - a[2]) * weight))


def leader(shares: Mapping[str, float]) -> tuple[str, float]:
    """Return who is likeliest and by how much over the next, both over all given shares.

    Args:
        shares: Probability by side; ``''`` is nobody. Ties go to the name that sorts first.
    """
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    if not ranked:
        return "", 0.0
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][0], ranked[0][1] - second


def lead_colour(shares: Mapping[str, float], colours: Mapping[str, str]) -> str:
    """Return the colour of the likeliest holder, as far from neutral as its lead over the next."""
    name, lead = leader(shares)
    return mix(NEUTRAL, colours.get(name, NEUTRAL), lead)


def lead_scale(colours: Sequence[str], steps: int = 6) -> list[tuple[float, str]]:
    """Return a colour scale of one stretch per side, each from neutral to the side's colour.

    A value ``index + lead`` on a scale from 0 to ``len(colours)`` picks the colour of ``lead_colour``.
    """
    stops: list[tuple[float, str]] = []
    for index, colour in enumerate(colours):
        stops += [
            ((index + step / steps) / len(colours), mix(NEUTRAL, colour, step / steps)) for step in range(steps + 1)
        ]
    return stops


def _oklab(colour: str) -> _Triple:
    red, green, blue = (_linear(value / 255) for value in channels(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: _Triple) -> str:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * min(max(_gamma(value), 0.0), 1.0)):02x}" for value in linear)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * float(value ** (1 / 2.4)) - 0.055
