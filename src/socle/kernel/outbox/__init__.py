"""Events that services announce, delivered in order to each listener, once they are committed and not before.

It stands for no national system: it is how the services of this house hear of one another (a transactional outbox).
Acts write events in their own transaction; a dispatcher numbers them, and workers deliver them, lane by lane.
"""
