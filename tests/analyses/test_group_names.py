"""Is a group found by its name in any case, where exactly one bears it, and told by the name it has here?"""

from typing import Any

import msgspec
import pyarrow as pa
import pytest

from agorascope.analyses import (
    breaks,
    bridging,
    majority_illusion,
    polarisation,
    purge,
    registration,
    representation,
)
from agorascope.errors import BadValue
from agorascope.findings import digest
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus

DAY_US = 86_400_000_000


def corpus(*more: str) -> Corpus:
    """Make two groups that post, vote, follow, were created and are counted; each of ``more`` groups is of one account."""
    names = {f"a{i}": "Écolos" if i % 2 else "Droite" for i in range(60)}
    groups = [*names.items(), *((f"a{i}", name) for i, name in enumerate(more))]
    rows: dict[str, list[dict[str, Any]]] = {
        "groups": [{"account_id": account, "group_name": name} for account, name in groups],
        "posts": [
            {"post_id": f"{i}", "account_id": f"a{i % 60}", "kind": "original", "created_at_us": i * DAY_US // 8, "text": "tram"}
            for i in range(240)
        ],
        "ratings": [
            {"rater": f"a{i}", "item": f"{k}", "value": 1.0 if (i + k) % 3 else -1.0} for i in range(60) for k in range(12)
        ],
        "edges": [
            {"network": "given", "source": f"a{i}", "target": f"a{(i + k) % 60}"} for i in range(60) for k in (1, 2, 4, 6, 8)
        ],
        "accounts": [{"account_id": f"a{i}", "created_at_us": (i % 13) * 40 * DAY_US} for i in range(60)],
        "account_counters": [
            {"account_id": f"a{i}", "observed_at_us": day * DAY_US, "followers": 100 + i + day}
            for i in range(60)
            for day in range(40)
        ],
    }
    return memory_corpus({n: pa.Table.from_pylist([{"platform": "x"} | r for r in rs], schema(n)) for n, rs in rows.items()})


@pytest.mark.parametrize(
    ("analysis", "asked", "other"),
    [
        (bridging, {"groups": "Écolos,Droite"}, {"groups": "écolos, DROITE"}),
        (polarisation, {"groups": "Écolos,Droite"}, {"groups": "ÉCOLOS,droite"}),
        (majority_illusion, {"attribute": "group:Écolos"}, {"attribute": "group:écolos"}),
        (
            majority_illusion,
            {"attribute": "word:tram", "groups": "Écolos,Droite"},
            {"attribute": "word:tram", "groups": "écolos,droite"},
        ),
        (representation, {"attribute": "group:Écolos"}, {"attribute": "group:ÉCOLOS"}),
        (registration, {"group": "Écolos", "reference": "Droite"}, {"group": "écolos", "reference": "DROITE"}),
        (breaks, {"group": "Écolos"}, {"group": "écolos"}),
        (purge, {"flagged": "Écolos"}, {"flagged": "écolos"}),
    ],
)
def test_a_group_is_found_whatever_the_case(analysis: Any, asked: dict[str, str], other: dict[str, str]) -> None:
    """The finding is the same but for the parameter as written: the claim names the group as it is called here."""
    found = [analysis.run(corpus(), msgspec.convert(params, analysis.Params)) for params in (asked, other)]
    one, two = (msgspec.structs.replace(finding, params={}) for finding in found)
    assert one.claim == two.claim
    assert one.notes == two.notes
    assert digest(one) == digest(two)


@pytest.mark.parametrize("more", [("ÉCOLOS", "écolos"), ()])
def test_a_name_of_two_groups_or_none_is_refused(more: tuple[str, ...]) -> None:
    """Where two groups differ in case alone a third writing is neither; a name nobody bears is none."""
    with pytest.raises(BadValue, match="groups are: "):
        bridging.run(corpus(*more), bridging.Params(groups="ÉcoloS" if more else "ecolos"))


def test_one_group_written_twice_is_not_compared_with_itself() -> None:
    """``group=Bots, reference=bots`` are the same accounts."""
    with pytest.raises(BadValue, match="both 'Droite'"):
        registration.run(corpus(), registration.Params(group="droite", reference="DROITE"))
