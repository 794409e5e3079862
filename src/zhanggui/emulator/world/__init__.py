"""The world behind the gateway: goods, buyers, orders, parcels, quarrels, and the platform's judgments; its time is moved from outside."""
