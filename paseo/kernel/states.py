"""State machines declared as data: verb, from, to. Code applies them; diagrams and tests read them."""

from __future__ import annotations

from collections.abc import Iterable

from paseo.kernel.errors import N_, Refusal


class NotAllowed(Refusal):
    """The thing is in a state that does not allow the verb."""

    code = "states.not_allowed"
    status = 409
    what = N_("This is no longer possible: the state has changed meanwhile.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Look at the new state and decide again.")


_machines: dict[str, Machine] = {}


class Machine:
    """``Machine("order", "placed", [("confirm", ("placed",), "confirmed"), …])``.

    A verb may appear several times with different origins; one origin and verb lead to exactly one state.
    """

    def __init__(self, name: str, initial: str, transitions: Iterable[tuple[str, tuple[str, ...], str]]) -> None:
        self.name = name
        self.initial = initial
        self.transitions = tuple((verb, tuple(origins), target) for verb, origins, target in transitions)
        self._next: dict[tuple[str, str], str] = {}
        states = [initial]
        for verb, origins, target in self.transitions:
            for origin in origins:
                if (origin, verb) in self._next:
                    raise ValueError(f"{name}: {verb} from {origin} is declared twice.")
                self._next[origin, verb] = target
            states += [*origins, target]
        self.states = tuple(dict.fromkeys(states))
        reached, frontier = {initial}, [initial]
        while frontier:
            state = frontier.pop()
            for (origin, _), target in self._next.items():
                if origin == state and target not in reached:
                    reached.add(target)
                    frontier.append(target)
        if lost := [state for state in self.states if state not in reached]:
            raise ValueError(f"{name}: {', '.join(lost)} can never be reached from {initial}.")
        if name in _machines and _machines[name].transitions != self.transitions:
            raise ValueError(f"There are two machines named {name}.")
        _machines[name] = self

    def next(self, state: str, verb: str) -> str:
        """The state after ``verb``. Refuses ``NotAllowed``; ValueError for an unknown verb or state."""
        if state not in self.states or all(verb != known for known, _, _ in self.transitions):
            raise ValueError(f"{self.name} knows no {verb!r} from {state!r}.")
        try:
            return self._next[state, verb]
        except KeyError:
            raise NotAllowed(machine=self.name, state=state, verb=verb) from None

    def allows(self, state: str, verb: str) -> bool:
        return (state, verb) in self._next

    def origins(self, verb: str) -> dict[str, str]:
        """From-state to to-state of ``verb``."""
        return {origin: target for (origin, known), target in self._next.items() if known == verb}

    def verbs(self, state: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(verb for (origin, verb) in self._next if origin == state))

    @property
    def terminal(self) -> tuple[str, ...]:
        return tuple(state for state in self.states if not self.verbs(state))

    def mermaid(self) -> str:
        """A Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [
            f"    {origin} --> {target}: {verb}" for verb, origins, target in self.transitions for origin in origins
        ]
        lines += [f"    {state} --> [*]" for state in self.terminal]
        return "\n".join(lines)


def machines() -> dict[str, Machine]:
    """All machines that have been declared, by name."""
    return dict(sorted(_machines.items()))
