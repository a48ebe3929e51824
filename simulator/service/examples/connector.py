#!/usr/bin/env python3
"""A connector for `rehearse run --connector http://127.0.0.1:PORT`: carries updates from rostering to ACP.

    python3 connector.py PORT [matches-on-name | creates-every-time]

It is told the time over HTTP, reads the rostering API, hands updates in at ACP's door, and answers with the instant at
which it wants to be told the time next. A full update every 1440 minutes, a partial every 15. The second argument plants
a fault, to see the right scenarios fail. Python's standard library only.
"""
import calendar, http.client, json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode, urlsplit

MINUTE = 60 * 10**9
FAULT = sys.argv[2] if len(sys.argv) > 2 else None
worlds = {}


def nanoseconds(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))
    return seconds * 10**9 + int(fraction.ljust(9, "0")[:9] or 0)


def instant(ns):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ns // 10**9)) + f".{ns % 10**9:09}Z"


class Refused(Exception):
    pass


class World:
    def __init__(self, told):
        url = urlsplit(told["url"])
        self.base, self.http = url.path, http.client.HTTPConnection(url.netloc)
        self.headers = {"Authorization": "Bearer " + told["key"], "Content-Type": "application/json"}
        self.environments = [Environment(self, name) for name in told["environments"]]

    def ask(self, method, path, body=None, **query):
        url = self.base + path + ("?" + urlencode(query) if query else "")
        self.http.request(method, url, json.dumps(body) if body is not None else None, self.headers)
        answer = self.http.getresponse()
        said = json.loads(answer.read() or "null")
        if answer.status == 429 or answer.status >= 500:
            raise Refused(said.get("retry_after", 60))
        assert answer.status < 300, f"{method} {url}: {answer.status} {said}"
        return said

    def all(self, path, of, **query):
        found, page = [], {"next": None}
        while page["next"] or not found:
            query |= {"limit": 1000} | ({"after": page["next"]} if page["next"] else {})
            page = self.ask("GET", path, **query)
            found += page[of]
            if not page["next"]:
                return found


class Environment:
    def __init__(self, world, name):
        self.world, self.path = world, "/rostering/" + quote(name)
        self.live, self.sequence, self.sent_at, self.changes, self.waiting = None, 0, None, None, []

    def due(self, now):
        """Does what is due; the instant at which something is due next, or None while the integration is off."""
        shown = self.world.ask("GET", self.path)
        if shown["live_since"] is None:
            self.live, self.waiting = None, []
            return None
        if self.live != shown["live_since"]:
            self.live = shown["live_since"]
            self.full = nanoseconds(self.live)
            self.partial = self.full + 15 * MINUTE
        tries, self.waiting = self.waiting, []
        for again_at, attempts, update in tries:
            if again_at > now:
                self.waiting.append((again_at, attempts, update))
            else:  # A full update carries everybody as they stand when it is applied.
                full = update["kind"] == "full"
                self.send(self.compose(shown, now, "full", update["sequence"]) if full else update, now, attempts)
        if now >= min(self.full, self.partial):
            kind = "full" if now >= self.full else "partial"
            self.sequence += 1
            self.partial += ((now - self.partial) // (15 * MINUTE) + 1) * 15 * MINUTE if now >= self.partial else 0
            self.full += ((now - self.full) // (1440 * MINUTE) + 1) * 1440 * MINUTE if now >= self.full else 0
            self.send(self.compose(shown, now, kind, self.sequence), now, 0)
        return min([self.full, self.partial] + [again_at for again_at, _, _ in self.waiting])

    def compose(self, shown, now, kind, sequence):
        users = {}
        if kind == "full":
            users = {it["id"]: it for it in self.world.all(self.path + "/service-users", "service_users")}
        else:
            since = {"near_term_since": instant(self.sent_at or now)}
            users = {it["id"]: it for it in self.world.all(self.path + "/service-users", "service_users", **since)}
        if shown["partial_carries"] == "every_change":
            more = True
            while more:
                after = {"after": self.changes} if self.changes else {}
                page = self.world.ask("GET", self.path + "/changes", limit=1000, **after)
                self.changes, more = page["next"], page["more"]
                users |= {it["id"]: it for it in page["service_users"]}
        span = {"from": instant(now), "until": shown[kind + "_visits_until"], "standing": "true"}
        visits = self.world.all(self.path + "/visits", "visits", **span)
        self.sent_at = now
        return {
            "kind": kind, "system": shown["system"], "environment": shown["number"], "sequence": sequence,
            "sent_at": instant(now), "visits_until": shown[kind + "_visits_until"],
            "branches": shown["branches_as_sent"],
            "service_users": [self.spoil(users[id]["as_sent"], sequence) for id in sorted(users)],
            "visits": [it["as_sent"] for it in visits],
        }

    def spoil(self, user, sequence):
        """The planted fault, if there is one."""
        if FAULT == "creates-every-time":
            return user | {"external_id": f"{user['external_id']}/{sequence}"}
        if FAULT == "matches-on-name":
            name = " ".join(filter(None, (user["fields"].get(it) for it in ("given_name", "family_name"))))
            found = self.world.ask("GET", "/acp/records", name=name)["records"] if name else []
            ids = [it["external_id"] for it in found if it["external_id"]]
            return user | {"external_id": ids[0]} if ids else user
        return user

    def send(self, update, now, attempts):
        try:
            self.world.ask("POST", "/acp/updates", update)
        except Refused as refused:  # Not before ACP says, and twice as long each time, up to 16 minutes.
            wait = max(int(refused.args[0]) * 10**9, min(2**attempts, 16) * MINUTE)
            self.waiting.append((now + wait, attempts + 1, update))


class Seat(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self.path.split("/")[3] if self.path.count("/") > 2 else None
        said, status = {}, 200
        if self.command == "GET" and self.path == "/v1/seat":
            said = {"contract": "rehearse.seat/1", "name": "connector.py", "version": "1", "clock": "follows"}
        elif self.command == "PUT" and self.path.endswith("/clock"):
            now = json.loads(body)["now"]
            dues = [it.due(nanoseconds(now)) for it in worlds[name].environments]
            dues = [due for due in dues if due is not None]
            said = {"now": now, "next": instant(min(dues)) if dues else None}
        elif self.command == "PUT":
            worlds[name] = World(json.loads(body))
        elif self.command == "DELETE":
            worlds.pop(name, None)
        else:
            status = 404
        said = json.dumps(said).encode()
        head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        self.wfile.write(head.encode() + said)

    do_GET = do_PUT = do_DELETE = answer


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Seat)
    print(f"Connector at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
