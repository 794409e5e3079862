"""What came of a step that a person did in the back office."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.cases.outcomes import record_outcome, take_outcome_back
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import StepOutcome
from zhanggui.core.say import say
from zhanggui.workbench.desk import AtDesk, back_to, own_path, shop_number


class OutcomeForm(msgspec.Struct, frozen=True):
    """The outcome, a note, and where to go back to."""

    outcome: str = ""
    note: str = ""
    back: str = ""


class BackForm(msgspec.Struct, frozen=True):
    """Where to go back to."""

    back: str = ""


@post("/shops/{shop_id:int}/steps/{step_no:int}/outcome", sync_to_thread=True)
def put_outcome(desk: AtDesk, shop_id: FromPath[int], step_no: FromPath[int], data: URLEncodedBody[OutcomeForm]) -> Redirect:
    """Keeps the outcome of a step."""
    if data.outcome not in set(StepOutcome):
        raise Refused(say("This form is out of date. Load the page again."))
    record_outcome(desk.house, desk.by, shop_number(shop_id), step_no, StepOutcome(data.outcome), data.note, desk.now)
    return back_to(own_path(data.back, "/today"))


@post("/shops/{shop_id:int}/steps/{step_no:int}/again", sync_to_thread=True)
def put_step_again(desk: AtDesk, shop_id: FromPath[int], step_no: FromPath[int], data: URLEncodedBody[BackForm]) -> Redirect:
    """The outcome was a mistake: the step is to be done again."""
    take_outcome_back(desk.house, desk.by, shop_number(shop_id), step_no, desk.now)
    return back_to(own_path(data.back, "/today"))
