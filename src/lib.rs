//! Authlight's window.
//!
//! The engine looks and judges, its `State` decides; this package draws the state and hands clicks back.

pub mod renderers;
pub mod software_window;
pub mod start;
pub mod window;
