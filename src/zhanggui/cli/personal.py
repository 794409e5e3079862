"""`zhanggui privacy`: what a shop holds of persons; a buyer is forgotten; keys are changed."""

import sys
from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.privacy.forgetting import Forgotten, Found, Whom, forget_buyer, found_by
from zhanggui.actions.privacy.keeping import set_retention
from zhanggui.actions.privacy.keys import HouseRotated, change_house_key, change_key
from zhanggui.actions.privacy.seeing import KindHeld, PrivacySeen, privacy_seen
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.privacy.retention import terms
from zhanggui.core.say import say

_KINDS = [term.kind for term in terms().term]


class HeldShape(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of personal data: what, why, in which form, how much, since when, how long, who sees it, and where it lies."""

    kind: str
    what: str
    why: str
    form: str
    rows: int | None
    is_more: bool
    oldest: datetime | None
    days: int | None
    ends: str
    who: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]


class FileShape(msgspec.Struct, frozen=True):
    """A kind of file that holds personal data."""

    path: str
    what: str
    form: str


class KeysShape(msgspec.Struct, frozen=True, kw_only=True):
    """How what is sealed lies: the shop's newest key, how many it has, and how many of the places lie under it whole."""

    key_no: int | None
    made_at: datetime | None
    keys: int
    whole: int
    places: int
    house_keys: int


class OpeningShape(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody looked at whole personal data."""

    at: datetime
    by: str | None
    what: str
    subject_no: str
    reason: str


class ErasureShape(msgspec.Struct, frozen=True, kw_only=True):
    """Something was forgotten: because a buyer asked, or after its term."""

    no: int
    at: datetime
    by: str | None
    cause: str
    orders: int
    rows: int


class ForgottenShape(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer who was forgotten; `done` is false where it was only looked at."""

    done: bool
    order_nos: tuple[str, ...]
    talks_alone: int
    """Talks about no order."""
    counts: dict[str, int]
    pieces_kept: int


class PrivacyShape(msgspec.Struct, frozen=True, kw_only=True):
    """What a shop holds of persons, and what was done about it just now."""

    held: tuple[HeldShape, ...]
    files: tuple[FileShape, ...]
    keys: KeysShape
    openings: tuple[OpeningShape, ...]
    erasures: tuple[ErasureShape, ...]
    forgotten: ForgottenShape | None
    resealed: int | None
    """Secrets sealed anew with a changed key of the house."""
    shut: int | None
    """Secrets that no key at hand opens."""


@click.command("privacy")
@shop_option
@click.option("--forget-order", metavar="NO", help="Forget the buyer of this order: everywhere, for good.")
@click.option("--forget-name", is_flag=True, help="Forget the buyer of this name in talks; the name is read from stdin, never from the command line.")
@click.option("--forget-phone", is_flag=True, help="Forget the buyer of this telephone number; it is read from stdin, never from the command line.")
@click.option("--with-evidence", is_flag=True, help="Forget pieces of the vault too, before their term is over.")
@click.option("--reason", default="", metavar="TEXT", help="Why, kept with the fact that it was done.")
@click.option("--yes", is_flag=True, help="Do it. Without it only the orders are named that would be forgotten.")
@click.option(
    "--keep", nargs=2, type=(click.Choice(_KINDS), str), metavar="KIND DAYS", help="Keep a kind for so many days; DAYS '-' brings the house's term back."
)
@click.option("--change-key", "changes_key", is_flag=True, help="Give the shop a new key, and seal everything of it anew.")
@click.option("--change-house-key", "changes_house_key", is_flag=True, help="Give the whole house a new key, and seal every secret anew.")
@with_desk
def privacy(
    desk: Desk,
    *,
    shop_name: str,
    forget_order: str | None,
    forget_name: bool,
    forget_phone: bool,
    with_evidence: bool,
    reason: str,
    yes: bool,
    keep: tuple[str, str] | None,
    changes_key: bool,
    changes_house_key: bool,
) -> int:
    """Show what a shop holds of persons: of each kind what, why, how much, how long and who sees it. Forget a buyer; change keys."""
    desk.one_deed(forget_order is not None, forget_name, forget_phone, keep is not None, changes_key, changes_house_key)
    now, unwound = clock.now(), clock.unwound()
    whom = _whom(forget_order, forget_name=forget_name, forget_phone=forget_phone)
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        if keep is not None:
            set_retention(house, desk.by, shop_id, keep[0], _days(keep[1]), now)
        rotated = change_house_key(house, desk.by, unwound) if changes_house_key else None
        if changes_key:
            change_key(house, desk.by, shop_id, unwound)
        came = None
        if whom is not None and yes:
            came = forget_buyer(house, desk.by, shop_id, whom, now, reason=reason, with_evidence=with_evidence)
        meant = found_by(house, desk.by, shop_id, whom, now) if whom is not None and not yes else None
        seen = privacy_seen(house, desk.by, shop_id)
        if changes_key:
            desk.aside("New words are sealed with the new key from now on; what lies there follows within minutes while a worker runs.")
    forgotten = _forgotten(came, meant)
    desk.document(_shape(desk, seen, forgotten, rotated))
    _show(desk, seen, forgotten, rotated)
    return REFUSED if whom is not None and not yes else DONE


def _whom(order_no: str | None, *, forget_name: bool, forget_phone: bool) -> Whom | None:
    if not (order_no or forget_name or forget_phone):
        return None
    told = sys.stdin.readline().strip() if forget_name or forget_phone else ""
    return Whom(order_no=order_no or "", name=told if forget_name else "", phone=told if forget_phone else "")


def _days(typed: str) -> int | None:
    if typed == "-":
        return None
    if not typed.isascii() or not typed.isdigit():
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    return int(typed[:9])


def _forgotten(came: Forgotten | None, meant: Found | None) -> ForgottenShape | None:
    if came is not None:
        return ForgottenShape(done=True, order_nos=came.order_nos, talks_alone=came.talks_alone, counts=came.counts, pieces_kept=came.pieces_kept)
    if meant is not None:
        return ForgottenShape(done=False, order_nos=meant.order_nos, talks_alone=meant.talks_alone, counts={}, pieces_kept=0)
    return None


def _shape(desk: Desk, seen: PrivacySeen, forgotten: ForgottenShape | None, rotated: HouseRotated | None) -> PrivacyShape:
    keys = seen.keys
    return PrivacyShape(
        held=tuple(_held(desk, each) for each in seen.kinds),
        files=tuple(FileShape(file.path, _in(desk, file.zh, file.en), file.form.value) for file in seen.files),
        keys=KeysShape(key_no=keys.key_no, made_at=utc_or_none(keys.made_at), keys=keys.keys, whole=keys.whole, places=keys.places, house_keys=keys.house_keys),
        openings=tuple(OpeningShape(at=utc(one.at), by=one.by_name, what=one.what, subject_no=one.subject_no, reason=one.reason) for one in seen.openings),
        erasures=tuple(
            ErasureShape(no=one.erasure_no, at=utc(one.at), by=one.by_name, cause=one.cause, orders=one.orders, rows=_rows(one.counts)) for one in seen.erasures
        ),
        forgotten=forgotten,
        resealed=None if rotated is None else rotated.resealed,
        shut=None if rotated is None else rotated.shut,
    )


def _rows(counts: str) -> int:
    return sum(msgspec.json.decode(counts, type=dict[str, int]).values())


def _held(desk: Desk, each: KindHeld) -> HeldShape:
    kind = each.kind
    return HeldShape(
        kind=kind.id,
        what=_in(desk, kind.zh, kind.en),
        why=_in(desk, kind.why_zh, kind.why_en),
        form=kind.form.value,
        rows=each.rows,
        is_more=each.is_more,
        oldest=utc_or_none(each.oldest),
        days=each.days,
        ends=_in(desk, *each.ends),
        who=kind.who,
        columns=kind.columns,
        fields=kind.fields,
    )


def _in(desk: Desk, zh: str, en: str) -> str:
    return zh if desk.language == "zh_Hans" else en


def _show(desk: Desk, seen: PrivacySeen, forgotten: ForgottenShape | None, rotated: HouseRotated | None) -> None:
    for each in seen.kinds:
        rows = "-" if each.rows is None else f"{each.rows}{'+' if each.is_more else ''}"
        days = "-" if each.days is None else f"{each.days} d"
        desk.lines([f"{each.kind.form.value:<7} {rows:>8}  {wall(each.oldest) or '-':<17} {days:>7}  {_in(desk, each.kind.zh, each.kind.en)}"])
    keys = seen.keys
    desk.line("Sealed places under the newest key (no. {key_no}): {whole} of {places}.", key_no=keys.key_no or 0, whole=keys.whole, places=keys.places)
    if rotated is not None:
        desk.line("Secrets sealed anew: {resealed}; that no key at hand opens: {shut}.", resealed=rotated.resealed, shut=rotated.shut)
        desk.line("Older keys that still open: {older}. They go by themselves a day later, once nothing needs them, while a worker runs.", older=rotated.older)
    if forgotten is not None and forgotten.done:
        slots = {"orders": len(forgotten.order_nos), "rows": sum(forgotten.counts.values()), "kept": forgotten.pieces_kept}
        desk.line("Forgotten: orders {orders}, rows {rows}. Pieces of the vault that stay until their term: {kept}.", **slots)
    elif forgotten is not None:
        desk.lines(forgotten.order_nos)
        if forgotten.talks_alone:
            desk.line("Talks about no order that are meant: {talks}.", talks=forgotten.talks_alone)
        desk.line("Nothing was done yet. Say --yes to forget this buyer for good.")
