"""The description of the API: our own calls, and those of allauth that programs sign in with."""

import json
import re
from functools import cache
from typing import Any

from allauth.headless.spec.internal.schema import get_schema
from django.conf import settings
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from accounts.api_auth import MISSING_CALLS

# What both descriptions have under the same names; allauth's get a name of their own.
REFERENCE = re.compile(r"#/components/(\w+)/")
PREFIX = "Auth"
TAG = "signing in"
PROVIDERS = ("/auth/provider/", "/account/providers")


class ShopAPI(NinjaAPI):
    """An API whose description tells the way in as well."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Ours and allauth's, as one document."""
        schema = super().get_openapi_schema(**kwargs)
        way_in = describe_way_in(has_providers=has_providers())
        schema["paths"] |= way_in["paths"]
        for kind, parts in way_in["components"].items():
            schema["components"].setdefault(kind, {}).update(parts)
        # What allauth leaves out, and no program can do without.
        token = schema["components"]["securitySchemes"]["XSessionTokenAuth"]
        token |= {"in": "header", "name": "X-Session-Token"}
        return schema


def has_providers() -> bool:
    """Whether anybody may sign in through another site."""
    return any(ways["APPS"] for ways in settings.SOCIALACCOUNT_PROVIDERS.values())


@cache
def describe_way_in(*, has_providers: bool) -> dict[str, Any]:
    """What allauth says of itself here, under names that do not get in the way of ours."""
    spec = get_schema()
    unused = MISSING_CALLS if has_providers else (*MISSING_CALLS, *PROVIDERS)
    paths = {path: tag_calls(calls) for path, calls in spec["paths"].items() if not is_one_of(path, unused)}
    components = {
        kind: {f"{PREFIX}{name}": part for name, part in parts.items()}
        for kind, parts in spec["components"].items()
    }
    text = json.dumps({"paths": paths, "components": components})
    renamed: dict[str, Any] = json.loads(REFERENCE.sub(rf"#/components/\1/{PREFIX}", text))
    return renamed


def is_one_of(path: str, parts: tuple[str, ...]) -> bool:
    """Whether one of the parts is in the path."""
    return any(part in path for part in parts)


def tag_calls(calls: dict[str, Any]) -> dict[str, Any]:
    """The calls of a path, all under one heading."""
    return {
        method: call | {"tags": [TAG]} if isinstance(call, dict) else call for method, call in calls.items()
    }
