"""Texts that a regular expression would have the hardest time with: whatever it may repeat, repeated thousands of times, before an end it does not want."""

import ast
import importlib
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]  # no types are kept for how expressions are read
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import zhanggui

ROOT = Path(zhanggui.__file__).parent
ENDS = ("", "!", "\n")
_KINDS = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_WORD: "!",
}
_FAR = 50
"""What may be repeated more often than this is pumped."""
_PROGRAM_ONLY = ("zhanggui.emulator", "zhanggui.demo")
"""Rooms that read nothing but what is ours."""


def patterns() -> dict[str, tuple[re.Pattern[str], bool]]:
    """Every expression over text in the house by its place, and whether it is looked for anywhere in a text or only where one begins."""
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    for info in pkgutil.walk_packages(zhanggui.__path__, "zhanggui."):
        if info.name.endswith("__main__") or info.name.startswith(_PROGRAM_ONLY):
            continue
        module = importlib.import_module(info.name)
        held = [(name + place, name, each) for name, value in list(vars(module).items()) for place, each in _held(value) if isinstance(each.pattern, str)]
        anchored = _anchored(module.__file__) if held else set()
        for place, name, each in held:
            found.setdefault(f"{info.name}.{place}", (each, name not in anchored))
    return found


def written_in_calls() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The expressions that stand in a call of `re` itself, with their places."""
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text("utf-8")
        for call in ast.walk(ast.parse(text)) if "re." in text and "import re" in text else ():
            if (
                isinstance(call, ast.Call)
                and _is_of_re(call.func)
                and call.args
                and isinstance(call.args[0], ast.Constant)
                and isinstance(call.args[0].value, str)
            ):
                yield f"{file.relative_to(ROOT)}:{call.lineno}", re.compile(call.args[0].value)


def hardest(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """The texts for it, each about so long."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    met = set()
    for before, pump in _pumps(tree, ""):
        for start in dict.fromkeys(("", before)):
            for end in ENDS:
                if (start, pump, end) not in met:
                    met.add((start, pump, end))
                    yield start + pump * (length // len(pump)) + end


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in {"search", "match", "fullmatch", "findall", "finditer", "sub", "split"}
    )


def _anchored(file: str | None) -> set[str]:
    """The names of a module that are asked for at one place of a text only."""
    calls: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(Path(file or "").read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            calls.setdefault(node.value.id, set()).add(node.attr)
    return {name for name, asked in calls.items() if asked <= {"match", "fullmatch", "pattern"}}


def _held(value: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif isinstance(value, dict):
        yield from ((f"[{key!r}]", each) for key, held in value.items() for _, each in _held(held))
    elif isinstance(value, list | tuple):
        yield from ((f"[{place}]", each) for place, held in enumerate(value) for _, each in _held(held))


def _pumps(node: Sequence[Any], before: str) -> Iterator[tuple[str, str]]:
    for operation, about in node:
        match operation:
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                _, most, body = about
                if most is sre.MAXREPEAT or most > _FAR:
                    for turn in range(2):
                        yield before, _sample(body, turn) or "a"
                yield from _pumps(body, before)
            case sre.SUBPATTERN:
                yield from _pumps(about[3], before)
            case sre.BRANCH:
                for branch in about[1]:
                    yield from _pumps(branch, before)
            case sre.ATOMIC_GROUP:
                yield from _pumps(about, before)
            case sre.ASSERT | sre.ASSERT_NOT:
                yield from _pumps(about[1], before)
        before += _sample([(operation, about)], 0)


def _sample(node: Sequence[Any], turn: int) -> str:
    """Something that this piece of an expression takes."""
    made = ""
    for operation, about in node:
        match operation:
            case sre.LITERAL:
                made += chr(about)
            case sre.NOT_LITERAL:
                made += "b" if about == ord("a") else "a"
            case sre.ANY:
                made += "a"
            case sre.IN:
                made += _one_of(about, turn)
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                made += _sample(about[2], turn) * max(about[0], turn % 2)
            case sre.SUBPATTERN:
                made += _sample(about[3], turn)
            case sre.BRANCH:
                made += _sample(about[1][turn % len(about[1])], turn)
            case sre.ATOMIC_GROUP:
                made += _sample(about, turn)
    return made


def _one_of(items: Sequence[Any], turn: int) -> str:
    if items[0][0] is sre.NEGATE:
        return next(char for char in "a1 !中,.\nb2" if not any(_takes(item, char) for item in items[1:]))
    choices = []
    for operation, about in items:
        match operation:
            case sre.LITERAL:
                choices.append(chr(about))
            case sre.RANGE:
                choices.append(chr(about[0]))
            case sre.CATEGORY:
                choices.append(_KINDS[about])
    return choices[turn % len(choices)]


def _takes(item: Any, char: str) -> bool:
    operation, about = item
    if operation is sre.LITERAL:
        return bool(about == ord(char))
    if operation is sre.RANGE:
        return bool(about[0] <= ord(char) <= about[1])
    kind = str(about)
    is_kind = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": str.isalnum}[kind.rpartition("_")[2]](char)
    return is_kind != ("NOT" in kind)
