#!/usr/bin/env python3
"""How fast tinsach serves beside nginx with the same bytes, at rest and during a visit, how long a new article takes to be
in the feeds, and what the daemon weighs.

Needs nginx and wrk (Debian: apt-get install nginx-light wrk), the portal simulator, and a release build; TINSACH_BINARY
chooses another binary. Figures of one run are to be compared with each other, on a machine that has nothing else to do:
runs of the two servers take turns, medians are printed.

serving.py [plain] [gzip] [304] [visit] [memory]       all of them by default
"""
import shutil
import statistics

from portal import *

SECONDS, RUNS = 2, 5
NGINX = "types { application/atom+xml atom; } gzip_static on; sendfile on; tcp_nopush on; keepalive_requests 1000000;"
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def wrk(url, *headers, seconds=SECONDS):
    """Requests a second, and the 99th percentile of latency in milliseconds."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency"] + [part for h in headers for part in ("-H", h)]
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said and not any(h.startswith("If-None-Match") for h in headers):
        raise SystemExit(said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), float(p99[1]) * UNITS[p99[2]]


def beside(tinsach):
    """nginx with the bytes that tinsach serves, and the address of the feed there."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tinsach-nginx-"))
    (folder / "www").mkdir()
    for name, coding in (("haiphong.atom", "identity"), ("haiphong.atom.gz", "gzip")):
        (folder / "www" / name).write_bytes(get(tinsach.base + "/haiphong.atom", {"Accept-Encoding": coding}))
    nginx = Nginx(folder, NGINX)
    url = nginx.base + "/haiphong.atom"
    wait_for(url, nginx.process)
    return nginx, url, folder


def etag(url):
    with urllib.request.urlopen(url) as answer:
        return answer.headers["ETag"]


def compare(kind, other, url):
    header = {"plain": lambda _: [], "gzip": lambda _: ["Accept-Encoding: gzip"],
              "304": lambda of: ["If-None-Match: " + etag(of)]}[kind]
    runs = [(wrk(other, *header(other)), wrk(url, *header(url))) for _ in range(RUNS)]
    (n_rate, n_p99), (t_rate, t_p99) = [
        [statistics.median(run[server][figure] for run in runs) for figure in (0, 1)] for server in (0, 1)]
    print(f"{kind}: nginx {n_rate:.0f}/s p99 {n_p99:.2f} ms | tinsach {t_rate:.0f}/s p99 {t_p99:.2f} ms | "
          f"ratio {t_rate / n_rate:.2f}, p99 {t_p99 / n_p99:.2f}", flush=True)


def articles(base):
    return json.loads(get(base + "/health"))["sources"][0]["articles"]


def during_a_visit():
    """The p99 at rest, and while a thousand new articles come in."""
    portal = Portal(articles=200)
    # The portal of a daemon is another machine.
    os.setpriority(os.PRIO_PROCESS, portal.process.pid, 19)
    tinsach = Tinsach(portal.base)
    tinsach.command("poll")
    portal.control(publish=1000)
    tinsach.start()
    url, before = tinsach.base + "/haiphong.atom", articles(tinsach.base)
    busy = []
    while articles(tinsach.base) < before + 950 and len(busy) < 120:
        busy.append(wrk(url, "Accept-Encoding: gzip", seconds=1)[1])
    after = articles(tinsach.base)
    weigh("after the visit", tinsach)
    rest = [wrk(url, "Accept-Encoding: gzip", seconds=1)[1] for _ in range(max(len(busy), RUNS))]
    at_rest, in_visit = statistics.median(rest), statistics.median(busy)
    print(f"visit: {before} to {after} articles in {len(busy)} windows of a second: p99 at rest {at_rest:.2f} ms "
          f"(most {max(rest):.2f}), meanwhile {in_visit:.2f} ms (most {max(busy):.2f}) | ratio {in_visit / at_rest:.2f}",
          flush=True)
    tinsach.stop()
    portal.close()


def resident(process, key="VmRSS"):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(rf"{key}:\s+(\d+)", status)[1]) / 1024


def weigh(when, tinsach):
    time.sleep(15)
    figures = ", ".join(f"{key} {resident(tinsach.process, key):.1f}" for key in ("VmRSS", "RssAnon", "RssFile", "VmHWM"))
    print(f"memory {when}: {figures} MiB", flush=True)


def main():
    missing = [name for name in ("nginx", "wrk") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing or not BINARY.exists():
        raise SystemExit(f"missing: {', '.join(missing) or BINARY}\n{__doc__}")
    wanted = sys.argv[1:] or ["plain", "gzip", "304", "memory", "visit"]
    portal = Portal(articles=200)
    tinsach = Tinsach(portal.base)
    tinsach.command("poll")
    portal.close()
    tinsach.start()
    if "memory" in wanted:
        weigh("after a start with stored editions", tinsach)
    nginx, other, folder = beside(tinsach)
    for kind in wanted:
        if kind in ("plain", "gzip", "304"):
            compare(kind, other, tinsach.base + "/haiphong.atom")
    if "memory" in wanted:
        weigh("after serving", tinsach)
    nginx.close()
    shutil.rmtree(folder, ignore_errors=True)
    tinsach.stop()
    if "visit" in wanted:
        during_a_visit()


main()
