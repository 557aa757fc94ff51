"""What does each community say more than the others, and what might it be called? Tags, sites and words, counted by account.

Each account counts once for a thing, however often it uses it: a loud one does not name its community. Of each account the ``EACH``
texts whose ids come first are read, reposts left out; a thing is told from ``least`` accounts of the community on.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.stats.logodds import log_odds
from agorascope.tables import Corpus

from ._communities_parts import Parts
from ._communities_reduce import Gathered

Ints = npt.NDArray[np.int64]

EACH = 20
USERS = 5
SHOWN = 8
NAMED = 3
SURE = 2.58
OBJECTS = """
    WITH used AS (SELECT p.platform AS platform, p.account_id AS account_id, o.kind AS kind, o.value AS value
        FROM post_objects AS o JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id
        WHERE o.kind IN ('hashtag', 'domain') AND p.kind <> 'repost' AND p.account_id IS NOT NULL
        GROUP BY p.platform, p.account_id, o.kind, o.value),
    common AS (SELECT kind, value FROM used GROUP BY kind, value HAVING COUNT(*) >= :users)
    SELECT u.platform AS platform, u.account_id AS account_id, u.kind AS kind, u.value AS value
    FROM used AS u JOIN common AS c ON u.kind = c.kind AND u.value = c.value
    ORDER BY kind NULLS FIRST, value NULLS FIRST, platform NULLS FIRST, account_id NULLS FIRST"""
TEXTS = """
    SELECT platform, account_id, text FROM (SELECT platform, account_id, text, post_id,
            ROW_NUMBER() OVER (PARTITION BY platform, account_id ORDER BY post_id NULLS FIRST) AS place
        FROM posts WHERE text IS NOT NULL AND kind <> 'repost' AND account_id IS NOT NULL) AS placed
    WHERE place <= :each ORDER BY platform NULLS FIRST, account_id NULLS FIRST, post_id NULLS FIRST"""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NOT_SAID = re.compile(r"https?://\S+|www\.\S+|[@#]\S+|\bRT\b")
_FORM = frozenset(
    re.findall(
        r"\S+",
        "about after again against also although another because been before being between both could does doing done down "
        "during each even ever every from further have having here hers herself himself into itself just like made make many "
        "more most much must myself never only other others ours over really same says shall should since some such than that "
        "their theirs them themselves then there these they thing things this those though through under until upon very want "
        "were what when where which while whom whose will with within without would your yours yourself aient ainsi alors aucun "
        "aussi autre autres avaient avait avant avec avez avoir avons beaucoup bien cela celle celles celui cette ceux chaque "
        "chez comme comment contre dans depuis dire dont donc elle elles encore entre étaient était êtes être fait faire faut "
        "fois font jamais leur leurs lors mais même mêmes moins notre nous nôtre parce parmi pendant peut plus pour pourquoi "
        "pourtant puis quand quel quelle quelles quels quelque quelques quoi rien sans sauf selon sera seront sinon soit sommes "
        "sont sous souvent suis tant tous tout toute toutes très trop vers voici voilà votre vous vôtre ",
    )
)
"""Words that only hold sentences together, English and French; distinctive of a language, not of a subject."""


def distinctive(corpus: Corpus, gathered: Gathered, parts: Parts, *, least: int) -> list[dict[str, Any]]:
    """List what each community uses more than all other accounts do, by kind, the surest first."""
    place = _places(gathered)
    used: dict[str, dict[str, set[int]]] = {"hashtag": {}, "domain": {}, "word": {}}
    if corpus.has("posts", "post_objects"):
        for row in corpus.query(OBJECTS, users=USERS).to_pylist():
            used[row["kind"]].setdefault(row["value"], set()).add(place[row["platform"], row["account_id"]])
    if corpus.has("posts"):
        for row in corpus.query(TEXTS, each=EACH).to_pylist():
            at = place[row["platform"], row["account_id"]]
            for word in words(row["text"]):
                used["word"].setdefault(word, set()).add(at)
    listed = []
    for kind, things in used.items():
        listed += _compared(kind, {t: by for t, by in things.items() if len(by) >= USERS}, parts, least)
    return sorted(listed, key=lambda r: (int(r["community"]), r["kind"], -r["z"], r["value"]))


def words(text: str) -> Iterable[str]:
    """Give the words of a text of four letters or more, each once, without form words, tags, mentions and addresses.

    >>> sorted(words("RT @ana: Le tram passe devant l’école, https://x.org #tram"))
    ['devant', 'passe', 'tram', 'école']
    >>> words("des pie\u0301tons") == ["piétons"]
    True
    """
    whole = unicodedata.normalize("NFC", _NOT_SAID.sub(" ", text))  # an accent of its own would cut a word in two
    said = {word.casefold() for word in _WORD.findall(whole)}
    return sorted(word for word in said if len(word) >= 4 and word not in _FORM)


def names_of(rows: list[dict[str, Any]], communities: int) -> list[str | None]:
    """Suggest a name for each community: its three surest tags and words, else sites; None where nothing sets it apart."""
    names: list[str | None] = []
    for i in range(communities):
        mine = sorted((r for r in rows if r["community"] == str(i + 1)), key=lambda r: (-r["z"], r["value"]))
        said: dict[str, str] = {}
        for row in [*(r for r in mine if r["kind"] != "domain"), *(r for r in mine if r["kind"] == "domain")]:
            said.setdefault(row["value"].casefold(), f"#{row['value']}" if row["kind"] == "hashtag" else row["value"])
        names.append(", ".join(list(said.values())[:NAMED]) or None)
    return names


def _compared(kind: str, things: dict[str, set[int]], parts: Parts, least: int) -> list[dict[str, Any]]:
    """Count the accounts of each part that use each thing, and keep what stands out in a community."""
    values = sorted(things)
    if not values:
        return []
    counts = np.array([np.bincount(parts.part[sorted(things[v])], minlength=len(parts.names)) for v in values], np.float64).T
    many = parts.communities
    odds, z = log_odds(np.vstack((counts[:many], counts[many:].sum(axis=0))))
    size = parts.size.astype(np.float64)
    elsewhere = (counts.sum(axis=0) - counts) / np.maximum(size.sum() - size, 1)[:, None]
    more = counts > elsewhere * size[:, None]  # by account as well: odds among tags alone rise where a part uses few others
    listed: list[dict[str, Any]] = []
    for i in range(many):
        told = np.flatnonzero((z[i] >= SURE) & more[i] & (counts[i] >= max(least, USERS)))
        listed += [
            {"community": parts.names[i], "kind": kind, "value": values[at], "accounts": int(counts[i, at])}
            | {"used_share": float(counts[i, at] / parts.size[i]), "log_odds": float(odds[i, at]), "z": float(z[i, at])}
            for at in told[np.lexsort((told, -z[i][told]))][:SHOWN].tolist()
        ]
    return listed


def _places(gathered: Gathered) -> dict[tuple[str, str], int]:
    columns = (gathered.accounts[c].to_pylist() for c in ("platform", "account_id"))
    return {key: i for i, key in enumerate(zip(*columns, strict=True))}
