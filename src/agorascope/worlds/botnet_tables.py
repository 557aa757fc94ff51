"""What would a capture of that world look like? Canonical tables of a ``BotnetWorld``, for sizes of tests.

Account number k is ``a{k}``, post number k ``o{k}``, its repost by account j ``r{k}_{j}``; those made with a share button are
``b0``, ``b1``... Posts are in order of time. With ``bots`` 0 and all else equal, every table is the planted one less the squad's
rows.

A change of name is held by the records only in part, since descriptions of accounts bear no date: ``accounts`` has two rows of
the renamed account, one for each handle, and the day shows in the addresses (``permalink``) of its posts.

Limits: a repost has no text of its own; counts of posts are not given; invented words, all said to be English.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.records import schema

from ._botnet_accounts import counts, handles, registered_us, spelled
from ._botnet_draws import Ints
from ._botnet_texts import Button, Lifted, button_addresses, button_text, draw_button, draw_lifted, texts
from .botnet import BotnetWorld, Cast, Events, cast, draw_posts_of, events, truth
from .null import DAY_US, START_US

PLATFORM = "x"

Tables = dict[str, pa.Table]


def tables(world: BotnetWorld, seed: int) -> Tables:
    """Make posts and reposts, addresses, accounts and counters. Cost O(events); meant for tests, so lower ``events``."""
    who, drawn = cast(world), events(world, seed)
    button = draw_button(world, who, seed, START_US)
    own = sum(np.bincount(one, minlength=who.all_accounts) for one in (drawn.author, drawn.publisher, button.author))
    names = handles(world, who, seed)
    return {
        "posts": _posts(world, who, drawn, button, names, seed),
        "post_objects": _objects(button),
        "accounts": _accounts(world, who, names, seed),
        "account_counters": _counters(world, who, np.asarray(own), seed),
    }


def lifted(world: BotnetWorld, seed: int) -> Lifted:
    """Tell whose texts the boosted account took. Cost O(posts)."""
    return draw_lifted(world, cast(world), draw_posts_of(world, seed)[1], seed)


def names_of_boosted(world: BotnetWorld, seed: int) -> tuple[str, str]:
    """Tell the boosted account's handle before and after its change of name; equal where it keeps it."""
    who = cast(world)
    after = handles(world, who, seed)[who.boosted].as_py()
    return (_old_name() if world.renamed else after), after


def _posts(world: BotnetWorld, who: Cast, drawn: Events, button: Button, names: pa.Array, seed: int) -> pa.Table:
    originals, shares, pressed = drawn.published_us.size, drawn.author.size, button.author.size
    number = np.arange(originals)
    told = truth(world, seed)
    before = (drawn.publisher == who.boosted) & (drawn.published_us < (told.renamed_us or START_US))
    handle = pc.if_else(pa.array(before), _old_name(), names.take(pa.array(drawn.publisher)))
    source = draw_lifted(world, who, drawn.published_us, seed)
    parts = [
        _table(
            "posts",
            originals,
            post_id=_named("o", number),
            account_id=_named("a", drawn.publisher),
            created_at_us=pa.array(drawn.published_us),
            kind=pa.repeat("original", originals),
            text=texts(who, source, seed),
            language=pa.repeat("en", originals),
            permalink=pc.binary_join_element_wise("https://x.example/", handle, _named("/status/o", number), ""),
        ),
        _table(
            "posts",
            pressed,
            post_id=_named("b", np.arange(pressed)),
            account_id=_named("a", button.author),
            created_at_us=pa.array(button.at_us),
            kind=pa.repeat("original", pressed),
            text=button_text(button.article),
            language=pa.repeat("en", pressed),
        ),
        _table(
            "posts",
            shares,
            post_id=pc.binary_join_element_wise(_named("r", drawn.obj), _named("_", drawn.author), ""),
            account_id=_named("a", drawn.author),
            created_at_us=pa.array(drawn.at_us),
            kind=pa.repeat("repost", shares),
            repost_of=_named("o", drawn.obj),
            ref_account_id=_named("a", drawn.publisher[drawn.obj]),
        ),
    ]
    whole = pa.concat_tables(parts)
    order = np.argsort(whole["created_at_us"].to_numpy(), kind="stable")
    source_of_time = pa.repeat("declared", order.size)
    at = whole.schema.get_field_index("created_at_source")
    return whole.take(pa.array(order)).set_column(at, whole.schema.field(at), source_of_time).combine_chunks()


def _objects(button: Button) -> pa.Table:
    """Tell the address and the site in each post made with a share button."""
    n = button.author.size
    address, site = button_addresses(button.article)
    post_id = _named("b", np.arange(n))
    return pa.concat_tables(
        _table("post_objects", n, post_id=post_id, kind=pa.repeat(kind, n), value=value)
        for kind, value in (("url", address), ("domain", site))
    ).combine_chunks()


def _accounts(world: BotnetWorld, who: Cast, names: pa.Array, seed: int) -> pa.Table:
    """Describe every account once, the renamed one by its old name too."""
    row = np.arange(who.all_accounts)
    if world.renamed:
        row = np.insert(row, who.boosted, who.boosted)
    old = np.zeros(row.size, np.bool_)
    old[who.boosted] = world.renamed
    return _table(
        "accounts",
        row.size,
        account_id=_named("a", row),
        handle=pc.if_else(pa.array(old), _old_name(), names.take(pa.array(row))),
        created_at_us=pa.array(registered_us(world, who, seed)[row]),
        created_at_source=pa.repeat("declared", row.size),
    )


def _counters(world: BotnetWorld, who: Cast, own: Ints, seed: int) -> pa.Table:
    """Read every account's counters once, at the end."""
    n = who.all_accounts
    posts, followers, following = counts(world, who, own, seed)
    return _table(
        "account_counters",
        n,
        account_id=_named("a", np.arange(n)),
        at_us=pa.array(np.full(n, START_US + world.days * DAY_US)),
        posts=pa.array(posts),
        followers=pa.array(followers),
        following=pa.array(following),
    )


def _old_name() -> str:
    """Give the boosted account's first name: six syllables, so that it is nobody else's."""
    return str(spelled(np.array([1_234_567]), 6)[0].as_py())


def _named(prefix: str, numbers: Ints) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(pa.array(numbers), pa.string()), "")


def _table(name: str, rows: int, **columns: pa.Array) -> pa.Table:
    columns["platform"] = pa.repeat(PLATFORM, rows)
    shape = schema(name)
    filled = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in shape]
    return pa.Table.from_arrays(filled, schema=shape)
