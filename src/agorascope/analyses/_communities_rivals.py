"""What else could the communities be? Languages, the publics of a few accounts, coordinated networks."""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.findings import Rival
from agorascope.stats.agreement import adjusted_mutual_information
from agorascope.stats.plateaus import Cut
from agorascope.tables import Corpus
from agorascope.texts import message

from ._communities_network import Network
from ._communities_parts import Parts
from ._communities_reduce import Gathered

Ints = npt.NDArray[np.int64]

ALIKE, APART = 0.5, 0.2
HELD, SPREAD = 0.5, 0.2
SPOKEN = """
    SELECT platform, account_id, language FROM (SELECT platform, account_id, language,
            ROW_NUMBER() OVER (PARTITION BY platform, account_id ORDER BY COUNT(*) DESC NULLS LAST, language NULLS FIRST) AS place
        FROM posts WHERE language IS NOT NULL AND account_id IS NOT NULL GROUP BY platform, account_id, language) AS placed
    WHERE place = 1 ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""


def test(
    corpus: Corpus, gathered: Gathered, made: Network, found: Cut, parts: Parts, compared: list[dict[str, Any]], *, sought: bool
) -> tuple[Rival, ...]:
    """Test every rival."""
    return _language(corpus, gathered, parts), _stars(made, parts), _coordination(compared, sought=sought)


def _language(corpus: Corpus, gathered: Gathered, parts: Parts) -> Rival:
    """Agreement of communities with the language each account writes most."""
    statement = message("communities.rival.language")
    rows = corpus.query(SPOKEN).to_pylist() if corpus.has("posts") else []
    spoken = {(r["platform"], r["account_id"]): r["language"] for r in rows}
    columns = (gathered.accounts[c].to_pylist() for c in ("platform", "account_id"))
    said = np.array([spoken.get(key, "") for key in zip(*columns, strict=True)], np.str_)
    inside = (parts.part < parts.communities) & (said != "")
    if inside.sum() < 30:
        missing = message("communities.missing.language")
        return Rival(name="language", statement=statement, status="not_tested", missing=missing)
    code = np.unique(said[inside], return_inverse=True)[1].astype(np.int64)
    alike = adjusted_mutual_information(parts.part[inside], code) if code.any() else 0.0
    status = "favoured" if alike >= ALIKE else "disfavoured" if alike < APART else "undecided"
    return Rival(name="language", statement=statement, status=status, statistic=alike)


def _stars(made: Network, parts: Parts) -> Rival:
    """Share of the ties inside communities that are ties of the most tied account of each."""
    part = parts.part[made.account]
    kept = (part[made.source] == part[made.target]) & (part[made.source] < parts.communities)
    degree = np.bincount(made.source[kept], minlength=made.nodes) + np.bincount(made.target[kept], minlength=made.nodes)
    held = sum(int(degree[part == i].max(initial=0)) for i in range(parts.communities))
    share = held / max(int(np.count_nonzero(kept)), 1)
    status = "favoured" if share >= HELD else "disfavoured" if share < SPREAD else "undecided"
    return Rival(name="stars", statement=message("communities.rival.stars"), status=status, statistic=share)


def _coordination(compared: list[dict[str, Any]], *, sought: bool) -> Rival:
    """Agreement of the communities found without coordinated accounts with those found with them."""
    statement = message("communities.rival.coordination")
    if not compared:
        missing = message(f"communities.missing.{'coordinated' if sought else 'coordination'}")
        return Rival(name="coordination", statement=statement, status="not_tested", missing=missing)
    alike = compared[0]["agreement"]
    status = "disfavoured" if alike >= 0.8 else "favoured" if alike < ALIKE else "undecided"
    return Rival(name="coordination", statement=statement, status=status, statistic=alike)
