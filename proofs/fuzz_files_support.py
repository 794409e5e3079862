"""Every place that takes files is handed files that harm, by whoever may use it; what an import would store of them is stored now and then."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from proofs.fuzz_visitors_support import Visitor
from tests.makers.hostile import hostile
from tests.site.planted import Planted

_BATCH = re.compile(r"/shops/\d+/imports/\d+")


@dataclass(frozen=True)
class Taker:
    """A place that takes files."""

    path: Callable[[Planted], str]
    name: str = "files"
    fields: dict[str, str] = field(default_factory=dict)
    weight: int = 1


TAKERS = (
    Taker(lambda _: "/imports", weight=8),
    Taker(lambda _: "/goods", weight=2),
    Taker(lambda _: "/shipping", weight=2),
    Taker(lambda shop: f"/shops/{shop.shop_id}/orders/{shop.leaving.sent_no}/evidence", fields={"note": "x"}, weight=2),
    Taker(lambda shop: f"/shops/{shop.shop_id}/disputes/{shop.coming_back.dispute}/pictures"),
    Taker(lambda shop: f"/shops/{shop.shop_id}/returns", "photos", {"code": "YT8816402275913"}),
    Taker(lambda shop: f"/shops/{shop.shop_id}/cost_sheets", weight=2),
    Taker(lambda shop: f"/shops/{shop.shop_id}/carrier_prices", weight=2),
    Taker(lambda shop: f"/shops/{shop.shop_id}/script_file", weight=2),
    Taker(lambda shop: f"/shops/{shop.shop_id}/category_means"),
    Taker(lambda shop: f"/shops/{shop.shop_id}/ship/batches/{shop.leaving.batch}/list"),
)


def bring_file(program: Visitor, dice: random.Random, number: int) -> None:
    """The file of this number through the API."""
    bad = hostile(number)
    program.judge.counts[f"file, {bad.what}"] += 1
    path = "/api/v1/imports" + dice.choice(("", "?store=true", "?store=false"))
    program.asks("files of programs", "POST", path, files=[("files", (bad.name, bad.content, "text/csv"))])


def send_file(visitor: Visitor, dice: random.Random, number: int) -> None:
    """The file of this number to one of the places; a preview is looked at, and now and then confirmed."""
    taker = dice.choices(TAKERS, [taker.weight for taker in TAKERS])[0]
    bad = hostile(number)
    shop = visitor.home
    data = {"shop": str(shop.shop_id), **taker.fields, "_csrf_token": visitor.form_token()}
    media = dice.choice(("text/csv", "image/png", "application/zip", "text/html", ""))
    visitor.judge.counts[f"file, {bad.what}"] += 1
    answer = visitor.asks("files of people", "POST", taker.path(shop), data=data, files=[(taker.name, (bad.name, bad.content, media))])
    if answer is None or answer.status_code == 403:
        visitor.signs_in()
        return
    place = answer.headers.get("location", "")
    if answer.status_code == 303 and _BATCH.fullmatch(place):
        visitor.asks("pages of files", "GET", place)
        if dice.random() < 0.3:
            visitor.asks("pages of files", "POST", f"{place}/confirmation", data={"_csrf_token": visitor.form_token()})
            visitor.asks("pages of files", "GET", place)
