"""The content security policy of the shop's pages, and what each service that an owner switches on adds."""

from collections.abc import Mapping

from core.publicity import Publicity

Sources = Mapping[str, tuple[str, ...]]

METRICA_HOSTS = ("https://mc.yandex.ru", "https://mc.yandex.com")
METRICA: Sources = {
    "script-src": METRICA_HOSTS,
    "img-src": METRICA_HOSTS,
    "connect-src": METRICA_HOSTS,
}
GOOGLE_HOSTS = ("https://www.googletagmanager.com", "https://*.google-analytics.com")
GOOGLE: Sources = {
    "script-src": ("https://www.googletagmanager.com",),
    "img-src": GOOGLE_HOSTS,
    "connect-src": GOOGLE_HOSTS,
}


def list_disqus(shortname: str) -> Sources:
    """What a thread of Disqus loads."""
    own = f"https://{shortname}.disqus.com"
    return {
        "script-src": (own, "https://c.disquscdn.com"),
        "style-src": ("https://c.disquscdn.com",),
        "img-src": ("https://c.disquscdn.com", "https://referrer.disqus.com"),
        "connect-src": (own, "https://disqus.com"),
        "frame-src": ("https://disqus.com",),
    }


def extend_policy(policy: str, publicity: Publicity) -> str:
    """The policy with the sources of what is switched on, and no others."""
    if not publicity.needs_consent:
        return policy
    directives = {
        name: rest for name, _space, rest in (part.strip().partition(" ") for part in policy.split(";"))
    }
    for sources in list_sources(publicity):
        for name, hosts in sources.items():
            directives[name] = " ".join([directives.get(name, ""), *hosts]).strip()
    return "; ".join(f"{name} {rest}".strip() for name, rest in directives.items())


def list_sources(publicity: Publicity) -> list[Sources]:
    """Of each service that is switched on."""
    found: list[Sources] = []
    if publicity.metrica_id:
        found.append(METRICA)
    if publicity.analytics_id:
        found.append(GOOGLE)
    if publicity.disqus_shortname:
        found.append(list_disqus(publicity.disqus_shortname))
    return found
