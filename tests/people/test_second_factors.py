"""Second factors from beginning to end: what is asked, what is taken, what is refused, and that nothing is taken twice."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from tests.cast import Cast
from tests.people.device import Device, coded, decoded
from zhanggui.actions import chores, own_account, own_factors, second_factors
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people import accounts, admission, factors, sign_ins
from zhanggui.people.entries import Came
from zhanggui.people.passkeys import At
from zhanggui.people.permissions import NotAllowed, Person, PersonId, Role, operator
from zhanggui.people.throttle import Throttle

NOW = datetime(2025, 6, 1, 4, 0, 15, tzinfo=UTC)
PASSWORD = "七号仓库 今天 发货 吗"
CAME = Came("Firefox · Linux", "203.0.113.0/24")
ORIGIN = "https://desk.example"
WRONG = ("origin", "host", "owner unknown", "another key", "late", "challenge", "another purpose", "made, not shown")


@dataclass
class Scene:
    """One house with its door, and a clock that is moved by hand."""

    house: House
    people: Cast
    now: datetime = NOW
    throttle: Throttle = field(init=False)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.house.pool, lambda: self.now)

    def signs_in(self, person: Person) -> bytes:
        """A sign-in of the person by a password alone."""
        with self.house.pool.connection() as tx:
            return sign_ins.digest_of(sign_ins.begin(tx, _id(person), self.now))

    def half(self, login: str = "lin") -> str:
        """Half of a sign-in: the password was right."""
        admitted = admission.enter(self.house.pool, self.throttle, login=login, password=PASSWORD, came=CAME, now=self.now)
        assert not admitted.is_whole
        return admitted.token

    def adds_app(self, person: Person) -> tuple[pyotp.TOTP, tuple[str, ...]]:
        """The app of the person, and the recovery codes that came with it. The code that proved it is past afterwards."""
        this = self.signs_in(person)
        app = pyotp.TOTP(own_factors.begin_app(self.house, person, self.now).secret)
        fresh = own_factors.prove_app(self.house, person, app.at(self.now), this=this, now=self.now, wall=self.now)
        self.now += timedelta(minutes=2)
        return app, fresh

    def adds_passkey(self, person: Person, device: Device | None = None) -> Device:
        """A device with a passkey of the person."""
        device, at = device or Device(ORIGIN), self.at(f"new {person.person_id}")
        asked = own_factors.passkey_to_make(self.house, person, at, self.now)
        own_factors.add_passkey(self.house, person, at, device.makes(asked), "手机", this=self.signs_in(person), now=self.now, wall=self.now)
        return device

    def at(self, purpose: str = "sign in", host: str = "desk.example") -> At:
        return At(host=host, origin=ORIGIN, secret="s" * 32, purpose=purpose)

    def asked(self, person: Person | None = None) -> dict[str, Any]:
        """What the browser is asked, as it comes over the wire."""
        asked = second_factors.passkeys_to_show(self.house, self.at(), None if person is None else _id(person), self.now)
        told: dict[str, Any] = json.loads(json.dumps(asked))
        return told

    def enters_by_code(self, half: str, code: str) -> str:
        return second_factors.enter_by_code(self.house, self.throttle, half, code, came=CAME, now=self.now)

    def enters_by_passkey(self, answer: str) -> Person:
        token = second_factors.enter_by_passkey(self.house, self.throttle, self.at(), answer, came=CAME, now=self.now)
        return self.known(token).person

    def known(self, token: str) -> sign_ins.Known:
        with self.house.pool.connection() as tx:
            known = sign_ins.known(tx, token, self.now)
        assert known is not None
        return known


@pytest.fixture
def scene(house: House, people: Cast) -> Scene:
    """林 and 郑 have passwords, and nobody has a second factor yet."""
    with house.pool.connection() as tx:
        for person in (people.lin, people.zheng):
            accounts.set_password(tx, _id(person), PASSWORD)
    return Scene(house, people)


def test_it_lets_somebody_in_who_shows_a_code_after_the_password(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)

    known = scene.known(scene.enters_by_code(scene.half(), app.at(scene.now)))

    assert known.person.person_id == scene.people.lin.person_id
    assert known.is_strong
    assert known.confirmed_at == scene.now


def test_it_takes_no_code_twice_nor_an_older_one(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    code, older = app.at(scene.now), app.at(scene.now - timedelta(seconds=30))
    scene.enters_by_code(scene.half(), code)

    for again in (code, older):
        with pytest.raises(Refused) as refusal:
            scene.enters_by_code(scene.half(), again)
        assert refusal.value.say == second_factors.WRONG_CODE


def test_the_code_that_proved_the_app_opens_nothing_afterwards(scene: Scene) -> None:
    lin = scene.people.lin
    this, secret = scene.signs_in(lin), own_factors.begin_app(scene.house, lin, NOW).secret
    code = pyotp.TOTP(secret).at(NOW)
    own_factors.prove_app(scene.house, lin, code, this=this, now=NOW, wall=NOW)

    with pytest.raises(Refused):
        scene.enters_by_code(scene.half(), code)


def test_of_several_that_show_one_code_at_once_one_is_let_in(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    halves, code = [scene.half() for _ in range(8)], app.at(scene.now)

    with ThreadPoolExecutor(8) as several:
        let_in = list(several.map(lambda half: _does(lambda: scene.enters_by_code(half, code)), halves))

    assert sum(let_in) == 1


def test_half_a_sign_in_opens_once_and_for_ten_minutes(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    half, stale = scene.half(), scene.half()
    scene.enters_by_code(half, app.at(scene.now))

    scene.now += timedelta(minutes=10)

    for token in (half, stale, "invented"):
        with pytest.raises(Refused) as refusal:
            scene.enters_by_code(token, app.at(scene.now))
        assert refusal.value.say == second_factors.HALF_IS_OVER


def test_half_a_sign_in_is_no_sign_in(scene: Scene) -> None:
    scene.adds_app(scene.people.lin)
    half = scene.half()

    with scene.house.pool.connection() as tx:
        assert sign_ins.known(tx, half, scene.now) is None


def test_a_new_password_ends_what_was_begun_by_the_former(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    half = scene.half()

    own_account.reset_password(scene.house, operator(), scene.throttle, "lin", "一个 新的 口令 2025", scene.now)

    with pytest.raises(Refused):
        scene.enters_by_code(half, app.at(scene.now))


def test_it_shuts_after_ten_wrong_codes_and_for_a_day_after_thirty(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    half = scene.half()
    for _ in range(10):
        _does(lambda: scene.enters_by_code(half, "000000"))

    assert _said(lambda: scene.enters_by_code(half, app.at(scene.now))).text.startswith("There were too many tries.")

    for _ in range(3):
        scene.now += timedelta(minutes=16)
        half = scene.half()
        for _ in range(10):
            _does(lambda half=half: scene.enters_by_code(half, "000000"))  # type: ignore[misc]  # bound now
    scene.now += timedelta(minutes=16)
    assert _said(lambda: scene.enters_by_code(scene.half(), app.at(scene.now))).text.startswith("There were too many tries.")
    scene.now += timedelta(days=1)
    assert scene.enters_by_code(scene.half(), app.at(scene.now))


def test_who_guesses_beside_the_owner_gets_no_further_guesses_by_the_owners_right_codes(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    for _ in range(3):
        for _ in range(9):
            _does(lambda: scene.enters_by_code(scene.half(), "000000"))
        scene.enters_by_code(scene.half(), app.at(scene.now))
        scene.now += timedelta(minutes=16)

    for _ in range(4):
        _does(lambda: scene.enters_by_code(scene.half(), "000000"))

    assert _said(lambda: scene.enters_by_code(scene.half(), app.at(scene.now))).text.startswith("There were too many tries.")


def test_a_recovery_code_stands_in_once(scene: Scene) -> None:
    _, fresh = scene.adds_app(scene.people.lin)

    assert scene.known(scene.enters_by_code(scene.half(), fresh[3].upper().replace("-", " "))).is_strong

    assert _said(lambda: scene.enters_by_code(scene.half(), fresh[3])) == second_factors.WRONG_RECOVERY
    assert own_factors.own_factors(scene.house, scene.people.lin).recovery_codes_left == 9


def test_fresh_recovery_codes_make_the_former_void(scene: Scene) -> None:
    _, fresh = scene.adds_app(scene.people.lin)

    again = own_factors.new_recovery_codes(scene.house, scene.people.lin, now=scene.now, wall=scene.now)

    assert _said(lambda: scene.enters_by_code(scene.half(), fresh[0])) == second_factors.WRONG_RECOVERY
    assert scene.enters_by_code(scene.half(), again[0])


def test_neither_secrets_nor_recovery_codes_are_stored_as_they_are(scene: Scene) -> None:
    app, fresh = scene.adds_app(scene.people.lin)

    with scene.house.pool.connection() as tx:
        stored = str(tx.execute("select encode(sealed, 'escape') from code_apps").fetchall()) + str(tx.execute("select digest from recovery_codes").fetchall())
    assert app.secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in fresh)
    assert app.secret not in repr(own_factors.begin_app(scene.house, scene.people.mei, NOW))


def test_the_first_second_factor_ends_the_sign_ins_of_before(scene: Scene) -> None:
    lin = scene.people.lin
    elsewhere = scene.signs_in(lin)

    scene.adds_app(lin)

    with scene.house.pool.connection() as tx:
        assert [each.is_strong for each in sign_ins.of_person(tx, _id(lin), scene.now)] == [True]
        assert elsewhere not in sign_ins.standing(tx, [elsewhere], scene.now)


def test_an_app_that_was_not_proven_asks_nothing_of_anybody(scene: Scene) -> None:
    own_factors.begin_app(scene.house, scene.people.lin, NOW)

    admitted = admission.enter(scene.house.pool, scene.throttle, login="lin", password=PASSWORD, came=CAME, now=NOW)

    assert admitted.is_whole


def test_an_app_that_works_is_not_written_over(scene: Scene) -> None:
    scene.adds_app(scene.people.lin)

    assert _said(lambda: own_factors.begin_app(scene.house, scene.people.lin, NOW)).text.startswith("You have an app already.")


def test_where_the_key_is_gone_the_codes_are_refused_in_words_and_a_recovery_code_still_works(scene: Scene) -> None:
    app, fresh = scene.adds_app(scene.people.lin)
    (scene.house.home / "keys" / "vault.keys").unlink()

    assert _said(lambda: scene.enters_by_code(scene.half(), app.at(scene.now))) == second_factors.APP_IS_SHUT
    assert scene.enters_by_code(scene.half(), fresh[0])


def test_it_lets_somebody_in_by_a_passkey_alone(scene: Scene) -> None:
    device = scene.adds_passkey(scene.people.lin)

    assert scene.enters_by_passkey(device.shows(scene.asked())).person_id == scene.people.lin.person_id


def test_it_lets_somebody_in_by_a_passkey_after_the_password(scene: Scene) -> None:
    device, half = scene.adds_passkey(scene.people.lin), scene.half()
    asked = scene.asked(scene.people.lin)

    token = second_factors.enter_by_second_passkey(scene.house, scene.throttle, half, scene.at(), device.shows(asked), came=CAME, now=scene.now)

    assert [decoded(each["id"]) for each in asked["allowCredentials"]] == [device.credential_id]
    assert scene.known(token).is_strong


def test_it_takes_no_answer_of_a_passkey_twice(scene: Scene) -> None:
    device = scene.adds_passkey(scene.people.lin, Device(ORIGIN, counts=False))
    answer = device.shows(scene.asked())
    scene.enters_by_passkey(answer)

    assert _said(lambda: scene.enters_by_passkey(answer)) == second_factors.WRONG_PASSKEY


def test_it_takes_no_passkey_whose_device_has_counted_further_before(scene: Scene) -> None:
    device = scene.adds_passkey(scene.people.lin)
    scene.enters_by_passkey(device.shows(scene.asked()))

    device.counter = 0

    assert _said(lambda: scene.enters_by_passkey(device.shows(scene.asked()))) == second_factors.WRONG_PASSKEY


def test_it_takes_no_passkey_that_is_shown_wrongly(scene: Scene) -> None:
    taken = {wrong: _does(lambda wrong=wrong: scene.enters_by_passkey(_shown_wrongly(scene, wrong))) for wrong in WRONG}  # type: ignore[misc]  # bound now

    assert taken == dict.fromkeys(WRONG, False)


def test_it_reads_nothing_into_an_answer_no_browser_gives(scene: Scene) -> None:
    empty = '{"id":"AA","rawId":"AA","type":"public-key","response":{}}'

    for answer in ("", "{}", "[]", "null", "{", '{"id": 1}', "[" * 19_000, empty, "x" * 30_000):
        assert _said(lambda answer=answer: scene.enters_by_passkey(answer)) == second_factors.WRONG_PASSKEY  # type: ignore[misc]  # bound now


def test_it_reads_nothing_into_an_answer_that_was_damaged_anywhere(scene: Scene) -> None:
    device = scene.adds_passkey(scene.people.lin, Device(ORIGIN, counts=False))
    asked = scene.asked()
    whole = json.loads(device.shows(asked))

    taken = 0
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        told = decoded(whole["response"][part])
        for at in range(0, len(told), 5):
            damaged = told[:at] + bytes([told[at] ^ 0x21]) + told[at + 1 :]
            answer = json.dumps({**whole, "response": {**whole["response"], part: coded(damaged)}})
            taken += _does(lambda answer=answer: scene.enters_by_passkey(answer))  # type: ignore[misc]  # bound now

    assert taken == 0


def test_a_passkey_of_another_person_does_not_stand_in_after_the_password(scene: Scene) -> None:
    scene.adds_passkey(scene.people.lin)
    of_zheng, half = scene.adds_passkey(scene.people.zheng), scene.half()
    answer = of_zheng.shows(scene.asked())

    said = _said(lambda: second_factors.enter_by_second_passkey(scene.house, scene.throttle, half, scene.at(), answer, came=CAME, now=scene.now))

    assert said == second_factors.WRONG_PASSKEY


def test_a_passkey_of_a_closed_account_opens_nothing(scene: Scene) -> None:
    device = scene.adds_passkey(scene.people.lin)
    with scene.house.pool.connection() as tx:
        tx.execute("update people set closed_at = %s where login = 'lin'", (NOW,))

    assert _said(lambda: scene.enters_by_passkey(device.shows(scene.asked()))) == second_factors.WRONG_PASSKEY


def test_nobody_keeps_a_passkey_that_was_asked_of_another(scene: Scene) -> None:
    asked = own_factors.passkey_to_make(scene.house, scene.people.zheng, scene.at("new zheng"), NOW)
    answer, this = Device(ORIGIN).makes(asked), scene.signs_in(scene.people.lin)

    with pytest.raises(Refused):
        own_factors.add_passkey(scene.house, scene.people.lin, scene.at("new lin"), answer, "", this=this, now=NOW, wall=NOW)

    assert own_factors.own_factors(scene.house, scene.people.lin).passkeys == ()


def test_it_confirms_by_password_code_or_passkey_and_by_nothing_else(scene: Scene) -> None:
    lin = scene.people.lin
    device = scene.adds_passkey(lin)
    app, _ = scene.adds_app(lin)
    with scene.house.pool.connection() as tx:
        token = sign_ins.begin(tx, _id(lin), scene.now)
    this = sign_ins.digest_of(token)
    moments = []

    for confirm in (
        lambda now: second_factors.confirm_by_password(scene.house, lin, scene.throttle, this, PASSWORD, came=CAME, now=now),
        lambda now: second_factors.confirm_by_code(scene.house, lin, scene.throttle, this, app.at(now), came=CAME, now=now),
        lambda now: second_factors.confirm_by_passkey(scene.house, lin, scene.throttle, this, scene.at(), device.shows(scene.asked()), came=CAME, now=now),
    ):
        scene.now += timedelta(minutes=11)
        assert not sign_ins.is_confirmed(scene.known(token).confirmed_at, scene.now)
        assert _does(lambda confirm=confirm: confirm(scene.now))  # type: ignore[misc]  # bound now
        moments.append(scene.known(token).confirmed_at == scene.now)

    scene.now += timedelta(minutes=11)
    assert not _does(lambda: second_factors.confirm_by_password(scene.house, lin, scene.throttle, this, "wrong", came=CAME, now=scene.now))
    assert moments == [True, True, True]
    assert not sign_ins.is_confirmed(scene.known(token).confirmed_at, scene.now)


def test_a_role_that_is_asked_a_second_factor_counts_for_nothing_without_one(scene: Scene) -> None:
    people = scene.people
    scene.adds_app(people.lin)
    own_factors.put_factor_terms(scene.house, people.lin, people.shop_id, frozenset({Role.OWNER, Role.REP}), NOW, is_strong=True)

    seen = {}
    for name, person, is_strong in (("mei", people.mei, False), ("mei strong", people.mei, True), ("zhou", people.zhou, False), ("lin", people.lin, False)):
        with scene.house.pool.connection() as tx:
            token = sign_ins.begin(tx, _id(person), scene.now, is_strong=is_strong)
        known = scene.known(token).person
        with scene.house.pool.connection() as tx:
            assert sign_ins.standing(tx, [sign_ins.digest_of(token)], scene.now) == {sign_ins.digest_of(token): known}
        seen[name] = (dict(known.roles), set(known.withheld))

    shop = people.shop_id
    assert seen == {"mei": ({}, {shop}), "mei strong": ({shop: Role.REP}, set()), "zhou": ({shop: Role.WAREHOUSE}, set()), "lin": ({}, {shop})}


def test_the_keeper_keeps_nothing_of_the_house_while_a_role_is_withheld(scene: Scene) -> None:
    people = scene.people
    with scene.house.pool.connection() as tx:
        tx.execute("update people set is_keeper = true where login = 'lin'")
        factors.put_terms(tx, people.shop_id, frozenset({Role.OWNER}), people.lin.person_id, NOW)
        weak, strong = (sign_ins.begin(tx, _id(people.lin), NOW, is_strong=is_strong) for is_strong in (False, True))

    assert (scene.known(weak).person.is_keeper, scene.known(strong).person.is_keeper) == (False, True)


def test_only_an_owner_asks_it_of_others_and_nobody_shuts_themselves_out(scene: Scene) -> None:
    people, house = scene.people, scene.house

    with pytest.raises(NotAllowed):
        own_factors.put_factor_terms(house, people.mei, people.shop_id, frozenset({Role.OWNER}), NOW, is_strong=True)
    with pytest.raises(NotAllowed):
        own_factors.put_factor_terms(house, people.zheng, people.shop_id, frozenset({Role.OWNER}), NOW, is_strong=True)
    said = _said(lambda: own_factors.put_factor_terms(house, people.lin, people.shop_id, frozenset({Role.OWNER}), NOW, is_strong=False))

    assert said == say("This would shut you out too. Add a second factor to your own account first, then ask it of others.")
    assert own_factors.factor_terms(house, people.lin, people.shop_id) == frozenset()


def test_the_last_second_factor_stays_where_a_shop_asks_for_one(scene: Scene) -> None:
    people, house = scene.people, scene.house
    scene.adds_app(people.lin)
    own_factors.put_factor_terms(house, people.lin, people.shop_id, frozenset({Role.OWNER}), NOW, is_strong=True)

    assert _said(lambda: own_factors.drop_app(house, people.lin, NOW)).slots == {"shop": "林记坚果"}

    scene.adds_passkey(people.lin)
    own_factors.drop_app(house, people.lin, NOW)
    number = own_factors.own_factors(house, people.lin).passkeys[0].number
    assert _said(lambda: own_factors.drop_passkey(house, people.lin, number, NOW)).slots == {"shop": "林记坚果"}


def test_without_a_second_factor_the_recovery_codes_are_void(scene: Scene) -> None:
    scene.adds_app(scene.people.lin)

    own_factors.drop_app(scene.house, scene.people.lin, NOW)

    assert own_factors.own_factors(scene.house, scene.people.lin).recovery_codes_left == 0


def test_a_sign_in_is_strong_as_long_as_there_is_a_second_factor(scene: Scene) -> None:
    lin = scene.people.lin
    app, _ = scene.adds_app(lin)
    with scene.house.pool.connection() as tx:
        token = sign_ins.begin(tx, _id(lin), scene.now)
    this = sign_ins.digest_of(token)

    second_factors.confirm_by_password(scene.house, lin, scene.throttle, this, PASSWORD, came=CAME, now=scene.now)
    by_password = scene.known(token).is_strong
    second_factors.confirm_by_code(scene.house, lin, scene.throttle, this, app.at(scene.now), came=CAME, now=scene.now)
    by_code = scene.known(token).is_strong
    own_factors.drop_app(scene.house, lin, NOW)

    assert (by_password, by_code, scene.known(token).is_strong) == (False, True, False)


def test_nobody_takes_anothers_passkey_away(scene: Scene) -> None:
    scene.adds_passkey(scene.people.lin)
    number = own_factors.own_factors(scene.house, scene.people.lin).passkeys[0].number

    own_factors.drop_passkey(scene.house, scene.people.zheng, number, NOW)

    assert len(own_factors.own_factors(scene.house, scene.people.lin).passkeys) == 1


def test_the_operator_takes_lost_factors_away_and_ends_every_sign_in(scene: Scene) -> None:
    scene.adds_app(scene.people.lin)
    scene.adds_passkey(scene.people.lin)

    own_factors.drop_factors(scene.house, operator(), "lin", NOW)

    admitted = admission.enter(scene.house.pool, scene.throttle, login="lin", password=PASSWORD, came=CAME, now=scene.now)
    assert admitted.is_whole
    assert len(own_account.own_sign_ins(scene.house, scene.people.lin, scene.now)) == 1
    with pytest.raises(NotAllowed):
        own_factors.drop_factors(scene.house, scene.people.lin, "zheng", NOW)


def test_people_see_what_happened_at_the_door_under_their_name(scene: Scene) -> None:
    app, _ = scene.adds_app(scene.people.lin)
    _does(lambda: scene.half("nobody"))
    with pytest.raises(admission.EntryRefused):
        admission.enter(scene.house.pool, scene.throttle, login="LIN", password="wrong", came=CAME, now=scene.now)
    half = scene.half()
    _does(lambda: scene.enters_by_code(half, "000000"))
    scene.enters_by_code(half, app.at(scene.now))

    seen = own_account.own_entries(scene.house, scene.people.lin, 10)

    assert [(each.what, each.is_good) for each in seen] == [("entry.code", True), ("entry.wrong_code", False), ("entry.wrong_password", False)]
    assert {(each.device, each.network) for each in seen} == {("Firefox · Linux", "203.0.113.0/24")}
    assert own_account.own_entries(scene.house, scene.people.zheng, 10) == ()


def test_what_was_begun_or_is_long_ago_is_swept_up(scene: Scene) -> None:
    device, half = scene.adds_passkey(scene.people.lin), scene.half()
    scene.enters_by_passkey(device.shows(scene.asked()))

    chores.sweep_sign_ins(scene.house, scene.now + timedelta(minutes=10))
    with scene.house.pool.connection() as tx:
        left = [len(tx.execute(f"select 1 from {table}").fetchall()) for table in ("half_sign_ins", "spent_challenges", "entries")]
    chores.sweep_sign_ins(scene.house, scene.now + timedelta(days=91))

    assert left == [0, 0, 1]
    assert own_account.own_entries(scene.house, scene.people.lin, 10) == ()
    assert _said(lambda: scene.enters_by_code(half, "000000")) == second_factors.HALF_IS_OVER


def _shown_wrongly(scene: Scene, wrong: str) -> str:
    """What a device answers that is wrong in this one thing."""
    device, asked = scene.adds_passkey(scene.people.lin), scene.asked()
    match wrong:
        case "origin":
            device.origin = "https://desk.example.evil.test"
        case "host":
            asked["rpId"] = "evil.test"
        case "owner unknown":
            device.knows_owner = False
        case "another key":
            device.key = Device(ORIGIN).key
        case "late":
            scene.now += timedelta(minutes=6)
        case "challenge":
            asked["challenge"] = coded(bytes(40))
        case "another purpose":
            asked = second_factors.passkeys_to_show(scene.house, scene.at("confirmation of 1"), None, scene.now)
        case "made, not shown":
            return device.makes({**asked, "rp": {"id": "desk.example"}})
    return device.shows(asked)


def _id(person: Person) -> PersonId:
    assert person.person_id is not None
    return person.person_id


def _does(work: Callable[[], object]) -> bool:
    try:
        work()
    except (Refused, admission.EntryRefused):
        return False
    return True


def _said(work: Callable[[], object]) -> Any:
    with pytest.raises(Refused) as refusal:
        work()
    return refusal.value.say
