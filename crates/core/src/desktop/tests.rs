#![allow(clippy::disallowed_methods, reason = "what was read is compared")]

use super::*;
use crate::snapshot::Variable;

const KEY: &str = "ANTHROPIC_API_KEY";

fn told(all: &StaticEnvironment) -> Vec<String> {
    let place = |source: &Source| {
        let file = source.path.as_deref().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
        format!("{file}:{}", source.line.unwrap_or(0))
    };
    let sure = all.variables.iter().map(|v| format!("{}={} {}", v.name, v.value.reveal(), place(&v.source)));
    let unsure = all.unsure.iter().map(|u| format!("{}? {:?} {}", u.name, u.why, place(&u.source)));
    sure.chain(unsure).collect()
}

fn is_unsure(all: &StaticEnvironment, name: &str) -> bool {
    Variable::find(&all.variables, name).is_none() && all.unsure.iter().any(|unsure| unsure.name == name)
}

fn files(all: &[(&str, Format, &str)]) -> StaticEnvironment {
    let file = |(path, format, text): &(&str, Format, &str)| DesktopFile {
        path: (*path).to_owned(),
        format: *format,
        bytes: Reading::Found(DesktopBytes(Zeroizing::new(text.as_bytes().to_vec()))),
    };
    variables_of_desktop(&DesktopReadings {
        home: "/home/kim".to_owned(),
        files: all.iter().map(file).collect(),
        ..DesktopReadings::default()
    })
}

#[test]
fn etc_environment_is_read_as_pam_does() {
    let text = "# x\nPATH=\"/usr/bin:/bin\"\nexport ANTHROPIC_API_KEY='a1'\nANTHROPIC_BASE_URL=$HOME/x\nAWS_PROFILE=a#b\nbad-name=1\n";
    let all = files(&[("/etc/environment", Format::Pam, text)]);
    let expected = [
        "PATH=/usr/bin:/bin environment:2",
        "ANTHROPIC_API_KEY=a1 environment:3",
        "ANTHROPIC_BASE_URL? Computed environment:4",
        "AWS_PROFILE? Computed environment:5",
    ];
    assert_eq!(told(&all), expected);
    let all = files(&[("~/.pam_environment", Format::OldPam, "ANTHROPIC_API_KEY DEFAULT=a1\n#AWS_REGION=x\n")]);
    assert_eq!(told(&all), ["ANTHROPIC_API_KEY? AtSignIn .pam_environment:1"]);
}

#[test]
fn environment_d_is_read_as_systemd_does() {
    for (text, expected) in [
        ("ANTHROPIC_API_KEY=a1", "a1"),
        ("  ANTHROPIC_API_KEY = a 1  \n", "a 1"),
        ("ANTHROPIC_API_KEY='a 1'\n", "a 1"),
        ("ANTHROPIC_API_KEY=\"a \\\"1\"\n", "a \"1"),
        ("ANTHROPIC_API_KEY=\"a\\n1\"\n", "a\\n1"),
        ("ANTHROPIC_API_KEY=a\\ 1\\\nb\n", "a 1b"),
        ("ANTHROPIC_API_KEY='a'\"b\"c\n", "abc"),
        ("ANTHROPIC_API_KEY=a'b'\n", "a'b'"),
        ("ANTHROPIC_API_KEY=a1 # why\n", "a1 # why"),
        ("ANTHROPIC_API_KEY=$HOME/k\n", "/home/kim/k"),
        ("ANTHROPIC_API_KEY='${HOME}/k'\n", "/home/kim/k"),
        ("ANTHROPIC_API_KEY=a$$b$\n", "a$b$"),
        ("X=1\nANTHROPIC_API_KEY=${X:-2}${X:+3}\n", "13"),
        ("X=\nANTHROPIC_API_KEY=${X:-2}${X:+3}\n", "2"),
        ("; c\n#ANTHROPIC_API_KEY=x\nANTHROPIC_API_KEY=\n", ""),
        ("ANTHROPIC_API_KEY=\"a\nb\"\n", "a\nb"),
    ] {
        let all = files(&[("/etc/environment.d/a.conf", Format::Systemd, text)]);
        assert_eq!(
            Variable::find(&all.variables, KEY).map(|variable| variable.value.reveal()),
            Some(expected),
            "{text}"
        );
    }
    for text in ["ANTHROPIC_API_KEY=$PATH/x\n", "ANTHROPIC_API_KEY='a\n", "ANTHROPIC_API_KEY=${HOME\n"] {
        let all = files(&[("/etc/environment.d/a.conf", Format::Systemd, text)]);
        assert!(is_unsure(&all, KEY), "{text}");
    }
}

#[test]
fn files_of_environment_d_count_by_their_names() {
    let folder = |path: &str, names: &[&str]| (path.to_owned(), names.iter().map(|name| (*name).to_owned()).collect());
    let order = systemd_order(&[
        folder("/home/kim/.config/environment.d", &["50-a.conf", "x.txt"]),
        folder("/etc/environment.d", &["10-b.conf", "50-a.conf"]),
        folder("/usr/lib/environment.d", &["99-c.conf"]),
    ]);
    let expected = [
        "/etc/environment.d/10-b.conf",
        "/home/kim/.config/environment.d/50-a.conf",
        "/usr/lib/environment.d/99-c.conf",
    ];
    assert_eq!(order, expected);
    let all = files(&[
        ("/etc/environment.d/1.conf", Format::Systemd, "ANTHROPIC_API_KEY=a\nX=x"),
        ("/etc/environment.d/2.conf", Format::Systemd, "\nANTHROPIC_API_KEY=${ANTHROPIC_API_KEY}b$X"),
    ]);
    assert_eq!(told(&all), ["ANTHROPIC_API_KEY=abx 2.conf:2"]);
}

fn agent(body: &str) -> StaticEnvironment {
    let text = format!("<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>\n{body}\n</dict></plist>\n");
    files(&[("/Users/kim/Library/LaunchAgents/a.plist", Format::LaunchAgent, &text)])
}

#[test]
fn launch_agents_that_set_variables() {
    let arguments = |words: &[&str]| {
        let strings: String = words.iter().map(|word| format!("<string>{word}</string>\n")).collect();
        format!("<key>ProgramArguments</key><array>\n{strings}</array>")
    };
    let load = "<key>RunAtLoad</key><true/>";
    let set = arguments(&["/bin/launchctl", "setenv", KEY, "a &amp; 1"]);
    assert_eq!(told(&agent(&format!("{set}{load}"))), ["ANTHROPIC_API_KEY=a & 1 a.plist:6"]);
    assert_eq!(told(&agent(&set)), ["ANTHROPIC_API_KEY? Condition a.plist:6"]);
    let disabled = format!("{set}{load}<key>Disabled</key><true/>");
    assert_eq!(told(&agent(&disabled)), ["ANTHROPIC_API_KEY? Condition a.plist:6"]);
    let script = arguments(&["sh", "-c", "launchctl setenv ANTHROPIC_API_KEY 'a 1'; launchctl setenv AWS_REGION r"]);
    assert_eq!(told(&agent(&format!("{script}{load}"))), ["ANTHROPIC_API_KEY=a 1 a.plist:0", "AWS_REGION=r a.plist:0"]);
    let script = arguments(&["/bin/zsh", "-lc", "launchctl setenv ANTHROPIC_API_KEY $(security find x)"]);
    assert_eq!(told(&agent(&format!("{script}{load}"))), ["ANTHROPIC_API_KEY? NotFollowed a.plist:0"]);
    assert!(told(&agent(&format!("{}{load}", arguments(&["echo", "setenv", KEY, "x"])))).is_empty());
    let two =
        |text: &str| format!("<plist><dict>{}{load}</dict></plist>", arguments(&["launchctl", "setenv", KEY, text]));
    let (one, other) = (two("a"), two("b"));
    let all = files(&[("1.plist", Format::LaunchAgent, &one), ("2.plist", Format::LaunchAgent, &other)]);
    assert!(is_unsure(&all, KEY), "in which order they run is not told");
    assert!(files(&[("x.plist", Format::LaunchAgent, "<plist><dict>setenv")]).anything.is_some());
}

#[test]
fn the_registrys_keys_are_expanded_and_the_persons_wins() {
    let text =
        |bytes: &str| bytes.encode_utf16().flat_map(u16::to_le_bytes).map(|b| format!("{b:02x}")).collect::<Vec<_>>();
    let machine = format!(
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment]\r\n\
         \"ANTHROPIC_API_KEY\"=\"machine\"\r\n\"Path\"=\"C:\\\\bin\"\r\n\"AWS_PROFILE\"=hex(2):{}\r\n",
        text("%Base%\\x").join(",") + ",00,00"
    );
    let person = format!(
        "[HKEY_CURRENT_USER\\Environment]\r\n\"anthropic_api_key\"=\"person\"\r\n\"PATH\"=\"D:\\\\own\"\r\n\
         \"CLAUDE_CONFIG_DIR\"=hex(2):{}\r\n\"AWS_REGION\"=hex(2):{}\r\n\"Base\"=\"b\"\r\n[HKEY_CURRENT_USER\\Other]\r\n\"HTTPS_PROXY\"=\"no\"\r\n",
        text("%UserProfile%\\c").join(","),
        text("%base%%base%\0").join(",")
    );
    let all = variables_of_desktop(&DesktopReadings {
        platform: Platform::Windows,
        home: r"C:\Users\kim".to_owned(),
        registry: vec![
            (
                Hive::LocalMachine,
                Reading::Found(crate::registry_export::environment(machine.as_bytes(), Hive::LocalMachine)),
            ),
            (
                Hive::CurrentUser,
                Reading::Found(crate::registry_export::environment(person.as_bytes(), Hive::CurrentUser)),
            ),
        ],
        ..DesktopReadings::default()
    });
    let of = |name: &str| Variable::find(&all.variables, name).map(|variable| variable.value.reveal().to_owned());
    assert_eq!(of(KEY).as_deref(), Some("person"));
    assert_eq!(of("PATH").as_deref(), Some(r"C:\bin;D:\own"));
    assert_eq!(of("CLAUDE_CONFIG_DIR").as_deref(), Some(r"C:\Users\kim\c"));
    assert_eq!(of("AWS_REGION").as_deref(), Some("bb"));
    assert_eq!(of("HTTPS_PROXY"), None);
    assert!(is_unsure(&all, "AWS_PROFILE"), "the machine's cannot use what the person's sets");
    let source = &Variable::find(&all.variables, KEY).unwrap().source;
    assert_eq!((source.kind, source.path.as_deref()), (SourceKind::Registry, Some(r"HKCU\Environment")));
}

#[test]
fn a_path_of_windows_is_put_together_of_what_the_system_sets() {
    let path = |home: &str| {
        let value =
            |name: &str, text: &str| TextValue { name: name.to_owned(), text: Secret::new(text), expands: true };
        let machine = vec![value("Path", r"%SystemRoot%\system32;%SystemDrive%\tools;%ProgramFiles%\Git\cmd")];
        let person = vec![value("Path", r"%LocalAppData%\bin;")];
        let all = variables_of_desktop(&DesktopReadings {
            platform: Platform::Windows,
            home: home.to_owned(),
            registry: vec![(Hive::LocalMachine, Reading::Found(machine)), (Hive::CurrentUser, Reading::Found(person))],
            ..DesktopReadings::default()
        });
        all.variables.iter().find(|variable| variable.name == "PATH").map(|variable| variable.value.reveal().to_owned())
    };
    let expected = r"C:\Windows\system32;C:\tools;C:\Program Files\Git\cmd;C:\Users\kim\AppData\Local\bin;";
    assert_eq!(path(r"C:\Users\kim").as_deref(), Some(expected));
    assert_eq!(path(r"D:\Users\kim"), None, "Windows may lie on any drive");
}

#[test]
fn a_projects_files_are_hints() {
    let text = Secret::new(
        "# ANTHROPIC_API_KEY=x\nFOO=1\nexport ANTHROPIC_API_KEY=$(pass key)\n  AWS_PROFILE = p\nuse nix\n\
         ANTHROPIC_API_KEY=\nANTHROPIC_AUTH_TOKEN=\"\" \nANTHROPIC_BASE_URL= # yours\n",
    );
    let found = hints("/p/.envrc", &text);
    let told: Vec<_> = found.iter().map(|hint| (hint.name.as_str(), hint.source.line, hint.source.column)).collect();
    assert_eq!(told, [(KEY, Some(3), Some(8)), ("AWS_PROFILE", Some(4), Some(3))]);
    assert_eq!(found[0].source.kind, SourceKind::Dotenv);
}

mod no_text_stops_it {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn anything(text in "(ANTHROPIC_API_KEY|[=$%{}:+\"'\\\\ \n#;]|é|launchctl|setenv|<string>|HOME){0,60}") {
            for format in [Format::Pam, Format::OldPam, Format::Systemd, Format::LaunchAgent] {
                files(&[("f", format, &text)]);
            }
            agent(&text);
            hints("f", &Secret::new(text.as_str()));
            percent_expanded(&text, &BTreeMap::new());
            crate::registry_export::environment(format!("[HKCU\\Environment]\n\"{text}\"=\"{text}\"").as_bytes(), Hive::CurrentUser);
        }
    }
}
