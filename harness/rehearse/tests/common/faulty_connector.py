"""The example connector with one fault, or with a clock of its own: python3 faulty_connector.py WHICH PORT."""

import json
import pathlib
import sys
import threading
import time
from datetime import datetime, timedelta

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


class KeepsItsOwnTime(connector.Seat):
    """Is told when a scenario begins and never again; looks five times a second at what is due by the computer's clock."""

    def answer(self):
        if self.command == "GET":
            self.say({"contract": "rehearse.seat/1", "name": "own-time.py", "version": "1", "clock": "real_time"})
            return
        assert not self.path.endswith("/clock"), "nobody has to tell it the time"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "null")
        if self.command == "PUT":
            self.worlds[self.path] = connector.World(body)
            threading.Thread(target=self.work, args=(self.path, datetime.fromisoformat(body["now"])), daemon=True).start()
        else:
            self.worlds.pop(self.path, None)
        self.say({})

    worlds = {}

    def work(self, path, began_at):
        began = time.monotonic()
        while world := self.worlds.get(path):
            try:
                for it in world.environments:
                    it.due(began_at + timedelta(seconds=time.monotonic() - began))
            except connector.TurnedAway:
                return  # The scenario has ended.
            time.sleep(0.2)

    def say(self, what):
        said = json.dumps(what).encode()
        head = f"HTTP/1.1 200 .\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        self.wfile.write(head.encode() + said)

    do_GET = do_PUT = do_DELETE = answer


FAULTS = {
    "creates-on-every-update": CreatesOnEveryUpdate,
    "matches-on-name": MatchesOnName,
    "gives-up": GivesUp,
    "forgets-who-was-near": ForgetsWhoComesNearer,
}

if __name__ == "__main__":
    if sys.argv[1] == "keeps-its-own-time":
        connector.Seat = KeepsItsOwnTime
    else:
        connector.Environment = FAULTS[sys.argv[1]]
    connector.serve(int(sys.argv[2]))
