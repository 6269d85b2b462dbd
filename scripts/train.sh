#!/bin/sh
# Learns src/extract/body/model.txt anew from annotated pages and prints, first, what it scores on sites that were
# held back. usage: scripts/train.sh DIR, where DIR holds sets as examples/evaluate.rs describes them.
set -eu
cd "$(dirname "$0")/.."
exec cargo run --release --example train -- "${1:?usage: scripts/train.sh DIR}" --out src/extract/body/model.txt
