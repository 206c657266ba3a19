//! What the window asks of the desktop around it: a browser, a dialog for a folder or a file.

use std::path::PathBuf;
use std::thread;

/// Called once with what was chosen, or with nothing.
pub type ChosenReply = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// The desktop around the window.
pub trait Desktop {
    /// Opens a page in the browser. Gives back whether that began.
    fn open(&self, url: &str) -> bool;
    /// Asks for a folder, without holding the window up.
    fn choose_folder(&self, reply: ChosenReply);
    /// The same for a file.
    fn choose_file(&self, reply: ChosenReply);
}

/// The desktop that this program runs on.
pub struct SystemDesktop;

impl Desktop for SystemDesktop {
    fn open(&self, url: &str) -> bool {
        let is_page = url.starts_with("https://") || url.starts_with("http://");
        is_page && open::that_detached(url).is_ok()
    }

    fn choose_folder(&self, reply: ChosenReply) {
        // macOS wants the dialog made on the window's thread; it is waited for on another.
        wait_for("authlight-folder", rfd::AsyncFileDialog::new().pick_folder(), reply);
    }

    fn choose_file(&self, reply: ChosenReply) {
        wait_for("authlight-file", rfd::AsyncFileDialog::new().pick_file(), reply);
    }
}

fn wait_for(
    thread_name: &str,
    dialog: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static,
    reply: ChosenReply,
) {
    let waiting = thread::Builder::new().name(thread_name.to_owned()).spawn(move || {
        reply(pollster::block_on(dialog).map(|chosen| chosen.path().to_path_buf()));
    });
    // Without a thread nothing comes back; the path can be typed.
    drop(waiting);
}
