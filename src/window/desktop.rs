//! What the window asks of the desktop around it: a browser, a folder dialog.

use std::path::PathBuf;
use std::thread;

/// Called once with the chosen folder, or with nothing.
pub type FolderReply = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// The desktop around the window.
pub trait Desktop {
    /// Opens a page in the browser. Gives back whether that began.
    fn open(&self, url: &str) -> bool;
    /// Asks for a folder, without holding the window up.
    fn choose_folder(&self, reply: FolderReply);
}

/// The desktop that this program runs on.
pub struct SystemDesktop;

impl Desktop for SystemDesktop {
    fn open(&self, url: &str) -> bool {
        let is_page = url.starts_with("https://") || url.starts_with("http://");
        is_page && open::that_detached(url).is_ok()
    }

    fn choose_folder(&self, reply: FolderReply) {
        // macOS wants the dialog made on the window's thread; it is waited for on another.
        let dialog = rfd::AsyncFileDialog::new().pick_folder();
        let waiting = thread::Builder::new().name("authlight-folder".to_owned()).spawn(move || {
            reply(pollster::block_on(dialog).map(|folder| folder.path().to_path_buf()));
        });
        // Without a thread nothing comes back; the path can be typed.
        drop(waiting);
    }
}
