"""The ways out of this house."""

from __future__ import annotations

from functools import cache

from citybrain.declare.notice import Channel
from citybrain.hubs.messages.channels.channel import ChannelAdapter
from citybrain.hubs.messages.channels.email import Email
from citybrain.hubs.messages.channels.robots import POSTS, GroupRobot
from citybrain.hubs.messages.channels.sms import Sms


@cache
def channels() -> dict[Channel, ChannelAdapter]:
    """Ways to a person."""
    return {Channel.EMAIL: Email(), Channel.SMS: Sms()}


@cache
def robots() -> dict[str, ChannelAdapter]:
    """Ways to a group, by kind of robot."""
    return {kind: GroupRobot(kind) for kind in POSTS}
