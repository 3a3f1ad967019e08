"""Shipping costs that don't need a carrier."""

from __future__ import annotations

from decimal import Decimal

import networkx as nx

FREE_FROM = Decimal("100")


def flat_fee(total: Decimal, country: str) -> Decimal:
    """What the parcel costs the customer."""
    if total >= FREE_FROM:
        return Decimal(0)
    return Decimal("4.90") if country == "DE" else Decimal("12.50")


def hubs(network: nx.Graph, minimum: int = 3) -> list[str]:
    """The depots of a network that at least `minimum` links meet in."""
    return sorted(depot for depot, links in network.degree() if links >= minimum)
