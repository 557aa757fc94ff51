"""Is this a list of registration records? ``account, kind, value``: with what each account, or its site, was registered.

One row is one record of one account: a domain, a registrant, a name server, a block of addresses, the hash of a number...
It is stored as a tie of the network ``registrations``, its kind as the layer, from the account to the value in one comparable form.
A record that says it is withheld names nobody and would tie all who hide: it goes to quarantine.
"""

import ipaddress
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from tldextract import TLDExtract

from agorascope.errors import BadRecord
from agorascope.records import REGISTRATIONS, Edge, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, key, padded, saw, unknown_names, values
from .fields import ident, text, time_us
from .names import POST, Aliases

NAME = "registration-records"
CONTAINER = "table"
PRIORITY = 3  # before the tables of posts: an account, a kind and a date are theirs too, the kinds are not
COLUMNS: Aliases = {
    "account_id": f"{POST['account_id']} identifiantducompte",
    "handle": f"{POST['handle']} page member membre",
    "kind": "recordkind recordtype registrationkind registrationtype type nature typedenregistrement typedinscription",
    "value": "record recordvalue registration registrationvalue valeur enregistrement inscription",
    "at": (
        "date recordedat registeredat registrationdate createdat seen timestamp datedenregistrement datedinscription enregistrele"
    ),
    "platform": "plateforme",
}
KINDS: Aliases = {
    "domain": "domainname website site domaine nomdedomaine siteweb",
    "email_domain": "maildomain domaineemail domainedecourriel domainemail",
    "name_server": "nameservers nameserver ns dns serveurdenoms serveurdns",
    "registrar": "bureaudenregistrement",
    "registrant": "registrantname owner registrantorganization registrantorganisation titulaire proprietaire deposant",
    "email": "emailaddress registrantemail mail courriel adresseemail adressedecourriel",
    "email_hash": "hashedemail emailhache hashemail hashducourriel",
    "phone": "phonenumber telephone registrantphone numerodetelephone",
    "phone_hash": "hashedphone hashphone hashedtelephone telephonehache hashdutelephone",
    "ip": "ipaddress adresseip",
    "ip_block": "iprange ipprefix subnet cidr blocip plageip",
    "payment": "paymentid card cardhash wallet iban paiement carte portefeuille moyendepaiement",
    "device": "deviceid devicehash appareil",
    "tracking_id": "analyticsid adsenseid trackerid identifiantdesuivi identifiantdemesure",
}
_POSTS: Aliases = {"text": POST["text"], "post_id": "tweetid statusid messageid"}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in (key(kind), *words.split())}
_WITHHELD = re.compile(
    r".*\b(?:redacted|withheld|not disclosed|undisclosed|data protected|whoisguard|domains by proxy|masqu[ée]e?|non divulgu[ée]e?|"
    r"(?:whois|contact|perfect) privacy|privacy (?:protect\w*|service|guard)|identity protect\w*)\b.*|"
    r"private|priv[ée]e?|unknown|inconnue?|anonymous|anonyme|confidential|confidentiel(?:le)?|gdpr|rgpd"
)


def recognise(sample: Sample) -> str | None:
    """Accept a table with an account, a kind and a value, no post, and kinds that are those of registrations."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS)
    missing = [name for name in ("kind", "value") if name not in at]
    if missing or not at.keys() & {"account_id", "handle"}:
        return f"no column for {' and '.join(missing or ['account'])} of a registration record; {saw(sample)}"
    if bind(sample, _POSTS):
        return "has texts or posts, not registration records"
    seen = values(sample, at["kind"])
    known = sum(1 for value in seen if _kind(value) in KINDS)
    if sample.columns or (seen and 2 * known >= len(seen)):
        return None
    return f"column {sample.header[at['kind']]!r} has no kinds of registration (domain, registrant, ip_block...)"


def mapper(sample: Sample) -> Mapper:
    """Bind to account, kind and value and map each row to one tie."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_account, i_handle, i_kind, i_value, i_at = (at.get(n, width) for n in ("account_id", "handle", "kind", "value", "at"))
    day_first, zone = dates(sample, i_at)
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        account, kind = (ident(row[i_account]) or ident(row[i_handle]) or "").lstrip("@"), _kind(row[i_kind])
        if not account:
            raise BadRecord(message("reasons.record_unnamed"))
        if not kind:
            raise BadRecord(message("reasons.record_unkinded"))
        value = _comparable(kind, ident(row[i_value]))
        when = time_us(row[i_at], day_first=day_first, zone=zone)
        return [Edge(platform_of(row), REGISTRATIONS, kind, account, value, None, when)]

    return map_row


def _kind(value: Any) -> str:
    """Give the kind a cell means; one this code has not heard of as it is written, in lower case."""
    said = text(value) or ""
    return _KIND_OF.get(key(said), "_".join(said.casefold().split()))


def _comparable(kind: str, value: str | None) -> str:
    """Write a value so that accounts registered with the same thing have the same. Raises BadRecord for none, or one withheld."""
    said = " ".join((value or "").casefold().split())
    if not said:
        raise BadRecord(message("reasons.record_empty"))
    if _WITHHELD.fullmatch(said) and kind not in ("domain", "email_domain", "name_server"):
        raise BadRecord(message("reasons.record_withheld", seen=said[:60]))
    if kind == "email_domain":
        said = said.rpartition("@")[2]
    if kind in ("domain", "email_domain"):
        return _sites()(said).top_domain_under_public_suffix or said.rstrip(".")
    if kind == "name_server":
        return said.rstrip(".")
    if kind in ("ip", "ip_block"):
        return _network(said)
    return said if kind != "phone" else re.sub(r"(?<!^)\+|[^\d+a-z]", "", said) or said


@cache
def _sites() -> TLDExtract:
    """Find the domain of a site; two blogs of one host are two sites, since their authors did not register the host."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _network(said: str) -> str:
    """Write a block by its first address and its length, an address as it is; what is neither stays as written."""
    try:
        return str(ipaddress.ip_network(said, strict=False)) if "/" in said else str(ipaddress.ip_address(said))
    except ValueError:
        return said
