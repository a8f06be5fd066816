"""What a person is called in the frame of a page."""

from django.utils.translation import override

from citybrain.ui.person import called


def test_english_pages_call_a_person_by_what_english_readers_can_read() -> None:
    with override("zh-hans"):
        assert called("管理员", "admin") == "管理员"
        assert called("", "admin") == "admin"
    with override("en"):
        assert called("管理员", "admin") == "admin"
        assert called("Wang", "wang") == "Wang"
        assert called("管理员", "") == "管理员"
