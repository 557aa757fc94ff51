"""Are texts that are the same or nearly so found, all of them and no others?"""

import numpy as np
import pytest

from agorascope.stats.nearsame import nearsame, normalised
from tests import naive

SAID = "the quick brown fox jumps over the lazy dog near our river"


def invented(texts: int, seed: int) -> list[str]:
    """Write texts of 9 to 20 words, a third of them copies of others with up to three words changed or dropped."""
    rng = np.random.default_rng(seed)
    words = [[f"w{k}" for k in rng.integers(0, 400, rng.integers(9, 21))] for _ in range(texts)]
    for i in range(0, texts - 1, 3):
        words[i + 1] = list(words[i])
        for _ in range(int(rng.integers(0, 4))):
            words[i + 1][int(rng.integers(len(words[i])))] = "other"
    return [" ".join(text) + " and all the rest of it" for text in words]


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.95])
def test_groups_equal_the_slow_twin(threshold: float) -> None:
    """Every group is that of comparing all pairs, whatever the threshold."""
    texts = invented(300, 4)
    group = nearsame(texts, threshold=threshold).group
    found = [set(np.flatnonzero(group == g).tolist()) for g in range(group.max() + 1)]
    assert sorted(map(sorted, naive.near_groups(texts, threshold))) == sorted(map(sorted, found))


def test_order_counts_for_numbers_only() -> None:
    """The same texts in another order fall into the same groups; another seed changes nothing here."""
    texts = invented(300, 5)
    order = np.random.default_rng(1).permutation(300)
    group, moved = nearsame(texts).group, nearsame([texts[i] for i in order], seed=9).group
    pairs = {(int(a), int(b)) for a, b in zip(group[order], moved, strict=True)}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_what_does_not_make_another_text() -> None:
    """Case, punctuation, emoji, addresses, mentions and forms of letters do not count; words do."""
    same = [SAID, SAID.upper() + "!!! 🎉", f"@ann {SAID} https://a.example/b?c=1", SAID.replace("fox", "ｆｏｘ"), f"RT @b: #{SAID}"]
    found = nearsame([*same, "something else that nobody has ever said before here"])
    assert [0] * 5 + [-1] == found.same.tolist() == found.group.tolist()


def test_short_texts_are_no_evidence() -> None:
    """Greetings are never grouped; seven words only where they are the same."""
    greeting, seven = "Good morning!", "seven words which are quite long enough"
    found = nearsame([greeting, greeting, "ha " * 30, "ha " * 30, seven, seven, seven.replace("quite", "just"), None])
    assert [-1, -1, -1, -1, 0, 0, -1, -1] == found.group.tolist()
    assert 3 == found.long.sum()


def test_scripts_without_spaces_are_read_by_character() -> None:
    """A Chinese text with one character of twenty changed is nearly the same; normalised, each stands alone."""
    text = "今天我们在北京讨论全球气候变化问题及其解决方案"
    assert [0, 0] == nearsame([text, text.replace("今", "昨")]).group.tolist()
    assert "天 气" == normalised("天气。")


def test_threshold_one_is_the_same_words_only() -> None:
    """At 1 a word more makes another text; a threshold beyond is refused."""
    assert [-1, -1] == nearsame([SAID, SAID + " again"], threshold=1).group.tolist()
    assert [0, 0] == nearsame([SAID, SAID + " again"]).group.tolist()
    with pytest.raises(ValueError, match=r"use 0\.5 to 1"):
        nearsame([SAID], threshold=0.3)


def test_a_text_of_hundreds_stays_one_group() -> None:
    """Five hundred variants, each with a word of its own, are one group: no pair is left unmeasured that would part it."""
    assert {0} == set(nearsame([f"{SAID} said number{i}" for i in range(500)]).group.tolist())
