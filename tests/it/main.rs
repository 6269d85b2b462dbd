//! The tests that need more than one module: the whole path, the command line, and the tidiness of the tree.

mod bounds;
mod command;
mod held;
mod learn;
mod live;
mod mend;
mod one_reading;
mod operations;
mod pages;
mod path;
mod portal;
mod print;
mod prose;
mod readme;
mod refused;
mod reload;
mod ripe;
mod running;
mod service;
mod sick;
#[path = "../world/mod.rs"]
mod simulated;
mod standing;
mod state;
mod tidy;
mod world;
