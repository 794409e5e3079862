"""The telling: the shop and its people are made, the clock is wound, and each chapter's files are written and imported as a person would."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from threading import Lock

from zhanggui import clock
from zhanggui.actions import importing
from zhanggui.actions.carrier_choice.learning import learn_shop
from zhanggui.actions.house import House
from zhanggui.actions.joining import make_person, nobody_yet
from zhanggui.actions.money.todos import reckon_money
from zhanggui.actions.quality.grading import grade_talks
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import create_shop, shops_seen
from zhanggui.core.moments import from_shanghai
from zhanggui.core.say import say
from zhanggui.demo.after_sales import look_after
from zhanggui.demo.automation import furnish_automation
from zhanggui.demo.before import bring_past
from zhanggui.demo.diary import Diary, diary_of, set_clock, wind_on_to, write_diary
from zhanggui.demo.exports import written
from zhanggui.demo.following_up import follow_up
from zhanggui.demo.furnishing import furnish
from zhanggui.demo.standing import furnish_standing
from zhanggui.demo.story_data import Chapter, FileTold, story
from zhanggui.demo.talking import bring_talks
from zhanggui.demo.world import world
from zhanggui.people import accounts
from zhanggui.people.permissions import Person, Role, ShopId, operator
from zhanggui.server import is_running

LOGIN = story().shop.people[0].login
CLERK = story().shop.people[1].login
PASSWORD = "zhanggui-demo"  # noqa: S105 - everybody may know it: it opens an invented shop, and the page says it
_OPENED = timedelta(minutes=5)
_one_at_a_time = Lock()


class NotADemo(Refused):
    """The home folder holds something else than a demo."""


def fresh(home: Path) -> None:
    """Forget a demo home whole. Raises NotADemo for any other folder, and Refused while it is running."""
    if not home.exists():
        return
    _only_a_demo(home)
    if is_running(home):
        raise Refused(say("The demo in {home} is running. Stop it first, then start it afresh.", home=str(home)))
    shutil.rmtree(home)


def begin_clock(home: Path) -> None:
    """Before a demo home is opened: set its clock to where the story stands. Raises NotADemo for a home with other data."""
    _only_a_demo(home)
    home.mkdir(parents=True, exist_ok=True)
    diary = diary_of(home)
    if diary is None:
        diary = Diary(told=0, stood_at=story().chapters[0].moment - _OPENED)
        write_diary(home, diary)
    if not is_running(home):
        # a demo left alone over night does not grow old: its clock goes on from where it stood when it was closed
        set_clock(home, diary.stood_at)


def prepare(house: House) -> None:
    """Make the shop and its people where they are missing, and tell the first chapter where none was told. Raises NotADemo."""
    with _one_at_a_time:
        _only_ours(house)
        shop_id = _shop(house)
        if nobody_yet(house):
            _hire(house, shop_id)
        if _diary(house.home).told == 0:
            # told before the week begins; killed in between, both are told again
            furnish(house, owner(house), shop_id)
            bring_past(house, owner(house), shop_id)
            furnish_standing(house, owner(house), shop_id)
            furnish_automation(house, owner(house), shop_id)
            _tell_next(house)


def next_chapter(home: Path) -> Chapter | None:
    """The chapter that a step would tell, None at the end of the week."""
    chapters = story().chapters
    told = _diary(home).told
    return chapters[told] if told < len(chapters) else None


def present_chapter(home: Path) -> Chapter:
    """The chapter told last."""
    return story().chapters[max(0, _diary(home).told - 1)]


def step_to_chapter(house: House, chapter_id: str) -> None:
    """Wind the clock to the chapter and take its files in. One that was told already is not told again."""
    with _one_at_a_time:
        coming = next_chapter(house.home)
        if coming is not None and coming.id == chapter_id:
            _tell_next(house)


def step_an_hour(house: House) -> None:
    """Wind the clock on by an hour; chapters whose moment has come by then are told."""
    with _one_at_a_time:
        target = clock.now() + timedelta(hours=1)
        while (coming := next_chapter(house.home)) is not None and coming.moment <= target:
            _tell_next(house)
        wind_on_to(house.home, target)
        write_diary(house.home, Diary(told=_diary(house.home).told, stood_at=clock.now()))


def keep_moment(home: Path) -> None:
    """Remember that the clock stands where it stands now."""
    with _one_at_a_time:
        write_diary(home, Diary(told=_diary(home).told, stood_at=clock.now()))


def person_told(house: House, login: str) -> Person | None:
    """One of the story's people, with the parts they have now; None for whoever was never hired."""
    with house.pool.connection() as tx:
        account = accounts.by_login(tx, login)
        return None if account is None else accounts.person(tx, account.person_id)


def owner(house: House) -> Person:
    """林, who owns the shops and imports their files."""
    person = person_told(house, LOGIN)
    if person is None:
        raise NotADemo(say("The demo in {home} has lost its owner. Start it afresh with: zhanggui demo --fresh", home=str(house.home)))
    return person


def _only_a_demo(home: Path) -> None:
    if home.exists() and any(home.iterdir()) and diary_of(home) is None:
        raise NotADemo(say("{home} holds other data; the demo needs a folder of its own. Name one with --home.", home=str(home)))


def _only_ours(house: House) -> None:
    """Refuse a database that somebody else's shop lives in, as DATABASE_URL may name one by mistake."""
    names = {shop.name for shop in shops_seen(house, operator())}
    if (names and story().shop.name not in names) or (not names and not nobody_yet(house)):
        raise NotADemo(say("The database holds other shops; the demo needs one of its own. Name another with DATABASE_URL, or none."))


def _diary(home: Path) -> Diary:
    diary = diary_of(home)
    if diary is None:
        raise NotADemo(say("{home} holds other data; the demo needs a folder of its own. Name one with --home.", home=str(home)))
    return diary


def _shop(house: House) -> ShopId:
    name = story().shop.name
    seen = {shop.name: shop.shop_id for shop in shops_seen(house, operator())}
    return seen[name] if name in seen else create_shop(house, operator(), name, clock.now())


def _hire(house: House, shop_id: ShopId) -> None:
    for person in story().shop.people:
        make_person(house, operator(), login=person.login, password=PASSWORD, name=person.name, now=clock.now(), roles={shop_id: Role(person.role)})


def _tell_next(house: House) -> None:
    """Tell the chapter after the last one told. Killed in the middle, it is told again: the same bytes twice change nothing."""
    number = _diary(house.home).told
    chapter = story().chapters[number]
    since = story().chapters[number - 1].at if number else None
    wind_on_to(house.home, chapter.moment)
    by, shop_id = owner(house), _shop(house)
    for as_of, paths in _exports(house.home, chapter, since):
        _import(house, by, shop_id, paths, as_of)
    clerk = person_told(house, CLERK) or by
    bring_talks(house, by, shop_id, since, chapter.at, clerk.display_name)
    # days pass between two chapters; what the worker learns each night, and sees of money every few minutes, is learnt and seen now
    learn_shop(house, shop_id, clock.now())
    reckon_money(house, clock.now())
    grade_talks(house, clock.now())
    follow_up(house, clerk, shop_id, chapter.id)
    look_after(house, {told.login: person_told(house, told.login) or by for told in story().shop.people}, shop_id, chapter.id)
    write_diary(house.home, Diary(told=number + 1, stood_at=clock.now()))


def _exports(home: Path, chapter: Chapter, since: datetime | None) -> Iterator[tuple[datetime, list[Path]]]:
    """The chapter's files, written out, in the heaps they come in: exports of one moment together, what was heard apart."""
    folder = home / "exports" / chapter.id
    folder.mkdir(parents=True, exist_ok=True)
    for (as_of, _), files in groupby(chapter.files, key=lambda file: (file.as_of or chapter.at, file.kind == "facts")):
        yield from_shanghai(as_of), [_write(folder, file, since, chapter) for file in files]


def _write(folder: Path, file: FileTold, since: datetime | None, chapter: Chapter) -> Path:
    path = folder / file.name
    path.write_bytes(written(file, world(), story().heard, since, chapter.at))
    return path


def _import(house: House, by: Person, shop_id: ShopId, paths: list[Path], as_of: datetime) -> None:
    preview = importing.preview(house, by, shop_id, paths, clock.now(), as_of=as_of)
    if any(table.kind is not None for table in preview.tables):
        importing.confirm(house, by, shop_id, preview.batch_id, clock.now())
    else:
        importing.drop(house, by, shop_id, preview.batch_id, clock.now())
