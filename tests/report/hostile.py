"""Names that somebody may put into a scenario to make a page or a table do something."""

from __future__ import annotations

import random
from collections.abc import Iterator

#: What is tried; each sets ``window.pwned`` or asks the network if it is ever taken for more than words.
_PAYLOADS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "</ScRiPt ><script>window.pwned=1//",
    "<img src=x onerror=window.pwned=1>",
    "\"><img src=x onerror='window.pwned=1'>",
    "'><svg/onload=window.pwned=1>",
    "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>",
    '<a href="javascript:window.pwned=1">here</a>',
    "<a href='https://example.org/'>here</a>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    '<base href="https://example.org/">',
    '<meta http-equiv="refresh" content="0;url=https://example.org/">',
    "<style>*{display:none}</style>",
    "</style><b>",
    "</title><script>window.pwned=1</script>",
    "</textarea></noscript></table></svg>",
    "<!--",
    "--><script>window.pwned=1</script>",
    "]]>",
    "<![CDATA[",
    "<b>bold</b><br>below<i>i</i><sub>1</sub><sup>2</sup>",
    "<extra>more</extra>",
    "%{x} %{customdata[0]} %{text}",
    "{{ 7*7 }} {% for a in b %} {# no #} ${7*7} #{7*7}",
    "&lt;b&gt; &amp; &#60;script&#62; &quot;",
    "&nbsp;&copy;&colon;",
    "onmouseover=window.pwned=1 \" ' ` style=background:red",
    "=1+1",
    '=HYPERLINK("https://example.org","here")',
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    'a,b;c\td"e""f\'',
    "line\u2028separator\u2029paragraph",
    "\u202eright to left\u202c \u200fmark\u200e \u2067isolate\u2069",
    "zero\u200bwidth\ufeffno-break \u00ad soft",
    "caf\u00e9 cafe\u0301 \u0645\u062d\u0645\u062f \u0928\u0947\u092a\u093e\u0932",
    "\U0001f9e8\U0001f468\u200d\U0001f469\u200d\U0001f466",
    "\\u003cscript\\u003e \\x3c \\n \\",
    "$a^2$ \\(x\\) `code` **b** [a](javascript:window.pwned=1)",
    "null undefined NaN __proto__ constructor toString",
    "../../etc/passwd %2e%2e%2f file:///etc/passwd",
    "'; DROP TABLE facts; --",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def hostile_names(count: int, seed: int = 1) -> Iterator[str]:
    """Yield so many different names: every payload by itself, then in pairs, cut in pieces, in other letters."""
    draw = random.Random(seed)
    seen: set[str] = set()
    waiting = list(_PAYLOADS)
    while len(seen) < count:
        name = waiting.pop(0) if waiting else _made(draw)
        if name not in seen:
            seen.add(name)
            yield name


def _made(draw: random.Random) -> str:
    first, second = draw.choices(_PAYLOADS, k=2)
    word = "".join(draw.choices(_LETTERS, k=draw.randint(1, 6)))
    how = draw.randrange(6)
    if how == 0:
        return f"{first}{second}"
    if how == 1:
        return f"{word} {first}"
    if how == 2:
        return f"{first[: draw.randint(1, len(first))]}{word}{second[draw.randrange(len(second)) :]}"
    if how == 3:
        return f"{first.swapcase()} {word}"
    if how == 4:
        return f"{word}{second}{first}"
    return f"{first}\u2028{word}\u202e{second}"
