"""`zhanggui verify`: whether the vault and the journal still are what they were, and whether a packet of evidence is."""

from pathlib import Path

import click
import msgspec

from zhanggui.actions.evidence import Kept, ShopVerified, read_kept, verify_packet, verify_shop
from zhanggui.actions.shops import shops_seen
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.evidence import Fault, Finding
from zhanggui.core.say import Say, say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_SAID: dict[tuple[str, Fault], Say] = {
    ("evidence", Fault.CHANGED): say("Evidence no. {seq}: what is written there is not what was sealed."),
    ("evidence", Fault.MISSING): say("Evidence no. {seq}: the entry is missing."),
    ("evidence", Fault.UNTIED): say("Evidence no. {seq}: it does not follow the entry before it; something was put in, moved or exchanged."),
    ("evidence", Fault.CUT_OFF): say("Evidence: the entries end at no. {seq}, not where their kept end says."),
    ("evidence", Fault.CONTENT_CHANGED): say("Evidence no. {seq}: the content is not the one that was brought in."),
    ("evidence", Fault.CONTENT_MISSING): say("Evidence no. {seq}: the content is missing."),
    ("evidence", Fault.REDACTED): say("Evidence no. {seq}: its words and content were taken away, the packet says; only its place is still proven."),
    ("evidence", Fault.NOT_AS_KEPT): say("Evidence no. {seq}: it does not bear the digest that was kept outside."),
    ("journal", Fault.CHANGED): say("Journal seal no. {seq}: what is written there is not what was sealed."),
    ("journal", Fault.MISSING): say("Journal seal no. {seq}: the seal is missing."),
    ("journal", Fault.UNTIED): say("Journal seal no. {seq}: it does not follow the seal before it; something was put in, moved or exchanged."),
    ("journal", Fault.CUT_OFF): say("Journal: the seals end at no. {seq}, not where their kept end says."),
    ("journal", Fault.ENTRIES_CHANGED): say("Journal seal no. {seq}: the journal entries under it are not those that were sealed."),
    ("journal", Fault.NOT_AS_KEPT): say("Journal seal no. {seq}: it does not bear the digest that was kept outside."),
}


class FindingShape(msgspec.Struct, frozen=True):
    """One thing found wrong."""

    chain: str
    seq: int
    fault: str
    said: str


class ShopShape(msgspec.Struct, frozen=True):
    """A shop judged. Keep `heads` outside: with `--kept`, a later run finds whether they still stand in their place."""

    shop: str
    entries: int
    seals: int
    journal_entries: int
    redacted: int
    unsealed_from: int
    heads: tuple[Kept, ...]
    findings: tuple[FindingShape, ...]


class VerifiedShape(msgspec.Struct, frozen=True):
    """Every shop judged; `is_whole` where nothing at all was found wrong."""

    is_whole: bool
    shops: tuple[ShopShape, ...]


class PacketShape(msgspec.Struct, frozen=True):
    """A packet judged."""

    is_whole: bool
    order_no: str
    made_at: str
    entries: int
    findings: tuple[FindingShape, ...]


@click.command("verify")
@click.option("--shop", "shop_name", metavar="NAME", help="Only this shop.")
@click.option("--packet", type=_FILE, metavar="FILE", help="Judge a packet of evidence instead; needs no data of ours.")
@click.option("--kept", type=_FILE, metavar="FILE", help="An earlier answer of this command with --json, kept outside.")
@with_desk
def verify(desk: Desk, *, shop_name: str | None, packet: Path | None, kept: Path | None) -> int:
    """Prove that evidence and journal are unaltered; exit code 1 where anything was."""
    if packet is not None:
        return _of_packet(desk, packet)
    told = read_kept(kept) if kept is not None else ()
    with desk.house() as house:
        only = None if shop_name is None else shop_of(house, desk.by, shop_name)
        every = [shop for shop in shops_seen(house, desk.by) if only in (None, shop.shop_id)]
        judged = tuple(_shape(desk, shop.name, verify_shop(house, desk.by, shop.shop_id, told)) for shop in every)
    whole = not any(shop.findings for shop in judged)
    desk.document(VerifiedShape(whole, judged))
    for shop in judged:
        _show(desk, shop)
    return DONE if whole else REFUSED


def _of_packet(desk: Desk, packet: Path) -> int:
    index, findings = verify_packet(packet)
    shaped = tuple(_finding(desk, each) for each in findings)
    desk.document(PacketShape(not findings, index.order_no, index.made_at.isoformat().replace("+00:00", "Z"), len(index.entries), shaped))
    if not findings:
        desk.line("The packet of order {order_no} is whole: {count} pieces, each as it was brought in.", order_no=index.order_no, count=len(index.entries))
    desk.lines(f"X {each.said}" for each in shaped)
    return REFUSED if findings else DONE


def _shape(desk: Desk, name: str, judged: ShopVerified) -> ShopShape:
    findings = tuple(_finding(desk, each) for each in judged.findings)
    return ShopShape(name, judged.entries, judged.seals, judged.journal_entries, judged.redacted, judged.unsealed_from, judged.heads, findings)


def _finding(desk: Desk, finding: Finding) -> FindingShape:
    return FindingShape(finding.chain, finding.seq, finding.fault.value, desk.said(_said(finding)))


def _said(finding: Finding) -> Say:
    return Say(_SAID[finding.chain, finding.fault].text, {"seq": finding.seq})


def _show(desk: Desk, shop: ShopShape) -> None:
    if not shop.findings:
        desk.line(
            "{shop}: {entries} pieces of evidence and {journal_entries} journal entries under {seals} seals, all as they were.",
            shop=shop.shop,
            entries=shop.entries,
            journal_entries=shop.journal_entries,
            seals=shop.seals,
        )
        return
    desk.lines([f"{shop.shop}:", *(f"X {each.said}" for each in shop.findings)])
