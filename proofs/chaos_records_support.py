"""What is compared at the end: our records with the platform's state, our outbox with its ledger, our deadlines with a fresh reckoning."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from proofs.chaos_mapping_support import case_expected, clock, masks_expected, order_expected
from tests.emulator.caller import Caller
from zhanggui.actions.house import House
from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.people.permissions import ShopId

ORDERS = "select facts::text from orders where shop_id = %s"
CASES = "select facts::text from aftersales where shop_id = %s"
ACTS = "select kind, subject_no, state, attempts from acts where shop_id = %s"
RUNNING = """
    select kind, subject_no, due_at from deadlines
    where shop_id = %s and band is not null and kind in ('ship_by', 'answer_refund', 'inspect_return')
"""
"""The clocks whose end the platform itself tells. Until when evidence may be handed in it tells nobody; that clock is reckoned by the rules alone."""
EFFECT_OF = {"refund.agree": "refund.agreed", "return.agree": "return.agreed", "ship.upload": "order.shipped"}
"""What the platform's ledger calls what an act of ours brings about."""
NOT_DONE = frozenset({"stopped", "withdrawn", "declined"})
SETTLED = NOT_DONE | {"carried_out"}


def order_differences(house: House, shop_id: ShopId, platform: Caller) -> Iterator[str]:
    """Every field of every order that differs, and every order that only one side has."""
    carriers = {int(each["id"]): each["logistics_company"] for each in platform.call("pdd.logistics.companies.get")["logistics_companies"]}
    ours = {facts.order_no: facts for facts in _facts(house, ORDERS, shop_id, OrderFacts)}
    theirs = {line["order"]["order_sn"]: line["order"] for line in platform.state("orders")}
    yield from (f"order {no}: only on our side" for no in sorted(ours.keys() - theirs.keys()))
    for no in sorted(theirs.keys() - ours.keys()):
        told = {name: theirs[no][name] for name in ("confirm_time", "updated_at", "order_status", "refund_status", "risk_control_status")}
        yield f"order {no}: only on their side, {told}"
    for no in sorted(ours.keys() & theirs.keys()):
        yield from fields_differ(f"order {no}", ours[no], order_expected(theirs[no], carriers))
        yield from receiver_differs(no, ours[no], theirs[no])


def case_differences(house: House, shop_id: ShopId, platform: Caller) -> Iterator[str]:
    """Every field of every case that differs, and every case that only one side has."""
    ours = {facts.case_no: facts for facts in _facts(house, CASES, shop_id, AftersaleFacts)}
    theirs = {str(line["list"]["id"]): line for line in platform.state("cases")}
    yield from (f"case {no}: only on {'our' if no in ours else 'their'} side" for no in sorted(ours.keys() ^ theirs.keys()))
    for no in sorted(ours.keys() & theirs.keys()):
        yield from fields_differ(f"case {no}", ours[no], case_expected(theirs[no]["list"], theirs[no]["detail"]))


def act_differences(house: House, shop_id: ShopId, platform: Caller) -> Iterator[str]:
    """Every act of the outbox that is not in the platform's ledger exactly as often as it must be, and everything there that we did not decide."""
    done = effects(platform)
    decided: dict[str, list[tuple[str, int]]] = {}
    for kind, subject, state, attempts in acts(house, shop_id):
        decided.setdefault(f"{EFFECT_OF[kind]}:{subject}", []).append((state, attempts))
    yield from (f"{effect} happened {times} times" for effect, times in sorted(done.items()) if times > 1)
    yield from (f"{effect} happened, and nobody here decided it" for effect in sorted(done.keys() - decided.keys()))
    for effect, ours in sorted(decided.items()):
        carried_out = sum(state == "carried_out" for state, _ in ours)
        if carried_out > 1:
            yield f"{effect} is carried out {carried_out} times in the outbox"
        if carried_out and not done[effect]:
            yield f"{effect} is carried out in the outbox, and never happened"
        if done[effect] and not carried_out:
            yield f"{effect} happened, and the outbox says {', '.join(state for state, _ in ours)}"


def limit_differences(house: House, shop_id: ShopId, platform: Caller) -> Iterator[str]:
    """Every running clock of ours that does not end when the platform itself says so, and every limit of the platform that no clock of ours keeps."""
    limits = {("ship_by", line["order"]["order_sn"]): clock(line["order"]["last_ship_time"]) for line in platform.state("orders") if _waits(line["order"])}
    for line in platform.state("cases"):
        if line["detail"]["expire_time"] is not None:
            limits["answer", str(line["list"]["id"])] = datetime.fromtimestamp(line["detail"]["expire_time"] / 1000, UTC)
    with house.pool.connection() as tx:
        rows = tx.execute(RUNNING, (shop_id,)).fetchall()
    ours = {("ship_by" if kind == "ship_by" else "answer", no): due_at for kind, no, due_at in rows}
    kinds = {no: kind for kind, no, _ in rows}
    for what in sorted(limits.keys() | ours.keys()):
        if ours.get(what) != limits.get(what):
            yield f"limit {what}: ours ({kinds.get(what[1])}) ends at {ours.get(what)}, the platform's at {limits.get(what)}"


def _waits(order: Mapping[str, Any]) -> bool:
    """Whether the order still has to be shipped: not shipped, and the money not on its way back."""
    return order["order_status"] == 1 and order["refund_status"] in (1, 2)


def unsettled(house: House, shop_id: ShopId) -> dict[str, int]:
    """How many acts are in each state from which something still follows."""
    return dict(Counter(state for _, _, state, _ in acts(house, shop_id) if state not in SETTLED))


def acts(house: House, shop_id: ShopId) -> list[tuple[str, str, str, int]]:
    """Every act of the shop: kind, what it is about, how far it has come, how often it was sent."""
    with house.pool.connection() as tx:
        return tx.execute(ACTS, (shop_id,)).fetchall()


def effects(platform: Caller) -> Counter[str]:
    """How often each thing that an act of ours can bring about happened through the gateway, by the platform's own ledger."""
    wanted = set(EFFECT_OF.values())
    return Counter(effect for entry in platform.ledger(changed="1") for effect in entry["effects"] if effect.split(":")[0] in wanted)


def fields_differ(what: str, ours: msgspec.Struct, expected: Mapping[str, set[Any]]) -> Iterator[str]:
    """Every field that holds none of the values expected of it."""
    for name, values in expected.items():
        held = getattr(ours, name)
        held = str(held) if held is not None and any(isinstance(value, str) for value in values) else held
        if held not in values:
            yield f"{what}: {name} is {held!r}, not {' or '.join(repr(value) for value in sorted(values, key=repr))}"


def receiver_differs(no: str, ours: OrderFacts, theirs: Mapping[str, Any]) -> Iterator[str]:
    """The receiver must be made of the two masks: nothing more of the buyer than they show, and the ends of the telephone number as they stand."""
    name, phone = masks_expected(theirs)
    held = ours.receiver_masked or ""
    if not (held.startswith(name[:1]) and "*" in held and held[-4:] == phone[-4:]):
        yield f"order {no}: the receiver is {held!r}, not made of {name!r} and {phone!r}"


def _facts(house: House, statement: str, shop_id: ShopId, kind: type[Any]) -> list[Any]:
    decode = msgspec.json.Decoder(kind).decode
    with house.pool.connection() as tx:
        return [decode(text) for (text,) in tx.execute(statement, (shop_id,))]
