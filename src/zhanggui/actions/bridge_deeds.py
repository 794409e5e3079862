"""What programs do to acts towards the platform, with the program's name in the journal."""

from datetime import datetime

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.house import House
from zhanggui.actions.outbox import confirm, stop
from zhanggui.core.acts import ActState
from zhanggui.records import journal
from zhanggui.records.db import transact
from zhanggui.records.journal_entries.hooks import TokenActed


def confirm_by_program(house: House, bearer: Bearer, act_no: int, now: datetime) -> str:
    """Has an act sent that waits for a person; where it stands then. Raises Refused."""
    confirm(house, bearer.person, bearer.shop_id, act_no, now)
    _tell(house, bearer, "token_confirmed", act_no, now)
    return ActState.ANNOUNCED.value


def stop_by_program(house: House, bearer: Bearer, act_no: int, now: datetime) -> str:
    """Stops an act; whether it is stopped, or had left already and is not sent again. Raises Refused."""
    brought = stop(house, bearer.person, bearer.shop_id, act_no, now)
    _tell(house, bearer, "token_stopped", act_no, now)
    return brought.value


def _tell(house: House, bearer: Bearer, deed: str, act_no: int, now: datetime) -> None:
    entry = TokenActed(bearer.token.token_no, bearer.token.name, deed, str(act_no))
    transact(house.pool, lambda tx: journal.write(tx, bearer.shop_id, entry, at=now, by=None))
