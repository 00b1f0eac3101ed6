"""Whose a mailbox is: a role's may be published, a person's may not, since git never forgets."""

from __future__ import annotations

import re

from search.analysis import fold

# Bounded and anchored, so that a long run of letters costs no more than reading it.
_MAILBOX = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")
_PARTS = re.compile(r"[^a-z]+")

# What institutions call their mailboxes; any of these words in the part before the @ makes it a role's.
_ROLES = frozenset(
    """
    info infos information informations informacije informacie informazioni informacion informatie
    contact contacts contacto contatto contatti contato kontakt kontakti kontakty yhteys epafi
    office bureau ufficio oficina kantoor kancelaria kancelarija urad urzad toimisto amt kontor kantselei
    hello bonjour ciao hola ahoj mail email post posta poczta podatelna epodatelna postmaster mailbox inbox correo
    secretariat secretary secretaria segreteria sekretariat tajnistvo sekretariaat registratura registry protocollo pec
    press presse prensa stampa media communication communications comunicacion comunicazione komunikacia news newsletter
    support help helpdesk service services servicio servizio desk hotline team group
    admin administration management direction board staff uprava
    project projects projet projets proyecto progetto projekt projekti programme program programm
    event events training formation academy education school campus library
    cyber cybersecurity cybersecurite ciberseguridad kyber security csirt cert soc incident incidents
    digital digitalisation innovation innovazione innovacion inovacie inovacije hub dih edih cluster clusters network
    sme smes pme pmi pyme startup startups incubator accelerator enterprise business economy europe europa international
    voucher vouchers grants funding award awards jobs careers talent talents hr research transfer
    """.split()  # noqa: SIM905 - a set of words reads best as words
)


def addresses(text: str) -> list[str]:
    """The mailboxes that a text names."""
    if "@" not in text:  # nearly every text: looking for the sign is much faster
        return []
    return [found.group().rstrip(".") for found in _MAILBOX.finditer(text)]


def is_role(mailbox: str) -> bool:
    """Whether a mailbox is that of a role, as info@… or cyber-contact@… are."""
    return not _ROLES.isdisjoint(_PARTS.split(fold(mailbox.rpartition("@")[0])))


def is_address(text: str) -> bool:
    """Whether a text is the address of a page."""
    return _ADDRESS.fullmatch(text) is not None
