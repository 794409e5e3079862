"""Alerts: what has to be said aloud, to whom, by which way, once. Deadlines are heard of by the chore; every other room needs `raise_alert` alone."""

from zhanggui.actions.alerting.acknowledging import acknowledge
from zhanggui.actions.alerting.raising import end_alert, raise_alert
from zhanggui.actions.alerting.sending import send_alerts, shops_with_alerts_due
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.core.alerts.matters import Matter

__all__ = ["Matter", "acknowledge", "end_alert", "raise_alert", "send_alerts", "shops_with_alerts_due", "watch_alerts"]
