//! The world around Authlight's core: the live test.

pub mod live;
