"""Did the account fall silent, or did the capture fail? What other accounts and the account's counter say to that."""

from collections.abc import Sequence

from scipy import stats as distributions

from agorascope.findings import Rival
from agorascope.tables import Corpus
from agorascope.texts import message

from ._coverage_rows import Row

LOW_SHARE = 0.5
LEVEL = 0.05

OTHERS = """
    SELECT COUNT(*) AS posts, MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us,
        SUM(CASE WHEN created_at_us > :start_us AND created_at_us < :end_us THEN 1 ELSE 0 END) AS inside
    FROM posts WHERE platform = :platform AND (account_id IS NULL OR account_id <> :account) AND created_at_us IS NOT NULL"""
COUNTER = """
    SELECT MAX(CASE WHEN at_us <= :start_us THEN posts END) AS before, MIN(CASE WHEN at_us >= :end_us THEN posts END) AS after
    FROM account_counters WHERE platform = :platform AND account_id = :account"""
PANEL = """
    SELECT SUM(value) AS moved FROM panels WHERE metric = 'counter_posts' AND platform = :platform AND account_id = :account
        AND period_start_us >= :start_us AND period_start_us < :end_us"""


def rivals(corpus: Corpus, rows: Sequence[Row]) -> tuple[Rival, ...]:
    """Put the worst fault in time to the two explanations a reader would think of first."""
    faults = [r for r in rows if r["status"] == "fault" and r["check"] in ("gaps", "low_run", "captured", "capture_gap")]
    gap = next((r for r in faults if r["account_id"] is not None or r["check"] == "captured"), None)
    if gap is not None:
        return _paused(corpus, gap), _stopped(corpus, gap)
    return _of_whole(faults[0]) if faults else _nothing()


def _nothing() -> tuple[Rival, ...]:
    missing = message("coverage.missing.gap")
    names = ("account_paused", "capture_stopped")
    return tuple(Rival(name=n, statement=message(f"coverage.rival.{n}"), status="not_tested", missing=missing) for n in names)


def _of_whole(gap: Row) -> tuple[Rival, ...]:
    """Compare all posts of the gap with those expected: accounts that pause each for itself do not all pause at once."""
    args = gap["says"]["args"]
    share = args["posts"] / max(args["expected"], 1e-9)
    answers = {"account_paused": "disfavoured", "capture_stopped": "favoured"}
    return tuple(
        Rival(name=n, statement=message(f"coverage.rival.{n}"), status=status, statistic=share, p_value=gap["q_value"])
        for n, status in answers.items()
    )


def _paused(corpus: Corpus, gap: Row) -> Rival:
    """Ask the account's own counter: if it moved by more than was captured, the account did not pause."""
    said = message("coverage.rival.account_paused")
    if gap["check"] == "captured":
        return Rival(
            name="account_paused", statement=said, status="disfavoured", statistic=gap["value"], low=gap["low"], high=gap["high"]
        )
    where = {"platform": gap["platform"], "account": gap["account_id"], "start_us": gap["start_us"], "end_us": gap["end_us"]}
    moved = None
    if corpus.has("account_counters"):
        row = corpus.query(COUNTER, **where).to_pylist()[0]
        moved = row["after"] - row["before"] if row["after"] is not None and row["before"] is not None else None
    if moved is None and corpus.has("panels"):
        moved = corpus.query(PANEL, **where).to_pylist()[0]["moved"]
    if moved is None:
        return Rival(name="account_paused", statement=said, status="not_tested", missing=message("coverage.missing.counter"))
    captured = gap["says"]["args"]["posts"]
    return Rival(
        name="account_paused",
        statement=said,
        status="disfavoured" if moved > captured else "favoured",
        statistic=float(moved - captured),
    )


def _stopped(corpus: Corpus, gap: Row) -> Rival:
    """Ask the other accounts: a capture that stopped altogether shows fewer of their posts in the same hours."""
    said = message("coverage.rival.capture_stopped")
    absent = Rival(name="capture_stopped", statement=said, status="not_tested", missing=message("coverage.missing.others"))
    if not corpus.has("posts") or gap["account_id"] is None:
        return absent
    where = {"platform": gap["platform"], "account": gap["account_id"], "start_us": gap["start_us"], "end_us": gap["end_us"]}
    row = corpus.query(OTHERS, **where).to_pylist()[0]
    length = gap["end_us"] - gap["start_us"]
    outside_us = (row["last_us"] or 0) - (row["first_us"] or 0) - length
    outside = row["posts"] - (row["inside"] or 0)
    if outside_us <= 0 or outside < 1:
        return absent
    share = length / (length + outside_us)
    expected = outside * length / outside_us
    p = float(distributions.binom.cdf(row["inside"], row["posts"], share))
    status = "undecided" if expected < 5 else "favoured" if row["inside"] <= LOW_SHARE * expected and p <= LEVEL else "disfavoured"
    return Rival(name="capture_stopped", statement=said, status=status, statistic=row["inside"] / expected, p_value=p)
