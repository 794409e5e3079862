"""What programs do to acts towards the platform, with the program's name in the journal."""

from datetime import datetime

from zhanggui.actions.bridge_tokens import Bearer
from zhanggui.actions.house import House
from zhanggui.actions.outbox import confirm, stop
from zhanggui.core.acts import ActState
from zhanggui.records.journal_entries.hooks import TokenActed


def confirm_by_program(house: House, bearer: Bearer, act_no: int, now: datetime) -> str:
    """Has an act sent that waits for a person; where it stands then. Raises Refused."""
    confirm(house, bearer.person, bearer.shop_id, act_no, now, told=_entry(bearer, "token_confirmed", act_no))
    return ActState.ANNOUNCED.value


def stop_by_program(house: House, bearer: Bearer, act_no: int, now: datetime) -> str:
    """Stops an act; whether it is stopped, or had left already and is not sent again. Raises Refused."""
    return stop(house, bearer.person, bearer.shop_id, act_no, now, told=_entry(bearer, "token_stopped", act_no)).value


def _entry(bearer: Bearer, deed: str, act_no: int) -> TokenActed:
    return TokenActed(bearer.token.token_no, bearer.token.name, deed, str(act_no))
