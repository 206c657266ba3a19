//! Verifies AWS signatures (Signature Version 4) from the published algorithm, apart from the crate that makes them.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;

use super::Request;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

/// Percent-encodes everything but the unreserved characters.
fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The signature that a request ought to have.
fn expected(request: &Request, signed: &[&str], time: &str, scope: &[&str; 3], secret: &str) -> String {
    let path: Vec<String> = request.path.split('/').map(encoded).collect();
    let mut query: Vec<(String, String)> = request
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded(&decoded(name)), encoded(&decoded(value))))
        .collect();
    query.sort();
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers: String = signed
        .iter()
        .map(|name| format!("{name}:{}\n", request.header(name).expect("a signed header is sent").trim()))
        .collect();
    let canonical = [
        request.method.as_str(),
        &path.join("/"),
        &query.join("&"),
        &headers,
        &signed.join(";"),
        &hex(digest(&SHA256, request.body.as_bytes()).as_ref()),
    ]
    .join("\n");
    let day = &time[..8];
    let [region, service, end] = scope;
    let hashed = hex(digest(&SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{day}/{region}/{service}/{end}\n{hashed}");
    let key =
        [day, region, service, end].iter().fold(format!("AWS4{secret}").into_bytes(), |key, part| mac(&key, part));
    hex(&mac(&key, &text))
}

/// Whether a request is signed with these keys for this region and service, at most five minutes ago.
pub(super) fn verify(request: &Request, id: &str, secret: &str, region: &str, service: &str) -> Result<(), String> {
    let header = request.header("authorization").ok_or("no authorization")?;
    let rest = header.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("another algorithm")?;
    let part = |name: &str| rest.split(", ").find_map(|part| part.strip_prefix(name)).ok_or(format!("no {name}"));
    let (credential, signed, signature) = (part("Credential=")?, part("SignedHeaders=")?, part("Signature=")?);
    let time = request.header("x-amz-date").ok_or("no date")?;
    let scope = format!("{id}/{}/{region}/{service}/aws4_request", &time[..8]);
    if credential != scope {
        return Err(format!("{credential} in place of {scope}"));
    }
    let signed: Vec<&str> = signed.split(';').collect();
    for needed in ["host", "x-amz-date"] {
        if !signed.contains(&needed) {
            return Err(format!("{needed} is not signed"));
        }
    }
    if request.header("x-amz-security-token").is_some() && !signed.contains(&"x-amz-security-token") {
        return Err("the session's token is not signed".to_owned());
    }
    let wanted = expected(request, &signed, time, &[region, service, "aws4_request"], secret);
    if signature == wanted { Ok(()) } else { Err(format!("{signature} in place of {wanted}")) }
}

/// The vectors that AWS publishes with the algorithm.
#[test]
fn the_verifier_agrees_with_the_published_vectors() {
    let vector = |method: &str, path: &str, query: &str, headers: &[(&str, &str)], body: &str| {
        let mut all = vec![("host".to_owned(), "example.amazonaws.com".to_owned())];
        all.push(("x-amz-date".to_owned(), "20150830T123600Z".to_owned()));
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all.sort();
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: all.clone(),
            body: body.to_owned(),
        };
        let signed: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        // The key of the published examples, in pieces.
        let secret = ["wJalrXUtnFEMI", "/K7MDENG+", "bPxRfiCYEXAMPLEKEY"].concat();
        expected(&request, &signed, "20150830T123600Z", &["us-east-1", "service", "aws4_request"], &secret)
    };
    assert_eq!(vector("GET", "/", "", &[], ""), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assert_eq!(vector("POST", "/", "", &[], ""), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    assert_eq!(
        vector("GET", "/", "Param2=value2&Param1=value1", &[], ""),
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    );
    assert_eq!(vector("GET", "/ሴ", "", &[], ""), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    let form = [
        ("content-length", "13"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"),
    ];
    assert_eq!(
        vector("POST", "/", "", &form, "Param1=value1"),
        "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"
    );
}
