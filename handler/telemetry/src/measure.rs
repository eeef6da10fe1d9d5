//! Counting and measuring.

use crate::names::{Counter, Histogram};
use crate::pipeline::{self, Pipeline};
use crate::value::Attribute;

/// Adds to a counter.
pub fn add(counter: Counter, more: u64, attributes: &[Attribute]) {
    if let Some(instrument) = pipeline::running().and_then(|pipeline| pipeline.counter(counter)) {
        instrument.add(more, &Pipeline::told(attributes));
    }
}

/// Records a measurement.
pub fn record(histogram: Histogram, value: f64, attributes: &[Attribute]) {
    if let Some(instrument) = pipeline::running().and_then(|pipeline| pipeline.histogram(histogram)) {
        instrument.record(value, &Pipeline::told(attributes));
    }
}
