"""Webhooks: events of the house sent to subscribers outside, signed, in order, again until they are received.

It stands for no national system; messages follow Standard Webhooks 1.0.0. The log is the outbox's own, and each webhook
is a cursor over it: what a subscriber has not acknowledged is sent again, the same message under the same name.
"""
