# The ground checks before the five causes: the program, the settings files, the clock, the organisation's policy.

## The program

G-install-green = Claude Code is installed and can be started.
G-install-not-tested = Claude Code was not started.
G-install-not-in-use = There is no Claude Code to look at.
G-install-could-not-look = We cannot tell which Claude Code runs here.

skip-install-none = There is no program on the PATH to ask this of.
skip-install-no-version = The version cannot be told from files.
unknown-install-path = Claude Code is installed, but the list of program folders (PATH) of this environment is not known, so we cannot tell whether typing "claude" finds it.

G-claude-found =
    .pass = Typing "claude" finds a program.
G-claude-runs =
    .pass = Nothing on the PATH by that name is broken.
G-claude-one-version =
    .pass = No second version that could be mistaken for this one.
G-claude-new-enough =
    .pass = The version knows everything that is set up here.
G-claude-node-trap =
    .pass = No old version that an old Node holds back.
G-claude-not-the-app =
    .pass = The Desktop app does not stand in the way.

AL-0-30 = We did not find Claude Code on this computer.
    .saw = No program called "claude" is in any place that we know.
    .why = It may still be somewhere else, for instance in a container or under another account.
    .do = If typing "claude" says that there is no such command, install Claude Code from https://claude.ai/install.sh (Windows: install.ps1).

AL-0-31 = Claude Code is installed, but typing "claude" does not find it.
    .saw = It lies at { $path }, and that folder is not in the list of program folders (PATH).
    .why = The terminal only looks in the folders of that list.
    .do = Add { $folder } to the PATH, then open a new terminal.

AL-0-32 = The command "claude" leads to a program that is gone.
    .saw = { $path } is a link to { $target }, and nothing is there.
    .why = { $other ->
        [none] Typing "claude" then starts nothing.
       *[other] The terminal passes over it and starts { $other } instead.
    }
    .do = Install Claude Code again, or take the link away.

AL-0-33 = The program "claude" may not be started.
    .saw = { $path } is there, but it lacks the right to be executed.
    .why = { $other ->
        [none] Typing "claude" then says "Permission denied".
       *[other] The terminal passes over it and starts { $other } instead.
    }
    .do = Install Claude Code again. That sets the rights.

AL-0-34 = Claude Code was only half installed.
    .saw = { $path } is the small stand-in of the npm package. The real program is missing.
    .why = npm was told to leave out optional packages, and the real program is one of them.
    .do = Install it again without --omit=optional, or use the installer from https://claude.ai/install.sh

AL-0-35 = An older Claude Code is started than the one you have.
    .saw = Typing "claude" starts version { $version } ({ $path }). Version { $other_version } is there too ({ $other }).
    .why = The older one comes first in the list of program folders (PATH). Updates may go to the other.
    .do = Take away the copy that you do not need.

AL-0-36 = There are several versions of Claude Code on this computer.
    .saw = { $count } copies with different versions. Typing "claude" starts { $path }{ $version ->
        [none] {""}
       *[other] {" "}(version { $version })
    }.
    .why = Editors and the Desktop app bring their own copy. Each may behave a little differently.
    .do = Nothing has to be done.

AL-0-37 = This Claude Code is too old for something that is set up here.
    .saw = Version { $version } runs; { $what ->
        [profile] signing in with an Anthropic profile
        [cert-store] the setting of the certificate store
        [allowed-providers] the list of allowed providers
       *[other] something in your set-up
    } is known from version { $since } on.
    .why = An older version passes over it without a word.
    .do = Update Claude Code: claude update

AL-0-38 = An old Node keeps Claude Code at an old version.
    .saw = Version { $version } was installed by npm under Node { $node }. Newer ones want Node { $wanted }.
    .why = npm does not say so: it takes the newest version that fits, again at every update.
    .do = Install Claude Code without Node, from https://claude.ai/install.sh, or update Node to { $wanted }.

AL-0-39 = Typing "claude" opens the Desktop app instead of Claude Code.
    .saw = { $path } comes first in the list of program folders (PATH), and it belongs to the Claude app.
    .why = Both programs go by the same name.
    .do = Update the Claude app, or move the folder of Claude Code to the front of the PATH.

## Settings files

G-settings-files-green = Claude Code can read its settings files.
G-settings-files-not-tested = The settings files were not tried.
G-settings-files-not-in-use = There are no settings files.
G-settings-files-could-not-look = We could not look at the settings files.

skip-settings-no-flag = No settings are given on the command line.

G-settings-file-read =
    .pass = Every settings file can be read.
G-state-file-read =
    .pass = The state file can be read.
G-settings-flag-found =
    .pass = The file that is given with --settings is there.
G-settings-file-dropped =
    .pass = No settings file is left out because of a wrong field.
G-managed-settings-locks =
    .pass = The organisation's settings hold no value that locks you out.
G-settings-entries-skipped =
    .pass = No single field is left out.
G-settings-duplicate-keys =
    .pass = No name stands twice in a settings file.

AL-0-01 = A typing slip in { $path } keeps Claude Code from reading it.
    .saw = It is no proper JSON at line { $line }, column { $column } ({ $fault ->
        [ends-early] the text ends too early
        [trailing] something follows after the end
        [trailing-comma] a comma too many
        [comment] a comment, which JSON does not know
        [unquoted] a missing quotation mark
        [control-character] a line break inside a text
        [escape] a stray backslash
        [nul] NUL bytes, as a crash leaves them
        [byte-order-mark] a byte-order mark
       *[other] an unexpected character
    }).
    .why = { $effect ->
        [stops] Claude Code does not start while this file is broken.
       *[other] Nothing in this file counts, and Claude Code goes on without it.
    }
    .do = Mend the place that is named, or put the last good copy of the file back.

AL-0-02 = { $path } could not be read.
    .saw = { $trouble ->
        [denied] This account has no right to read it.
        [folder] A folder stands in its place.
        [not-a-file] A pipe or device stands in its place.
        [too-large] It is larger than Claude Code reads.
        [dangling-link] It is a link to something that is not there.
        [link-loop] It is a link that leads back to itself.
        [changing] It was changed again and again while we read it.
       *[other] The system reports an error.
    }
    .why = What stands in it may not count for Claude Code.
    .do = { $trouble ->
        [denied] Give your account the right to read it.
        [changing] Check again in a moment.
       *[other] Put a proper file in its place.
    }

AL-0-03 = One wrong field makes Claude Code leave out all of { $path }.
    .saw = The field { $field ->
        [none] at the top
       *[other] { $field }
    } at line { $line }, column { $column } has a value that Claude Code does not take{ $others ->
        [0] {""}
       *[other] {" "}(and { $others } more)
    }.
    .why = Then nothing in the file counts, its keys and addresses under "env" included.
    .do = Correct that field, or take it out.

AL-0-04 = Some entries in { $path } are left out.
    .saw = { $count ->
        [one] One entry has
       *[other] { $count } entries have
    } a form that Claude Code does not take, the first at line { $line } ({ $field }).
    .why = Only these entries are left out; the rest of the file counts.
    .do = Correct them when there is time.

AL-0-05 = A wrong value in your organisation's settings switches the strictest limits on.
    .saw = The field { $field } in { $path }, line { $line }, has a form that Claude Code does not take.
    .why = To be on the safe side it then allows nothing there.
    .do = Send this report to whoever administers this computer.

AL-0-06 = A wrong value in your organisation's settings locks everybody out.
    .saw = The field { $field } in { $path }, line { $line }, allows no way to sign in.
    .why = Claude Code does not start with it.
    .do = Send this report to whoever administers this computer.

AL-0-07 = The name { $key } stands twice in { $path }.
    .saw = Once at line { $first } and again at line { $line }.
    .why = Only the last one counts. Whoever changes the first sees no effect.
    .do = Take one of the two out.

AL-0-09 = Your organisation's settings file has the wrong form.
    .saw = { $path } is proper JSON, but no object in braces.
    .why = Claude Code does not start with it.
    .do = Send this report to whoever administers this computer.

AL-0-13 = The settings file that is given with --settings is not there.
    .saw = It should be at { $path }.
    .why = Claude Code does not start without a file that it is told to read.
    .do = Correct the path after --settings.

## The clock

G-clock-green = Nothing speaks against this computer's clock.
G-clock-not-tested = The clock was not compared.
G-clock-not-in-use = The clock plays no part.
G-clock-could-not-look = The clock could not be compared.

skip-clock-not-tested = The clock is compared with a server's when the key is tested.
skip-clock-no-login = No login that tells when its sign-in ends.

G-clock-behind-files =
    .pass = No file comes from the future.
G-clock-behind-login =
    .pass = The login was not issued in the future.
G-clock-against-server =
    .pass = The clock agrees with the server's.

AL-0-10 = This computer's clock may be slow.
    .saw = The clock says { $now }, and { $path } was last changed at { $file_time }, which is later.
    .why = With a wrong clock, good logins look ended and secure connections fail.
    .do = Set the clock to automatic in the system's settings.

AL-0-11 = The login seems to come from the future.
    .saw = The clock says { $now }, and the sign-in lasts until { $ends }. A sign-in of today would end sooner.
    .why = The clock may be slow. With a wrong clock, good logins look ended and secure connections fail.
    .do = Compare the clock with a telephone's.

AL-0-12 = This computer's clock is { $direction ->
        [ahead] fast
       *[other] slow
    } by { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.
    .saw = The clock said { $now }; the server that answered said { $server_date }.
    .why = With a wrong clock, good logins look ended and secure connections fail.
    .do = Set the clock to automatic in the system's settings.

## The organisation's policy

G-policy-green = No policy of an organisation stands in the way.
G-policy-not-tested = The policy was not tried.
G-policy-not-in-use = There is no policy on this computer.
G-policy-could-not-look = Whether the policy lets you in is for the server to say.

skip-policy-said-above = Another line here says so.

G-policy-allows =
    .pass = The way in which you sign in is allowed.
G-policy-gateway =
    .pass = No sign-in at a gateway is asked for.

AL-0-20 = Your organisation's settings allow no provider at all.
    .saw = The list of allowed providers is empty, or holds only names that Claude Code does not know.
    .why = Claude Code does not start with it.
    .do = Send this report to whoever administers this computer.

AL-0-21 = Your organisation does not allow this provider.
    .saw = Requests would go to "{ $provider }", and that is not on the list of allowed providers.
    .why = Claude Code does not start while it is set up so.
    .do = Ask whoever administers this computer which provider is meant.

AL-0-22 = Your organisation wants a sign-in at its own gateway.
    .saw = A key or another credential is set up, and the organisation's settings ask for the gateway.
    .why = Claude Code does not start with any other credential.
    .do = Take the key away, start Claude Code and type /login.

AL-0-23 = Your organisation wants a login, not a key.
    .saw = A key or token is set up, and the organisation's settings ask for a sign-in in the browser.
    .why = Claude Code does not start while a key is set.
    .do = Take the key away, start Claude Code and type /login.

AL-0-24 = Your organisation's settings ask for a certain account; the server decides.
    .saw = The settings name an organisation. Whose the login is can only be asked of the server.
    .why = With a login of another organisation Claude Code does not start.
    .do = Sign in with the account of your organisation.

AL-0-28 = Your organisation's settings let no account sign in.
    .saw = The settings ask for an account of a certain organisation, and name none that could fit.
    .why = Claude Code does not start while it is set up so.
    .do = Ask whoever administers this computer to name the organisation.

AL-0-25 = This Claude Code is older than your organisation allows.
    .saw = Version { $version } is installed; { $limit } or newer is asked for.
    .why = Claude Code does not start until it is updated.
    .do = Update Claude Code: claude update

AL-0-26 = This Claude Code is newer than your organisation allows.
    .saw = Version { $version } is installed; { $limit } or older is asked for.
    .why = Claude Code does not start in this version.
    .do = Ask whoever administers this computer which version is meant.

AL-0-27 = Your organisation asks for a sign-in at its gateway.
    .saw = The organisation's settings ask for it. Whether you have signed in there cannot be seen from here.
    .why = Without it Claude Code makes no request and says "Not signed in to the Cloud gateway".
    .do = Start Claude Code and type /login.
