//! What is never printed: marks in foreign text, and types that hold personal data.

mod printing;
mod scrubbing;
