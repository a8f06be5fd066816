"""Addresses of the door and of one's own account."""

from django.urls import URLPattern, path

from citybrain.ui.account import account, door, elsewhere, locked, proofs

urlpatterns: list[URLPattern] = [
    path("login/", door.sign_in, name="login"),
    path("login/code/", door.code, name="sign-in-code"),
    path("login/with/<slug:key>/", elsewhere.leave_for, name="sign-in-elsewhere"),
    path("login/from/<slug:key>/", elsewhere.come_back, name="sign-in-return"),
    path("logout/", door.sign_out, name="logout"),
    path("account/", account.account, name="account"),
    path("account/password/", proofs.password, name="account-password"),
    path("account/second-factor/", proofs.factor, name="account-second-factor"),
    path("account/sessions/end/", account.end_others, name="account-sessions-end"),
    path("account/sessions/<int:session_id>/end/", account.end_one, name="account-session-end"),
    path("account/identities/confirm/", elsewhere.confirm, name="account-identity-confirm"),
    path("account/identities/link/<slug:key>/", elsewhere.leave_to_link, name="account-identity-link"),
    path("account/identities/<int:link_id>/end/", elsewhere.unlink, name="account-identity-unlink"),
    path("locks/", locked.locked, name="account-locks"),
    path("locks/<int:lock_id>/open/", locked.unlock, name="account-unlock"),
    path("locks/second-factors/<int:number>/remove/", locked.remove_factor, name="account-factor-remove"),
]
