"""Which numbers of the worked example follow from the data? All of them; written between the marks of its page.

Run: ``AGORASCOPE_SHARED=FOLDER python scripts/make_worked.py``, where FOLDER holds the digitised weekly panel of the study.
"""

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope import new_case
from agorascope.stats.recipe import TERMS, Recipe, recipe
from agorascope.stats.specification import CHOICES, Curve, Specification, specifications

PAGE = Path(__file__).resolve().parents[1] / "docs" / "worked" / "amplification-study.md"
STUDY = "amplification/graham_andrejevic_2024"
OWNER = "elonmusk"
EVENT = "2024-07-13"
ASTRIDE, FIRST, LAST_COVERED, SHARE = "2024-07-14", "2024-07-21", "2024-09-29", 5 / 7
OURS = {"scale": "log", "weight": "cells", "date": "given", "effects": "accounts", "errors": "draws", "straddling": "out"}

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Weekly(NamedTuple):
    """The panel: accounts, their side, weeks by their last day, views and posts (accounts, weeks)."""

    accounts: list[str]
    side: dict[str, str]
    weeks: list[str]
    views: Floats
    posts: Floats

    def of(self, names: Sequence[str]) -> Bools:
        """Mark accounts."""
        return np.isin(self.accounts, list(names))


def weekly(folder: Path) -> Weekly:
    """Read the digitised panel."""
    rows = list(csv.DictReader((folder / "weekly_panel.csv").read_text("utf-8").splitlines()))
    accounts, weeks = sorted({r["account"] for r in rows}), sorted({r["week_ending"] for r in rows})
    views, posts = (np.full((len(accounts), len(weeks)), np.nan) for _ in range(2))
    for row in rows:
        place = accounts.index(row["account"]), weeks.index(row["week_ending"])
        views[place], posts[place] = float(row["views"] or "nan"), float(row["posts"] or "nan")
    return Weekly(accounts, {r["account"]: r["lean"] for r in rows}, weeks, views, posts)


def parts(folder: Path) -> dict[str, str]:
    """Give what stands between each pair of marks."""
    data = weekly(folder)
    sides = [[a for a in data.accounts if data.side[a] == side] for side in ("R", "D")]
    one = _curve(data, data.of([OWNER]), None)
    two = _curve(data, data.of([*sides[0], OWNER]), data.of([OWNER]))
    return {"recipe": _recipes(data), "regression": _regression(data, folder), "coverage": _coverage(folder),
            "choices": _steps(one), "influence": _influence(one), "sides": _sides(two),
            "amplification": _audits(folder)}  # fmt: skip


def filled(page: str, made: dict[str, str]) -> str:
    """Put each part between its marks."""
    for name, text in made.items():
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        before, _, rest = page.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"the page lacks {begin.strip()} ... {end}; put them back")
        page = f"{before}{begin}{text}{end}{after}"
    return page


def _recipe(data: Weekly, *, given: bool, share: float | None = None) -> Recipe:
    held = np.where(data.posts > 0, data.posts, np.nan)
    first, astride = (data.weeks.index(week) if given else None for week in (FIRST, ASTRIDE))
    account, week = np.indices(held.shape)
    return recipe(
        (data.views / held).ravel(), data.of([OWNER])[account.ravel()], week.ravel(), weights=held.ravel(),
        first=first, straddling=astride, before_share=share,
    )  # fmt: skip


def _recipes(data: Weekly) -> str:
    ran = {
        "13 July, that week left out": _recipe(data, given=True),
        "13 July, that week split 5 days to 2": _recipe(data, given=True, share=SHARE),
        "found by the recipe on weekly sums": _recipe(data, given=False),
    }
    rows = [
        (name, _percent(r.percent[0]), _percent(r.percent[1]), _million(r.estimates[3]), _small(r.p_values[3]))
        for name, r in ran.items()
    ]
    own = ran["found by the recipe on weekly sums"]
    dated = ", ".join(f"{who}: the week to {data.weeks[i]}" for who, i in zip(("owner", "nine others"), own.own, strict=True))
    head = ("date", "owner, views per post", "nine others", "after x group, views", "p (usual errors)")
    return (
        _table(head, rows)
        + f"\nFirst week of the new regime by the recipe, {dated}; the later is taken: the week to {data.weeks[own.first]}.\n"
    )


def _regression(data: Weekly, folder: Path) -> str:
    found = _recipe(data, given=True)
    printed = next(
        r for r in csv.DictReader((folder / "published_regressions.csv").read_text("utf-8").splitlines())
        if (r["phase"], r["metric"]) == ("1", "views")
    )  # fmt: skip
    columns = ("const", "post", "group", "post_x_group")
    rows = [
        (term, _million(float(printed[column])), _million(value), _million(float(printed[f"se_{column}"])), _million(error))
        for term, column, value, error in zip(TERMS, columns, found.estimates, found.errors, strict=True)
    ]
    return _table(("term", "printed", "from the weekly panel", "printed error", "error from the panel"), rows)


def _coverage(folder: Path) -> str:
    rows = list(csv.DictReader((folder / "coverage_check_musk.csv").read_text("utf-8").splitlines()))
    spans = {
        "to 14 July": ("", ASTRIDE),
        "15 July to 29 September": (ASTRIDE, LAST_COVERED),
        "from 30 September": (LAST_COVERED, "9"),
    }
    out = []
    for name, (low, high) in spans.items():
        held = [r for r in rows if low < r["week_ending"] <= high and r["independent_posts"]]
        captured, counted = (sum(float(r[c]) for r in held) for c in ("study_posts", "independent_posts"))
        out.append((name, f"{captured:,.0f}", f"{counted:,.0f}", f"{100 * captured / counted:.0f} %"))
    return _table(("weeks", "posts of the owner in the study", "posts by an independent counter", "share"), out)


def _curve(data: Weekly, treated: Bools, twice: Bools | None) -> Curve:
    kept = np.ones(len(data.accounts), np.bool_)
    return specifications(
        data.views[kept], data.posts[kept], treated, given=data.weeks.index(FIRST), straddling=data.weeks.index(ASTRIDE),
        before_share=SHARE, twice=twice, low=np.array([w > LAST_COVERED for w in data.weeks]), rng=np.random.default_rng(0),
    )  # fmt: skip


def _pick(curve: Curve, said: dict[str, str]) -> Specification:
    wanted = tuple(said.get(name, CHOICES[name][0]) for name in curve.names)
    return next(row for row in curve.rows if row.options == wanted)


def _steps(curve: Curve) -> str:
    """Turn one choice after the other, from the recipe to the two-way fit and beyond."""
    order = [("date", "given"), ("straddling", "out"), ("scale", "log"), ("weight", "cells"), ("effects", "accounts"),
             ("errors", "draws"), ("periods", "covered"), ("trends", "own")]  # fmt: skip
    said: dict[str, str] = {}
    rows = [("the recipe", *_effect(_pick(curve, said)))]
    for name, option in order:
        said[name] = option
        rows.append((f"then {name} = {option}", *_effect(_pick(curve, said))))
    ratios, p_values = (np.array([getattr(r, n) for r in curve.rows]) for n in ("ratio", "p_value"))
    low, high = np.nanmin(ratios), np.nanmax(ratios)
    return _table(("specification", "ratio", "views per post", "p"), rows) + (
        f"\nAll {len(curve.rows)}: ratios from {low:.2f} to {high:.2f}, median {np.nanmedian(ratios):.2f}; "
        f"{100 * np.mean(ratios > 1):.0f} % above 1; p at most 0.05 in {100 * np.mean(p_values <= 0.05):.0f} %.\n"
    )


def _influence(curve: Curve) -> str:
    rows = [
        (i.choice, " → ".join(CHOICES[i.choice]), f"{np.exp(i.log_ratio):.2f}", f"{np.exp(i.moved_ratio):.2f}", f"{i.log_p:+.1f}",
         f"{100 * i.turned:.0f} %") for i in curve.influence
    ]  # fmt: skip
    return _table(("choice", "turned", "ratio times", "ratio moves by a factor", "log10 p", "conclusion turned"), rows)


def _sides(curve: Curve) -> str:
    cases = {
        "recipe, the owner among the Republican-leaning": {"date": "given", "straddling": "out"},
        "recipe, without the owner": {"date": "given", "straddling": "out", "members": "once"},
        "log, account and week effects, draws; with the owner": OURS,
        "the same, without the owner": OURS | {"members": "once"},
    }
    return _table(
        ("specification", "ratio", "views per post", "p"), [(name, *_effect(_pick(curve, said))) for name, said in cases.items()]
    )


def _audits(folder: Path) -> str:
    """Run our own analysis on the same panel: three audits, with grade, interval and what the p-value could not go below."""
    asked: dict[str, dict[str, str]] = {
        "the owner, all weeks": {"treated": OWNER},
        "the owner, until 29 September": {"treated": OWNER, "until": LAST_COVERED},
        "Republican-leaning (without the owner) against Democrat-leaning": {"treated": "R", "controls": "D"},
    }
    rows = []
    with tempfile.TemporaryDirectory() as place:
        case = new_case(Path(place) / "case")
        case.add(folder / "weekly_panel.csv")
        for name, params in asked.items():
            finding = case.run("amplification", date=EVENT, **params)
            effect, ranks = finding.effect, next(n.args for n in finding.notes if n.key == "amplification.note.ranks")
            if effect is None or effect.value is None or effect.low is None or effect.high is None or effect.p_value is None:
                raise ValueError(f"the audit of {name} gives no interval; see its finding")
            ends = f"{effect.value:.2f} [{effect.low:.2f}, {effect.high:.2f}]"
            p_values = [_small(v) for v in (effect.p_value, ranks["p_plain"], ranks["p_one"], ranks["p_other"])]
            rows.append((name, ends, *p_values, f"{effect.p_floor:.3f}", f"{finding.verdict}, {finding.grade}"))
    head = ("audit", "ratio [95 % interval]", "p", "p, plain", "p, one-sided", "p, other side", "smallest p", "verdict, grade")
    return _table(head, rows)


def _effect(row: Specification) -> tuple[str, str, str]:
    return f"{row.ratio:.2f}", _million(row.unit), _small(row.p_value)


def _percent(value: float) -> str:
    return f"{value:+.1f} %"


def _million(value: float) -> str:
    return f"{value / 1e6:.2f} M" if abs(value) >= 1e6 else f"{value / 1e3:.0f} k"


def _small(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(row) + " |\n" for row in lines)


if __name__ == "__main__":
    place = Path(os.environ["AGORASCOPE_SHARED"]) / STUDY
    PAGE.write_text(filled(PAGE.read_text("utf-8"), parts(place)), "utf-8")
    print(PAGE.name)
