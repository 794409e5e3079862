"""The command: `zhanggui emulator --port P [--seed N] [--scenario FILE] [--mood NAME] [--speed X] [--deeds FILE]`."""

import argparse
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec
import uvicorn
from litestar import Litestar

from zhanggui.emulator.app import make_app
from zhanggui.emulator.chronicle import Chronicle, ChronicleError
from zhanggui.emulator.clock import Clock
from zhanggui.emulator.moods import MOODS, mood_named
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.replaying import platform_with
from zhanggui.emulator.scenario import Scenario, read_scenario


class Shop(msgspec.Struct, frozen=True):
    """One shop and the tokens it has granted."""

    shop_id: str
    shop_name: str
    access_token: str
    refresh_token: str


class FirstLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a program that starts the emulator needs to know."""

    client_id: str
    client_secret: str
    access_token: str
    refresh_token: str
    shop_id: str
    gateway: str
    oauth: str
    oauth_token: str
    upload: str
    pmc: str
    print: str
    kdniao: str
    kuaidi100: str
    page: str
    ledger: str
    state: str
    seed: int
    scenario: str
    mood: str
    speed: float
    now: int
    shops: list[Shop]


def main() -> None:
    """Run the command with the process's own arguments."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Serve until interrupted; 0 when ended in order, 2 when the arguments cannot be used."""
    asked = parsed(argv)
    with ExitStack() as held:
        try:
            listening = [held.enter_context(bound(asked.host, port)) for port in (asked.port, asked.print_port) if port is not None]
            platform = opened(asked, held)
        except (OSError, ValueError, msgspec.DecodeError) as failed:
            sys.stderr.write(f"zhanggui emulator: {failed}\n")
            return 2
        serve(asked, platform, listening)
    return 0


def serve(asked: argparse.Namespace, platform: Platform, listening: list[socket.socket]) -> None:
    """Tell where the doors are, and serve at them until interrupted."""
    host, port = listening[0].getsockname()[:2]
    sys.stdout.write(msgspec.json.encode(first_line(platform, f"{host}:{port}")).decode() + "\n")
    sys.stdout.flush()
    server = uvicorn.Server(server_config(make_app(platform)))
    if asked.until_eof:
        threading.Thread(target=end_with_input, args=(server,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=listening)


def server_config(app: Litestar, *, ends_within: int = 2) -> uvicorn.Config:
    """How the application is served: silently, and with a date of its own on the gateway's answers."""
    return uvicorn.Config(
        app, log_level="critical", access_log=False, ws="websockets-sansio", lifespan="on", date_header=False, timeout_keep_alive=30,
        timeout_graceful_shutdown=ends_within,
    )  # fmt: skip


def parsed(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(prog="zhanggui emulator", description="An emulated platform, with a world, moods and a ledger of its own.")
    parser.add_argument("--port", type=int, default=18080, help="port to listen on; 0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--seed", type=int, help="the same seed gives the same world")
    parser.add_argument("--scenario", help="a TOML file, or one of: plain, ten, alone, quarrel, busy, million, village")
    parser.add_argument("--print-port", type=int, help="a second port to listen on, such as the print component's own 5000")
    parser.add_argument("--mood", choices=sorted(MOODS), help="how the platform misbehaves")
    parser.add_argument("--speed", type=float, help="world seconds in one second of the wall, 0 to 10000")
    parser.add_argument("--clock-file", type=Path, help="a JSON file whose offset_seconds the world's clock follows")
    parser.add_argument("--deeds", type=Path, help="a file that keeps what is done to the platform, so that it stands where it stood after a restart")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends, as it does when the program that started it dies")
    return parser.parse_args(list(argv))


def opened(asked: argparse.Namespace, held: ExitStack) -> Platform:
    """The platform asked for: a new one, or the one whose deeds are kept, as it stood."""
    if asked.deeds is None:
        scenario = chosen_scenario(asked, read_scenario(asked.scenario or "plain"))
        return Platform(scenario, clock_for(asked, scenario))
    chronicle = Chronicle(asked.deeds)
    held.callback(chronicle.close)
    beginning = chronicle.beginning()
    kept = None if beginning is None else beginning.scenario
    scenario = chosen_scenario(asked, read_scenario(asked.scenario or "plain") if asked.scenario or kept is None else kept)
    if kept is not None and not is_same_world(kept, scenario):
        raise ChronicleError(f"{asked.deeds} tells of another world: begin a new file, or ask for the scenario and the seed it was begun with")
    platform = platform_with(chronicle, scenario, clock_for(asked, scenario))
    overrule(platform, asked)
    return platform


def clock_for(asked: argparse.Namespace, scenario: Scenario) -> Clock:
    """The clock: one that follows a file shows the wall's time and the file's offset, wherever the world began."""
    return Clock(start=None if asked.clock_file else scenario.starts_at(), speed=scenario.speed, follow=asked.clock_file)


def is_same_world(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios make the same world: mood and speed are of the moment."""
    return msgspec.structs.replace(one, mood="", speed=0.0) == msgspec.structs.replace(other, mood="", speed=0.0)


def overrule(platform: Platform, asked: argparse.Namespace) -> None:
    """Let a mood and a speed that were asked for stand over those of the kept deeds."""
    if asked.mood is not None and asked.mood != platform.temper.mood.name:
        platform.temper.change(mood_named(asked.mood))
        platform.remember("mood", platform.temper.mood)
    if asked.speed is not None and asked.speed != platform.clock.speed:
        platform.clock.run_at(asked.speed)
        platform.remember("clock", platform.clock.stand)


def end_with_input(server: uvicorn.Server) -> None:
    """End the server once standard input has ended: nobody is there any more, so that no connection is waited for."""
    while sys.stdin.buffer.read(1024):
        pass
    server.should_exit = server.force_exit = True


def chosen_scenario(asked: argparse.Namespace, scenario: Scenario) -> Scenario:
    """The scenario, with what the command line says over it."""
    over = {name: value for name in ("seed", "mood", "speed") if (value := getattr(asked, name)) is not None}
    return msgspec.structs.replace(scenario, **over)


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that its port is known before anything is told; asyncio sends small answers at once only where TCP is named."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(512)
    return listening


def first_line(platform: Platform, address: str) -> FirstLine:
    """Where everything is, and who may come in."""
    grants, base = platform.grants, f"http://{address}"
    return FirstLine(
        client_id=platform.app.client_id,
        client_secret=platform.app.client_secret,
        access_token=grants[0].access_token,
        refresh_token=grants[0].refresh_token,
        shop_id=str(grants[0].mall_id),
        gateway=f"{base}/api/router",
        oauth=f"{base}/service-market/auth",
        oauth_token=f"{base}/oauth/token",
        upload=f"{base}/api/upload",
        pmc=f"ws://{address}/message",
        print=f"ws://{address}/print",
        kdniao=f"{base}/Ebusiness/EbusinessOrderHandle.aspx",
        kuaidi100=f"{base}/poll/query.do",
        page=f"{base}/",
        ledger=f"{base}/_ledger",
        state=f"{base}/_state",
        seed=platform.seed,
        scenario=platform.scenario.name,
        mood=platform.temper.mood.name,
        speed=platform.clock.speed,
        now=platform.first.now,
        shops=[Shop(str(each.mall_id), platform.worlds[each.mall_id].mall_name, each.access_token, each.refresh_token) for each in grants],
    )
