//! The app from outside: through its command line, its doors, and a whole host over a real storage emulator.

mod settings;
mod walls;
