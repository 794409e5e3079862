"""django-helpdesk's side: the list of open tickets, the most urgent first, as its own page asks for it. Run by its own Python; the address of an empty
database is in PEER_DATABASE, how many tickets in PEER_COUNT. Prints one JSON object.
"""

import json
import os
import time
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings

COUNT = int(os.environ["PEER_COUNT"])
SOCKET, NAME, USER = os.environ["PEER_DATABASE"].split("|")
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

settings.configure(
    SECRET_KEY="peer",
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    SITE_ID=1,
    USE_TZ=True,
    ROOT_URLCONF="helpdesk_urls",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    LOGIN_URL="/login/",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": NAME, "USER": USER, "HOST": SOCKET}},
    MIDDLEWARE=(
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
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
                ]
            },
        }
    ],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.sites",
        "django.contrib.humanize",
        "django.contrib.staticfiles",
        "django.contrib.admin",
        "rest_framework",
        "django_cleanup.apps.CleanupConfig",
        "helpdesk",
    ],
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django first has to be set up
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402
from helpdesk.query import query_to_base64  # noqa: E402

call_command("migrate", verbosity=0)


def main() -> None:
    """Plants tickets, which is not measured, and asks for the first page of the list."""
    user = get_user_model().objects.create_superuser("peer", "peer@example.test", "peer")
    queue = Queue.objects.create(title="shop", slug="shop")
    tickets = (
        Ticket(queue=queue, title=f"Order 26{number:09d}", status=1, priority=1 + number % 5, due_date=NOW + timedelta(seconds=number % 172_800))
        for number in range(COUNT)
    )
    Ticket.objects.bulk_create(tickets, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    client = Client()
    client.force_login(user)
    query = query_to_base64({"filtering": {"status__in": [1, 2]}, "sorting": "due_date"})
    listed = []
    for _ in range(8):
        began = time.perf_counter()
        answer = client.get(f"/datatables_ticket_list/{query}", {"draw": 1, "start": 0, "length": 50, "order[0][column]": 6, "order[0][dir]": "asc"})
        listed.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.content[:300]
        assert answer.json()["recordsTotal"] == COUNT
    print(json.dumps({"list_ms": sorted(listed)[len(listed) // 2] * 1000}))


main()
