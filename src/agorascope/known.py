"""Of whom is it known whether they are in a group, and of which posts whether they hold a word or a hashtag?

What is not known is no "no": an account that a table of sides does not list may be of either side, and a post whose text was not
collected may hold any word. Analyses that give the share of an attribute count those of whom it is known, and say how many are not.

Groups are of one table where they are called ``variable:category`` with the same variable (``side:left``, ``side:right``), else
where a file holds both. A group that is alone in its table is a list of members: whoever is not on it is not of it.

Limits: a membership that two files hold is kept as that of the file added first.
"""

from unicodedata import normalize

from .tables import Corpus

PLAIN = ""
_GROUPS = """
    SELECT group_name, COALESCE(file_id, -1) AS file FROM groups GROUP BY group_name, COALESCE(file_id, -1)
    ORDER BY group_name NULLS FIRST, file NULLS FIRST"""
_TAGS_ALONE = """
    SELECT p.platform FROM post_objects AS t JOIN posts AS p ON t.platform = p.platform AND t.post_id = p.post_id
    WHERE t.kind = 'hashtag' AND p.text IS NULL AND p.kind <> 'repost' GROUP BY p.platform"""
_CONDITIONS = {
    "word": "p.text IS NOT NULL",
    "hashtag": f"(p.text IS NOT NULL OR p.platform IN ({_TAGS_ALONE}))",
}


def table_of(corpus: Corpus, group: str) -> list[str]:
    """List the groups of the table a group is of, itself among them; only itself where it is a list of members."""
    rows = corpus.query(_GROUPS).to_pylist() if corpus.has("groups") else []
    files = {row["file"] for row in rows if row["group_name"] == group}
    own = variable(group)
    kin = {row["group_name"] for row in rows if variable(row["group_name"]) == own and (own != PLAIN or row["file"] in files)}
    return sorted(kin | {group})


def variable(group: str) -> str:
    """Name the variable that a group is a category of, PLAIN where its name tells none.

    >>> variable("Age:18-34"), variable("press")
    ('age', '')
    """
    before, colon, _ = group.partition(":")
    return normalize("NFC", before.strip()).casefold() if colon else PLAIN


def telling(kind: str) -> str:
    """Write the condition on a post ``p`` under which it is known whether it holds a ``word`` or a ``hashtag``.

    A post without its text tells no word. It tells its hashtags where they were collected apart from texts: on a platform where
    some post without text has one.
    """
    return _CONDITIONS[kind]
