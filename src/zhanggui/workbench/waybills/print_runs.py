"""What the page's script asks for while it prints: labels that may go to the printer, results kept, a label to look at. JSON; the page's forms work without."""

from typing import Any

import msgspec
from litestar import Response, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills import LabelEnd, PrintResult, begin_print, end_print, preview_of
from zhanggui.actions.waybills.sampling import sample_label
from zhanggui.actions.waybills.shapes import Label
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.waybills.handlers import HERE, orders_in

_MOST_RESULTS = 1_000


class RunForm(msgspec.Struct, frozen=True):
    """The orders whose labels are wanted, and the printer."""

    order_nos: list[str] | str = ""
    printer: str = ""


class ResultsForm(msgspec.Struct, frozen=True):
    """What the component said, as JSON; or what a person saw of one label."""

    results: str = ""
    document_id: str = ""
    seen: str = ""


class PreviewForm(msgspec.Struct, frozen=True):
    """The order whose label is looked at."""

    order_no: str = ""


class TestForm(msgspec.Struct, frozen=True):
    """The account whose template is tried."""

    account: str = ""


@post("/shops/{shop_id:int}/print_runs", sync_to_thread=True, status_code=200)
def begin_run(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[RunForm]) -> Response[bytes]:
    """The labels that may be printed now."""
    shop = desk.by.need(Permission.WAYBILLS_TAKE, shop_number(shop_id))
    if not _is_script(desk):
        raise Refused(say("Waybills are printed by the page itself, which needs JavaScript. Papers of our own can be made on the order's page."))
    nos = orders_in(data.order_nos)
    if not nos:
        raise Refused(say("Name the orders whose labels are printed."))
    run = begin_print(desk.house, desk.by, shop, nos, data.printer, desk.now, clock.unwound())
    return _json(
        {
            "run_no": run.run_no,
            "results_path": f"/shops/{shop_id}/print_runs/{run.run_no}/results",
            "labels": [_label(label) for label in run.labels],
            "refused": [{"order_no": each.order_no, "why": desk.words.render(each.why)} for each in run.refused],
        }
    )


@post("/shops/{shop_id:int}/print_runs/{run_no:int}/results", sync_to_thread=True, status_code=200)
def end_run(desk: AtDesk, shop_id: FromPath[int], run_no: FromPath[int], data: URLEncodedBody[ResultsForm]) -> Response[bytes] | Redirect:
    """Keeps what became of labels."""
    if data.document_id:
        told = [PrintResult(data.document_id, "printed" if data.seen == "yes" else "failed")]
        end_print(desk.house, desk.by, shop_number(shop_id), run_no, told, desk.now, by_eye=True)
        return back_to(HERE, shop=shop_id, done="looked")
    ends = end_print(desk.house, desk.by, shop_number(shop_id), run_no, _results(data.results), desk.now)
    return _json({"labels": [_end(desk, end) for end in ends]})


@post("/shops/{shop_id:int}/print_previews", sync_to_thread=True, status_code=200)
def preview_label(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[PreviewForm]) -> Response[bytes]:
    """A label to be looked at through the component."""
    return _json(_label(preview_of(desk.house, desk.by, shop_number(shop_id), data.order_no.strip(), desk.now, clock.unwound())))


@post("/shops/{shop_id:int}/print_tests", sync_to_thread=True, status_code=200)
def sample(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TestForm]) -> Response[bytes]:
    """A sample label of an account, which is no parcel's."""
    account_no = number_in(data.account)
    if account_no is None:
        raise Refused(say("Choose the account that the numbers are taken from."))
    return _json(_label(sample_label(desk.house, desk.by, shop_number(shop_id), account_no, desk.now)))


def _results(text: str) -> list[PrintResult]:
    try:
        told = msgspec.json.decode(text, type=list[PrintResult])
    except (msgspec.DecodeError, RecursionError):
        raise Refused(say("The results of the print component came damaged.")) from None
    if len(told) > _MOST_RESULTS:
        raise Refused(say("The results of the print component came damaged."))
    return told


def _label(label: Label) -> dict[str, object]:
    return {"document_id": label.document_id, "task_id": label.task_id, "order_nos": label.order_nos, "contents": label.contents}


def _end(desk: Desk, end: LabelEnd) -> dict[str, object]:
    return {"document_id": end.document_id, "state": end.state, "order_nos": end.order_nos, "why": _told(desk, end.why)}


def _told(desk: Desk, why: Say | None) -> str:
    return "" if why is None else desk.words.render(why)


def _is_script(desk: Desk) -> bool:
    return "application/json" in desk.request.headers.get("accept", "")


def _json(told: dict[str, Any]) -> Response[bytes]:
    # what stands in labels is the platform's own sealed text, passed through as it came
    return Response(msgspec.json.encode(told), media_type="application/json", headers={"Cache-Control": "no-store"})
