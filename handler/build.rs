//! Links the release build for size.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|own| own == value);
    // The linker that comes with Rust for this platform folds functions whose code is the same, of which generic code makes many.
    if is("PROFILE", "release") && is("OPT_LEVEL", "z") && is("TARGET", "x86_64-unknown-linux-gnu") {
        println!("cargo::rustc-link-arg-bin=handler=-Wl,--icf=all");
    }
}
