"""Does a finding keep its contract? It validates itself, goes through JSON unchanged, and its form is published."""

import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pyarrow as pa
import pytest

from agorascope.errors import InvalidFinding
from agorascope.findings import (
    EVIDENCE_CAP,
    Calibration,
    Estimate,
    Evidence,
    Figure,
    Finding,
    Provenance,
    Rival,
    digest,
    from_data,
    insufficient,
    schema,
    strength,
    table_digest,
    to_data,
    to_json,
)
from agorascope.texts import message

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "finding.json"
DAY_US = 86_400_000_000
SAID = message("case.missing_tables", names=["posts"])


def made(**changes: Any) -> Finding:
    """Make a finding that uses every part of the contract."""
    daily = pa.table({"day_us": pa.array([0, DAY_US], pa.int64()), "posts": pa.array([2.0, None], pa.float64())})
    whole = Finding(
        analysis="coverage",
        question=SAID,
        verdict="found",
        grade="faults",
        claim=SAID,
        effect=Estimate(
            metric="captured",
            value=0.39,
            low=0.35,
            high=0.43,
            unit="share",
            level=0.95,
            method="Wilson",
            p_value=0.01,
            p_floor=0.001,
            sided="two",
        ),
        units=(
            {"account": "a", "value": 0.39, "q_value": 0.02, "since_us": 0},
            {"account": "é", "value": None, "q_value": None, "since_us": None},
        ),
        evidence=(
            Evidence(
                role=SAID,
                table="posts",
                platform="x",
                id="1",
                account_id="a",
                at_us=0,
                permalink="https://x.com/a/status/1",
                text="=1+1",
            ),
        ),
        evidence_total=7,
        evidence_query="SELECT platform, post_id FROM posts",
        rivals=(Rival(name="deletion", statement=SAID, status="not_tested", missing=SAID),),
        limits=(SAID,),
        calibration=Calibration(
            cell="posts 100..1000", inside_grid=True, nominal=0.05, false_alarm_rate=0.048, low=0.03, high=0.07, worlds=500
        ),
        figures=(Figure(name="volume", kind="timeline", table="daily", title=SAID, x="day_us", y=("posts",)),),
        notes=(SAID,),
        params={"seed": 0, "alpha": 0.05},
        provenance=Provenance(corpus_digest="c0ffee", code_version="0.1.0", engine="duckdb", rows={"posts": 7}),
        tables={"daily": daily},
    )
    return msgspec.structs.replace(whole, **changes)


def test_golden_file_pins_the_form() -> None:
    """The JSON of a finding is, byte for byte, the one first published."""
    assert GOLDEN.read_bytes() == to_json(made()) + b"\n"


def test_json_round_trip() -> None:
    """A finding read back from its JSON is the finding written, and has its digest."""
    finding = made()
    back = from_data(json.loads(to_json(finding)), finding.tables)
    assert to_data(finding) == to_data(back)
    assert digest(finding) == digest(back)


def test_published_schema_accepts_it_and_refuses_less() -> None:
    """The schema accepts a whole finding, and refuses one without limits or with a part nobody knows."""
    data = json.loads(to_json(made()))
    jsonschema.validate(data, schema())
    for broken in ({**data, "limits": []}, {**data, "more": 1}, {k: v for k, v in data.items() if k != "effect"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema())


def test_insufficient_is_a_whole_finding() -> None:
    """A finding that says the data cannot answer is valid too."""
    finding = insufficient("coverage", SAID, SAID, (SAID,), gate="missing", params={})
    jsonschema.validate(json.loads(to_json(finding)), schema())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verdict": "proved"}, "verdict is 'proved'"),
        ({"limits": ()}, "no limits given"),
        ({"effect": None}, "found without an effect"),
        ({"units": ({"value": math.nan},)}, r"units\[0\].value is nan"),
        ({"effect": Estimate(metric="ratio", value=math.inf)}, "effect.value is inf"),
        ({"tables": {}}, "which is not published"),
        ({"evidence": made().evidence * (EVIDENCE_CAP + 1)}, "51 evidence records"),
    ],
)
def test_broken_contract_is_refused(changes: dict[str, Any], said: str) -> None:
    """A finding that breaks the contract is not built, and the message says what was seen."""
    with pytest.raises(InvalidFinding, match=said):
        Finding(**{name: getattr(made(), name) for name in Finding.__struct_fields__} | changes)


def test_digest_leaves_out_the_engine_and_the_13th_digit() -> None:
    """Two engines, or two orders of a sum, give the same digest; another number does not."""
    finding = made()
    elsewhere = msgspec.structs.replace(finding, provenance=msgspec.structs.replace(finding.provenance, engine="spark"))
    near = made(units=({"value": 0.1 + 0.2},))
    assert digest(finding) == digest(elsewhere)
    assert digest(made(units=({"value": 0.3},))) == digest(near)
    assert digest(made(units=({"value": 0.3001},))) != digest(near)


def test_digest_sees_the_published_tables() -> None:
    """A changed row of a published table changes the digest."""
    other = pa.table({"day_us": pa.array([0], pa.int64()), "posts": pa.array([2.0], pa.float64())})
    assert digest(made()) != digest(made(tables={"daily": other}))
    assert table_digest(other) != table_digest(made().tables["daily"])


def test_strength_orders_verdict_then_p_then_name() -> None:
    """Found comes before insufficient before not found; then the smallest p- or q-value; then the name."""
    weak, strong = made(units=({"q_value": 0.04},), effect=Estimate(metric="x")), made(units=({"q_value": 0.001},))
    quiet = made(verdict="not_found", units=({"q_value": 1e-9},))
    unsure = insufficient("coverage", SAID, SAID, (SAID,), gate="missing", params={})
    assert [strong, weak, unsure, quiet] == sorted([quiet, unsure, weak, strong], key=strength)
