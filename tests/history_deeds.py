"""What can happen in a generated history, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Fields = Callable[[Random, list[str]], dict[str, Any]]


@dataclass(frozen=True)
class Deed:
    """One thing that can happen: its event type, the field of its time, and how its other fields are drawn.

    `sometimes`: a further field of time, with how many days after the deed it lies, where it is given.
    """

    type: str
    time: str
    fields: Fields
    sometimes: tuple[str, tuple[int, ...]] | None = None

    def later_times(self, random: Random) -> dict[str, int]:
        """The further times of one such deed, in days after it."""
        if self.sometimes is None or random.random() < 0.6:
            return {}
        name, days = self.sometimes
        return {name: random.choice(days)}


def _tenure(random: Random, people: list[str]) -> dict[str, Any]:
    office = random.choice(("ceo", "ceo", "ceo", "chair", "director", "director", "adviser"))
    return {"office": office, "person": random.choice(people)}


def _capacity(random: Random) -> dict[str, Any]:
    return {"capacity": random.choice(("permanent", "interim"))} if random.random() < 0.2 else {}


def _appointment(random: Random, people: list[str]) -> dict[str, Any]:
    fields = _tenure(random, people) | _capacity(random)
    if random.random() < 0.1:
        return fields | {"capacity": "acting", "during_absence": True}
    return fields | ({"replaces": random.choice(people)} if fields["office"] == "director" else {})


def _sighting(random: Random, people: list[str]) -> dict[str, Any]:
    return _tenure(random, people) | _capacity(random)


def _staff(random: Random, people: list[str]) -> dict[str, Any]:
    return {"people": random.sample(people, random.choice((1, 1, 2)))}


def _metric(random: Random, _people: list[str]) -> dict[str, Any]:
    return {"metric": random.choice(("headcount", "users")), "value": str(random.randint(1, 3) * 100)}


def _form(random: Random, _people: list[str]) -> dict[str, Any]:
    return {"form": random.choice(("company", "foundation"))}


def _matter(random: Random, _people: list[str]) -> dict[str, Any]:
    return {"matter": random.choice(("talks", "inquiry"))}


def _letter(_random: Random, _people: list[str]) -> dict[str, Any]:
    return {"letter": "letter"}


def _count(random: Random, people: list[str]) -> dict[str, Any]:
    return _letter(random, people) | {"signed": random.randint(5, 7) * 100, "of": 770}


def _signing(random: Random, people: list[str]) -> dict[str, Any]:
    return _letter(random, people) | _staff(random, people)


DEEDS: tuple[tuple[Deed, float], ...] = (
    (Deed("Appointed", "from", _appointment, ("until", (200, 800))), 6),
    (Deed("Attested", "as_of", _sighting), 4),
    (Deed("Dismissed", "when", _tenure, ("effective", (0, 30, 200))), 2),
    (Deed("Resigned", "when", _tenure, ("effective", (0, 30, 200))), 1.5),
    (Deed("TermEnded", "when", _tenure), 1),
    (Deed("LeftInDoubt", "when", _tenure), 1.5),
    (Deed("AppointmentAnnounced", "when", _tenure), 0.5),
    (Deed("AnnouncementWithdrawn", "when", _tenure), 0.2),
    (Deed("CandidateNamed", "when", _tenure), 0.3),
    (Deed("Joined", "from", _staff), 1.5),
    (Deed("EmploymentAttested", "as_of", _staff), 1),
    (Deed("Departed", "when", _staff), 1.2),
    (Deed("HireAnnounced", "when", _staff), 0.3),
    (Deed("MetricReported", "as_of", _metric), 1.5),
    (Deed("LegalFormAdopted", "when", _form), 1),
    (Deed("NegotiationOpened", "when", _matter), 1),
    (Deed("NegotiationClosed", "when", _matter), 1),
    (Deed("OpenLetterPublished", "when", _letter), 0.7),
    (Deed("LetterClosed", "when", _letter), 0.3),
    (Deed("SignaturesCounted", "as_of", _count), 0.7),
    (Deed("LetterSigned", "when", _signing), 0.5),
    (Deed("SignatureWithdrawn", "when", _signing), 0.2),
)
"""Every deed with its weight; the offices are those of the generated organisations."""
