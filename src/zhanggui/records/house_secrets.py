"""Everything that is sealed with the keys of the house: read and put back when those are changed.

What is sealed stands nowhere twice, so that a value is its own key: a row that changed meanwhile is simply not found.
"""

from collections.abc import Sequence

import msgspec

from zhanggui.records.db import Tx

READ_APPS = "select secret from apps where secret is not null"
WRITE_APPS = """
    update apps set secret = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew) where apps.secret = told.before
"""
READ_TRACKERS = "select secret from trackers where secret is not null"
WRITE_TRACKERS = """
    update trackers set secret = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew) where trackers.secret = told.before
"""
READ_CODE_APPS = "select sealed from code_apps where sealed is not null"
WRITE_CODE_APPS = """
    update code_apps set sealed = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew) where code_apps.sealed = told.before
"""
READ_CONNECTIONS = "select tokens from connections where shop_id = %(shop_id)s and tokens is not null"
WRITE_CONNECTIONS = """
    update connections set tokens = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where connections.shop_id = %(shop_id)s and connections.tokens = told.before
"""
READ_ALERT_CHANNELS = "select sealed from alert_channels where shop_id = %(shop_id)s and sealed is not null"
WRITE_ALERT_CHANNELS = """
    update alert_channels set sealed = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where alert_channels.shop_id = %(shop_id)s and alert_channels.sealed = told.before
"""
READ_DRAFTING = "select secret from drafting where shop_id = %(shop_id)s and secret is not null"
WRITE_DRAFTING = """
    update drafting set secret = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where drafting.shop_id = %(shop_id)s and drafting.secret = told.before
"""
READ_TEXT_WAYS = "select secret from text_ways where shop_id = %(shop_id)s and secret is not null"
WRITE_TEXT_WAYS = """
    update text_ways set secret = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where text_ways.shop_id = %(shop_id)s and text_ways.secret = told.before
"""
READ_TEXT_NUMBERS = "select sealed from text_numbers where shop_id = %(shop_id)s and sealed is not null"
WRITE_TEXT_NUMBERS = """
    update text_numbers set sealed = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where text_numbers.shop_id = %(shop_id)s and text_numbers.sealed = told.before
"""
READ_TEXTS = "select sealed from texts where shop_id = %(shop_id)s and sealed is not null"
WRITE_TEXTS = """
    update texts set sealed = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where texts.shop_id = %(shop_id)s and texts.sealed = told.before
"""
READ_WAYBILLS = "select print_data from waybills where shop_id = %(shop_id)s and print_data is not null"
WRITE_WAYBILLS = """
    update waybills set print_data = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where waybills.shop_id = %(shop_id)s and waybills.print_data = told.before
"""
READ_HOOKS = "select sealed from hooks where shop_id = %(shop_id)s and sealed is not null"
WRITE_HOOKS = """
    update hooks set sealed = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where hooks.shop_id = %(shop_id)s and hooks.sealed = told.before
"""
READ_DATA_KEYS = "select wrapped from data_keys where shop_id = %(shop_id)s and wrapped is not null"
WRITE_DATA_KEYS = """
    update data_keys set wrapped = told.anew from unnest(%(before)s::bytea[], %(anew)s::bytea[]) as told (before, anew)
    where data_keys.shop_id = %(shop_id)s and data_keys.wrapped = told.before
"""


class Secret(msgspec.Struct, frozen=True):
    """One column of secrets: how it is read and put back; whether it is asked shop by shop."""

    column: str
    read: str
    write: str
    of_shop: bool


SECRETS = (
    Secret("apps.secret", READ_APPS, WRITE_APPS, of_shop=False),
    Secret("trackers.secret", READ_TRACKERS, WRITE_TRACKERS, of_shop=False),
    Secret("code_apps.sealed", READ_CODE_APPS, WRITE_CODE_APPS, of_shop=False),
    Secret("connections.tokens", READ_CONNECTIONS, WRITE_CONNECTIONS, of_shop=True),
    Secret("alert_channels.sealed", READ_ALERT_CHANNELS, WRITE_ALERT_CHANNELS, of_shop=True),
    Secret("drafting.secret", READ_DRAFTING, WRITE_DRAFTING, of_shop=True),
    Secret("text_ways.secret", READ_TEXT_WAYS, WRITE_TEXT_WAYS, of_shop=True),
    Secret("text_numbers.sealed", READ_TEXT_NUMBERS, WRITE_TEXT_NUMBERS, of_shop=True),
    Secret("texts.sealed", READ_TEXTS, WRITE_TEXTS, of_shop=True),
    Secret("waybills.print_data", READ_WAYBILLS, WRITE_WAYBILLS, of_shop=True),
    Secret("hooks.sealed", READ_HOOKS, WRITE_HOOKS, of_shop=True),
    Secret("data_keys.wrapped", READ_DATA_KEYS, WRITE_DATA_KEYS, of_shop=True),
)


def every(tx: Tx, secret: Secret, shop_id: int) -> list[bytes]:
    """What is sealed in this column."""
    return [bytes(sealed) for (sealed,) in tx.execute(secret.read, {"shop_id": shop_id} if secret.of_shop else {})]


def put(tx: Tx, secret: Secret, shop_id: int, before: Sequence[bytes], anew: Sequence[bytes]) -> None:
    """Puts values in the place of others."""
    if before:
        tx.execute(secret.write, {"before": list(before), "anew": list(anew), **({"shop_id": shop_id} if secret.of_shop else {})})
