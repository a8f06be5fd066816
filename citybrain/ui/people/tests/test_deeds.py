"""Lines of the security log in words."""

from django.utils.translation import override

from citybrain.ui.people.deeds import deed, kind_words, value_words


def test_what_rooms_log_has_words() -> None:
    for action in ("import", "announcement-published", "token-issue", "message-robot", "citizen-report", "erase"):
        with override("en"):
            english = deed(action)
        with override("zh-hans"):
            assert action != english != deed(action)


def test_a_record_type_is_called_by_its_name_and_an_unknown_kind_by_its_key() -> None:
    with override("en"):
        assert kind_words("service-point") == "service point"
        assert kind_words("user") == "Person"
        assert kind_words("dragon") == "dragon"


def test_ways_of_signing_in_are_words_and_fingerprints_are_short() -> None:
    with override("en"):
        assert value_words("method", "password+code") == "Password + One-time code"
        assert value_words("why", "dragon") == "dragon"
        assert value_words("name", "password") == "password"
        assert value_words("file", "ab" * 32) == "abababababab…"
