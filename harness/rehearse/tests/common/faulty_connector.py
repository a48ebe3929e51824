"""The example connector with one fault: python3 faulty_connector.py FAULT PORT."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "simulator/service/examples"))
import connector


class CreatesOnEveryUpdate(connector.Environment):
    """Whoever was sent before gets another identifier, and so a record more."""

    def compose(self, *args):
        update = super().compose(*args)
        self.sent = getattr(self, "sent", {})
        for user in update["service_users"]:
            n = self.sent[user["external_id"]] = self.sent.get(user["external_id"], 0) + 1
            user["external_id"] += f"/{n}" if n > 1 else ""
        return update


class MatchesOnName(connector.Environment):
    """Takes the identifier of whatever record in ACP has the same name."""

    def compose(self, *args):
        update = super().compose(*args)
        for user in update["service_users"]:
            name = " ".join(filter(None, (user["fields"].get(it) for it in ("given_name", "family_name"))))
            found = self.world.ask("GET", "/acp/records", name=name)["records"] if name else []
            user["external_id"] = next((it["external_id"] for it in found if it["external_id"]), user["external_id"])
        return update


class GivesUp(connector.Environment):
    """What ACP turned away is not tried again."""

    def due(self, now):
        self.waiting = []
        return super().due(now)


class ForgetsWhoComesNearer(connector.Environment):
    """A partial update carries those who are near-term now, and not those who were in between."""

    def compose(self, shown, now, kind, sequence):
        self.sent_at = None
        return super().compose(shown, now, kind, sequence)


FAULTS = {
    "creates-on-every-update": CreatesOnEveryUpdate,
    "matches-on-name": MatchesOnName,
    "gives-up": GivesUp,
    "forgets-who-was-near": ForgetsWhoComesNearer,
}

if __name__ == "__main__":
    connector.Environment = FAULTS[sys.argv[1]]
    connector.serve(int(sys.argv[2]))
