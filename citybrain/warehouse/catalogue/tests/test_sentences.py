"""A stored sentence is read in the language of whoever reads it."""

import json

from django.utils import translation
from django.utils.translation import gettext_noop

from citybrain.warehouse.catalogue.sentences import Sentence, read

FITS = Sentence(gettext_noop("The element “%(other)s” fits as well."), {"other": "手机"})


def test_it_survives_the_database() -> None:
    assert read(json.loads(json.dumps(FITS.stored()))) == FITS


def test_it_is_read_in_the_readers_language() -> None:
    with translation.override("en"):
        assert str(FITS) == "The element “手机” fits as well."
    with translation.override("zh-hans"):
        assert "手机" in str(FITS)
        assert "The element" not in str(FITS)


def test_a_percent_sign_without_values_is_a_percent_sign() -> None:
    assert str(Sentence("100% of it")) == "100% of it"
