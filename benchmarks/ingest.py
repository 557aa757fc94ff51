"""How fast is a file read in? `agorascope add` of nested JSON against DuckDB's own raw reader: same file, threads, run.

Run: ``python benchmarks/ingest.py [MEGABYTES] [ROUNDS]``. The peer is ``CREATE TABLE AS SELECT *`` from ``read_json`` with an
explicit schema and ``ignore_errors``, into a database file: one table, no reasons for bad lines, no raw records.
`agorascope add` gives five normalised tables, every bad line with its reason, and keeps each raw record. The two take
turns, so that a busy moment of the machine falls on both.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from agorascope import new_case, open_case
from generate import x_v2
from measure import AGORASCOPE, Cost, cost, write_table

THREADS = 2
_SCHEMA = """{id: 'VARCHAR', text: 'VARCHAR', author_id: 'VARCHAR', created_at: 'TIMESTAMP', conversation_id: 'VARCHAR',
 lang: 'VARCHAR', possibly_sensitive: 'BOOLEAN', reply_settings: 'VARCHAR', edit_history_tweet_ids: 'VARCHAR[]',
 public_metrics: 'STRUCT(retweet_count BIGINT, reply_count BIGINT, like_count BIGINT, quote_count BIGINT, bookmark_count BIGINT,
  impression_count BIGINT)',
 entities: 'STRUCT(annotations STRUCT("start" BIGINT, "end" BIGINT, probability DOUBLE, "type" VARCHAR, normalized_text VARCHAR)[],
  hashtags STRUCT("start" BIGINT, "end" BIGINT, tag VARCHAR)[],
  mentions STRUCT("start" BIGINT, "end" BIGINT, username VARCHAR, id VARCHAR)[],
  urls STRUCT("start" BIGINT, "end" BIGINT, url VARCHAR, expanded_url VARCHAR, display_url VARCHAR, status BIGINT,
   title VARCHAR, unwound_url VARCHAR)[])',
 context_annotations: 'STRUCT("domain" STRUCT(id VARCHAR, "name" VARCHAR, description VARCHAR),
  entity STRUCT(id VARCHAR, "name" VARCHAR))[]',
 author: 'STRUCT(id VARCHAR, username VARCHAR, "name" VARCHAR, created_at TIMESTAMP, description VARCHAR, verified BOOLEAN,
  verified_type VARCHAR, protected BOOLEAN,
  public_metrics STRUCT(followers_count BIGINT, following_count BIGINT, tweet_count BIGINT,
   listed_count BIGINT))',
 referenced_tweets: 'STRUCT("type" VARCHAR, id VARCHAR)[]',
 __twarc: 'STRUCT(url VARCHAR, version VARCHAR, retrieved_at TIMESTAMP)'}"""
_PEER = f"""
import sys, duckdb
file, database, columns = sys.argv[1:]
with duckdb.connect(database, config={{"threads": {THREADS}}}) as db:
    source = f"read_json(?, format = 'newline_delimited', ignore_errors = true, columns = {{columns}})"
    db.execute("CREATE TABLE raw AS SELECT * FROM " + source, [file])
"""


def measure(megabytes: int, rounds: int, place: Path) -> tuple[list[Cost], list[Cost], dict[str, int]]:
    """Take both in turn, ``rounds`` times; check that no line is lost."""
    file = place / "posts.jsonl"
    written = x_v2(file, megabytes)
    ours: list[Cost] = []
    peers: list[Cost] = []
    for turn in range(rounds):
        case = new_case(place / f"case{turn}", salt="s").path
        peers.append(cost([sys.executable, "-c", _PEER, str(file), str(place / f"{turn}.duckdb"), _SCHEMA]))
        ours.append(cost([*AGORASCOPE, "add", str(case), str(file)]))
        counted = open_case(case).files()[0]
        assert (counted["records"], counted["quarantined"]) == (written["lines"], written["bad"]), counted
    return ours, peers, written


def main() -> None:
    """Measure, print and write the table."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as place:
        ours, peers, written = measure(megabytes, rounds, Path(place))
    rows = [_row("agorascope add", ours, written["bytes"]), _row("DuckDB read_json, CREATE TABLE", peers, written["bytes"])]
    ratios = [_median(peers, of) / _median(ours, of) for of in ("seconds", "cpu_s")]
    said = (
        f"{written['lines']:,} posts in {written['bytes'] / 1e6:,.0f} MB, {written['bad']:,} bad lines, all quarantined with their "
        f"reason; medians of {rounds} rounds taken in turn. Speed of `add` relative to DuckDB's raw reader: **{ratios[0]:.2f}** "
        f"({ratios[1]:.2f} by CPU seconds; 0.3 is asked)."
    )
    print(write_table("ingest", ["reader", "seconds", "CPU seconds", "MB/s", "peak memory (MB)"], rows, said))


def _row(name: str, costs: list[Cost], size: int) -> list[object]:
    seconds, cpu_s = _median(costs, "seconds"), _median(costs, "cpu_s")
    return [name, f"{seconds:.1f}", f"{cpu_s:.1f}", f"{size / 1e6 / seconds:.0f}", f"{max(c.memory_mb for c in costs):,.0f}"]


def _median(costs: list[Cost], of: str) -> float:
    return float(statistics.median(getattr(c, of) for c in costs))


if __name__ == "__main__":
    main()
