#!/usr/bin/env python3
"""A connector for `rehearse run --connector http://127.0.0.1:PORT`: carries updates from rostering to ACP.

    python3 connector.py PORT        (0: a free one)

`rehearse` says when a scenario begins and where both systems are, and tells the time. The connector reads the rostering
API, hands an update in at ACP's door every 15 and every 1440 minutes, tries again what is turned away, and answers with
the instant at which it wants to be told the time next. Python 3.11 and its standard library.
"""
import http.client, json, sys
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode, urlsplit

MINUTE = timedelta(minutes=1)
EVERY = {"partial": 15 * MINUTE, "full": 1440 * MINUTE}
worlds = {}


class TurnedAway(Exception):
    """ACP does not take it now; holds the seconds after which it may be tried again."""


class World:
    def __init__(self, told):
        url = urlsplit(told["url"])
        self.path, self.http = url.path, http.client.HTTPConnection(url.netloc)
        self.headers = {"Authorization": "Bearer " + told["key"], "Content-Type": "application/json"}
        self.environments = [Environment(self, name) for name in told["environments"]]

    def ask(self, method, path, body=None, **query):
        url = self.path + path + ("?" + urlencode(query) if query else "")
        self.http.request(method, url, json.dumps(body) if body else None, self.headers)
        answer = self.http.getresponse()
        said = json.loads(answer.read())
        if answer.status == 429 or answer.status >= 500:
            raise TurnedAway(int(answer.headers["Retry-After"] or 60))
        assert answer.status < 300, f"{method} {url}: {answer.status} {said}"
        return said

    def all(self, path, of, **query):
        """Every page of a list."""
        found, after = [], None
        while True:
            page = self.ask("GET", path, limit=1000, **query, **({"after": after} if after else {}))
            found, after = found + page[of], page["next"]
            if after is None:
                return found


class Environment:
    """One rostering environment, and what the connector remembers of it."""

    def __init__(self, world, name):
        self.world, self.path = world, "/rostering/" + quote(name)
        self.live, self.next, self.waiting = None, {}, []
        self.sequence, self.sent_at, self.changes = 0, None, None

    def due(self, now):
        """Does what is due now. When something is due next; None while the integration is off."""
        shown = self.world.ask("GET", self.path)
        if self.live != shown["live_since"]:
            self.live, self.waiting = shown["live_since"], []
            self.next = {"full": now, "partial": now + EVERY["partial"]}
        if not self.live:
            return None
        again, self.waiting = self.waiting, []
        for at, tries, update in again:
            if at > now:
                self.waiting.append((at, tries, update))
            else:  # A full update carries everybody as they stand when it is applied.
                full = update["kind"] == "full"
                self.send(self.compose(shown, now, "full", update["sequence"]) if full else update, now, tries)
        kinds = [kind for kind, at in self.next.items() if at <= now]
        if kinds:
            self.sequence += 1
            for kind in kinds:
                self.next[kind] += EVERY[kind]
            self.send(self.compose(shown, now, "full" if "full" in kinds else "partial", self.sequence), now, 0)
        return min([*self.next.values(), *(at for at, _, _ in self.waiting)])

    def compose(self, shown, now, kind, sequence):
        near = {} if kind == "full" else {"near_term_since": (self.sent_at or now).isoformat()}
        found = self.world.all(self.path + "/service-users", "service_users", **near)
        more = shown["partial_carries"] == "every_change"
        while more:
            after = {"after": self.changes} if self.changes else {}
            page = self.world.ask("GET", self.path + "/changes", limit=1000, **after)
            found, self.changes, more = found + page["service_users"], page["next"], page["more"]
        users, until, self.sent_at = {it["id"]: it["as_sent"] for it in found}, shown[kind + "_visits_until"], now
        span = {"from": now.isoformat(), "until": until, "standing": "true"}
        visits = self.world.all(self.path + "/visits", "visits", **span)
        return {
            "kind": kind, "system": shown["system"], "environment": shown["number"], "sequence": sequence,
            "sent_at": now.isoformat(), "visits_until": until, "branches": shown["branches_as_sent"],
            "service_users": [users[id] for id in sorted(users)], "visits": [it["as_sent"] for it in visits],
        }

    def send(self, update, now, tries):
        try:
            self.world.ask("POST", "/acp/updates", update)
        except TurnedAway as away:  # Not before ACP says, and twice as long each time, up to 16 minutes.
            wait = max(timedelta(seconds=away.args[0]), min(2**tries, 16) * MINUTE)
            self.waiting.append((now + wait, tries + 1, update))


class Seat(BaseHTTPRequestHandler):
    """What `rehearse` asks of a connector."""

    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def answer(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "null")
        match self.command, self.path.split("/")[1:]:
            case "GET", ["v1", "seat"]:
                said = {"contract": "rehearse.seat/1", "name": "connector.py", "version": "1", "clock": "follows"}
            case "PUT", ["v1", "worlds", name]:  # A scenario begins.
                worlds[name], said = World(body), {}
            case "PUT", ["v1", "worlds", name, "clock"]:
                due = [it.due(datetime.fromisoformat(body["now"])) for it in worlds[name].environments]
                said = {"now": body["now"], "next": min((it.isoformat() for it in due if it), default=None)}
            case "DELETE", ["v1", "worlds", name]:  # It has ended.
                said = worlds.pop(name, None) and {}
            case _:
                said = None
        said, status = json.dumps(said).encode(), 404 if said is None else 200
        head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        self.wfile.write(head.encode() + said)

    do_GET = do_PUT = do_DELETE = answer


def serve(port):
    server = ThreadingHTTPServer(("127.0.0.1", port), Seat)
    print(f"Connector at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
