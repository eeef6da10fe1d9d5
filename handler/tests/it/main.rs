//! The app from outside: through its command line, its doors, and a whole host over a real storage emulator.

mod app;
mod command_line;
mod doors;
mod http;
mod isolation;
mod settings;
mod walls;
