//! Writes the report of an invented run, to look at: `cargo run -p render --example report -- out.html`.

#[path = "../tests/fixture/mod.rs"]
mod fixture;
fn main() {
    let (recipe, generated) = fixture::rich();
    let path = std::env::args().nth(1).unwrap();
    std::fs::write(path, render::report_only(&recipe, &generated)).unwrap();
}
