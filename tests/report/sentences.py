"""What do the findings made by hand say? Their sentences in both languages."""

from agorascope.texts import catalogue

TEXTS = {
    "en": {
        "sample.title": "Sample",
        "sample.question": "Did the volume of {what} rise for a while?",
        "sample.quiet": "Did the share of reposts change?",
        "sample.poor": "Which accounts act together?",
        "sample.gate": "Are the posts all there?",
        "sample.claim": "Volume was {ratio:ratio} its usual level for {length:duration} from {start:date}; "
        "account {account} alone posted {share:percent} of it.",
        "sample.not_found": "No change of the share of reposts was seen; changes above {least:ratio} would have been.",
        "sample.insufficient": "There are {n:count} {n:account|accounts} with posts; 20 are needed.",
        "sample.faults": "Only {share:percent} of the posts counted by the account’s own counter were captured in October.",
        "sample.limit": "Volume is what was captured, not what was written.",
        "sample.role": "most shared post of the burst",
        "sample.rival": "One author alone made the burst ({account}).",
        "sample.rival2": "The capture was denser in these days.",
        "sample.missing": "the accounts’ own counters",
        "sample.daily": "Posts per day",
        "sample.bars": "Change by language",
        "sample.note": "{n:count} posts without a date are left out.",
        "sample.effect": "changes before this date cannot be judged",
    },
    "fr": {
        "sample.title": "Exemple",
        "sample.question": "Le volume de {what} a-t-il monté pendant un temps\u202f?",
        "sample.quiet": "La part des partages a-t-elle changé\u202f?",
        "sample.poor": "Quels comptes agissent ensemble\u202f?",
        "sample.gate": "Les messages sont-ils tous là\u202f?",
        "sample.claim": "Le volume a atteint {ratio:ratio} son niveau habituel pendant {length:duration} "
        "à partir du {start:date}\u202f; "
        "le compte {account} en a publié {share:percent} à lui seul.",
        "sample.not_found": "Aucun changement de la part des partages n’est visible\u202f; "
        "au-delà de {least:ratio}, il l’aurait été.",
        "sample.insufficient": "Il y a {n:count} {n:compte|comptes} avec des messages\u202f; il en faut 20.",
        "sample.faults": "En octobre, seuls {share:percent} des messages que compte le compte lui-même ont été captés.",
        "sample.limit": "Le volume est celui qui a été capté, non celui qui a été écrit.",
        "sample.role": "message le plus partagé du pic",
        "sample.rival": "Un seul auteur a fait le pic ({account}).",
        "sample.rival2": "La collecte a été plus dense ces jours-là.",
        "sample.missing": "les compteurs des comptes",
        "sample.daily": "Messages par jour",
        "sample.bars": "Évolution par langue",
        "sample.note": "{n:count} messages sans date sont écartés.",
        "sample.effect": "les changements avant cette date ne peuvent être jugés",
    },
}


def install_texts() -> None:
    """Teach the catalogue the sentences of the samples."""
    for lang, texts in TEXTS.items():
        catalogue(lang).update(texts)
