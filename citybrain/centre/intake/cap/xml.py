"""CAP 1.2 as XML, read and written. What is read is hostile: no document type, no entities, nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from citybrain.centre.intake.cap.message import NAMESPACE, Alert, Area, Info, Point, Reference, Resource, faults
from citybrain.centre.intake.quarantine import LARGEST, Refusal

MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-])(\d\d):(\d\d)")
"""The standard's pattern of times; a `Z` must not be used (3.3.2)."""
NUMBER = re.compile(r"-?\d{1,4}(\.\d{1,12})?")
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 cannot hold."""

ONE, MANY = False, True

ALERT = {
    "identifier": ONE,
    "sender": ONE,
    "sent": ONE,
    "status": ONE,
    "msgType": ONE,
    "source": ONE,
    "scope": ONE,
    "restriction": ONE,
    "addresses": ONE,
    "code": MANY,
    "note": ONE,
    "references": ONE,
    "incidents": ONE,
    "info": MANY,
}
INFO = {
    "language": ONE,
    "category": MANY,
    "event": ONE,
    "responseType": MANY,
    "urgency": ONE,
    "severity": ONE,
    "certainty": ONE,
    "audience": ONE,
    "eventCode": MANY,
    "effective": ONE,
    "onset": ONE,
    "expires": ONE,
    "senderName": ONE,
    "headline": ONE,
    "description": ONE,
    "instruction": ONE,
    "web": ONE,
    "contact": ONE,
    "parameter": MANY,
    "resource": MANY,
    "area": MANY,
}
RESOURCE = {"resourceDesc": ONE, "mimeType": ONE, "size": ONE, "uri": ONE, "derefUri": ONE, "digest": ONE}
AREA = {"areaDesc": ONE, "polygon": MANY, "circle": MANY, "geocode": MANY, "altitude": ONE, "ceiling": ONE}
PAIR = {"valueName": ONE, "value": ONE}


# --------------------------------------------------------------------------- reading


def read(body: bytes) -> Alert:
    """The message in `body`. Raises Refusal that names the element and the rule it breaks."""
    if len(body) > LARGEST:
        raise Refusal(_("The message is larger than 1 MB."), _("Send files by their address, not inside the message."))
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refusal(
            _("The message declares a document type or entities (%(kind)s), which are not read.")
            % {"kind": type(error).__name__},
            _("Send plain XML without DOCTYPE."),
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Refusal(_("This is no XML: %s.") % error, _("Send one CAP message as UTF-8.")) from error
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise Refusal(
            _("The root is %s, not a CAP 1.2 alert.") % root.tag[:120],
            _("Use the namespace %s.") % NAMESPACE,
        )
    alert = _alert(root)
    if broken := faults(alert):
        raise Refusal(" ".join(broken[:10]), _("Correct it after CAP 1.2, section 3.2, and send it again."))
    return alert


def _alert(root: Element) -> Alert:
    parts = _parts(root, ALERT, "alert")
    return Alert(
        identifier=_text(parts, "identifier"),
        sender=_text(parts, "sender"),
        sent=_needed_moment(parts, "sent"),
        status=_text(parts, "status"),
        message_type=_text(parts, "msgType"),
        source=_text(parts, "source"),
        scope=_text(parts, "scope"),
        restriction=_text(parts, "restriction"),
        addresses=_text(parts, "addresses"),
        codes=_texts(parts, "code"),
        note=_text(parts, "note"),
        references=tuple(_references(_text(parts, "references"))),
        incidents=_text(parts, "incidents"),
        infos=tuple(_info(element) for element in parts["info"]),
    )


def _info(element: Element) -> Info:
    parts = _parts(element, INFO, "info")
    return Info(
        language=_text(parts, "language") or "en-US",
        categories=_texts(parts, "category"),
        event=_text(parts, "event"),
        responses=_texts(parts, "responseType"),
        urgency=_text(parts, "urgency"),
        severity=_text(parts, "severity"),
        certainty=_text(parts, "certainty"),
        audience=_text(parts, "audience"),
        event_codes=tuple(_pair(one) for one in parts["eventCode"]),
        effective=_moment(parts, "effective"),
        onset=_moment(parts, "onset"),
        expires=_moment(parts, "expires"),
        sender_name=_text(parts, "senderName"),
        headline=_text(parts, "headline"),
        description=_text(parts, "description"),
        instruction=_text(parts, "instruction"),
        web=_text(parts, "web"),
        contact=_text(parts, "contact"),
        parameters=tuple(_pair(one) for one in parts["parameter"]),
        resources=tuple(_resource(one) for one in parts["resource"]),
        areas=tuple(_area(one) for one in parts["area"]),
    )


def _resource(element: Element) -> Resource:
    parts = _parts(element, RESOURCE, "resource")
    size = _text(parts, "size")
    if size and not (size.isascii() and size.isdecimal() and len(size) < 16):
        raise Refusal(_("%(element)s: %(text)s is no number.") % {"element": "size", "text": size[:40]})
    return Resource(
        description=_text(parts, "resourceDesc"),
        mime_type=_text(parts, "mimeType"),
        size=int(size) if size else None,
        uri=_text(parts, "uri"),
        deref_uri=_text(parts, "derefUri"),
        digest=_text(parts, "digest"),
    )


def _area(element: Element) -> Area:
    parts = _parts(element, AREA, "area")
    return Area(
        description=_text(parts, "areaDesc"),
        polygons=tuple(tuple(_point(pair) for pair in (one.text or "").split()) for one in parts["polygon"]),
        circles=tuple(_circle(one.text or "") for one in parts["circle"]),
        geocodes=tuple(_pair(one) for one in parts["geocode"]),
        altitude=_number(_text(parts, "altitude"), "altitude") if parts["altitude"] else None,
        ceiling=_number(_text(parts, "ceiling"), "ceiling") if parts["ceiling"] else None,
    )


def _parts(element: Element, known: dict[str, bool], where: str) -> dict[str, list[Element]]:
    """The children of an element by name. Raises Refusal for one the standard does not know, or one too many."""
    found: dict[str, list[Element]] = {name: [] for name in known}
    for child in element:
        if not isinstance(child.tag, str):
            continue  # a comment
        namespace, _brace, name = child.tag[1:].rpartition("}") if child.tag[:1] == "{" else ("", "", child.tag)
        if namespace != NAMESPACE:
            if where == "alert" and namespace:
                continue  # a signature, and what else other namespaces add (3.2.1)
            raise Refusal(_("%(where)s: %(name)s is of no known namespace.") % {"where": where, "name": name[:60]})
        if name not in known:
            raise Refusal(_("%(where)s: CAP 1.2 knows no element %(name)s.") % {"where": where, "name": name[:60]})
        if found[name] and not known[name]:
            raise Refusal(_("%(where)s: %(name)s may stand only once.") % {"where": where, "name": name})
        found[name].append(child)
    return found


def _text(parts: dict[str, list[Element]], name: str) -> str:
    return (parts[name][0].text or "").strip() if parts[name] else ""


def _texts(parts: dict[str, list[Element]], name: str) -> tuple[str, ...]:
    return tuple((one.text or "").strip() for one in parts[name])


def _pair(element: Element) -> tuple[str, str]:
    parts = _parts(element, PAIR, element.tag.rpartition("}")[2])
    return _text(parts, "valueName"), _text(parts, "value")


def _needed_moment(parts: dict[str, list[Element]], name: str) -> datetime:
    found = _moment(parts, name)
    if found is None:
        raise Refusal(_("%s is missing.") % name)
    return found


def _moment(parts: dict[str, list[Element]], name: str) -> datetime | None:
    text = _text(parts, name)
    return moment_of(text, name) if text else None


def moment_of(text: str, where: str) -> datetime:
    """A time as the standard writes it. Raises Refusal for any other spelling."""
    match = MOMENT.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        clock, sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        return datetime.fromisoformat(clock).replace(tzinfo=timezone(offset) if offset else UTC)
    except ValueError as error:
        raise Refusal(
            _("%(where)s: %(text)s is no time of CAP.") % {"where": where, "text": text[:40]},
            _("Write it with its offset, as 2026-10-01T08:00:00+08:00; Z is not allowed."),
        ) from error


def _references(text: str) -> Iterator[Reference]:
    for one in text.split():
        parts = one.split(",")
        if len(parts) != 3:
            raise Refusal(_("references: %s is not sender,identifier,sent.") % one[:120])
        yield Reference(sender=parts[0], identifier=parts[1], sent=moment_of(parts[2], "references"))


def _number(text: str, where: str) -> float:
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,12})?", text):
        raise Refusal(_("%(element)s: %(text)s is no number.") % {"element": where, "text": text[:40]})
    return float(text)


def _point(text: str) -> Point:
    latitude, comma, longitude = text.partition(",")
    if not comma or not NUMBER.fullmatch(latitude) or not NUMBER.fullmatch(longitude):
        raise Refusal(_("%(text)s is no point.") % {"text": text[:40]}, _("Write latitude,longitude in degrees."))
    return float(latitude), float(longitude)


def _circle(text: str) -> tuple[Point, float]:
    parts = text.split()
    if len(parts) != 2:
        raise Refusal(_("%(text)s is no circle.") % {"text": text[:40]}, _("Write latitude,longitude radius."))
    return _point(parts[0]), _number(parts[1], "circle")


# --------------------------------------------------------------------------- writing


def write(alert: Alert) -> bytes:
    """The message as XML, UTF-8, elements in the order of the standard's schema. ValueError when it breaks a rule."""
    if broken := faults(alert):
        raise ValueError(" ".join(broken))
    root = Element("alert", {"xmlns": NAMESPACE})
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", moment_text(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.message_type)
    _add(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    _add(root, "restriction", alert.restriction)
    _add(root, "addresses", alert.addresses)
    _add_all(root, "code", alert.codes)
    _add(root, "note", alert.note)
    _add(root, "references", " ".join(reference_text(one) for one in alert.references))
    _add(root, "incidents", alert.incidents)
    for info in alert.infos:
        _write_info(SubElement(root, "info"), info)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")


def _write_info(element: Element, info: Info) -> None:
    _add(element, "language", info.language)
    _add_all(element, "category", info.categories)
    _add(element, "event", info.event)
    _add_all(element, "responseType", info.responses)
    _add(element, "urgency", info.urgency)
    _add(element, "severity", info.severity)
    _add(element, "certainty", info.certainty)
    _add(element, "audience", info.audience)
    _add_pairs(element, "eventCode", info.event_codes)
    for name, moment in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        _add(element, name, moment_text(moment) if moment else "")
    _add(element, "senderName", info.sender_name)
    _add(element, "headline", info.headline)
    _add(element, "description", info.description)
    _add(element, "instruction", info.instruction)
    _add(element, "web", info.web)
    _add(element, "contact", info.contact)
    _add_pairs(element, "parameter", info.parameters)
    for resource in info.resources:
        child = SubElement(element, "resource")
        _add(child, "resourceDesc", resource.description)
        _add(child, "mimeType", resource.mime_type)
        _add(child, "size", "" if resource.size is None else str(resource.size))
        _add(child, "uri", resource.uri)
        _add(child, "derefUri", resource.deref_uri)
        _add(child, "digest", resource.digest)
    for area in info.areas:
        _write_area(SubElement(element, "area"), area)


def _write_area(element: Element, area: Area) -> None:
    _add(element, "areaDesc", area.description)
    for polygon in area.polygons:
        _add(element, "polygon", " ".join(point_text(point) for point in polygon))
    for centre, radius in area.circles:
        _add(element, "circle", f"{point_text(centre)} {number_text(radius)}")
    _add_pairs(element, "geocode", area.geocodes)
    for name, height in (("altitude", area.altitude), ("ceiling", area.ceiling)):
        _add(element, name, "" if height is None else number_text(height))


def _add(element: Element, name: str, text: str) -> None:
    """A child with a text; none for an empty one."""
    if text:
        SubElement(element, name).text = UNFIT.sub("", text)


def _add_all(element: Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _add(element, name, text)


def _add_pairs(element: Element, name: str, pairs: Iterable[tuple[str, str]]) -> None:
    for key, value in pairs:
        child = SubElement(element, name)
        SubElement(child, "valueName").text = UNFIT.sub("", key)
        SubElement(child, "value").text = UNFIT.sub("", value)


def moment_text(moment: datetime) -> str:
    """A time as the standard writes it: whole seconds, offset in figures, UTC as -00:00."""
    text = moment.isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if not moment.utcoffset() else text


def reference_text(reference: Reference) -> str:
    """sender,identifier,sent."""
    return f"{reference.sender},{reference.identifier},{moment_text(reference.sent)}"


def number_text(number: float) -> str:
    """A number without an exponent, to the micro-degree."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def point_text(point: Point) -> str:
    """latitude,longitude."""
    return f"{number_text(point[0])},{number_text(point[1])}"
