//! Starts a face of Authlight.

fn main() {}
