"""Findings made by hand: every figure kind, every verdict, a hostile post."""

import math

import pyarrow as pa

from agorascope.findings import Calibration, Estimate, Evidence, Figure, Finding, Provenance, Rival, message
from agorascope.report import CaseView, pseudonym

DAY = 86_400_000_000
START = 1_719_792_000_000_000
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><style>*{display:none}</style>"
    '\u202egnp.exe =HYPERLINK("http://evil.example","x") {a|b} [x](javascript:alert(4)) <!-- ]]> @victim ' + "W" * 300
)


def case_view(title: str = "Graham and Andrejevic 2024", **more: object) -> CaseView:
    """Describe a case with files, events, an excluded analysis and a quarantine."""
    base: dict[str, object] = {
        "title": title,
        "name": lambda account: pseudonym(account, "salt"),
        "created": "2026-11-22T03:00:00+00:00",
        "files": [
            {
                "name": "posts.jsonl",
                "source": "generic-jsonl",
                "records": 56190,
                "accepted": 56184,
                "duplicates": 4,
                "quarantined": 2,
            }
        ],
        "rows": {"posts": 56184, "accounts": 10, "panels": 0},
        "events": [(START + 12 * DAY, "Endorsement <b>here</b>"), (START + 40 * DAY, "Platform outage")],
        "corpus_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "code_version": "0.1.0",
        "excluded": {"targeting": message("sample.missing")},
        "quarantine": [(message("reasons.not_a_count", seen="'many'"), 2)],
    }
    return CaseView(**(base | more))  # type: ignore[arg-type]


def burst() -> Finding:
    """Make a finding that found something, with a timeline, bars, a histogram, a scatter and a table, and a hostile post."""
    days = range(90)
    volume = [
        round(400 + 80 * math.sin(d / 7 * 2 * math.pi) + 30 * math.sin(d * 1.7) + (700 if d in (40, 41) else 0)) for d in days
    ]
    usual = [400 + 80 * math.sin(d / 7 * 2 * math.pi) for d in days]
    tables = {
        "daily": pa.table(
            {
                "start_us": [START + d * DAY for d in days],
                "posts": volume,
                "expected": usual,
                "expected_low": [u - 70 for u in usual],
                "expected_high": [u + 70 for u in usual],
            }
        ),
        "platforms": pa.table(
            {
                "start_us": [START + d * DAY for d in days] * 3,
                "platform": ["x"] * 90 + ["bluesky"] * 90 + [HOSTILE] * 90,
                "posts": volume + [v // 3 for v in volume] + [v // 7 for v in volume],
            }
        ),
        "episodes": pa.table({"start_us": [START + 40 * DAY], "end_us": [START + 42 * DAY], "label": [HOSTILE[:120]]}),
        "change": pa.table(
            {
                "category": ["fr", "en", "es", HOSTILE[:200]],
                "ratio": [1.58, 0.94, 1.02, 2.4],
                "low": [1.31, 0.88, 0.8, 1.1],
                "high": [1.9, 1.0, 1.3, 5.2],
                "p_value": [0.0004, 0.06, 0.9, 0.03],
            }
        ),
        "ages": pa.table({"age_s": [0.0, 3600.0, 7200.0, 86400.0, 172800.0], "posts": [120, 400, 900, 300, 20]}),
        "accounts": pa.table(
            {
                "followers": [10.0, 100.0, 1000.0, 5000.0],
                "posts": [3, 30, 14, 200],
                "account_id": ["someone-1001", "someone-1002", "someone-1003", "someone-1004"],
            }
        ),
        "top": pa.table(
            {
                "account": ["someone-1001", "someone-1002"],
                "posts": [812, 411],
                "share": [0.31, 0.157],
                "share_low": [0.28, 0.13],
                "share_high": [0.34, 0.19],
            }
        ),
    }
    title = message("sample.daily")
    return Finding(
        analysis="sample",
        question=message("sample.question", what="messages"),
        verdict="found",
        grade="burst",
        claim=message("sample.claim", ratio=2.31, length=172800, start=START + 40 * DAY, account="someone-1001", share=0.312),
        effect=Estimate(
            metric="ratio",
            value=2.31,
            low=1.84,
            high=2.9,
            unit="ratio",
            level=0.95,
            method="wild cluster bootstrap",
            p_value=0.0005,
            p_floor=0.0005,
        ),
        units=tuple(
            {
                "label": f"episode {i}",
                "start_us": START + i * DAY,
                "end_us": START + (i + 2) * DAY,
                "ratio": 2.31 - i / 5,
                "low": 1.84 - i / 5,
                "high": 2.9,
                "p_value": 0.0005 + i / 30,
                "account_id": "someone-1001",
                "empty": None,
            }
            for i in range(4)
        ),
        evidence=(
            Evidence(
                role=message("sample.role"),
                table="posts",
                platform="x",
                id="1812",
                account_id="someone-1001",
                at_us=START + 40 * DAY + 5_000_000,
                permalink="https://x.com/someone/status/1812",
                text=HOSTILE,
                value=1234,
            ),
            Evidence(
                role=message("sample.role"),
                table="posts",
                platform="x",
                id="1813",
                account_id="someone-1002",
                at_us=START + 41 * DAY,
                permalink="javascript:alert(5)",
                text="Bonjour\nle monde שלום",
                value=None,
            ),
        ),
        evidence_total=812,
        evidence_query="SELECT post_id FROM posts WHERE created_at_us BETWEEN :start AND :end -- </code><script>alert(6)</script>",
        rivals=(
            Rival(
                name="one_author",
                statement=message("sample.rival", account="someone-1001"),
                status="disfavoured",
                statistic=0.31,
                low=0.28,
                high=0.34,
                p_value=0.4,
            ),
            Rival(name="capture", statement=message("sample.rival2"), status="not_tested", missing=message("sample.missing")),
        ),
        limits=(message("sample.limit"),),
        notes=(message("sample.note", n=1234),),
        calibration=Calibration(
            cell="medium, weak overdispersion",
            inside_grid=True,
            nominal=0.05,
            false_alarm_rate=0.048,
            low=0.03,
            high=0.07,
            worlds=500,
            power=0.94,
            power_at="x2, 2 days",
            smallest_effect=1.42,
            smallest_effect_unit="ratio",
        ),
        figures=(
            Figure(
                name="daily",
                kind="timeline",
                table="daily",
                title=title,
                x="start_us",
                y=("posts", "expected"),
                band=("expected_low", "expected_high"),
                marks="episodes",
            ),
            Figure(
                name="platforms",
                kind="timeline",
                table="platforms",
                title=title,
                x="start_us",
                y=("posts",),
                series="platform",
                note=message("sample.note", n=3),
            ),
            Figure(
                name="change",
                kind="bars",
                table="change",
                title=message("sample.bars"),
                x="category",
                y=("ratio",),
                band=("low", "high"),
            ),
            Figure(name="ages", kind="histogram", table="ages", title=title, x="age_s", y=("posts",)),
            Figure(name="accounts", kind="scatter", table="accounts", title=title, x="followers", y=("posts",), log=True),
            Figure(name="top", kind="table", table="top", title=title, y=("account", "posts", "share")),
        ),
        params={"bin": "day", "alpha": 0.05, "seed": 0, "window_s": 172800},
        provenance=Provenance(corpus_digest="9f86d081884c7d65", code_version="0.1.0", engine="duckdb", rows={"posts": 56184}),
        tables=tables,
    )


def quiet() -> Finding:
    """Make a finding that found nothing."""
    return Finding(
        analysis="quiet",
        question=message("sample.quiet"),
        verdict="not_found",
        claim=message("sample.not_found", least=1.2),
        limits=(message("sample.limit"),),
        effect=Estimate(metric="difference", value=0.4, low=-1.2, high=2.1, unit="posts", level=0.95, p_value=0.41),
    )


def poor() -> Finding:
    """Make a finding that says the data cannot answer."""
    return Finding(
        analysis="poor",
        question=message("sample.poor"),
        verdict="insufficient",
        claim=message("sample.insufficient", n=3),
        limits=(message("sample.limit"),),
        gate="volume",
    )


def gate() -> Finding:
    """Make a finding of the gate: one row per check."""
    says = {"key": "sample.faults", "args": {"share": 0.392}}
    follows = {"key": "sample.effect", "args": {}}
    missing = {"key": "sample.missing", "args": {}}
    blank = {"value": None, "low": None, "high": None, "unit": "", "account_id": None, "consequence": None, "remedy": None}
    units = tuple(
        blank | {"check": check, "status": status, "says": sentence} | more
        for check, status, sentence, more in (
            ("own counter", "fault", says, {"value": 0.392, "unit": "share", "account_id": "someone-1001", "consequence": follows}),
            ("repeated ids", "warning", says, {"value": 1712, "unit": "posts", "consequence": follows, "remedy": missing}),
            ("repeated ids", "warning", says, {"value": 12, "unit": "posts", "consequence": follows, "remedy": missing}),
            ("hidden counts", "ok", None, {}),
            ("groups", "not_checked", missing, {}),
        )
    )
    return Finding(
        analysis="coverage",
        question=message("sample.gate"),
        verdict="found",
        grade="faults",
        claim=message("sample.faults", share=0.392),
        limits=(message("sample.limit"),),
        effect=Estimate(metric="share", value=0.392, low=0.378, high=0.406, unit="share", level=0.95),
        units=units,
    )


def all_findings() -> list[Finding]:
    """Give one finding of every verdict, and the gate."""
    return [quiet(), burst(), poor(), gate()]
