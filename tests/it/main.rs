//! The tests that need more than one module: the whole path, the command line, and the tidiness of the tree.

mod bounds;
mod command;
mod held;
mod learn;
mod live;
mod mend;
mod pages;
mod path;
mod portal;
mod prose;
mod readme;
mod ripe;
mod sick;
mod tidy;
