#!/usr/bin/env python3
"""`assay audit --nli` against servers of its own on a loopback port: one that answers well, and hostile ones. A
proposal is marked and changes no verdict; a bad answer is thrown away and counted; no server can stop or stall an
audit, and no other machine is asked.

usage: nli.py PROGRAM
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

program = os.path.abspath(sys.argv[1])
root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
wrong = []
ARTICLE = ("# Minerals\n\nMagnesium relaxes muscles in people who soak in an Epsom salt bath. "
           "People with leg cramps at night often take magnesium citrate for four weeks and feel fewer cramps. "
           "The cat sat on the mat.\n")


def expect(truth, words):
    if not truth:
        wrong.append(words)


def http(body, status="200 OK", extra=""):
    body = body if isinstance(body, bytes) else body.encode("utf-8")
    return ("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n" % (status, len(body), extra)).encode() + body


def chat(content):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]})


class ModelServer:
    """Answers each request with what `reply(asked, connection)` returns; bytes are sent, None: it has answered itself."""

    def __init__(self, reply, host="127.0.0.1"):
        self.reply, self.requests, self.heads = reply, [], []
        self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.socket.bind((host, 0))
        self.socket.listen(16)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                try:
                    self.answer(connection)
                except OSError:
                    pass  # the program went away, as it may

    def answer(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int([line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")][0])
        while len(body) < length:
            body += connection.recv(65536)
        request = json.loads(body.decode("utf-8"))
        self.heads.append(head.decode())
        self.requests.append(request)
        asked = json.loads(request["messages"][-1]["content"])
        made = self.reply(asked, connection)
        if made is not None:
            connection.sendall(made)

    def close(self):
        self.socket.close()


def audit(*options, article="article.md"):
    started = time.monotonic()
    done = subprocess.run([program, "audit", article, "-r", os.path.join(root, "reviews/magnesium")] + list(options),
                          cwd=folder, capture_output=True, text=True, timeout=120)
    return done, time.monotonic() - started


def without(data):
    """The audit as it is without a model."""
    data = json.loads(json.dumps(data))
    data.pop("model_assisted", None)
    for claim in data["claims"]:
        claim.pop("model_assisted", None)
    return data


def hostile(name, reply, why, seconds="5", limit=30):
    server = ModelServer(reply)
    try:
        done, took = audit("--json", "--nli", "http://127.0.0.1:%d" % server.port, "--nli-timeout", seconds)
    finally:
        server.close()
    expect(done.returncode == 0, "%s: exit %d: %s" % (name, done.returncode, done.stderr))
    if done.returncode:
        return None
    data = json.loads(done.stdout)
    told = data["model_assisted"]
    expect(without(data) == plain, name + ": the audit itself changed")
    expect(told["proposals"] == 0 and not any("model_assisted" in claim for claim in data["claims"]), name + ": a proposal got through")
    expect([row["why"] for row in told["thrown_away"]] == [why], "%s: thrown away as %s" % (name, told["thrown_away"]))
    expect(server.requests, name + ": nobody asked")
    expect(took < limit, "%s: took %.1f s" % (name, took))
    return told


def saying(stance="support", passage=1, quote=None):
    return lambda asked, _: http(chat(json.dumps({"stance": stance, "passage": passage,
                                                  "quote": asked["passages"][0]["text"] if quote is None else quote})))


def drip(_, connection):
    for _ in range(600):  # each byte in time, the whole never
        connection.sendall(b"H")
        time.sleep(0.05)


def flood(_, connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(64):
        connection.sendall(b"[" * 65536)


with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "article.md"), "w", encoding="utf-8") as file:
        file.write(ARTICLE)
    done, _ = audit("--json")
    plain = json.loads(done.stdout)
    expect("model_assisted" not in done.stdout, "a model is spoken of although nobody asked")
    open_before = sum(claim["verdict"] in ("not checkable", "source not in base") for claim in plain["claims"])

    # A server that answers well, wrapped in a fence as models do.
    for stance in ("support", "refute"):
        good = ModelServer(lambda asked, _: http(chat("Here:\n```json\n%s\n```" % json.dumps(
            {"stance": stance, "passage": 1, "quote": asked["passages"][0]["text"]}))))
        url = "http://localhost:%d/v1/chat/completions" % good.port
        done, _ = audit("--json", "--nli", url, "--nli-model", "small")
        data = json.loads(done.stdout)
        expect(without(data) == plain, "a good answer changed the audit itself")
        proposed = [claim for claim in data["claims"] if "model_assisted" in claim]
        expect(0 < len(proposed) == data["model_assisted"]["proposals"] == len(good.requests) <= open_before,
               "%d proposals, %d requests, %d open" % (len(proposed), len(good.requests), open_before))
        for claim, request in zip(proposed, good.requests):
            told, asked = claim["model_assisted"], json.loads(request["messages"][-1]["content"])
            expect(claim["verdict"] in ("not checkable", "source not in base"), "a settled claim was put to the model")
            expect(told["proposes"] == stance and told["quote"] in asked["passages"][0]["text"] and told["source"], "proposal: %s" % told)
            expect(asked["claim"] in ARTICLE and len(asked["passages"]) <= 6, "asked: %s" % asked)
            expect(request["model"] == "small" and request["stream"] is False and request["temperature"] == 0, "request: %s" % request)
        expect(all(head.startswith("POST /v1/chat/completions HTTP/1.0") for head in good.heads), "heads: %s" % good.heads[:1])
        text, _ = audit("--nli", url, "--html", "page.html")
        expect("model-assisted, proposes" in text.stdout and "no part of the verdict" in text.stdout, "text: " + text.stdout)
        with open(os.path.join(folder, "page.html"), encoding="utf-8") as file:
            page = file.read()
        expect("Model-assisted (no part of the verdict)" in page and "<q>" in page, "the page does not mark the proposal")
        expect(page.count('"ClaimReview"') == len(plain["claim_reviews"]), "a proposal became a ClaimReview")
        good.close()

    # --fail-on counts verdicts, not proposals.
    server = ModelServer(saying("refute"))
    done, _ = audit("--nli", "http://127.0.0.1:%d" % server.port, "--fail-on", "contradicted")
    plainly, _ = audit("--fail-on", "contradicted")
    expect(done.returncode == plainly.returncode, "--fail-on followed a proposal")
    server.close()

    # IPv6, a path of its own, and a server that keeps the connection open.
    try:
        six = ModelServer(lambda asked, connection: (connection.sendall(http(chat('{"stance": "neither"}'))), time.sleep(0.2))[1], "::1")
        done, _ = audit("--json", "--nli", "http://[::1]:%d/chat?x=1" % six.port)
        told = json.loads(done.stdout)["model_assisted"]
        expect(told["undecided"] == told["asked"] > 0 and told["thrown_away"] == [], "IPv6: %s" % told)
        expect(six.heads[0].startswith("POST /chat?x=1 "), "IPv6: " + six.heads[0])
        six.close()
    except OSError:
        print("no IPv6 here; that part was left out")

    # Hostile answers.
    hostile("span not in the source", saying(quote="magnesium heals every cramp within a day"), "quotation not in the passage")
    hostile("part of a word", lambda asked, _: http(chat(json.dumps(
        {"stance": "support", "passage": 1, "quote": asked["passages"][0]["text"][1:-1]}))), "quotation not in the passage")
    hostile("empty span", saying(quote=""), "quotation of fewer than three words")
    hostile("one word", saying(quote="magnesium"), "quotation of fewer than three words")
    for passage in (0, 7, -1, 1.5, 1e300, "1", None, 18446744073709551615):
        hostile("passage %s" % passage, saying(passage=passage), "unknown passage")
    hostile("stance", saying(stance="supported"), "unknown stance")
    hostile("not JSON", lambda *_: http("<html>busy</html>"), "not JSON")
    hostile("not UTF-8", lambda *_: http(b'{"choices": [{"message": {"content": "\xff\xfe{}"}}]}'), "not JSON")
    hostile("words", lambda *_: http(chat("I would rather not say.")), "answer not JSON")
    hostile("brackets", lambda *_: http(chat("}{")), "answer not JSON")
    hostile("other shape", lambda *_: http('{"choices": []}'), "no answer of a chat")
    hostile("list", lambda *_: http("[]"), "no answer of a chat")
    hostile("content is a number", lambda *_: http('{"choices": [{"message": {"content": 1}}]}'), "no answer of a chat")
    hostile("deep", lambda *_: http("[" * 500000), "not JSON")
    hostile("deep and closed", lambda *_: http("[" * 400000 + "]" * 400000), "no answer of a chat")
    hostile("status", lambda *_: http("{}", "500 Oops"), "HTTP status 500")
    hostile("redirect", lambda *_: http("", "302 Found", "Location: http://192.0.2.1/\r\n"), "HTTP status 302")
    hostile("huge", flood, "reply too long")
    hostile("huge by its own word", lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{", "reply too long")
    hostile("longer than any number", lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{", "no reply")
    hostile("two lengths", lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", "no reply")
    hostile("endless head", lambda *_: b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20000, "no reply")
    hostile("cut short", lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", "no reply")
    hostile("chunks", lambda *_: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "no reply")
    hostile("another protocol", lambda *_: b"220 mail.example ESMTP\r\n\r\n", "no reply")
    hostile("status of letters", lambda *_: b"HTTP/1.1 abc OK\r\n\r\n{}", "no reply")
    hostile("nothing", lambda *_: b"", "no reply")
    told = hostile("slow", drip, "no answer in time", seconds="0.5", limit=10)
    if told:
        expect("no answer in time" in told["stopped"] or told["asked"] < 2, "slow: %s" % told)

    # Nobody listens.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done, took = audit("--json", "--nli", "http://127.0.0.1:%d" % port)
    data = json.loads(done.stdout)
    expect(done.returncode == 0 and without(data) == plain, "refused connection: the audit changed")
    expect(data["model_assisted"]["asked"] == 1 and "refused" in data["model_assisted"]["stopped"], "refused: %s" % data["model_assisted"])

    # Other machines and odd addresses are refused before anything is read.
    for url in ("http://192.0.2.1:80", "http://example.org", "http://127.0.0.1.example.org", "http://localhost.example.org",
                "http://0.0.0.0:80", "http://10.0.0.1", "http://[::2]:80", "http://[::ffff:127.0.0.1]", "http://[::1", "http://::1",
                "http://127.1", "http://2130706433", "http://0x7f000001", "http://127.0.0.1@192.0.2.1/", "http://192.0.2.1@127.0.0.1/",
                "https://127.0.0.1", "ftp://127.0.0.1", "127.0.0.1:80", "http://", "http://127.0.0.1:0", "http://127.0.0.1:65536",
                "http://127.0.0.1:", "http://127.0.0.1:8o", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/#a",
                "http://[::1]x:80", "http://127.0.0.1:80:80"):
        done, _ = audit("--nli", url, article="missing.md")
        expect(done.returncode == 2 and "[loopback/url]" in done.stderr, "%r: exit %d: %s" % (url, done.returncode, done.stderr))

print("\n".join(wrong) or "proposals are marked, change nothing, and hostile servers are survived")
sys.exit(1 if wrong else 0)
