"""Application folders become one immutable Registry; nothing else in the house imports an application by name."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from citybrain.declare.application import Application, Platform

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Every application and every declaration of this installation, checked once, never changed."""

    applications: tuple[Application, ...]
    rooms: tuple[Application, ...]
    """What rooms of the house itself declare (messages they send), each as if it were an application."""
    _by_kind: dict[type, dict[str, Any]] = field(repr=False)
    _home: dict[int, str] = field(repr=False)

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """Every declaration of one kind, in the order of applications and their tuples."""
        return tuple(self._by_kind.get(kind, {}).values())

    def get(self, kind: type[T], key: str) -> T:
        """The declaration of `kind` with `key`. Raises LookupError with the nearest key there is."""
        known = self._by_kind.get(kind, {})
        if key in known:
            found: T = known[key]
            return found
        raise LookupError(f'No {kind.__name__} has the key "{key}".{did_you_mean(key, known)}')

    def find(self, kind: type[T], key: str) -> T | None:
        """The declaration of `kind` with `key`, None when there is none."""
        return self._by_kind.get(kind, {}).get(key)

    def application_of(self, declaration: object) -> str:
        """Key of the application that declares `declaration`."""
        return self._home[id(declaration)]


def did_you_mean(key: str, known: Iterable[str]) -> str:
    """` Did you mean "pm25"?`, or nothing when no known key is near."""
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def build(applications: Iterable[Application], rooms: Iterable[Application] = ()) -> Registry:
    """Group the declarations of `applications`, and of rooms, by kind. Duplicates are kept by their first; the checks
    name them.
    """
    ordered = tuple(sorted(applications, key=lambda application: application.key))
    inner = tuple(sorted(rooms, key=lambda room: room.key))
    by_kind: dict[type, dict[str, Any]] = {}
    home: dict[int, str] = {}
    for application in (*ordered, *inner):
        for declaration in application.declares:
            key = getattr(declaration, "key", None)
            if key is not None:
                by_kind.setdefault(type(declaration), {}).setdefault(key, declaration)
                home.setdefault(id(declaration), application.key)
    return Registry(applications=ordered, rooms=inner, _by_kind=by_kind, _home=home)


def load(package: str) -> list[Application]:
    """Import `manifest` of every folder under `package` and return what each exports as APPLICATION.

    An import error inside a folder is raised, never swallowed: a broken application must not vanish.
    Raises TypeError when a manifest exports no Application, ValueError when its key is not the folder's name.
    """
    root = importlib.import_module(package)
    found = []
    for module in pkgutil.iter_modules(root.__path__):
        if not module.ispkg:
            continue
        manifest = importlib.import_module(f"{package}.{module.name}.manifest")
        application = getattr(manifest, "APPLICATION", None)
        if not isinstance(application, Application):
            raise TypeError(f"{manifest.__name__} must export APPLICATION = Application(...).")
        if application.key != module.name:
            raise ValueError(
                f'{manifest.__name__}: the key "{application.key}" is not the folder\'s name "{module.name}".'
            )
        found.append(application)
    return found


def load_rooms(packages: Iterable[str]) -> list[Application]:
    """What rooms declare: `DECLARES` of the module `declared` of every installed package of the house that has one.

    Such a module imports nothing but the vocabulary: it is read before models are.
    """
    found = []
    for package in packages:
        own = package.startswith(f"{__name__.partition('.')[0]}.")
        if own and (module := part_of(package, "declared")) is not None:
            declares = module.DECLARES
            key = package.rpartition(".")[2].replace("_", "-")
            found.append(Application(key=key, title=key, platform=Platform.BASE, declares=declares))
    return found


def parts(name: str, package: str = "") -> list[ModuleType]:
    """Import the module `name` of every application folder that has one, in the order of the folders.

    Applications hang further parts into rooms this way (`records.py`: pages of records); an import error is raised.
    """
    package = package or settings.APPLICATIONS_PACKAGE
    folders = [found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__) if found.ispkg]
    found = [part_of(f"{package}.{folder}", name) for folder in sorted(folders)]
    return [module for module in found if module is not None]


def part_of(package: str, name: str) -> ModuleType | None:
    """The module `name` of one room or folder, imported; None when it has none."""
    path = f"{package}.{name}"
    return importlib.import_module(path) if importlib.util.find_spec(path) is not None else None


def named(path: str) -> Any:
    """What a setting names by its dotted path. Raises ImportError that says what is not there."""
    return import_string(path)


@cache
def registry() -> Registry:
    """The registry of this installation."""
    return build(load(settings.APPLICATIONS_PACKAGE), load_rooms(settings.INSTALLED_APPS))


def references(declaration: object) -> Iterable[Any]:
    """Every declaration that `declaration` holds in a field, directly or inside tuples and checks."""
    if not is_dataclass(declaration):
        return
    for option in fields(declaration):
        value = getattr(declaration, option.name)
        for item in value if isinstance(value, tuple) else (value,):
            if is_dataclass(item) and not isinstance(item, type):
                if hasattr(item, "key"):
                    yield item
                else:
                    yield from references(item)


Walk = Callable[[object], Iterable[object]]
