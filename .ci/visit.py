#!/usr/bin/env python3
"""What a first visit to many articles costs: processor time an article, wall time beside a bare loop of requests with the
same number of connections, and peak memory; over loopback, and with the delay of a real network before every answer.

With --beside STATE, what later visits cost that bring nothing new and ten new articles, in a small archive and in the one
of the state folder STATE, such as `cargo run --release --example fill -- STATE 1000000` makes: time and reads of the
system, which are those of database pages. STATE itself is left as it is.

Needs nginx (apt install nginx-light) and `cargo build --release --example fetch_loop`. Options: --articles N --rounds N.
"""
import argparse
import asyncio
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import urllib.error

from portal import BINARY, ROOT, Nginx, Portal, Tinsach, free_port, get, os, time, wait_for

METHODS = "wp_json = false\nfeeds = false\nsitemap = true\nlistings = false"
LOOP = ROOT / "target/release/examples/fetch_loop"
DELAY = 0.02


def site(folder, articles):
    """Saves the simulator's articles and sitemap as files, under the address they will be served at."""
    port = free_port()
    portal = Portal(articles=articles)
    truth = portal.truth(fields="meta")
    paths = []
    for path in [a["path"] for a in truth] + ["/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml", "/robots.txt"]:
        try:
            body = get(portal.base + path)
        except urllib.error.HTTPError:
            continue
        file = folder / "www" / path.strip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body.replace(portal.base.encode(), f"http://127.0.0.1:{port}".encode()))
        paths.append(path)
    (folder / "www/index.html").write_text("<html><body><p>x</p></body></html>")
    portal.close()
    return port, [path for path in paths if not path.endswith((".xml", ".txt"))]


def delayed(port, behind):
    """Passes connections on to the port behind; every answer is held back for a while."""
    async def pump(reader, writer, wait):
        try:
            while data := await reader.read(65536):
                await asyncio.sleep(wait)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    async def connection(reader, writer):
        there = await asyncio.open_connection("127.0.0.1", behind)
        await asyncio.gather(pump(reader, there[1], DELAY), pump(there[0], writer, 0))

    async def serve():
        async with await asyncio.start_server(connection, "127.0.0.1", port) as server:
            await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()


def poll(tinsach):
    """One `poll`: seconds of processor and wall time, peak in MiB, reads of the system, new articles."""
    began = time.monotonic()
    process = subprocess.Popen([str(BINARY), "-c", str(tinsach.folder / "tinsach.toml"), "poll"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = process.stdout.read()
    # Its counters can be read until it is waited for.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    reads = int(re.search(r"syscr: (\d+)", pathlib.Path(f"/proc/{process.pid}/io").read_text())[1])
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    if status != 0:
        raise SystemExit(f"poll ended with {status}\n{said}")
    read = int(re.search(r"(\d+) new", said)[1])
    return {"cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": used.ru_maxrss / 1024, "reads": reads, "new": read}


def follower(home, connections):
    return Tinsach(home, discover=METHODS, fetch_lines=f'gap = "0s"\nper_host = {connections}')


def visit(home, connections):
    """One `poll` with an empty store."""
    tinsach = follower(home, connections)
    done = poll(tinsach)
    shutil.rmtree(tinsach.folder)
    return done


def beside(archive, home, folder, rounds):
    """Later visits in a small archive and in a large one, in turns."""
    sitemap, index = folder / "www/wp-sitemap-posts-post-1.xml", folder / "www/wp-sitemap.xml"
    whole, first = sitemap.read_text(), index.read_text()
    places = re.findall(r"<url>.*?</url>", whole, re.S)
    began = int(time.time()) - 86_400
    fresh = places[:10 * rounds]

    def named(count):
        """The sitemap without all but so many of the articles that are to be new."""
        text = whole
        for place in fresh[count:]:
            text = text.replace(place, "")
        sitemap.write_text(text)
        index.write_text(f"{first}<!-- {count} -->")
        # nginx tells files apart by whole seconds and length.
        for file in [sitemap, index]:
            os.utime(file, (began + count, began + count))

    named(0)
    followers = {"small": follower(home, 2), "large": follower(home, 2)}
    shutil.copytree(archive, followers["large"].folder / "state", dirs_exist_ok=True)
    for tinsach in followers.values():
        poll(tinsach)
        poll(tinsach)
    done = {(name, what): [] for name in followers for what in ["nothing new", "ten new"]}
    for number in range(rounds):
        for name, tinsach in followers.items():
            done[name, "nothing new"].append(poll(tinsach))
        named(10 * (number + 1))
        for name, tinsach in followers.items():
            done[name, "ten new"].append(poll(tinsach))
    for what in ["nothing new", "ten new"]:
        small, large = ({key: statistics.median(v[key] for v in done[name, what]) for key in ["cpu", "reads", "new"]}
                        for name in ["small", "large"])
        print(f"a visit with {what} ({small['new']:.0f}, {large['new']:.0f}): CPU {small['cpu'] * 1000:.0f} ms and "
              f"{large['cpu'] * 1000:.0f} ms, {large['cpu'] / small['cpu']:.2f} x; reads {small['reads']:.0f} and "
              f"{large['reads']:.0f}, {large['reads'] / small['reads']:.2f} x", flush=True)
    for tinsach in followers.values():
        shutil.rmtree(tinsach.folder)


def loop(folder, home, paths, connections):
    (folder / "addresses").write_text("\n".join(home + path for path in paths))
    said = subprocess.run([str(LOOP), str(folder / "addresses"), str(connections)], capture_output=True, text=True, check=True)
    return float(re.search(r"([\d.]+) s$", said.stdout)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside", metavar="STATE", type=pathlib.Path)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tinsach-visit-"))
    port, paths = site(folder, options.articles)
    nginx = Nginx(folder, "types { text/html html; application/xml xml; text/plain txt; }", port)
    wait_for(nginx.base + "/", nginx.process)
    if options.beside:
        beside(options.beside, f"http://127.0.0.1:{port}", folder, options.rounds)
        nginx.close()
        shutil.rmtree(folder, ignore_errors=True)
        return
    behind = free_port()
    delayed(behind, port)
    for connections, served, name in [(1, port, "loopback"), (2, port, "loopback"), (4, behind, f"{DELAY * 1000:.0f} ms away")]:
        home = f"http://127.0.0.1:{served}"
        if served == behind:
            for file in (folder / "www").rglob("*"):
                if file.is_file():
                    file.write_bytes(file.read_bytes().replace(f":{port}/".encode(), f":{served}/".encode()))
        visits, loops = [], []
        for _ in range(options.rounds):
            loops.append(loop(folder, home, paths, connections))
            visits.append(visit(home, connections))
        middle = {key: statistics.median(v[key] for v in visits) for key in visits[0]}
        bare = statistics.median(loops)
        print(f"{connections} connections, {name}: {middle['new']:.0f} new of {len(paths)}, "
              f"{middle['cpu'] / len(paths) * 1000:.2f} ms CPU an article, {middle['wall']:.2f} s, "
              f"{middle['wall'] / bare:.2f} x a bare loop ({bare:.2f} s), peak {middle['peak']:.0f} MiB", flush=True)
    nginx.close()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
