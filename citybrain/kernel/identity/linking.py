"""Links people to identities at providers (账号绑定): by the provider's subject alone, and never with any right."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import LinkedIdentity
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.providers.provider import Identity, IdentityProvider
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.identity.sign_in import Refused


def person_of(identity: Identity) -> User | None:
    """The person linked to an identity; None when it was never linked."""
    link = LinkedIdentity.objects.filter(provider=identity.provider, subject=identity.subject).first()
    if link is None:
        return None
    LinkedIdentity.objects.filter(pk=link.pk).update(used_at=timezone.now())
    return link.user


def link_identity(actor: Actor, user: User, identity: Identity) -> LinkedIdentity:
    """Links an identity to a person, who has shown that both are theirs. Raises Refused when somebody else has it."""
    try:
        with transaction.atomic():
            link = LinkedIdentity.objects.create(
                user=user,
                provider=identity.provider,
                subject=identity.subject,
                name=identity.name,
                facts={"organisations": list(identity.organisations), **identity.facts},
            )
            log_security(actor, "identity-linked", user, detail={"provider": identity.provider})
    except IntegrityError as error:
        raise Refused(_("This identity is linked to an account already.")) from error
    return link


def unlink_identity(actor: Actor, link: LinkedIdentity) -> None:
    """Ends a link. Raises Refused when it is the only way its person has to sign in."""
    others = LinkedIdentity.objects.filter(user=link.user).exclude(pk=link.pk).exists()
    if not others and not link.user.has_usable_password():
        raise Refused(_("This is your only way to sign in; it cannot be taken away."))
    with transaction.atomic():
        log_security(actor, "identity-unlinked", link.user, detail={"provider": link.provider})
        link.delete()


def open_account(actor: Actor, provider: IdentityProvider, identity: Identity) -> User | None:
    """An account without any right for somebody new, where the provider may open one (citizens); None where not."""
    if not provider.opens_accounts:
        return None
    with transaction.atomic():
        user = User(username=f"{provider.kind}-{secrets.token_hex(8)}", kind=provider.kind, chinese=identity.name[:64])
        user.set_unusable_password()
        user.save()
        log_security(actor, "account-opened", user, detail={"provider": provider.key})
        link_identity(actor, user, identity)
    return user
