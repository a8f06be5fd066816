"""National and provincial standards: data elements, code lists and rules."""

from citybrain.applications.standards import (
    codelists_city,
    codelists_legal,
    codelists_person,
    codelists_place,
    codelists_welfare,
    elements_city,
    elements_contact,
    elements_environment,
    elements_identity,
    elements_legal,
    elements_money,
    elements_person,
    elements_property,
    elements_time,
    elements_welfare,
    rules,
)
from citybrain.declare.application import Application, Platform
from citybrain.declare.words import _

APPLICATION = Application(
    key="standards",
    title=_("Standards"),
    platform=Platform.BASE,
    declares=(
        *codelists_person.CODE_LISTS,
        *codelists_legal.CODE_LISTS,
        *codelists_place.CODE_LISTS,
        *codelists_welfare.CODE_LISTS,
        *codelists_city.CODE_LISTS,
        *elements_identity.ELEMENTS,
        *elements_person.ELEMENTS,
        *elements_contact.ELEMENTS,
        *elements_legal.ELEMENTS,
        *elements_money.ELEMENTS,
        *elements_time.ELEMENTS,
        *elements_property.ELEMENTS,
        *elements_welfare.ELEMENTS,
        *elements_city.ELEMENTS,
        *elements_environment.ELEMENTS,
        *rules.RULES,
    ),
)
