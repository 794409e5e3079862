"""What is asked of the platform about electronic waybills, and what it answers."""

import msgspec


class TradeInfo(msgspec.Struct, frozen=True):
    """Which orders a document is for."""

    order_channels_type: str
    trade_order_list: list[str]


class Document(msgspec.Struct, frozen=True):
    """One document asked for; parts this world has no use for are read and left."""

    object_id: str
    order_info: TradeInfo
    template_url: str
    recipient: dict[str, object]
    package_info: dict[str, object]
    user_id: int = 0


class Application(msgspec.Struct, frozen=True):
    """A request for numbers."""

    wp_code: str
    sender: dict[str, object]
    trade_order_info_dtos: list[Document]
    need_encrypt: bool = True


class Update(msgspec.Struct, frozen=True):
    """A change to a number already taken."""

    waybill_code: str
    wp_code: str
    template_url: str = ""


class Asked(msgspec.Struct, frozen=True):
    """One number asked for."""

    waybill_code: str
    wp_code: str
    object_id: str = ""


class Module(msgspec.Struct, frozen=True):
    """One number and what the print component needs to print it."""

    waybill_code: str
    print_data: str
    object_id: str = ""
    parent_waybill_code: str = ""


class Modules(msgspec.Struct, frozen=True):
    """Several numbers."""

    modules: list[Module]


class Cancelled(msgspec.Struct, frozen=True):
    """Whether a number was given back."""

    cancel_result: bool


class PrintData(msgspec.Struct, frozen=True):
    """What only the print component can open."""

    encrypted_data: str = msgspec.field(name="encryptedData")
    signature: str
    template_url: str = msgspec.field(name="templateUrl")
    ver: str
    userid: int


class ShippAddress(msgspec.Struct, frozen=True):
    """Where parcels of an account leave."""

    province: str = "浙江省"
    city: str = "金华市"
    district: str = "义乌市"
    detail: str = "北苑街道拥军路88号"
    country: str = "CHINA"


class Branch(msgspec.Struct, frozen=True):
    """One account at a carrier's branch, and how many numbers it has left."""

    branch_code: str
    branch_name: str
    quantity: int
    allocated_quantity: int
    cancel_quantity: int
    recycled_quantity: int = 0
    shipp_address_cols: tuple[ShippAddress, ...] = (ShippAddress(),)
    service_info_cols: tuple[str, ...] = ()
    vas_account_cols: tuple[str, ...] = ()


class Subscription(msgspec.Struct, frozen=True):
    """The accounts at one carrier."""

    wp_code: str
    wp_type: int
    branch_account_cols: list[Branch]


class Subscriptions(msgspec.Struct, frozen=True):
    """All accounts."""

    waybill_apply_subscription_cols: list[Subscription]
