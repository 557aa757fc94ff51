"""When was a post made, if only its id is known? Clocks that X, Mastodon and Bluesky put into their ids."""

_FIRST_US = 1_451_606_400_000_000  # 2016-01-01: no Mastodon or Bluesky id has an earlier clock
_LAST_US = 7_258_118_400_000_000  # 2200-01-01
_TID = {c: n for n, c in enumerate("234567abcdefghijklmnopqrstuvwxyz")}


def snowflake_us(post_id: str | None) -> int | None:
    """Decode the creation time of an X id, in µs UTC; None for one made before November 2010 or not a number.

    >>> snowflake_us("922440008971292672")
    1508761810902000
    """
    if post_id is None or not (15 <= len(post_id) <= 19 and post_id.isdigit() and post_id.isascii()):
        return None
    number_of = int(post_id)
    # Ids below this one were given in sequence, before the clock was put into them.
    return ((number_of >> 22) + 1_288_834_974_657) * 1000 if number_of > 29_700_859_247_000 and number_of < 1 << 63 else None


def mastodon_us(post_id: str | None) -> int | None:
    """Decode the creation time of a Mastodon id, in µs UTC; None for one of before the clock was put into them.

    >>> mastodon_us("109348666023520110")
    1668528229118000
    """
    if post_id is None or not (17 <= len(post_id) <= 19 and post_id.isdigit() and post_id.isascii()):
        return None
    found = (int(post_id) >> 16) * 1000
    return found if _FIRST_US <= found <= _LAST_US else None


def tid_us(key: str | None) -> int | None:
    """Decode the creation time of a Bluesky record key, in µs UTC; None for a key that is not a TID.

    >>> tid_us("3jzfcijpj2z2a")
    1688137381887007
    """
    if key is None or len(key) != 13 or key[0] not in "234567abcdefghij":
        return None
    found = 0
    for letter in key:
        if letter not in _TID:
            return None
        found = found << 5 | _TID[letter]
    found >>= 10
    return found if _FIRST_US <= found <= _LAST_US else None
