"""What other packages do when somebody signs in."""

from __future__ import annotations

from collections.abc import Callable

from paseo.platform.identity.values import SignedIn

Hook = Callable[[SignedIn], None]
_hooks: list[tuple[int, str, Hook]] = []


def post_sign_in_hook(*, order: int = 100) -> Callable[[Hook], Hook]:
    """Registers a function that is told about every sign-in, in ascending ``order``.

    A visitor's cart may follow the person at once; what was only looked at follows when ``joins_journey`` is true,
    which is the person's consent. A hook that raises fails the sign-in: keep it short and sure.
    """

    def register(hook: Hook) -> Hook:
        name = f"{hook.__module__}.{hook.__qualname__}"
        _hooks[:] = sorted([*(known for known in _hooks if known[1] != name), (order, name, hook)], key=lambda k: k[:2])
        return hook

    return register


def tell(signed_in: SignedIn) -> None:
    for _, _, hook in _hooks:
        hook(signed_in)
