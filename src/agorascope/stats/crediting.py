"""Which texts name whoever wrote the same text first, as a quotation with credit does?

Limits: only names written with an at sign are seen; who is credited in words alone is not.
Source: none; this is ours.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_MENTION = re.compile(r"(?<![\w@.])@(\w[\w.-]*)(?:@[\w.-]+)?")  # with or without its server; none in an address


def mentions(
    texts: Sequence[str], group: Ints, at: Ints, author: Ints, called: Mapping[int, set[str]], *, added: bool = False
) -> Bools:
    """Mark the texts that mention whoever wrote the earliest text of their group, by any name that person is ``called``.

    ``group`` (texts,): same texts have one number; ``author`` (texts,): the person; ``at``: the time, of two at one time the one
    that stands first is the earlier; ``added``: only by a name that the earliest text does not hold itself, as a slogan with the
    name of its author does. Names in lower case. Cost O(texts log texts).

    >>> mentions(["it rains", "it rains, says @Ann."], np.zeros(2, int), np.arange(2), np.arange(2), {0: {"ann"}})
    array([False,  True])
    >>> mentions(["it rains", "it rains @ann@sky.example"], np.zeros(2, int), np.arange(2), np.arange(2), {0: {"ann@sky.example"}})
    array([False,  True])
    """
    credits = np.zeros(len(texts), np.bool_)
    naming = [i for i, text in enumerate(texts) if "@" in text]
    if not naming:
        return credits
    order = np.lexsort((np.arange(group.size), at, group))
    begins = np.append(True, np.diff(group[order]) != 0)
    first = dict(zip(group[order[begins]].tolist(), order[begins].tolist(), strict=True))
    for i in naming:
        begun = first[int(group[i])]
        said = _named(texts[i]) - (_named(texts[begun]) if added else set())
        credits[i] = any(name.partition("@")[0].rstrip(".-") in said for name in called.get(int(author[begun]), set()))
    return credits


def _named(text: str) -> set[str]:
    return {name.rstrip(".-").casefold() for name in _MENTION.findall(text)}
