//! The fonts of the system, for letters that ours lack.

use std::sync::{Arc, LazyLock};

use eframe::egui::Context;
use eframe::egui::epaint::text::{FallbackRequest, FontProvider as _};
use egui_system_font_provider::SystemFontProvider;

/// Draws letters that our fonts lack with the system's. The system is asked what it has when the first such letter
/// comes, which is mostly never: to find all of its fonts takes longer than the first frame.
pub fn fall_back_on_system_fonts(ctx: &Context) {
    let fonts: LazyLock<SystemFontProvider> = LazyLock::new(SystemFontProvider::new);
    ctx.add_font_provider(Arc::new(move |asked: &FallbackRequest<'_>| fonts.font_for(asked)));
}
