#!/usr/bin/env python3
"""Runs a binary where nothing else is: in an empty root folder, in a network of its own with a name server and a portal.

    empty.py BINARY [ROOT]     ROOT: a root folder with a system in it, which is copied from nowhere and left as it is

Run by .ci/tarball under `unshare -n`."""
import http.server
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

ARTICLE = (pathlib.Path(__file__).resolve().parent.parent / "assets/demo/article-7301.html").read_bytes()
passed = failed = 0


def that(holds, what, why=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print(f"{'ok   ' if holds else 'FAIL '} {what}{'' if holds else f': {why}'}")


def name_server():
    """Knows one name, portal.test."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    while True:
        query, who = server.recvfrom(512)
        end = 12
        while query[end]:
            end += query[end] + 1
        kind, end = int.from_bytes(query[end + 1:end + 3], "big"), end + 5
        known = b"\x06portal\x04test" in query
        found = known and kind == 1
        answer = query[:2] + (b"\x81\x80" if known else b"\x81\x83") + b"\0\1" + (b"\0\1" if found else b"\0\0") + b"\0\0\0\0"
        answer += query[12:end] + (b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\x04\x7f\0\0\1" if found else b"")
        server.sendto(answer, who)


class Portal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"" if self.path == "/robots.txt" else ARTICLE
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    threading.Thread(target=name_server, daemon=True).start()
    threading.Thread(target=http.server.ThreadingHTTPServer(("127.0.0.1", 80), Portal).serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(name)
        binary = root / "tinsach"
        shutil.copy(sys.argv[1], binary)
        (root / "etc").mkdir(exist_ok=True)
        (root / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n")

        def run(*args):
            environment = {"TINSACH_FETCH_ALLOW_PRIVATE": "127.0.0.0/8", "TINSACH_STATE_DIR": "/state", "TINSACH_FETCH_GAP": "0s"}
            return subprocess.run([shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin"), root, "/tinsach", *args],
                                  capture_output=True, text=True, env=environment, timeout=120)
        try:
            done = run("--version")
            that(done.returncode == 0, "it starts", done.stderr)
            done = run("config", "--show")
            that(done.returncode == 0 and "Asia/Ho_Chi_Minh" in done.stdout, "it knows time zones", done.stderr)
            # Services for names that are not there must not keep DNS from being asked.
            for services in (None, "hosts: files dns\n", "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n"):
                if services:
                    (root / "etc/nsswitch.conf").write_text(services)
                done = run("extract", "http://portal.test/a.html")
                that(done.returncode == 0 and done.stdout.startswith("Thường trực"),
                     f"it finds a portal by name, {services and services.strip() or 'without nsswitch.conf'}", (done.returncode, done.stderr))
            done = run("extract", "http://nowhere.test/a.html")
            that(done.returncode == 1 and "no address" in done.stderr, "it says that a name is not known", (done.returncode, done.stderr))
            done = run("extract", "https://portal.test/a.html")
            that(done.returncode == 1 and "Connection refused" in done.stderr, "it gets by without certificates of the system", done.stderr)
        finally:
            binary.unlink()
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
