#!/usr/bin/env python3
"""Finding everything, never twice: scenarios against the portal simulator that print their figures."""
import pathlib
import sqlite3
import sys

from portal import Checks, Portal, Tinsach, entries

METHODS = {
    "api": 'wp_json = true\nfeeds = false\nsitemap = false\nlistings = false',
    "sitemap": 'wp_json = false\nfeeds = false\nsitemap = true\nlistings = false',
    "listings": 'wp_json = false\nfeeds = false\nsitemap = false\nlistings = [{ url = "/" }]',
    "feed": 'wp_json = false\nfeeds = ["/feed/"]\nsitemap = false\nlistings = false',
}
ALL = 'wp_json = true\nfeeds = ["/feed/"]\nsitemap = true\nlistings = [{ url = "/" }]'


def stored(tin, sql="SELECT id, url FROM entry WHERE gone IS NULL"):
    with sqlite3.connect(f"file:{tin.folder}/state/tinsach.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def ids(tin):
    return sorted(row[0] for row in stored(tin))


def wanted(portal):
    live = [a for a in portal.truth(fields="meta") if a["status"] == "live" and a["kind"] not in ("empty", "future")]
    return {a["url"] for a in live if not a["duplicate_of"]}


def each_method_alone(checks, articles):
    portal = Portal(articles=articles)
    try:
        whole = Tinsach(portal.base, discover=ALL)
        portal.log(reset=True)
        whole.command("poll")
        first = portal.log(reset=True)
        count = len(stored(whole))
        share = first["total"] / articles
        checks.that(share <= 1.05, f"first visit, everything on: {first['total']} requests for {articles} articles", f"{share:.3f} an article")
        missing = wanted(portal) - {row[1] for row in stored(whole)}
        checks.that(not missing, f"nothing is missing of {len(wanted(portal))}", sorted(missing)[:3] or "")
        whole.command("poll")
        second = portal.log(reset=True, entries=50)
        checks.that(second["total"] <= 12, f"second visit with nothing new: {second['total']} requests, {second['conditional']} conditional")
        reference = ids(whole)
        ahead = {a["url"] for a in portal.truth(fields="meta", kind="future")}
        for name, methods in METHODS.items():
            alone = Tinsach(portal.base, discover=methods)
            alone.command("poll")
            urls = [row[1] for row in stored(alone)]
            checks.that(len(urls) == len(set(urls)), f"{name} alone: {len(urls)} entries, each once")
            if name == "feed":
                checks.that(set(ids(alone)) <= set(reference), "feed alone: all it shows, under the same ids")
                continue
            different = set(ids(alone)) ^ set(reference)
            known = dict(stored(alone) + stored(whole))
            different = {i for i in different if known[i] not in ahead}
            checks.that(not different, f"{name} alone: the same set of {count} entries", [known[i] for i in different][:3] or "")
        again = Tinsach(portal.base, discover=ALL)
        again.command("poll")
        checks.that(ids(again) == reference, "database deleted and rebuilt: the same ids, byte for byte")
    finally:
        portal.close()


def outage(checks):
    portal = Portal(articles=300)
    try:
        for name in ("listings", "api", "sitemap"):
            tin = Tinsach(portal.base, discover=METHODS[name])
            tin.command("poll")
            before = {row[1] for row in stored(tin)}
            new = portal.control(publish=60, advance=43200)["published"]
            tin.command("poll")
            after = {row[1] for row in stored(tin)}
            live = wanted(portal) & set(new)
            checks.that(not live - after, f"12 h outage, 60 new posts, {name} alone: {len(live - after)} missing, {len(after - before)} came")
    finally:
        portal.close()


def same_ids_under_another_name(checks):
    portal = Portal(articles=60)
    try:
        tin = Tinsach(portal.base, discover=ALL)
        tin.command("poll")
        here = tin.start().feed()
        tin.stop()
        main = pathlib.Path(tin.folder / "tinsach.toml")
        main.write_text(main.read_text().replace(f'public_url = "{tin.base}/"', 'public_url = "https://tin.example.org/"'))
        there = tin.start().feed()
        tin.stop()
        checks.that([e["id"] for e in entries(here)] == [e["id"] for e in entries(there)] and here != there,
                    "our own base URL changed: the same ids")
    finally:
        portal.close()


def main():
    checks = Checks()
    each_method_alone(checks, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    outage(checks)
    same_ids_under_another_name(checks)
    checks.done()


if __name__ == "__main__":
    main()
