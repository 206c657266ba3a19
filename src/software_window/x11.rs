//! A window's surface under X11: pictures go to the server through a connection of our own.

use std::error::Error;

use eframe::egui::ColorImage;
use egui_winit::winit::raw_window_handle::{HasWindowHandle, RawWindowHandle};
use egui_winit::winit::window::Window as SystemWindow;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::protocol::xproto::{ConnectionExt as _, CreateGCAux, Format, Gcontext, ImageFormat, ImageOrder, Window};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Where the parts of a colour stand in a pixel: red, green, blue.
const PARTS: [u32; 3] = [0x00ff_0000, 0x0000_ff00, 0x0000_00ff];

/// Bytes of a pixel, padding included: those of every screen with 24 or 32 bits of colour.
const PIXEL: usize = 4;
/// What a request needs beside its pixels, in bytes, rounded up.
const REQUEST: usize = 64;
/// More is not sent together, in bytes: what the processor's cache holds need not be asked of the system.
const TOGETHER: usize = 256 * 1024;

/// A window of the X server, and the connection through which it gets its pictures.
pub struct X11 {
    server: RustConnection,
    window: Window,
    context: Gcontext,
    depth: u8,
    /// The rows that go out together, in the server's order of bytes.
    rows: Vec<u8>,
}

impl X11 {
    /// None: the window belongs to another window system.
    ///
    /// # Errors
    /// What the server said, or that its pixels are of another kind.
    pub fn of(window: &SystemWindow) -> Result<Option<Self>, String> {
        let handle = window.window_handle().map_err(|error| error.to_string())?;
        let window = match handle.as_raw() {
            RawWindowHandle::Xlib(handle) => Window::try_from(handle.window).map_err(|error| error.to_string())?,
            RawWindowHandle::Xcb(handle) => handle.window.get(),
            _ => return Ok(None),
        };
        Self::open(window).map(Some).map_err(|error| error.to_string())
    }

    fn open(window: Window) -> Result<Self, Box<dyn Error>> {
        let (server, _) = RustConnection::connect(None)?;
        let depth = server.get_geometry(window)?.reply()?.depth;
        let visual = server.get_window_attributes(window)?.reply()?.visual;
        let mut depths = server.setup().roots.iter().flat_map(|screen| &screen.allowed_depths);
        // Thirty bits of colour stand in as many bytes, ten bits a part.
        let parts = depths.find_map(|depth| depth.visuals.iter().find(|found| found.visual_id == visual));
        let eight_each = parts.is_some_and(|found| [found.red_mask, found.green_mask, found.blue_mask] == PARTS);
        let mut formats = server.setup().pixmap_formats.iter();
        let in_four = |format: &Format| format.depth == depth && usize::from(format.bits_per_pixel) == 8 * PIXEL;
        if !eight_each || !formats.any(in_four) {
            return Err(format!("the screen has {depth} bits of colour, which is not supported").into());
        }
        let context = server.generate_id()?;
        server.create_gc(context, window, &CreateGCAux::new().graphics_exposures(0))?.check()?;
        Ok(Self { server, window, context, depth, rows: Vec::new() })
    }

    /// Shows the picture, and returns when the server has it.
    ///
    /// # Errors
    /// What the server said.
    pub fn show(&mut self, picture: &ColorImage) -> Result<(), String> {
        self.put(picture).map_err(|error| error.to_string())
    }

    fn put(&mut self, picture: &ColorImage) -> Result<(), Box<dyn Error>> {
        let [width, _] = picture.size;
        if width == 0 {
            return Ok(());
        }
        let room = self.server.maximum_request_bytes().saturating_sub(REQUEST);
        let together = (room.min(TOGETHER) / (PIXEL * width)).max(1);
        let least_first = self.server.setup().image_byte_order == ImageOrder::LSB_FIRST;
        let mut top = 0;
        for rows in picture.pixels.chunks(together * width) {
            self.rows.resize(rows.len() * PIXEL, 0);
            for (place, colour) in self.rows.as_chunks_mut::<PIXEL>().0.iter_mut().zip(rows) {
                let [red, green, blue, _] = colour.to_array();
                *place = if least_first { [blue, green, red, 0] } else { [0, red, green, blue] };
            }
            let height = rows.len() / width;
            self.server.put_image(
                ImageFormat::Z_PIXMAP,
                self.window,
                self.context,
                u16::try_from(width)?,
                u16::try_from(height)?,
                0,
                i16::try_from(top)?,
                0,
                self.depth,
                &self.rows,
            )?;
            top += height;
        }
        self.server.sync()?;
        // Nothing else reads what the server answers here; a window that has gone is told as an error.
        while let Some(event) = self.server.poll_for_event()? {
            if let x11rb::protocol::Event::Error(error) = event {
                return Err(format!("{:?}", error.error_kind).into());
            }
        }
        Ok(())
    }
}
