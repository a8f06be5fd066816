"""Made-up messages and announcements of the demo county, each marked as such; made once, by `citybrain run` alone."""

from __future__ import annotations

from citybrain.declare.notice import Urgency
from citybrain.hubs.messages.actions import write
from citybrain.hubs.messages.addressing import to_organisation, to_person
from citybrain.hubs.messages.announcing import publish
from citybrain.hubs.messages.models import Announcement, Message
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.records.actions import create
from citybrain.kernel.records.shape import shape_of

LEADER = "demo-leader"

ANNOUNCEMENTS = (
    {
        "title": "【演示】便民服务中心国庆期间办事时间安排",
        "kind": "service",
        "audience": "public",
        "is_pinned": True,
        "body": (
            "**本公告为演示数据，不代表实际安排。**\n\n市、镇两级便民服务中心假期安排如下：\n\n"
            "| 日期 | 市中心 | 镇（街道）中心 |\n|---|---|---|\n| 10 月 1 日至 3 日 | 休息 | 休息 |\n"
            "| 10 月 4 日起 | 8:30–17:30 | 8:30–17:00 |\n\n急事请拨打 12345 热线。"
        ),
    },
    {
        "title": "【演示】城市大脑公众服务上线试运行",
        "kind": "news",
        "audience": "public",
        "body": (
            "**本公告为演示数据。**\n\n即日起，居民可以在手机上查询办事网点、反映问题、查看谁查询过自己的数据。\n\n"
            "- 无需注册即可反映问题\n- 登录后可查看办理进度\n- 提供长辈模式"
        ),
    },
    {
        "title": "【演示】关于做好政务数据质量整改的通知",
        "kind": "notice",
        "audience": "officials",
        "needs_confirmation": True,
        "body": (
            "**本通知为演示数据。**\n\n各部门数据专员：\n\n1. 请于收到通知后五个工作日内核对本部门问题数据清单；\n"
            "2. 能在源头改正的，请在业务系统中改正后重新归集；\n3. 无法改正的，请说明原因。\n\n请阅后确认。"
        ),
    },
)


def make_messages() -> int:
    """Make the demo's messages and announcements, unless they are there; returns how many. Needs the demo's people."""
    leader = User.objects.filter(username=LEADER).first()
    if leader is None or Message.objects.filter(sender=leader).exists():
        return 0
    actor = actor_for(leader)
    return _announcements(actor) + _messages(actor)


def _announcements(actor: Actor) -> int:
    steward = next(User.objects.filter(is_superuser=True).order_by("pk").iterator(), None)
    author = actor_for(steward) if steward is not None else actor
    shape = shape_of(Announcement)
    if not author.may(shape.permission("create")):
        return 0
    bureau = Organisation.objects.get(key="data-bureau")
    for values in ANNOUNCEMENTS:
        made = create(shape, {**values, "organisation": bureau}, author)
        publish(made.number, actor)
    return len(ANNOUNCEMENTS)


def _messages(actor: Actor) -> int:
    bureau = Organisation.objects.get(key="market-regulation")
    write(
        "【演示】请核对市场主体登记数据",
        "本消息为演示数据。\n请市场监管局核对本月归集的市场主体登记数据，缺失统一社会信用代码的请补录。",
        to_organisation(bureau),
        actor=actor,
        urgency=Urgency.IMPORTANT,
        link="/datasets/",
    )
    write(
        "【演示】台风防御值班安排",
        "本消息为演示数据。\n请各单位值班人员于今日 17:30 前到岗，并确认收到。",
        to_organisation(bureau),
        actor=actor,
        urgency=Urgency.URGENT,
        needs_receipt=True,
    )
    sent = 2
    for user in User.objects.filter(is_superuser=True):
        write(
            "【演示】欢迎使用城市大脑",
            "本消息为演示数据。\n左上角“我的工作”汇总了需要您处理的事项，铃铛显示未读消息。",
            to_person(user),
            actor=actor,
            link="/work/",
        )
        sent += 1
    return sent
