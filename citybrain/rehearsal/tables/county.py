"""All sources of the county, in an order in which every reference points back."""

from citybrain.rehearsal.specification import Source
from citybrain.rehearsal.tables import economy, land, learning, livelihood, market, security, surroundings, utilities

SOURCES: tuple[Source, ...] = (
    *security.SOURCES,
    *livelihood.SOURCES,
    *learning.SOURCES,
    *market.SOURCES,
    *economy.SOURCES,
    *land.SOURCES,
    *surroundings.SOURCES,
    *utilities.SOURCES,
)
