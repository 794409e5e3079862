"""The templates: where they are, and the filters that word sentences, money and time in the reader's language.

Every template is rendered with `words: Catalog` and `now: datetime` in its context; without them it falls back to the default language. `_("…", slot=value)`
words a sentence in a template, `{{ sentence | t }}` a `Say` made elsewhere.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig

from zhanggui.core.money import Fen
from zhanggui.core.ranking import band_at
from zhanggui.core.say import Say, type_of_slot
from zhanggui.records.sealing import MARK
from zhanggui.words import Catalog, Language, load
from zhanggui.words.shapes import moment_text, money_text, short_moment_text
from zhanggui.workbench.charts import drawn_bars, drawn_line
from zhanggui.workbench.navigation import groups_for
from zhanggui.workbench.once import once_input
from zhanggui.workbench.places import order_path
from zhanggui.workbench.timeleft import band_class, time_ago, time_left
from zhanggui.workbench.unsaid import Unsaid, unsaid_in

HERE = Path(__file__).parent
STATIC = HERE / "static"


def template_config(bar: Callable[[Context], str] | None = None) -> TemplateConfig[JinjaTemplateEngine]:
    """The engine that Litestar renders pages with. `bar` writes what stands above every page, such as the clock of the demo."""
    made = environment()
    if bar is not None:
        made = made.overlay()
        made.globals = {**made.globals, "bar": bar}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(made))


@cache
def environment() -> Environment:
    """The one Jinja environment: templates by their path under workbench/, everything escaped, an unknown name an error."""
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False, finalize=_legible
    )
    made.bytecode_cache = compiled_in(HERE / "__pycache__")
    made.filters |= {
        "t": _t,
        "word": _word,
        "word_up": _word_up,
        "field_up": _field_up,
        "hash_name": _hash_name,
        "field": _field,
        "shown": _shown,
        "money": _money,
        "band_class": band_class,
    }
    made.filters |= {"unsaid": _unsaid}
    made.filters |= {"moment": _moment, "minute": _minute, "short": _short, "left": _left, "ago": _ago}
    made.globals |= {
        "_": _gettext,
        "ngettext": _ngettext,
        "static": static_url,
        "groups_for": groups_for,
        "languages": tuple(Language),
        "band_at": band_at,
        "order_path": order_path,
        "once_input": once_input,
        "drawn_line": drawn_line,
        "drawn_bars": drawn_bars,
    }
    return made


class Compiled(FileSystemBytecodeCache):
    """Keeps what templates are compiled to, which takes 24 ms for each; where it cannot be written, each process compiles what it shows."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless the disk is full or somebody else's."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_in(folder: Path) -> Compiled | None:
    """What is kept in that folder, where Python may keep what it compiled itself. What else decides the outcome beside the template is in the names."""
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    decides = hashlib.sha256(Path(__file__).read_bytes() + version("jinja2").encode()).hexdigest()[:8]
    return Compiled(str(folder), f"%s.{decides}.jinja")


@cache
def static_url(name: str) -> str:
    """The address of a file of ours with the digest of its bytes, so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


_SHUT = "〔封存，钥匙不在 · sealed, its key is not at hand〕"


def _legible(value: object) -> object:
    """What lies sealed and could not be opened is shown as that, in both languages."""
    return _SHUT if isinstance(value, str) and value.startswith(MARK) else value


def words_of(context: Context) -> Catalog:
    """The reader's catalog."""
    words = context.get("words")
    return words if isinstance(words, Catalog) else load(Language.ZH_HANS)


def now_of(context: Context) -> datetime:
    """The moment the page speaks of; pages that show a span of time must be given it."""
    now: datetime = context["now"]
    return now


@pass_context
def _gettext(context: Context, text: str, **slots: type_of_slot) -> str:
    words = words_of(context)
    return words.fill(words.gettext(text), slots) if slots else words.gettext(text)


@pass_context
def _ngettext(context: Context, one: str, many: str, n: int, /, **slots: type_of_slot) -> str:
    words = words_of(context)
    return words.fill(words.ngettext(one, many, n), {"n": n, **slots})


@pass_context
def _t(context: Context, sentence: Say | None) -> str:
    return words_of(context).render(sentence) if sentence is not None else ""


@pass_context
def _word(context: Context, code: object) -> str:
    return words_of(context).word(str(getattr(code, "value", code)))


@pass_context
def _unsaid(context: Context, text: str) -> tuple[Unsaid, ...]:
    return unsaid_in(text, now_of(context), words_of(context).language)


@pass_context
def _field(context: Context, name: str) -> str:
    return words_of(context).heading(name)


@pass_context
def _shown(context: Context, value: str) -> str:
    """A value of a row as text for the eye: a word of ours worded, a moment in Shanghai time, anything else as it stands."""
    return words_of(context).fill("{value}", {"value": value})


@pass_context
def _word_up(context: Context, code: object) -> str:
    """A word that begins a line of its own, such as a heading: with a capital where the language has them."""
    return _upper_first(_word(context, code))


@pass_context
def _field_up(context: Context, name: str) -> str:
    return _upper_first(_field(context, name))


def _hash_name(text: str) -> str:
    """A short name for an id, of whatever text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _money(amount: Fen | int | None) -> str:
    return "—" if amount is None else money_text(Fen(amount))


def _moment(moment: datetime | None) -> str:
    return "—" if moment is None else moment_text(moment)


def _minute(moment: datetime | None) -> str:
    """The moment to the minute, for places where seconds only make noise."""
    return _moment(moment and moment.replace(second=0, microsecond=0))


@pass_context
def _short(context: Context, moment: datetime | None) -> str:
    return "—" if moment is None else short_moment_text(moment, now_of(context))


@pass_context
def _left(context: Context, due_at: datetime) -> str:
    return words_of(context).render(time_left(due_at, now_of(context)))


@pass_context
def _ago(context: Context, moment: datetime) -> str:
    return words_of(context).render(time_ago(moment, now_of(context)))
