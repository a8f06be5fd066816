"""Texts as people write and say them: brought into one spelling, cut into grams, stripped of what is private."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 4_000
"""Characters of a text that are read; what comes after is kept with the signal and not looked at."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028\u2029\u2060\ufeff]")
PLACE = "□"
"""Stands where a place was named: the model learns what happened, not where."""
_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)|\d{0,3}\*{4}\d{2,4}"
)
"""Also as they are masked when they come in: what was learnt from the words as said holds for those too."""
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?![0-9A-Za-z])|\d\*{16}[\dXx]")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z](?:[·• ]?[A-Z0-9]{5,6}|\*{3}[A-Z0-9]{2})"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:微信|QQ|qq)号?[:： ]?[0-9A-Za-z_-]{5,20}")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤应施章楼俞童华"
    "胥季颜倪翁柳池厉阎卜包"
)
_AFTER = "(?<=来电人)|(?<=反映人)|(?<=联系人)|(?<=诉求人)|(?<=市民)|(?<=我叫)|(?<=姓名)|(?<=】)"
_TITLES = "先生|女士|小姐|师傅|老板|阿姨|大爷|大妈|同志|老师|医生|经理|主任|书记|某某?"
_HAN = r"[\u4e00-\u9fff]"
_NAME = re.compile(
    rf"(?:{_AFTER})[:： ]?[{_SURNAMES}]{_HAN}{{1,2}}(?=[来反致称，,：:。、 （(]|$|电)"
    rf"|[{_SURNAMES}](?:{_TITLES})"
    rf"|(?<=姓)[{_SURNAMES}]"
    rf"|(?:(?<=[】，。（ ])|^)[{_SURNAMES}]{_HAN}{{1,2}}(?=致电|来电|（)"
)
_DENIED = re.compile(
    r"(?:上次|先前|之前|以前|原来|前次)(?:说的|那个|反映的)?[^，。,;；！!？?]{2,24}?(?:已经|都)?(?:解决|弄好|修好|处理好|修复)了?"
    r"|[^，。,;；！!？?]{2,16}(?:已经|都)(?:解决|弄好|修好|处理好|修复)了"
    r"|(?:我说的)?(?:不是|并非)[^，。,;；！!？?]{2,24}(?=[，,])"
    r"|(?:跟|和|与)[^，。,;；！!？?]{2,24}(?:没关系|没有关系|无关)"
)
_LONG_NUMBER = re.compile(r"\d{5,}|\d*\*{3,}[\dXx]*")
_DIGITS = re.compile(r"\d+")
_FURTHER = re.compile(r"(?<=.{8})[，,。；; ](?:另外|此外|顺便|顺带|同时|再就是|还有就是|还有|再一个)")
_SPACE = re.compile(r"\s+")
_CLAUSE = re.compile(r"[，,。！!？?；;：:\n]+|\.(?!\d)")
_COURTESY = re.compile(
    r"^(?:你好|您好|喂|请问|麻烦|领导|工作人员|市民|来电人|反映人|群众|网友|居民|同志|尊敬的|我要|我想|反映|投诉|举报|来电|"
    r"拍了照片|管不管啊|见(?!到)|讲|就是|网民留言|网民|来话人|诉求人|诉求内容|诉求|工单|情况|本人|住在|为什么|为啥|求助|巡查发现|网格巡查|今日巡逻至|上报|你们好|热线|尊敬|"
    r"咨询|说|称|【|】|\[|\]|一下|下|的|是|在|：|:|，|,|！|!|。|、| )+"
)


def plain(text: str) -> str:
    """The text with compatibility characters folded (full-width digits) and control characters gone."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST])
    return _SPACE.sub(" ", _CONTROL.sub("", folded)).strip()


def clauses(text: str) -> list[str]:
    """The parts of a text between its marks, without the courtesies they begin with; never empty ones."""
    return [part for part in (_COURTESY.sub("", part.strip()).strip() for part in _CLAUSE.split(text)) if part]


_CONTACT = re.compile(r"〔|电话|随时联系|回电|联系方式|微信|保密|匿名|透露姓名|谢谢|辛苦|拜托|\d{5,}")
"""What makes a clause one about who speaks, not about the matter."""


def is_about_the_matter(clause: str) -> bool:
    """Whether a clause is neither a contact nor a courtesy."""
    return len(clause) >= 2 and not _CONTACT.search(without_private(clause))


def without_private(text: str) -> str:
    """The text with telephone, identity and plate numbers, addresses of the net, and names crossed out."""
    for pattern, sign in ((_IDENTITY, "〔证件〕"), (_PHONE, "〔电话〕"), (_PLATE, "〔车牌〕"), (_ADDRESS, "〔账号〕")):
        text = pattern.sub(sign, text)
    return _NAME.sub("〔姓名〕", text)


def first_and_further(text: str) -> tuple[str, str]:
    """The first matter of a text, and what it adds as a further one; the second is empty when it adds none."""
    found = _FURTHER.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def subject(text: str) -> str:
    """What a text is about, of the same length: settled things, things not meant, long numbers blank; digits are 0."""
    text = _DENIED.sub(lambda found: " " * len(found.group()), text.lower())
    text = _LONG_NUMBER.sub(lambda found: " " * len(found.group()), text)
    return _DIGITS.sub(lambda found: "0" * len(found.group()), text)


def grams(text: str) -> Iterator[tuple[str, int]]:
    """Characters and pairs of neighbours of a text with where each begins; marks, spaces and places part them."""
    before = ""
    for place, sign in enumerate(text):
        if not sign.isalnum():
            before = ""
            continue
        yield sign, place
        if before:
            yield before + sign, place - 1
        before = sign


def units(text: str) -> list[str]:
    """The grams of what a text is about: what the model counts."""
    return [gram for gram, _place in grams(subject(first_and_further(text)[0]))]
