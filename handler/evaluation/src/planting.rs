//! How well the statement rules find faults: planted ones, and those that people write.
//!
//! [`case`] reads a case, [`locate`] finds quotes in its numbered sentences, [`items`] checks statements from a file,
//! [`rewrite`] makes correct statements from gold claims, [`fault`] plants faults in them, and [`table`] counts. [`traps`]
//! gives the wrong answer to each trap of an annotation and sees what stops it.

pub mod case;
pub mod fault;
pub mod items;
pub mod locate;
pub mod rewrite;
pub mod run;
pub mod table;
pub mod traps;
