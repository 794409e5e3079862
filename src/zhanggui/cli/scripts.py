"""`zhanggui scripts`: the shop's library of messages listed, filled for an order, taken out and brought in."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.scripts.carrying import bring, exported
from zhanggui.actions.scripts.replying import QuickReply, quick_replies
from zhanggui.actions.scripts.seeing import Row, library
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import utc_or_none
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.scripting.outcomes import Share


class ScriptShape(msgspec.Struct, frozen=True, kw_only=True):
    """One script in the words that hold. `version` is 0 for those that come along; `text` is filled where an order was given, null where it cannot be."""

    id: str
    situation: str
    when: str
    zh: str
    version: int
    until_at: datetime | None
    mark: str | None
    text: str | None
    missing: tuple[str, ...]
    uses: int
    ordered: Share | None
    refund_avoided: Share | None
    answered: Share | None
    rated_well: Share | None


class ScriptsShape(msgspec.Struct, frozen=True):
    """The library."""

    scripts: tuple[ScriptShape, ...]


class LeftOutShape(msgspec.Struct, frozen=True):
    """A script of a file that may not be kept, and why."""

    id: str
    why: str


class BroughtShape(msgspec.Struct, frozen=True):
    """What a file brought."""

    kept: tuple[str, ...]
    same: tuple[str, ...]
    refused: tuple[LeftOutShape, ...]


@click.command("scripts")
@shop_option
@click.option("--situation", default="", metavar="NAME", help="Only the scripts of this situation.")
@click.option("--search", default="", metavar="WORDS", help="Only the scripts that hold these words.")
@click.option("--order", "order_no", metavar="ORDER_NO", help="Fill the slots with what is true of this order.")
@click.option("--export", "out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the shop's own scripts to this file.")
@click.option("--import", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help="Bring the scripts of this file in.")
@with_desk
def scripts(desk: Desk, shop_name: str, situation: str, search: str, order_no: str | None, out: Path | None, source: Path | None) -> int:
    """List the shop's scripts with what came of them, fill them for an order, or carry them from shop to shop as a file."""
    now = clock.now()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        if source is not None:
            told = bring(house, desk.by, shop_id, source.read_bytes(), now)
            left_out = tuple(LeftOutShape(name, desk.catalog.render(why)) for name, why in told.refused)
            desk.document(BroughtShape(told.kept, told.same, left_out))
            desk.line("New versions: {kept}; said before: {same}; left out: {refused}.", kept=len(told.kept), same=len(told.same), refused=len(told.refused))
            desk.lines(f"{each.id}  {each.why}" for each in left_out)
            return REFUSED if left_out else DONE
        if out is not None:
            out.write_bytes(exported(house, desk.by, shop_id, now))
        rows = library(house, desk.by, shop_id, now, situation=situation, search=search, measured=True).rows
        filled = quick_replies(house, desk.by, shop_id, situation=situation, search=search, order_no=order_no, now=now) if order_no else ()
    replies = {reply.script_id: reply for reply in filled}
    shown = tuple(_shape(row, replies.get(row.script.id)) for row in rows)
    desk.document(ScriptsShape(shown))
    desk.lines(f"{each.id}  {each.when}  {each.text or each.zh}" for each in shown)
    return DONE


def _shape(row: Row, reply: QuickReply | None) -> ScriptShape:
    script, total = row.script, row.total
    return ScriptShape(
        id=script.id,
        situation=script.situation,
        when=script.when_zh,
        zh=script.zh,
        version=script.version,
        until_at=utc_or_none(row.version.until_at) if row.version is not None else None,
        mark=row.mark.value if row.mark is not None else None,
        text=reply.draft.zh if reply is not None and reply.draft is not None else None,
        missing=reply.missing if reply is not None else (),
        uses=total.uses if total is not None else 0,
        ordered=total.ordered if total is not None else None,
        refund_avoided=total.kept if total is not None else None,
        answered=total.replied if total is not None else None,
        rated_well=total.good if total is not None else None,
    )
