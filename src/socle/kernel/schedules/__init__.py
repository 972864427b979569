"""Work that comes back: retention, reviews that end, what is due. Services declare jobs in their manifests, with the
hour of the territory's day or the minutes between at which they are due; the worker runs each of them once for each
time that it is due, one process at a time, keeps what became of it, and tells the operator of what failed.

It serves GDPR art. 5(1)(e) (what is past its time goes without anybody having to think of it) and the PGSSI-S, which
asks that rights be looked at again at fixed times. No public standard rules it; days and hours are the country's own.
"""
