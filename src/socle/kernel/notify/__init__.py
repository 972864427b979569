"""Notifications: what somebody with an account should know, in the house and by mail, as each person chose.

A notification is made from an event of the house, for one account; it waits in that person's centre, and goes out by
mail at once, in the digest of the day, or not at all. Mail leaves through the relay of the operator's settings
(RFC 5321), says that something waits and leads into the house; it carries no health data. It stands for no national
system.
"""
