"""Templates of labels: the standard ones of each carrier, and custom areas."""

import msgspec

from zhanggui.emulator.methods.registry import WAYBILL, Call, method
from zhanggui.emulator.world.carriers import main_carriers

TEMPLATES = "https://file-link.pinduoduo.com"


class Template(msgspec.Struct, frozen=True):
    """One standard template."""

    standard_template_id: int
    standard_template_name: str
    standard_template_url: str
    standard_waybill_type: int


class CarrierTemplates(msgspec.Struct, frozen=True):
    """The templates of one carrier."""

    wp_code: str
    standard_templates: list[Template]


class Area(msgspec.Struct, frozen=True):
    """One custom area."""

    custom_area_id: int
    custom_area_name: str
    custom_area_url: str
    keys: list[str]


class Found(msgspec.Struct, frozen=True):
    """A list under `datas`."""

    datas: list[CarrierTemplates] | list[Area]


class Result(msgspec.Struct, frozen=True):
    """An answer under `result`."""

    result: Found


@method("pdd.cloudprint.stdtemplates.get", WAYBILL, needs_token=False)
def templates(call: Call) -> Result:
    """The standard templates, of one carrier or of all."""
    wanted = call.args.text("wp_code", "")
    found = []
    for carrier in main_carriers():
        if wanted in ("", carrier.code):
            name = f"{TEMPLATES}/{carrier.code.lower()}_one"
            found.append(CarrierTemplates(carrier.code, [Template(carrier.id * 10 + 1, f"{carrier.name}一联单", name, 1)]))
    return Result(Found(found))


@method("pdd.cloudprint.customares.get", WAYBILL)
def areas(call: Call) -> Result:
    """The custom area of a template."""
    ident = call.args.integer("template_id")
    return Result(Found([Area(ident * 10, "自定义区", f"{TEMPLATES}/custom_{ident}", ["remark", "goods"])]))
