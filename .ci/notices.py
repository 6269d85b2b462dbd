#!/usr/bin/env python3
"""Writes the licences of everything that is linked into the binary, from the crates themselves, to stdout.

The same Cargo.lock gives the same text on every machine: no path, no date, and everything sorted."""
import json
import os
import pathlib
import re
import subprocess
import sys

TARGET = os.environ.get("TARGET", "x86_64-unknown-linux-gnu")
NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense|authors)([-._].*)?$", re.I)
# Files of test data and tools inside of crates, which are not linked.
ELSEWHERE = {"tests", "test", "benches", "examples", "fuzz", "target", ".git", "third_party", "util"}


def linked():
    """The packages that are linked into the binary: what normal dependencies reach, without build scripts and macros."""
    told = json.loads(subprocess.check_output(
        ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]))
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    packages = {package["id"]: package for package in told["packages"]}
    root = told["resolve"]["root"]
    seen, open_ = set(), [root]
    while open_:
        current = open_.pop()
        if current in seen:
            continue
        seen.add(current)
        for dep in nodes[current]["deps"]:
            is_macro = any("proc-macro" in target["kind"] for target in packages[dep["pkg"]]["targets"])
            if not is_macro and any(kind["kind"] is None for kind in dep["dep_kinds"]):
                open_.append(dep["pkg"])
    return sorted((packages[i] for i in seen - {root}), key=lambda p: (p["name"], p["version"]))


def texts(package):
    """The licence files of a package, at its top and one folder further down, where crates keep C libraries."""
    top = pathlib.Path(package["manifest_path"]).parent
    folders = [top] + sorted(d for d in top.iterdir() if d.is_dir() and d.name not in ELSEWHERE)
    for folder in folders:
        for file in sorted(folder.iterdir()):
            if file.is_file() and NAMES.match(file.name) and file.suffix not in (".rs", ".html", ".spdx", ".json"):
                lines = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").split("\n")
                yield str(file.relative_to(top)), "\n".join(line.rstrip() for line in lines).strip()


def main():
    packages = linked()
    if len(packages) < 50:
        sys.exit(f"only {len(packages)} packages found")
    used = {}
    out = ["tinsach is linked with the software below. Each is named with its version, its licence as its authors state it,",
           "and where it comes from; the texts follow, each once, with the packages it belongs to.",
           "",
           "The standard library of Rust: MIT OR Apache-2.0, https://www.rust-lang.org/",
           "SQLite, within libsqlite3-sys: public domain, https://www.sqlite.org/copyright.html", ""]
    for package in packages:
        name = f"{package['name']} {package['version']}"
        found = list(texts(package))
        for file, text in found:
            used.setdefault(text, []).append(f"{name} ({file})")
        licence = package["license"] or "see the text"
        source = package["repository"] or f"https://crates.io/crates/{package['name']}"
        out.append(f"{name}: {licence}, {source}{'' if found else ' (the package holds no text of its licence)'}")
    for text, users in sorted(used.items(), key=lambda pair: pair[1]):
        out += ["", "=" * 100, *users, "=" * 100, text]
    print("\n".join(out))


if __name__ == "__main__":
    main()
