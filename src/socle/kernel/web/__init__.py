"""The web shell: what surrounds a service's own pages.

Base page, components, accessible forms, error pages, choice of language, style sheet, and the bridge that runs Django
pages inside the ASGI process. A service brings its views and templates; it finds here everything they share. Pages are
French with an English catalogue, work without JavaScript, and hold no inline style or script (the edge forbids them).
"""
