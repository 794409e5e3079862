"""What is written down on the Activities page."""

import re
from datetime import date

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.activities.enrolling import NewEnrolment, plan_enrolment, step_enrolment
from zhanggui.actions.activities.figures import put_read
from zhanggui.actions.activities.regulars import thank
from zhanggui.actions.activities.rewarding import begin_reward, judge_reward, stop_reward
from zhanggui.actions.refused import Refused
from zhanggui.core.activities.enrolment import EnrolmentStep
from zhanggui.core.activities.rewards import Reward
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.activities.handlers import HERE, activities_template
from zhanggui.workbench.chase.money import fen_typed
from zhanggui.workbench.desk import AtDesk, back_to, shop_number

_BETWEEN = re.compile(r"[\s,，、;；]+")
_MOST_GOODS = 200
_LONGEST = 64


class FigureForm(msgspec.Struct, frozen=True):
    """A number of the back office; without an activity the shop's own value."""

    figure: str = ""
    activity: str = ""
    value: str = ""


class EnrolmentForm(msgspec.Struct, frozen=True):
    """What somebody means to take part in; sums in yuan."""

    activity: str = ""
    goods_id: str = ""
    title: str = ""
    starts_at: str = ""
    ends_at: str = ""
    price: str = ""
    deposit: str = ""
    note: str = ""


class StepForm(msgspec.Struct, frozen=True):
    """What became of it; the deposit in yuan where it was paid."""

    step: str = ""
    deposit: str = ""


class RewardForm(msgspec.Struct, frozen=True):
    """A campaign; sums in yuan, products ticked, and others by their ids, parted by blanks or commas."""

    title: str = ""
    goods: list[str] | str = ""
    more: str = ""
    coupon: str = ""
    budget: str = ""
    from_day: str = ""
    until_day: str = ""
    said: str = ""
    do: str = "begin"

    @property
    def chosen(self) -> tuple[str, ...]:
        """All products."""
        ticked = [self.goods] if isinstance(self.goods, str) else self.goods
        return tuple(dict.fromkeys(part[:_LONGEST] for part in (*ticked, *_BETWEEN.split(self.more)) if part))


class ThankForm(msgspec.Struct, frozen=True):
    """Whose last order it is."""

    order_no: str = ""


@post("/shops/{shop_id:int}/activity_figures", sync_to_thread=True)
def put_activity_figure(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[FigureForm]) -> Redirect:
    """Keeps a number that the back office shows."""
    shop = desk.by.need(Permission.ACTIVITIES_WRITE, shop_number(shop_id))
    put_read(desk.house, desk.by, shop, data.activity, data.figure, data.value, desk.now)
    return back_to(HERE, view="activities", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/enrolments", sync_to_thread=True)
def put_enrolment(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[EnrolmentForm]) -> Redirect:
    """Plans an enrolment."""
    shop = desk.by.need(Permission.ACTIVITIES_WRITE, shop_number(shop_id))
    new = NewEnrolment(
        activity=data.activity,
        starts_at=desk.moment(data.starts_at),
        ends_at=desk.moment(data.ends_at),
        goods_id=data.goods_id.strip(),
        title=data.title,
        price=fen_typed(data.price),
        deposit=fen_typed(data.deposit),
        note=data.note,
    )
    plan_enrolment(desk.house, desk.by, shop, new, desk.now)
    return back_to(HERE, view="enrolments", shop=shop_id, done="planned")


@post("/shops/{shop_id:int}/enrolments/{enrolment_no:int}/step", sync_to_thread=True)
def put_enrolment_step(desk: AtDesk, shop_id: FromPath[int], enrolment_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """Keeps what became of it."""
    shop = desk.by.need(Permission.ACTIVITIES_WRITE, shop_number(shop_id))
    step = next((each for each in EnrolmentStep if each.value == data.step), None)
    if step is None:
        raise Refused(say("Choose what became of it."))
    step_enrolment(desk.house, desk.by, shop, enrolment_no, step, desk.now, deposit=fen_typed(data.deposit))
    return back_to(HERE, view="enrolments", shop=shop_id, done="kept")


@post("/shops/{shop_id:int}/rewards", sync_to_thread=True, status_code=200)
def put_reward(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[RewardForm]) -> Template | Redirect:
    """Begins a campaign; one that cannot be is shown again with everything that speaks against it."""
    shop = desk.by.need(Permission.ACTIVITIES_WRITE, shop_number(shop_id))
    reward = _reward(data)
    judged = judge_reward(desk.house, desk.by, shop, reward, desk.now)
    if data.do == "begin" and judged.is_lawful:
        begin_reward(desk.house, desk.by, shop, reward, desk.now)
        return back_to(HERE, view="rewards", shop=shop_id, done="begun")
    return activities_template(desk, "rewards", desk.chosen(desk.shops(Permission.MONEY_READ), str(shop)), judged=judged, typed=data)


@post("/shops/{shop_id:int}/rewards/{campaign_no:int}/stop", sync_to_thread=True)
def put_reward_stop(desk: AtDesk, shop_id: FromPath[int], campaign_no: FromPath[int]) -> Redirect:
    """Stops a campaign."""
    stop_reward(desk.house, desk.by, desk.by.need(Permission.ACTIVITIES_WRITE, shop_number(shop_id)), campaign_no, desk.now)
    return back_to(HERE, view="rewards", shop=shop_id, done="stopped")


@post("/shops/{shop_id:int}/thanks", sync_to_thread=True)
def put_thanks(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ThankForm]) -> Redirect:
    """Keeps that a buyer was thanked."""
    thank(desk.house, desk.by, desk.by.need(Permission.CONVERSATIONS_WRITE, shop_number(shop_id)), data.order_no, desk.now)
    return back_to(HERE, view="regulars", shop=shop_id, done="thanked")


def _reward(data: RewardForm) -> Reward:
    """The campaign that was typed. Raises Refused for what is no money or no day."""
    return Reward(
        title=data.title,
        goods=data.chosen[:_MOST_GOODS],
        coupon_fen=fen_typed(data.coupon) or Fen(0),
        budget_fen=fen_typed(data.budget) or Fen(0),
        from_day=_day(data.from_day),
        until_day=_day(data.until_day),
        said=data.said,
    )


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused(say("{typed} is not a day. Write it like 2026-03-01.", typed=typed[:20])) from None
