"""The account's place in the menu behind a person's name."""

from django.utils.translation import gettext_lazy as _

from citybrain.ui.person import OwnPage

MY_ACCOUNT = OwnPage(title=_("My account"), icon="shield-lock", url_name="account")
