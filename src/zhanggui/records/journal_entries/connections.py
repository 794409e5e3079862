"""Which outside parties the shop was connected to."""

from zhanggui.core.say import Say, say
from zhanggui.records.journal_entries.entry import Entry


class ApplicationNamed(Entry, frozen=True):
    """An application of the platform was named for the shop. Its secret stands nowhere but sealed."""

    kind = "application_named"
    client_id: str

    def say(self) -> Say:
        return say("The shop goes by the application {client_id}.", client_id=self.client_id)


class TrackerNamed(Entry, frozen=True):
    """An account with a tracking service was named. Its key stands nowhere but sealed."""

    kind = "tracker_named"
    service: str
    account: str
    is_of_house: bool

    def say(self) -> Say:
        if self.is_of_house:
            return say("Every shop of the house asks {service} for tracking events, as {account}.", service=self.service, account=self.account)
        return say("The shop asks {service} for tracking events, as {account}.", service=self.service, account=self.account)


class TrackerTakenAway(Entry, frozen=True):
    """An account with a tracking service was taken away; its key was wiped."""

    kind = "tracker_taken_away"
    service: str

    def say(self) -> Say:
        return say("{service} is no longer asked for tracking events; the key was wiped, the events stay.", service=self.service)


class ShopConnected(Entry, frozen=True):
    """The shop was connected to the platform, or authorised us again."""

    kind = "shop_connected"
    mall_name: str
    owner_id: str
    by_hand: bool = False

    def say(self) -> Say:
        if self.by_hand:
            return say("Connected to {mall_name} ({owner_id}) with a token given by hand.", mall_name=self.mall_name, owner_id=self.owner_id)
        return say("Connected to {mall_name} ({owner_id}) on the platform.", mall_name=self.mall_name, owner_id=self.owner_id)


class ShopDisconnected(Entry, frozen=True):
    """The shop was disconnected; its tokens were wiped."""

    kind = "shop_disconnected"

    def say(self) -> Say:
        return say("Disconnected from the platform; the tokens were wiped, the facts stay.")


class ConnectionLapsed(Entry, frozen=True):
    """The platform takes the shop's token no longer."""

    kind = "connection_lapsed"
    code: str

    def say(self) -> Say:
        return say("The platform takes the shop's token no longer ({code}); it has to be connected again.", code=self.code)


class ShopRefused(Entry, frozen=True):
    """Another shop of the platform came back than the one meant; nothing of it was kept."""

    kind = "shop_refused"
    owner_id: str

    def say(self) -> Say:
        return say("The platform's shop {owner_id} came back, which is not the one meant; nothing of it was kept.", owner_id=self.owner_id)
