"""Sealed fields: text and files that only this installation can open, each bound to its own place.

AES-256-GCM under a key of its own for each vault, derived from the installation's field key. The associated
data name version, clinic, table, column and row, so a value copied to another row, column or clinic does
not open. Everything fails closed: what cannot be opened raises, a sealed value is never shown as it is
stored, and it can be neither searched, updated in bulk nor written out by a serializer.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import pghistory.models
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

VERSION = b"1"
NONCE_BYTES = 12


class CannotBeOpened(Exception):
    """A sealed value was changed, or stands where it was not sealed for, or the key is another one."""


class WrittenPastTheRow(TypeError):
    """A sealed field is written with its row, by `save` or `bulk_create`, and read from it."""


class Sealed:
    """A value as it is stored. It says nothing of what is in it."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return "<sealed>"


@lru_cache(maxsize=16)
def _cipher(key: bytes, vault: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"openkap sealed|{vault}".encode())
    return AESGCM(derived.derive(key))


def _table(cls: type[models.Model]) -> str:
    """The table a row belongs to; an older version of a row belongs where the row does."""
    if issubclass(cls, pghistory.models.Event):
        return str(cls.pgh_tracked_model._meta.db_table)  # type: ignore[attr-defined]
    return str(cls._meta.db_table)


class _Opened(DeferredAttribute):
    """The attribute of a row: opened when it is read for the first time."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.opened(instance, value)  # type: ignore[attr-defined]
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedText(models.BinaryField):  # type: ignore[type-arg]
    """Text that only this installation can open. `vault` names the key: one opens nothing of another."""

    descriptor_class = _Opened

    def __init__(self, *args: Any, vault: str, **kwargs: Any) -> None:
        self.vault = vault
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "vault": self.vault}

    def to_bytes(self, value: Any) -> bytes:
        """The plain value as bytes. Raises `TypeError` for another kind of value."""
        if not isinstance(value, str):
            raise TypeError(f"{self.name} holds text.")
        return value.encode()

    def from_bytes(self, content: bytes) -> Any:
        """The plain value again."""
        return content.decode()

    def _bound(self, instance: models.Model) -> bytes:
        row: Any = instance
        place = (row.clinic_id, _table(type(instance)), self.column, row.id)
        return b"|".join((VERSION, *(str(it).encode() for it in place)))

    def pre_save(self, instance: Any, add: bool) -> Sealed | None:
        value = getattr(instance, self.attname)
        if value is None:
            return None
        nonce = os.urandom(NONCE_BYTES)
        cipher = _cipher(settings.OPENKAP_FIELD_KEY, self.vault)
        return Sealed(VERSION + nonce + cipher.encrypt(nonce, self.to_bytes(value), self._bound(instance)))

    def opened(self, instance: Any, sealed: Sealed) -> Any:
        """The plain value of a row's sealed one."""
        version, rest = sealed.content[:1], sealed.content[1:]
        if version != VERSION:
            raise CannotBeOpened(f"{self.model._meta.label}.{self.name} was sealed by another release.")
        cipher = _cipher(settings.OPENKAP_FIELD_KEY, self.vault)
        try:
            content = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], self._bound(instance))
        except (InvalidTag, ValueError) as error:  # ValueError: hardly anything is left of it
            raise CannotBeOpened(f"{self.model._meta.label}.{self.name} cannot be opened.") from error
        return self.from_bytes(content)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise WrittenPastTheRow(f"{self.name} is sealed: it is written with its row and not searched.")
        content = None if value is None else value.content
        return super().get_db_prep_value(content, connection, prepared)

    def value_to_string(self, obj: Any) -> str:
        raise WrittenPastTheRow(f"{self.name} is sealed and is written into no export.")


class SealedFile(SealedText):
    """The bytes of a file that only this installation can open."""

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, bytes):
            raise TypeError(f"{self.name} holds bytes.")
        return value

    def from_bytes(self, content: bytes) -> bytes:
        return content
