//! Portal URL → source file. Empty so far.
