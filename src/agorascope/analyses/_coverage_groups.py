"""Is every account in one group at a time, and does the data hold the accounts of the groups?

Groups called ``variable:category`` divide the accounts by that variable: a camp and an age are two divisions, and no overlap.
"""

from collections import defaultdict

import pyarrow as pa

from agorascope.known import variable

from ._coverage_rows import Row, not_checked, passed, problem

ALWAYS_US = -(2**62)
STILL_US = 2**62


def check(tables: dict[str, pa.Table]) -> list[Row]:
    """Check overlapping memberships, accounts of groups without data, and posts of accounts in no group."""
    if "groups" not in tables:
        return [not_checked(name, "groups") for name in ("two_groups", "absent_accounts", "ungrouped_posts")]
    members: dict[str, list[Row]] = defaultdict(list)
    for row in tables["groups"].to_pylist():
        members[row["account_id"].casefold()].append(row)
    volume: dict[str, float] = defaultdict(float)
    for name in ("accounts", "panels"):
        for row in tables[name].to_pylist() if name in tables else []:
            if row["account_id"] is not None:
                volume[row["account_id"].casefold()] += row["posts"] or 0.0
    return _overlaps(members, volume) + _absent(members, volume) + _ungrouped(members, volume)


def _overlaps(members: dict[str, list[Row]], volume: dict[str, float]) -> list[Row]:
    found = []
    total = sum(volume.values()) or 1.0
    for account, rows in sorted(members.items()):
        clash = next(((a, b) for i, a in enumerate(rows) for b in rows[i + 1 :] if _clash(a, b)), None)
        if clash is None:
            continue
        names = sorted({clash[0]["group_name"], clash[1]["group_name"]})
        args = {"account": rows[0]["account_id"], "groups": names, "share": volume.get(account, 0.0) / total}
        found.append(
            problem(
                "two_groups",
                "fault",
                args=args,
                value=float(len(names)),
                unit="groups",
                account_id=rows[0]["account_id"],
                group_name=" | ".join(names),
                severity=min(1.0, volume.get(account, 0.0) / total),
            )
        )
    return found or [passed("two_groups", value=1.0, unit="groups")]


def _clash(a: Row, b: Row) -> bool:
    """Say whether two memberships name different groups of one variable, or without one, at the same time."""
    start = max(ALWAYS_US if r["since_us"] is None else r["since_us"] for r in (a, b))
    end = min(STILL_US if r["until_us"] is None else r["until_us"] for r in (a, b))
    one, other = a["group_name"], b["group_name"]
    return bool(one != other and variable(one) == variable(other) and start < end)


def _absent(members: dict[str, list[Row]], volume: dict[str, float]) -> list[Row]:
    absent = sorted(rows[0]["account_id"] for account, rows in members.items() if account not in volume)
    if not absent:
        return [passed("absent_accounts", value=0.0, unit="accounts")]
    share = len(absent) / len(members)
    args = {"n": len(absent), "listed": len(members), "accounts": absent[:5], "share": share}
    return [problem("absent_accounts", "warning", args=args, value=float(len(absent)), unit="accounts", severity=share)]


def _ungrouped(members: dict[str, list[Row]], volume: dict[str, float]) -> list[Row]:
    total = sum(volume.values())
    outside = sum(n for account, n in volume.items() if account not in members)
    if not outside or not total:
        return [passed("ungrouped_posts", value=0.0, unit="share")]
    args = {"posts": round(outside), "share": outside / total, "n": sum(1 for a in volume if a not in members)}
    return [problem("ungrouped_posts", "warning", args=args, value=outside / total, unit="share", severity=0.0)]
