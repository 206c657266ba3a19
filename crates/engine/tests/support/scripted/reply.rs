//! Answers as data: what a server does once it has read a request.

use std::io::Write as _;

/// A list of models in the API's own form.
pub const MODELS: &str = r#"{"data":[{"type":"model","id":"claude-opus-5-5"}],"has_more":false}"#;
/// As OpenAI writes it; many gateways give it to whoever asks.
pub const FOREIGN: &str = r#"{"object":"list","data":[{"id":"claude","object":"model"}]}"#;
/// A count of tokens.
pub const COUNT: &str = r#"{"input_tokens":8}"#;
/// A message of one token.
pub const MESSAGE: &str =
    r#"{"id":"msg_FAKE","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}]}"#;
/// A network's sign-in page.
pub const PORTAL: &str = "<!DOCTYPE html><html><head><title>Corporate Network Login</title></head><body></body></html>";

/// One thing that a server does. `{elsewhere}` in what is sent becomes the host and port of somebody else.
#[derive(Clone, Debug)]
pub enum Act {
    Send(Vec<u8>),
    /// Again and again, until the other side leaves.
    SendForever(Vec<u8>),
    /// Again and again, a little at a time.
    Drip(Vec<u8>),
    /// Nothing, until the other side leaves.
    Hold,
}

/// What is done with a request; then the connection is closed, unless it is kept.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub acts: Vec<Act>,
    pub kept: bool,
}

impl Reply {
    pub fn then(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }

    /// The same over a connection that stays open.
    pub fn kept(mut self) -> Self {
        for act in &mut self.acts {
            if let Act::Send(bytes) = act {
                let text = String::from_utf8_lossy(bytes).replacen("connection: close\r\n", "", 1);
                *bytes = text.into_bytes();
            }
        }
        self.kept = true;
        self
    }
}

/// Exactly these bytes.
pub fn raw(bytes: impl AsRef<[u8]>) -> Reply {
    Reply::default().then(Act::Send(bytes.as_ref().to_vec()))
}

/// Closes without an answer.
pub fn nothing() -> Reply {
    Reply::default()
}

pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let length = body.len().to_string();
    let headers = [&[("content-length", length.as_str())], headers].concat();
    raw([head(status, &headers).as_bytes(), body].concat())
}

/// The lines before a body.
pub fn head(status: u16, headers: &[(&str, &str)]) -> String {
    let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n"
}

pub fn json(status: u16, body: &str) -> Reply {
    answer(status, &[("content-type", "application/json")], body)
}

/// An error as the API writes it.
pub fn api_error(status: u16, kind: &str, message: &str) -> Reply {
    api_error_with(status, kind, message, &[])
}

pub fn api_error_with(status: u16, kind: &str, message: &str, more: &[(&str, &str)]) -> Reply {
    let body = serde_json::json!({"type": "error", "error": {"type": kind, "message": message}});
    let headers = [&[("content-type", "application/json"), ("request-id", "req_FAKE0001")], more].concat();
    answer(status, &headers, body.to_string())
}

/// An error as most gateways write it.
pub fn gateway_error(status: u16, kind: &str, message: &str) -> Reply {
    let body = serde_json::json!({"error": {"message": message, "type": kind, "param": "None"}});
    json(status, &body.to_string())
}

pub fn html(status: u16, body: &str) -> Reply {
    answer(status, &[("content-type", "text/html")], body)
}

/// A page for people.
pub fn page(status: u16, title: &str, headers: &[(&str, &str)]) -> Reply {
    let headers = [&[("content-type", "text/html; charset=utf-8")], headers].concat();
    let body = format!("<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
    answer(status, &headers, body)
}

/// Packed, `mebibytes` of blanks before the text.
pub fn bomb(mebibytes: usize, text: &str) -> Reply {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..mebibytes {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    packed.write_all(text.as_bytes()).unwrap();
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    answer(200, &headers, packed.finish().unwrap())
}

/// What a server answers to each of the questions.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    pub models: Option<Reply>,
    pub count: Option<Reply>,
    pub message: Option<Reply>,
    pub otherwise: Reply,
}

impl Replies {
    /// To a request, by its first line.
    pub fn to(&self, request: &str) -> &Reply {
        let path = request.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
        let own = if path.ends_with("/v1/models") {
            &self.models
        } else if path.ends_with("/count_tokens") {
            &self.count
        } else if path.ends_with("/messages") {
            &self.message
        } else {
            &None
        };
        own.as_ref().unwrap_or(&self.otherwise)
    }
}

impl From<Reply> for Replies {
    fn from(otherwise: Reply) -> Self {
        Self { otherwise, ..Self::default() }
    }
}
