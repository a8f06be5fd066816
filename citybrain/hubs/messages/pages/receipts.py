"""Where gateways report what arrived. The address holds a secret of this site, which its operator is given once."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from citybrain.hubs.messages.channels.channel import Receipt
from citybrain.hubs.messages.channels.chosen import channels
from citybrain.hubs.messages.delivering import take_receipt
from citybrain.kernel.identity.sealing import derived
from citybrain.ui.access import public

LARGEST = 256 << 10
"""Bytes of one report."""


def token_of(channel: str) -> str:
    """The secret part of a channel's address, made from the site's secret."""
    key = derived(settings.SECRET_KEY, "message-receipts")
    return hmac.new(key, channel.encode(), hashlib.sha256).hexdigest()[:40]


@public
@csrf_exempt
@require_POST
def receipts(request: HttpRequest, channel: str, token: str) -> HttpResponse:
    """Takes a report; answers as Aliyun's push expects, which other gateways read as well."""
    found = next((adapter for key, adapter in channels().items() if key == channel), None)
    if found is None or not found.is_ready() or not constant_time_compare(token, token_of(channel)):
        raise Http404("receipts")
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"code": 1, "msg": "too large"}, status=413)
    try:
        reported = [receipt for receipt in found.receipts(request.body) if is_identifier(receipt)]
    except (ValueError, ValidationError, RecursionError):
        return JsonResponse({"code": 1, "msg": "not a report"}, status=400)
    for receipt in reported:
        take_receipt(receipt)
    return JsonResponse({"code": 0, "msg": "ok"})


def is_identifier(receipt: Receipt) -> bool:
    """Whether it names a delivery as we name them; others are passed over."""
    try:
        uuid.UUID(receipt.id)
    except ValueError:
        return False
    return True
