"""Is this a list of groups? ``account, group``: parties, communities, sides, treated accounts.

One row is one membership, which ``since`` and ``until`` may bound. Where a ``network`` column holds several networks
whose nodes are mere row numbers, accounts are written ``network/0``, as in ``graph``.
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Account, Group, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, local_ids, padded, saw, unknown_names
from .fields import called, ident, text, time_us
from .names import Aliases

NAME = "groups"
CONTAINER = "table"
PRIORITY = -7
COLUMNS: Aliases = {
    "account_id": (
        "account node nodeid userid authorid pageid handle username screenname user author page member compte utilisateur "
        "auteur noeud membre"
    ),
    "group": "groupe lean leaning side club party parti camp community communaute politicalcategory accountcategory",
    "name": "pagename displayname label title titre blog nom",
    "since": "from start debut depuis",
    "until": "to end fin jusque",
    "network": "reseau graph",
    "platform": "plateforme",
}
_OTHERS: Aliases = {"text": "body content message texte contenu", "period": "weekending week date day month createdat timestamp"}


def recognise(sample: Sample) -> str | None:
    """Accept a table with an account and a group, without texts or times of posts."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS)
    missing = [name for name in ("account_id", "group") if name not in at]
    if missing:
        return f"no column for {' and '.join(missing)} of a group's member; {saw(sample)}"
    if 2 * len(at) < len(sample.header) and not sample.columns:
        return f"most columns are not those of a list of groups; {saw(sample)}"
    return "has texts or dates of posts, not only members of groups" if bind(sample, _OTHERS) else None


def mapper(sample: Sample) -> Mapper:
    """Bind to account and group and map each row to one membership, and to the account's name where given."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_account, i_group, i_name, i_since, i_until, i_network = (
        at.get(n, width) for n in ("account_id", "group", "name", "since", "until", "network")
    )
    day_first, zone = dates(sample, i_since)
    local = local_ids(sample, (i_account,), at.get("network"))
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        platform, account, party, name = platform_of(row), ident(row[i_account]), called(row[i_group]), text(row[i_name])
        if account is None:
            raise BadRecord(message("reasons.member_unnamed"))
        if party is None:
            raise BadRecord(message("reasons.member_ungrouped"))
        account = f"{text(row[i_network])}/{account}" if local else account.lstrip("@")
        since, until = (time_us(row[i], day_first=day_first, zone=zone) for i in (i_since, i_until))
        member = Group(platform, account, party, since, until)
        return [member, Account(platform, account, None, name)] if name else [member]

    return map_row
