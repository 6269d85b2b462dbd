"""What the scenario programs share: a portal simulator and a tinsach on free ports, and a reader of its Atom."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = pathlib.Path(os.environ.get("TINSACH_SHARED", ROOT.parent / "shared"))
BINARY = pathlib.Path(os.environ.get("TINSACH_BINARY", ROOT / "target/release/tinsach"))
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url, headers=None):
    request = urllib.request.Request(url, headers=headers or {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def wait_for(url, process, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended with {process.returncode} before {url} answered")
        with contextlib.suppress(OSError):
            return get(url)
        time.sleep(0.05)
    raise SystemExit(f"{url} did not answer within {seconds} s")


class Portal:
    """The simulator, started with the given options."""

    def __init__(self, *options, theme="a", articles=200):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, str(SHARED / "portal/portal.py"), "--port", str(self.port), "--theme", theme,
                   "--articles", str(articles), *map(str, options)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.base + "/__control", self.process)

    def truth(self, **query):
        text = "&".join(f"{k}={v}" for k, v in query.items())
        return json.loads(get(f"{self.base}/__truth.json?{text}"))["articles"]

    def control(self, **query):
        text = "&".join(f"{k}={v}" for k, v in query.items())
        return json.loads(get(f"{self.base}/__control?{text}"))

    def log(self, reset=False, entries=0):
        return json.loads(get(f"{self.base}/__log?entries={entries}" + ("&reset=1" if reset else "")))

    def close(self):
        self.process.kill()
        self.process.wait()


class Tinsach:
    """A configuration and a state folder of its own; commands run against them."""

    def __init__(self, home, source_lines="", main_lines="", fetch_lines='gap = "0s"\nper_host = 2', discover=None, article=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tinsach-"))
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        (self.folder / "sources").mkdir()
        (self.folder / "tinsach.toml").write_text(
            f'listen = "127.0.0.1:{self.port}"\npublic_url = "{self.base}/"\nstate_dir = "{self.folder}/state"\n{main_lines}\n'
            f'[fetch]\nallow_private = ["127.0.0.0/8"]\n{fetch_lines}\n')
        (self.folder / "sources/haiphong.toml").write_text(
            f'id = "haiphong"\ntitle = "Cổng tin tức Thành phố Hải Phòng"\nhome = "{home}/"\nlanguage = "vi"\n'
            f'timezone = "Asia/Ho_Chi_Minh"\nbackfill = "all"\n{source_lines}\n[discover]\n{discover or ""}\n[article]\n{article}\n')
        self.process = None

    def command(self, *args, check=True, **options):
        done = subprocess.run([str(BINARY), "-c", str(self.folder / "tinsach.toml"), *args], capture_output=True, text=True, **options)
        if check and done.returncode != 0:
            raise SystemExit(f"tinsach {' '.join(args)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def start(self):
        self.process = subprocess.Popen([str(BINARY), "-c", str(self.folder / "tinsach.toml"), "run"],
                                        stderr=open(self.folder / "run.log", "ab"))
        wait_for(self.base + "/health/live", self.process)
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process = None
        return code

    def feed(self, path="haiphong.atom?limit=200"):
        return get(f"{self.base}/{path}", {"Accept": "application/atom+xml"})


class Nginx:
    """nginx on a free port, serving the files below `folder/www`; `lines` go into its http block."""

    def __init__(self, folder, lines="", port=None):
        folder.chmod(0o755)  # its workers are another user
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        # Not as a daemon: Linux gives every session a share of the processor of its own, and servers that are compared
        # must have one.
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{ worker_connections 512; }}\nhttp {{ access_log off; {lines}\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {folder}/www; }} }}\n")
        self.process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait()


def entries(atom):
    """Atom bytes to a list of dicts."""
    out = []
    for e in ET.fromstring(atom).findall("a:entry", ATOM):
        text = lambda tag: (e.findtext(f"a:{tag}", None, ATOM) or "")
        out.append({"id": text("id"), "title": text("title"), "published": text("published"), "updated": text("updated"),
                    "link": next(l.get("href") for l in e.findall("a:link", ATOM) if l.get("rel", "alternate") == "alternate"),
                    "authors": [a.findtext("a:name", "", ATOM) for a in e.findall("a:author", ATOM)],
                    "categories": [c.get("label") or c.get("term") for c in e.findall("a:category", ATOM)],
                    "html": text("content")})
    return out


def fold(text):
    return re.sub(r"\s+", " ", text or "").strip()


class Checks:
    """Counts what held and what did not, and prints the closing line."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, ok, what, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
        print(("ok    " if ok else "FAIL  ") + what + (f": {detail}" if detail else ""), flush=True)

    def done(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)
