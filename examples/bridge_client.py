#!/usr/bin/env python3
"""A small bridge between a service tool and Zhanggui, on the standard library alone: messages in, answers out.

    ZHANGGUI_TOKEN=zhg_1_... python bridge_client.py --house http://127.0.0.1:8000 --tool http://127.0.0.1:18080 --shop 1001

The tool here is the emulator's door of chats. For a tool of your own, write a class with the three methods of `Tool`.
Every message is brought once however often this program is started anew, and no answer is sent twice.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime

TRIES = 5
NEVER = (400, 403, 404, 413, 422)
"""So answered, a message will never go out; after anything else nobody knows yet."""
UNREADABLE = (400, 413, 422)
"""So answers the house what it will not take as it is: all of a request or none."""


class Failed(Exception):
    """The other side refused; `status` is its answer, 0 where it gave none."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text}")
        self.status = status


def call(url, body=None, headers=None, timeout=70):
    """The JSON that this address answers. Raises Failed."""
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    asked = urllib.request.Request(url, data, {"accept": "application/json", "content-type": "application/json", **(headers or {})})
    for tried in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(asked, timeout=timeout) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            wait = float(error.headers.get("retry-after") or 2**tried / 4)
            if tried == TRIES or (error.code != 429 and error.code < 500):
                raise Failed(error.code, error.read().decode(errors="replace")[:500]) from None
        except OSError as error:  # the other side is away for a moment
            wait = 2**tried / 4
            if tried == TRIES:
                raise Failed(0, str(error)) from None
        time.sleep(wait)
    return None


class Zhanggui:
    """The house, as a program sees it."""

    def __init__(self, url, token):
        self.root, self.headers = f"{url.rstrip('/')}/api/v1", {"authorization": f"Bearer {token}"}

    def bring(self, messages, drafts=False):
        """Brings messages, a hundred at once; what is known already changes nothing."""
        return call(f"{self.root}/messages{'?drafts=true' if drafts else ''}", {"messages": messages}, self.headers)

    def waiting(self):
        """The threads in which a buyer waits, the longest first."""
        return call(f"{self.root}/threads", headers=self.headers)["threads"]

    def drafts(self, thread_no):
        """Drafts of an answer, best first."""
        return call(f"{self.root}/threads/{thread_no}/drafts", headers=self.headers)["drafts"]

    def answers(self, fetched=False):
        """What reps gave out to be sent."""
        return call(f"{self.root}/answers{'?fetched=true' if fetched else ''}", headers=self.headers)["answers"]

    def fetch(self, key):
        """Whether this answer is ours to send now."""
        try:
            call(f"{self.root}/answers/{key}/fetched", {}, self.headers)
        except Failed as error:
            if error.status == 422:
                return False
            raise
        return True

    def sent(self, key, message_id):
        """Says that the answer went out."""
        call(f"{self.root}/answers/{key}/sent", {"message_id": message_id}, self.headers)

    def failed(self, key):
        """Says that it could not."""
        call(f"{self.root}/answers/{key}/failed", {}, self.headers)


class Tool:
    """The emulator's door of chats; a tool of your own has these three methods."""

    def __init__(self, url, shop):
        self.url, self.shop, self.after = url.rstrip("/"), shop, 0

    def next(self, wait):
        """The next messages as the house takes them, the oldest first."""
        query = urllib.parse.urlencode({"after": self.after, "shop_id": self.shop, "wait": wait, "limit": 100})
        feed = call(f"{self.url}/chats/next?{query}")
        return [self.message(told) for told in feed["messages"]], feed["next"]

    def message(self, told):
        """One message of the feed."""
        return {
            "message_id": told["message_id"],
            "conversation_id": told["conversation_id"],
            "who": told["who"],
            "name": told["nick"],
            "said": told["text"],
            "at": datetime.fromtimestamp(told["at"], UTC).isoformat(),
            "order_no": told["order_sn"] or None,
        }

    def send(self, answer):
        """Sends an answer to the buyer, once for each key; the id of the message it became."""
        conversation = urllib.parse.quote(answer["conversation_id"], safe="")
        body = {"text": answer["said"], "rep": answer["rep"], "key": answer["key"]}
        return call(f"{self.url}/chats/{conversation}/answers", body)["message_id"]


def pass_messages(house, tool, wait):
    """How many messages were brought in; the place in the feed moves on only when they are stored."""
    messages, place = tool.next(wait)
    if messages:
        bring(house, messages)
    tool.after = place
    return len(messages)


def bring(house, messages):
    """Brings messages; one that the house will never take, whatever a buyer wrote, keeps none of the others back."""
    try:
        house.bring(messages)
    except Failed as error:
        if error.status not in UNREADABLE:
            raise
        if len(messages) == 1:
            print(f"a message was left out: {error}", file=sys.stderr)
            return
        half = len(messages) // 2
        bring(house, messages[:half])
        bring(house, messages[half:])


def send_answers(house, tool, knows_keys=True):
    """How many answers were sent. What was cut off before is sent on where the tool knows keys, since it then sends nothing twice."""
    count = 0
    cut_off = house.answers(fetched=True) if knows_keys else []
    for answer in cut_off + [each for each in house.answers() if house.fetch(each["key"])]:
        try:
            message_id = tool.send(answer)
        except Failed as error:
            if error.status in NEVER:
                house.failed(answer["key"])
            print(f"an answer was not sent: {error}", file=sys.stderr)
        else:
            house.sent(answer["key"], message_id)
            count += 1
    return count


def main(arguments=None):
    """Passes messages and answers until it is stopped, or once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--house", required=True, help="the address of Zhanggui")
    parser.add_argument("--tool", required=True, help="the address of the service tool")
    parser.add_argument("--shop", default="", help="the shop as the tool names it; without it, the tool's first")
    parser.add_argument("--wait", type=float, default=1.0, help="seconds to wait for a message")
    parser.add_argument("--once", action="store_true", help="pass what there is and stop")
    told = parser.parse_args(arguments)
    token = os.environ.get("ZHANGGUI_TOKEN", "")
    if not token:
        parser.error("put the token into ZHANGGUI_TOKEN, so that it stands in no list of processes")
    house, tool = Zhanggui(told.house, token), Tool(told.tool, told.shop)
    messages = answers = 0
    while True:
        passed, sent = pass_messages(house, tool, 0 if told.once else told.wait), send_answers(house, tool)
        messages, answers = messages + passed, answers + sent
        if told.once and not passed:
            break
    print(json.dumps({"messages": messages, "answers": answers}))


if __name__ == "__main__":
    main()
