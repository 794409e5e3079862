"""How the platform judges in a world with truths: rulings, appeals, complaints; and what is in a parcel that comes back."""

from zhanggui.emulator.seeded import salt, share
from zhanggui.emulator.world.cases import EXCHANGE, NOT_RECEIVED, RETURN_REFUND, Case
from zhanggui.emulator.world.orders import RECEIVED
from zhanggui.emulator.world.troubles import aftersales, hours, truth_of, weighed
from zhanggui.emulator.world.truth import CONTENTS, DAMAGED, LOST, SPOILT
from zhanggui.emulator.world.world import World

IN, AWAY, BROKEN, KEEPS = salt("content"), salt("away"), salt("broken"), salt("keeps")


def seller_wins(world: World, case: Case) -> float:
    """How likely the platform rules for the seller."""
    rules, truth = aftersales(world).ruling, truth_of(world, case)
    if not case.evidence_at:
        return rules.none
    is_right = is_right_of(world, case)
    is_lawful = case.kind in (RETURN_REFUND, EXCHANGE) and not is_right
    taste = truth.fault == "buyer" and not is_right and not is_lawful
    honest = rules.honest_carrier if truth.fault == "carrier" else rules.lawful_return if truth.fault == "buyer" else rules.honest_seller
    chance = rules.lie if is_right else rules.honest_buyer if taste else honest
    chance += case.evidence_pictures * (rules.picture if is_right or taste else rules.picture_against_honest)
    chance += rules.words if len(case.evidence_text) >= rules.words_from else 0.0
    if case.claims == NOT_RECEIVED and world.orders.status[case.row] == RECEIVED:
        chance += rules.signed_against_not_received
    return min(rules.most, max(0.0, chance + (rules.buyer_shows_pictures if case.pictures else 0.0)))


def is_right_of(world: World, case: Case) -> bool:
    """Whether the seller is in the right: the buyer does not tell the truth, or what came back is not what was sent."""
    spoilt = case.return_signed_at and world.hidden.contents.get(case.case_id) in SPOILT
    return truth_of(world, case).is_lie or bool(spoilt)


def keeps_goods(world: World, case: Case) -> bool:
    """Whether a buyer who won need not send the goods back."""
    return share(world.seed, case.case_id, KEEPS) < aftersales(world).ruling.keeps_goods


def pack_return(world: World, case: Case) -> bool:
    """Decide what is in the parcel the buyer sends back; False where it will be lost on its way."""
    returns = aftersales(world).returns
    if share(world.seed, case.case_id, AWAY) < returns.lost:
        world.hidden.contents[case.case_id] = LOST
        return False
    grades = getattr(returns, truth_of(world, case).who)
    content = weighed({name: grades.of(name) for name in CONTENTS}, share(world.seed, case.case_id, IN))
    broken = share(world.seed, case.case_id, BROKEN) < returns.damaged_on_the_way
    world.hidden.contents[case.case_id] = DAMAGED if broken else content
    return True


def ruling_takes(world: World, case: Case) -> int:
    """How long the platform reads the evidence, in seconds."""
    return hours(world, aftersales(world).ruling.hours, case.case_id, KEEPS)


def appeal_wins(world: World, case: Case) -> float:
    """How likely an appeal against a lost ruling is heard."""
    rules = aftersales(world).appeal
    chance = rules.lie if is_right_of(world, case) else rules.honest
    return max(0.0, chance + (0.0 if case.evidence_at else rules.no_evidence_before))


def complaint_wins(world: World, case: Case, about: str, pictures: int) -> float:
    """How likely a complaint of the seller's is heard."""
    rules, truth = aftersales(world).complaint, truth_of(world, case)
    match about:
        case "instant_refund":
            is_wrong = bool(world.orders.received_at[case.row]) and (truth.is_lie or case.claims == NOT_RECEIVED or not case.return_number)
            chance = rules.instant_refund_wrong if is_wrong else rules.instant_refund_right
        case "abnormal_return":
            is_true = bool(case.return_signed_at) and world.hidden.contents.get(case.case_id) in SPOILT
            chance = rules.abnormal_return_true if is_true else rules.abnormal_return_false
        case _:
            chance = rules.malicious_lie if truth.is_lie else rules.malicious_honest
    return max(0.0, chance + (0.0 if pictures else rules.no_pictures))
