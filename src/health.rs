//! How sources stand → verdicts in words (pure). Empty so far: `/health` shows the bare facts.
