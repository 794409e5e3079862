"""Buyers: names, phones and addresses drawn from their number, and what the platform lets a seller see of them."""

import base64
import hashlib
from functools import lru_cache

import msgspec

from zhanggui.emulator.seeded import between, mixed, one_of, salt
from zhanggui.emulator.world.chats.manner import manner
from zhanggui.emulator.world.places import ESTATES, PLACES, STREETS, Place

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = (*"伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平", "秀英", "桂兰", "小红", "建国", "志强", "雨涵")
NAME, PHONE, PLACE, DETAIL, NICK = salt("name"), salt("phone"), salt("place"), salt("detail"), salt("nick")


class Person(msgspec.Struct, frozen=True):
    """One buyer as only the platform knows them."""

    name: str
    phone: str
    place: Place
    detail: str

    @property
    def address(self) -> str:
        """The whole address in one line."""
        return f"{self.place.province}{self.place.city}{self.place.town}{self.detail}"


class Masks(msgspec.Struct, frozen=True):
    """What is always shown of a buyer."""

    name: str
    phone: str
    detail: str
    address: str


@lru_cache(maxsize=8192)
def person(seed: int, buyer: int) -> Person:
    """The buyer with this number."""
    name = one_of(SURNAMES, seed, buyer, NAME) + one_of(GIVEN, seed, buyer, NAME, 1)
    phone = f"1{one_of('3578', seed, buyer, PHONE)}{mixed(seed, buyer, PHONE) % 10**9:09d}"
    home = mixed(seed, buyer, DETAIL)
    detail = f"{STREETS[home % 10]}{home // 10 % 400 + 1}号{ESTATES[home // 4000 % 8]}{home // 32000 % 30 + 1}幢{between(101, 2604, seed, buyer, DETAIL, 1)}室"
    return Person(name, phone, one_of(PLACES, seed, buyer, PLACE), detail)


@lru_cache(maxsize=8192)
def nick_of(seed: int, buyer: int) -> str:
    """The name under which a buyer chats."""
    nicks = manner().nicks
    return f"{one_of(nicks, seed, buyer, NICK)}{mixed(seed, buyer, NICK, 1) % 10_000}"


@lru_cache(maxsize=8192)
def masks_of(who: Person) -> Masks:
    """The masked fields of somebody: first character, three and four digits, street without number."""
    detail = who.detail[:3] + "*" * 6
    phone = f"{who.phone[:3]}****{who.phone[-4:]}"
    return Masks(who.name[0] + "*" * (len(who.name) - 1), phone, detail, f"{who.place.province}{who.place.city}{who.place.town}{detail}")


def ciphertext(secret: int, subject: str, kind: str) -> str:
    """What stands in place of a buyer's clear text: opaque, the same for the same order and field, never readable."""
    digest = hashlib.blake2b(f"{secret}/{subject}/{kind}".encode(), digest_size=36).digest()
    return f"~{base64.b64encode(digest).decode()}~{len(kind)}~"


def same_home(seed: int, buyer: int) -> str:
    """An opaque word that is equal for orders going to the same door."""
    return hashlib.blake2b(f"{seed}/{buyer}/home".encode(), digest_size=16).hexdigest()


def same_door(seed: int, who: Person) -> str:
    """The same for a door that was named, not drawn."""
    return hashlib.blake2b(f"{seed}/{who.name}/{who.phone}/{who.address}".encode(), digest_size=16).hexdigest()
