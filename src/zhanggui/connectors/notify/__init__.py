"""Messages to the people of a shop: through group bots of WeCom, DingTalk and Feishu, by mail, to a webhook, or through what Apprise knows.

The three group bots are spoken directly and not through Apprise: they say what they refuse in the body of an answer with status 200, which Apprise takes for
delivered; and of their signatures it writes DingTalk's into the address encoded twice, and Feishu's not at all.
"""
