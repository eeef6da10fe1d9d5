//! The function app.

fn main() {}
