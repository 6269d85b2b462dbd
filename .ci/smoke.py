#!/usr/bin/env python3
"""The main job on a real server: the release binary follows the portal simulator, and its feed is held against the truth."""
import html
import re
import sys

from portal import Checks, Portal, Tinsach, entries, fold, get

BOILERPLATE = ["Tiện ích thông tin", "Nguồn tin", "QR Code", "QR CODE", "Chúng tôi trên Mạng Xã hội", "Tin khác"]
ACTIVE = re.compile(r"<script|<style|<form|<object|<embed|<svg|javascript:|vbscript:|\son[a-z]+\s*=|srcdoc", re.I)


def expected(truth):
    wanted = [a for a in truth if a["status"] == "live" and a["kind"] not in ("empty", "future")]
    # An edited repost takes over title and text of its original; which of the two is not this program's question.
    return {a["url"]: a for a in wanted if not a["duplicate_of"]}, {a["url"]: a for a in wanted if a["duplicate_of"]}


def names(text):
    return {fold(n).lower() for n in (text or "").split(",") if fold(n)}


def compare(checks, got, truth, originals, reposts):
    by_link = {}
    for e in got:
        by_link.setdefault(e["link"], []).append(e)
    missing = [u for u in originals if u not in by_link]
    checks.that(not missing, f"{len(originals)} articles are in the feed", missing[:5] or "")
    twice = [u for u, es in by_link.items() if len(es) > 1]
    checks.that(not twice, "each once", twice[:5] or "")
    # A post dated ahead may be told of or not.
    ahead = {a["url"] for a in truth if a["kind"] == "future"}
    extra = [u for u in by_link if u not in originals and u not in ahead]
    unjoined = [u for u in extra if u in reposts and reposts[u]["kind"] != "corrected_title"]
    checks.that(not unjoined, f"{len(reposts)} reposts are joined to their originals", unjoined[:5] or "")
    checks.that(not [u for u in extra if u not in reposts], "nothing else is", [u for u in extra if u not in reposts][:5] or "")
    joined = {r["duplicate_of"] for r in reposts.values()}
    pairs = [(by_link[u][0], a) for u, a in originals.items() if u in by_link]
    wrong = [(e["title"], a["title"]) for e, a in pairs if fold(e["title"]) != fold(a["title"]) and a["url"] not in joined]
    checks.that(not wrong, "titles are equal to the truth", wrong[:3] or "")
    wrong = [(e["published"], a["published"], a["kind"]) for e, a in pairs if a["date_on_page"] and e["published"] != a["published"]]
    # A page shows minutes where the truth has seconds.
    wrong = [w for w in wrong if w[0][:16] != w[1][:16] or w[0][19:] != w[1][19:]]
    checks.that(not wrong, "dates are equal to the truth", wrong[:3] or "")
    wrong = [(e["authors"], a["author"], a["byline"], a["kind"]) for e, a in pairs
             if a["author"] and {fold(x).lower() for x in e["authors"]} != names(a["author"])]
    checks.that(not wrong, "authors are equal to the truth", wrong[:3] or "")


def bodies(checks, got, truth):
    dirty = [(e["link"], b) for e in got for b in BOILERPLATE if b in html.unescape(e["html"])]
    checks.that(not dirty, "no body holds boilerplate", dirty[:5] or "")
    active = [(e["link"], ACTIVE.search(re.sub(r"&lt;.*?&gt;", "", e["html"])).group()) for e in got
              if ACTIVE.search(re.sub(r"&lt;.*?&gt;", "", e["html"]))]
    checks.that(not active, "no script, event handler or javascript: URL survives", active[:5] or "")
    by_url = {a["url"]: a for a in truth}
    folded = lambda h: fold(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<figcaption.*?</figcaption>", " ", h))))
    squeeze = lambda t: re.sub(r"\s+", "", t)
    normal = [(e, by_url[e["link"]]) for e in got if by_url.get(e["link"], {}).get("kind") == "normal"]
    exact = [e for e, a in normal if squeeze(folded(e["html"])) == squeeze(a["body_text"])]
    print(f"      body text equal to the truth: {len(exact)} of {len(normal)} ordinary articles")


def main():
    checks = Checks()
    portal = Portal(articles=200)
    tin = Tinsach(portal.base, discover='wp_json = false\nsitemap = false\nfeeds = ["/feed/"]\nlistings = [{ url = "/" }]',
                  article='cut_at = ["Tiện ích thông tin"]')
    try:
        first = tin.command("poll")
        print(first.stdout.strip().splitlines()[0])
        tin.start()
        feed = tin.feed()
        truth = portal.truth()
        got = entries(feed)
        compare(checks, got, truth, *expected(truth))
        bodies(checks, got, truth)
        checks.that(get(f"{tin.base}/haiphong.atom?limit=10").count(b"<entry") == 10, "limit=10 gives ten entries")
        checks.that(b"haiphong" in get(f"{tin.base}/health"), "/health names the source")
        checks.that(tin.stop() == 0, "TERM ends the daemon with exit 0")
        tin.command("poll")
        tin.start()
        checks.that(tin.feed() == feed, "a second visit with nothing new changes not one byte")
        tin.stop()
    finally:
        if tin.process:
            tin.process.kill()
        portal.close()
    checks.done()


if __name__ == "__main__":
    sys.exit(main())
