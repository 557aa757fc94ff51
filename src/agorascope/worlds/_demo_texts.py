"""What do people in Rivemont write? Templates of invented posts, in French and English."""

import numpy as np

HASHTAGS = (
    "Rivemont",
    "TramRivemont",
    "transports",
    "tramway",
    "velo",
    "remboursement",
    "ligneB",
    "mobilite",
    "commute",
    "billetterie",
    "ponctualite",
    "urbanisme",
)
LINKS = (
    "https://example.org/tram/ligne-b",
    "https://example.org/tram/horaires",
    "https://example.com/rivemont/transport",
    "https://example.com/rivemont/news",
    "https://example.net/billetterie",
    "https://example.net/forum/usagers",
    "https://example.edu/etude-mobilite",
)
HOSTILE = (
    '=HYPERLINK("http://example.invalid/","free tickets") <script>alert("tram")</script>'
    '<svg onload="alert(1)"><style>body{display:none}</style>'
    "<img src=x onerror=alert(2)> \u202egnikcit eerf\u202c \u2067tram\u2069 +1+cmd|' /C calc'!A0"
)

_FIRST = (
    "camille",
    "lea",
    "hugo",
    "sam",
    "nadia",
    "theo",
    "maya",
    "alex",
    "ines",
    "tom",
    "zoe",
    "karim",
    "rose",
    "paul",
    "lina",
    "omar",
    "eva",
    "noe",
)
_LAST = ("rail", "quai", "pont", "ville", "velo", "matin", "gare", "port", "ligne", "parc")

_USUAL = {
    "fr": (
        "Le tram de {hour} h était {state} ce matin, {mood}.",
        "Ligne B : {number} minutes d’attente à {stop}. {Mood}.",
        "Quelqu’un sait si la station {stop} rouvre cette semaine ?",
        "Belle lumière sur le pont depuis le tram, {mood}.",
        "La régie publie les nouveaux horaires pour {stop}.",
        "{number} voyageurs serrés dans une rame, {mood}.",
        "Je passe au vélo, le tram est {state} une fois sur deux.",
        "Réunion d’usagers à {stop} jeudi à {hour} h.",
    ),
    "en": (
        "The {hour} o’clock tram was {state} this morning, {mood}.",
        "Line B: a {number}-minute wait at {stop}. {Mood}.",
        "Does anyone know whether {stop} station reopens this week?",
        "Lovely light over the bridge from the tram, {mood}.",
        "The operator has published new timetables for {stop}.",
        "{number} people squeezed into one carriage, {mood}.",
        "Back to cycling: the tram is {state} every other day.",
        "Passengers’ meeting at {stop} on Thursday at {hour}.",
    ),
}
_DURING = {
    "fr": (
        "Impossible d’acheter un billet à {stop}, toutes les bornes sont en panne.",
        "Panne générale de la billetterie : {number} rames à l’arrêt, {mood}.",
        "Amende de {number} euros alors que l’application ne marche pas !",
        "Bloqués à {stop} depuis {number} minutes, aucune annonce.",
        "La régie parle d’une mise à jour défaillante. {Mood}.",
        "Remboursez-nous ! {number} minutes perdues à {stop}.",
    ),
    "en": (
        "Cannot buy a ticket at {stop}, every machine is down.",
        "Ticketing is down everywhere: {number} trams at a standstill, {mood}.",
        "Fined {number} euros while the app does not work!",
        "Stuck at {stop} for {number} minutes, not a word from anyone.",
        "The operator blames a faulty update. {Mood}.",
        "We want our money back! {number} minutes lost at {stop}.",
    ),
}
_STATES = {
    "fr": ("en retard", "bondé", "annulé", "à l’heure", "presque vide"),
    "en": ("late", "packed", "cancelled", "on time", "almost empty"),
}
_MOODS = {
    "fr": ("c’est lassant", "on s’habitue", "quel plaisir", "rien de neuf", "à suivre"),
    "en": ("so tiring", "you get used to it", "what a treat", "nothing new", "to be continued"),
}
_ASIDES = {
    "fr": (
        ("Ma voisine", "Le fils du boucher", "Mon collègue", "Une dame au chapeau", "L’instituteur", "Un étudiant", "Ma sœur",
         "Le facteur", "Un touriste", "La fleuriste", "Mon grand-père", "Une infirmière"),
        ("jure avoir vu", "cherche", "dessine", "photographie", "chante", "a perdu", "vend", "défend", "a offert", "raconte"),
        ("un parapluie rouge", "trois tickets", "sa valise", "un vieux wagon", "des tulipes", "la clé du dépôt", "un carnet",
         "ses lunettes", "un chien jaune", "une trompette", "deux places"),
        ("depuis mardi", "à l’aube", "sous la pluie", "sans un mot", "chaque semaine", "pour rire", "au terminus", "à midi pile"),
    ),
    "en": (
        ("My neighbour", "The butcher’s son", "A colleague", "A lady in a hat", "The teacher", "Some student", "My sister",
         "The postman", "A tourist", "The florist", "My grandfather", "A nurse"),
        ("swears to have seen", "looks for", "draws", "photographs", "sings about", "lost", "sells", "defends", "gave away"),
        ("a red umbrella", "three tickets", "her suitcase", "an old carriage", "some tulips", "the depot key", "a notebook",
         "his glasses", "a yellow dog", "a trumpet", "two seats"),
        ("since Tuesday", "at dawn", "in the rain", "without a word", "every week", "for fun", "at the terminus", "at noon sharp"),
    ),
}  # fmt: skip
_STOPS = ("Hôtel-de-Ville", "Gare centrale", "Quai des Brumes", "Parc des Forges", "Saint-Alban", "Les Tanneries")


def text_of(language: str, *, during: bool, tag: str | None, link: str | None, rng: np.random.Generator) -> str:
    """Fill a template of one language, of the breakdown or of usual days, with its hashtag and link."""
    choices = _DURING[language] if during and rng.random() < 0.8 else _USUAL[language]
    state, mood = (words[language][int(rng.integers(5))] for words in (_STATES, _MOODS))
    template, stop = choices[int(rng.integers(len(choices)))], _STOPS[int(rng.integers(len(_STOPS)))]
    said = template.format(
        hour=int(rng.integers(6, 21)), number=int(rng.integers(5, 95)), stop=stop, state=state, mood=mood, Mood=mood.capitalize()
    )
    said = f"{said} {_aside(language, rng.spawn(1)[0])}"
    return " ".join([said, *([f"#{tag}"] if tag else []), *([link] if link else [])])


def _aside(language: str, rng: np.random.Generator) -> str:
    """Add what only this writer thinks of, so that two posts are hardly ever alike; drawn apart."""
    who, does, what, when = (words[int(rng.integers(len(words)))] for words in _ASIDES[language])
    return f"{who} {does} {what} {when}."


def name_of(number: int) -> str:
    """Give an account number its handle.

    >>> name_of(0), name_of(19)
    ('camille_rail_0', 'lea_quai_19')
    """
    return f"{_FIRST[number % len(_FIRST)]}_{_LAST[number // len(_FIRST) % len(_LAST)]}_{number}"
