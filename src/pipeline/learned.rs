//! The template while it is learned: every page is read by what all pages committed before it have taught.

use std::sync::{Arc, Mutex, PoisonError};

use crate::article::Template;
use crate::extract::Observation;

/// A template that is read and learned at the same time.
pub(super) struct Learned(Mutex<Arc<Template>>);

impl Learned {
    pub fn new(template: Template) -> Self {
        Self(Mutex::new(Arc::new(template)))
    }

    /// The template as it is now.
    pub fn now(&self) -> Arc<Template> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes in what a page taught. The template is copied only while a page is being read by the one before.
    pub fn learn(&self, page: &Observation) {
        Arc::make_mut(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)).learn(page);
    }
}
