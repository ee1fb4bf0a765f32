"""Notifications as a stranger, a broken proxy or a cosmic ray would have them."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from payments.emulator.webhooks import Letter

HOSTILE = [
    None, True, False, 0, -1, 2**63, 10**400, 1.5, "", "\x00", "\ud800", "null", "é", "<script>", "../../etc",
    "' OR 1=1 --", [], {}, [[]], {"$gt": ""}, "9" * 500, "NaN", "1e999999999", "0x10", "１２５０", "PAID\n",
]  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A request that must not be believed."""

    story: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


def mutate(letter: Letter, count: int, *, seed: int) -> Iterator[Mutant]:
    """Give so many different mutants of a true letter; each differs from it where it matters."""
    chance = random.Random(seed)
    kinds = [
        _flip_byte, _cut, _change_field, _drop_field, _nest, _encode, _swell, _change_signature, _double_key,
        _garbage,
    ]  # fmt: skip
    seen = {(letter.body.encode(), tuple(letter.headers.items()))}
    while count:
        mutant = chance.choice(kinds)(letter, chance)
        key = (mutant.body, tuple(mutant.headers.items()))
        if key not in seen:
            seen.add(key)
            count -= 1
            yield mutant


def _flip_byte(letter: Letter, chance: random.Random) -> Mutant:
    raw = bytearray(letter.body.encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return Mutant("one bit", bytes(raw), _forge(letter, chance))


def _cut(letter: Letter, chance: random.Random) -> Mutant:
    raw = letter.body.encode()
    return Mutant("cut", raw[: chance.randrange(len(raw))], letter.headers)


def _change_field(letter: Letter, chance: random.Random) -> Mutant:
    data = json.loads(letter.body)
    holder, name = chance.choice(_list_places(data))
    holder[name] = chance.choice(HOSTILE)
    return Mutant(f"{name} changed", _write(data), _forge(letter, chance))


def _drop_field(letter: Letter, chance: random.Random) -> Mutant:
    data = json.loads(letter.body)
    holder, name = chance.choice(_list_places(data))
    del holder[name]
    return Mutant(f"{name} dropped", _write(data), _forge(letter, chance))


def _nest(letter: Letter, chance: random.Random) -> Mutant:
    depth = chance.choice([5, 100, 1000, 20_000])
    opening, closing = chance.choice([(b"[", b"]"), (b'{"bill":', b"}"), (b'{"object":', b"}")])
    body = opening * depth + b"1" + closing * depth
    return Mutant("nested", body[:60_000], letter.headers)


def _encode(letter: Letter, chance: random.Random) -> Mutant:
    encoding = chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig", "cp037"])
    padding = " " * chance.randrange(200)
    return Mutant(encoding, (padding + letter.body).encode(encoding, "replace"), letter.headers)


def _swell(letter: Letter, chance: random.Random) -> Mutant:
    return Mutant("huge", letter.body.encode() + b" " * (64 * 1024 + chance.randrange(5000)), letter.headers)


def _change_signature(letter: Letter, chance: random.Random) -> Mutant:
    return Mutant("signature", letter.body.encode(), _forge(letter, chance))


def _double_key(letter: Letter, chance: random.Random) -> Mutant:
    extra = json.dumps({chance.choice(["bill", "object", "event"]): chance.choice(HOSTILE[:10])})
    return Mutant("a key twice", letter.body.encode()[:-1] + b"," + extra.encode("utf-8", "replace")[1:])


def _garbage(letter: Letter, chance: random.Random) -> Mutant:
    kind = chance.choice(["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
    return Mutant("garbage", chance.randbytes(chance.randrange(1, 3000)), letter.headers, kind)


def _forge(letter: Letter, chance: random.Random) -> dict[str, str]:
    """Sign as somebody without the key would."""
    lies = ["", "0" * 64, "é" * 32, "\x01", f"{chance.getrandbits(256):064x}", "a" * 5000]
    return {name: chance.choice(lies) for name in letter.headers}


def _list_places(data: object) -> list[tuple[dict, str]]:
    """Every member of every object."""
    places = []
    if isinstance(data, dict):
        for name, value in data.items():
            places.append((data, name))
            places += _list_places(value)
    return places


def _write(data: object) -> bytes:
    return json.dumps(data, default=str).encode("utf-8", "surrogatepass")
