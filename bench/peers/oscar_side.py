"""django-oscar's side: orders placed, shipped and listed through its own API, one after the other. Run by its own Python; the address of an empty
database is in PEER_DATABASE, how many orders in PEER_COUNT. Prints one JSON object.
"""

import json
import os
import time
from decimal import Decimal

import django
from django.conf import settings
from oscar import defaults

COUNT = int(os.environ["PEER_COUNT"])
SOCKET, NAME, USER = os.environ["PEER_DATABASE"].split("|")

settings.configure(
    **{name: value for name, value in vars(defaults).items() if name.isupper()},
    SECRET_KEY="peer",
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    SITE_ID=1,
    USE_TZ=True,
    ROOT_URLCONF="oscar_urls",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    OSCAR_INITIAL_ORDER_STATUS="Pending",
    OSCAR_INITIAL_LINE_STATUS="Pending",
    OSCAR_ORDER_STATUS_PIPELINE={"Pending": ("Shipped",), "Shipped": ()},
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": NAME, "USER": USER, "HOST": SOCKET, "ATOMIC_REQUESTS": True}},
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    AUTHENTICATION_BACKENDS=("oscar.apps.customer.auth_backends.EmailBackend", "django.contrib.auth.backends.ModelBackend"),
    MIDDLEWARE=(
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "oscar.apps.basket.middleware.BasketMiddleware",
    ),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "oscar.apps.search.context_processors.search_form",
                    "oscar.apps.checkout.context_processors.checkout",
                    "oscar.apps.communication.notifications.context_processors.notifications",
                    "oscar.core.context_processors.metadata",
                ]
            },
        }
    ],
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.sites",
        "django.contrib.flatpages",
        "oscar.config.Shop",
        *(
            f"oscar.apps.{name}"
            for name in (
                "analytics.apps.AnalyticsConfig",
                "checkout.apps.CheckoutConfig",
                "address.apps.AddressConfig",
                "shipping.apps.ShippingConfig",
                "catalogue.apps.CatalogueConfig",
                "catalogue.reviews.apps.CatalogueReviewsConfig",
                "communication.apps.CommunicationConfig",
                "partner.apps.PartnerConfig",
                "basket.apps.BasketConfig",
                "payment.apps.PaymentConfig",
                "offer.apps.OfferConfig",
                "order.apps.OrderConfig",
                "customer.apps.CustomerConfig",
                "search.apps.SearchConfig",
                "voucher.apps.VoucherConfig",
                "wishlists.apps.WishlistsConfig",
                "dashboard.apps.DashboardConfig",
                "dashboard.reports.apps.ReportsDashboardConfig",
                "dashboard.users.apps.UsersDashboardConfig",
                "dashboard.orders.apps.OrdersDashboardConfig",
                "dashboard.catalogue.apps.CatalogueDashboardConfig",
                "dashboard.offers.apps.OffersDashboardConfig",
                "dashboard.partners.apps.PartnersDashboardConfig",
                "dashboard.pages.apps.PagesDashboardConfig",
                "dashboard.ranges.apps.RangesDashboardConfig",
                "dashboard.reviews.apps.ReviewsDashboardConfig",
                "dashboard.vouchers.apps.VouchersDashboardConfig",
                "dashboard.communications.apps.CommunicationsDashboardConfig",
                "dashboard.shipping.apps.ShippingDashboardConfig",
            )
        ),
        "widget_tweaks",
        "haystack",
        "treebeard",
        "django_tables2",
    ],
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django first has to be set up
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from oscar.core.loading import get_class, get_model  # noqa: E402

call_command("migrate", verbosity=0)

Basket, Order = get_model("basket", "Basket"), get_model("order", "Order")
Country, Address = get_model("address", "Country"), get_model("order", "ShippingAddress")
Product, ProductClass = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
Partner, StockRecord = get_model("partner", "Partner"), get_model("partner", "StockRecord")
EventType = get_model("order", "ShippingEventType")
Selector, Creator = get_class("partner.strategy", "Selector"), get_class("order.utils", "OrderCreator")
Free, Calculator = get_class("shipping.methods", "Free"), get_class("checkout.calculators", "OrderTotalCalculator")
Handler = get_class("order.processing", "EventHandler")


def main() -> None:
    """Takes orders in, ships them, and asks for the list of them."""
    country = Country.objects.create(iso_3166_1_a2="CN", name="China", printable_name="China", is_shipping_country=True)
    user = get_user_model().objects.create_superuser("peer", "peer@example.test", "peer")
    kind = ProductClass.objects.create(name="nuts", track_stock=True)
    products = [Product.objects.create(title=f"Nuts {number}", product_class=kind, upc=str(number)) for number in range(20)]
    partner = Partner.objects.create(name="shop")
    for product in products:
        StockRecord.objects.create(product=product, partner=partner, partner_sku=product.upc, price=Decimal("19.90"), num_in_stock=10_000_000)
    leaves = EventType.objects.create(name="Shipped")
    request = RequestFactory().get("/")
    request.user = user
    strategy = Selector().strategy(request=request, user=user)

    began = time.perf_counter()
    orders = [placed(number, products, strategy, user, country) for number in range(COUNT)]
    taken = COUNT / (time.perf_counter() - began)

    began = time.perf_counter()
    for number, order in enumerate(orders):
        shipped(order, leaves, user, number)
    sent = COUNT / (time.perf_counter() - began)

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    listed = []
    for _ in range(12):
        began = time.perf_counter()
        answer = client.get("/dashboard/orders/")
        listed.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.status_code
        assert b"/dashboard/orders/" in answer.content
    print(json.dumps({"taken": taken, "shipped": sent, "list_ms": sorted(listed)[len(listed) // 2] * 1000}))


def placed(number: int, products: list, strategy: object, user: object, country: object) -> object:
    """One order of two products."""
    with transaction.atomic():
        basket = Basket.objects.create()
        basket.strategy = strategy
        basket.add_product(products[number % 20], quantity=1)
        basket.add_product(products[(number + 7) % 20], quantity=2)
        address = Address.objects.create(first_name="W", last_name="*", line1="1", line4="Hangzhou", state="Zhejiang", postcode="310000", country=country)
        method = Free()
        cost = method.calculate(basket)
        order = Creator().place_order(
            basket=basket,
            total=Calculator().calculate(basket, cost),
            shipping_method=method,
            shipping_charge=cost,
            user=user,
            shipping_address=address,
            order_number=f"26{number:09d}",
        )
        basket.submit()
        return order


def shipped(order: object, leaves: object, user: object, number: int) -> None:
    """The order leaves with a tracking number."""
    with transaction.atomic():
        lines = list(order.lines.all())
        handler = Handler(user)
        handler.handle_shipping_event(order, leaves, lines, [line.quantity for line in lines], reference=f"YT{number:013d}")
        handler.handle_order_status_change(order, "Shipped", note_msg=f"YT{number:013d}")


main()
