//! The client against a service of this machine: what is sent, what is read, when it is asked again.

mod fake;
mod faults;
mod rating;
mod shields;
