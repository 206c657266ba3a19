//! `allowedMcpServers` and `deniedMcpServers`: what is wrong in them is set aside alone.

use crate::json::{Kind, Member, Value};

use super::shape::{Path, Site};
use super::{Effect, Faults};

/// Outside managed settings.
pub(super) fn judge_mcp_servers(name: &str, member: Member<'_>, faults: &mut Faults) {
    let path = Path::ROOT.name(name);
    if member.value.kind() != Kind::Array {
        let received = member.value.kind().word();
        return faults.add(Effect::SkippedAlone, &path, Site::Member(member), || {
            format!("\"{name}\" must be an array; received {received}")
        });
    }
    for (index, item) in member.value.items().enumerate() {
        if !is_server(item, name == "allowedMcpServers") {
            faults.add(Effect::SkippedAlone, &path.bracket(index), Site::Value(item), || {
                "Invalid entry was ignored".to_owned()
            });
        }
    }
}

/// Names a server in exactly one of three ways.
pub(super) fn is_server(item: Value<'_>, allowed: bool) -> bool {
    let ways = [item.get("serverName"), item.get("serverCommand"), item.get("serverUrl")];
    match ways {
        [Some(name), None, None] => name.as_str().is_some_and(|name| {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            !name.is_empty() && (!allowed || name.chars().all(plain))
        }),
        [None, Some(command), None] => {
            let mut words = command.items().peekable();
            words.peek().is_some() && words.all(|word| word.kind() == Kind::String)
        }
        [None, None, Some(url)] => url.kind() == Kind::String,
        _ => false,
    }
}
