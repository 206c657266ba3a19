//! What matters in the state file (`~/.claude.json`), which grows with every project.

use crate::json::Keep;

/// What is held of a value in it: the rule for [`crate::json::Json::sift`]. The lists and objects of a project, its
/// history of prompts among them, are passed over.
pub fn keeps(path: &[String]) -> Keep {
    match path {
        [] => Keep::Members,
        [name] => match name.as_str() {
            "customApiKeyResponses" | "env" | "oauthAccount" | "primaryApiKey" => Keep::Whole,
            "projects" => Keep::Members,
            _ => Keep::Type,
        },
        [_, _] => Keep::Members,
        _ => Keep::Type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Content, Takes};

    #[test]
    fn a_project_keeps_its_trust_and_loses_its_history() {
        let text = r#"{"projects": {"/w": {"history": [{"display": "a prompt"}], "hasTrustDialogAccepted": true}}, "primaryApiKey": "k"}"#;
        let mut left = text.as_bytes();
        let mut pieces = |buffer: &mut [u8]| std::io::Read::read(&mut left, buffer).unwrap_or(0);
        let content = Content::sift(&mut pieces, keeps, Takes::Utf8Marked);
        let root = content.json().unwrap().root();
        let project = root.get("projects").unwrap().get("/w").unwrap();
        assert_eq!(project.get("hasTrustDialogAccepted").unwrap().as_bool(), Some(true));
        assert_eq!(project.get("history").unwrap().items().count(), 0);
        assert_eq!(root.get("primaryApiKey").unwrap().as_str().unwrap(), "k");
    }
}
