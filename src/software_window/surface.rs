//! Hands a picture to the window system.

use std::num::NonZeroU32;
use std::rc::Rc;

use eframe::egui::ColorImage;
use egui_winit::winit::window::Window as SystemWindow;

#[cfg(all(unix, not(target_vendor = "apple")))]
use super::x11::X11;

/// What of a window can be drawn on.
pub enum Surface {
    /// X11 is spoken directly. The library that serves the other window systems would load the X client library into
    /// every process of this program before it begins, that of a console command too; it costs more than a diagnosis.
    #[cfg(all(unix, not(target_vendor = "apple")))]
    X11(Box<X11>),
    Other(softbuffer::Surface<Rc<SystemWindow>, Rc<SystemWindow>>),
}

impl Surface {
    /// # Errors
    /// What the window system said.
    pub fn of(window: &Rc<SystemWindow>) -> Result<Self, String> {
        #[cfg(all(unix, not(target_vendor = "apple")))]
        if let Some(x11) = X11::of(window)? {
            return Ok(Self::X11(Box::new(x11)));
        }
        softbuffer::Context::new(Rc::clone(window))
            .and_then(|context| softbuffer::Surface::new(&context, Rc::clone(window)))
            .map(Self::Other)
            .map_err(|error| error.to_string())
    }

    /// Shows the picture, which is as large as the window.
    ///
    /// # Errors
    /// What the window system said.
    pub fn show(&mut self, picture: &ColorImage, window: &SystemWindow) -> Result<(), String> {
        match self {
            #[cfg(all(unix, not(target_vendor = "apple")))]
            Self::X11(x11) => x11.show(picture),
            Self::Other(surface) => show_in(surface, picture, window).map_err(|error| error.to_string()),
        }
    }
}

fn show_in(
    surface: &mut softbuffer::Surface<Rc<SystemWindow>, Rc<SystemWindow>>,
    picture: &ColorImage,
    window: &SystemWindow,
) -> Result<(), softbuffer::SoftBufferError> {
    let [width, height] = picture.size.map(|points| u32::try_from(points).ok().and_then(NonZeroU32::new));
    let (Some(width), Some(height)) = (width, height) else { return Ok(()) };
    surface.resize(width, height)?;
    let mut pixels = surface.buffer_mut()?;
    for (place, colour) in pixels.iter_mut().zip(&picture.pixels) {
        *place = u32::from_be_bytes([0, colour.r(), colour.g(), colour.b()]);
    }
    window.pre_present_notify();
    pixels.present()
}
