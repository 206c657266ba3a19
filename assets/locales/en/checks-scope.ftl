# Cause 4: settings that override one another, and settings that have no effect.

C4-scope-green = No setting gets in the way of how you sign in.
C4-scope-not-tested = The settings look right; nothing was tested.
C4-scope-not-in-use = No setting takes part in how you sign in.
C4-scope-could-not-look = Some settings could not be looked at.

skip-scope-status = Before its first questions are answered, “claude auth status” says nothing of use.

## Folders that take what is yours

C4-project-redirects =
    .pass = No file of the folder sends your credential to an address of its own.

AL-4-01 = { $when ->
        [after-trust] Once you trust this folder, it sends your credential to { $origin }.
       *[now] A file in this folder sends your credential to { $origin }.
    }
    .saw = { $path } sets the address to { $origin }. What goes there is yours and not the folder's: { $kind ->
        [login] your Claude login.
        [managed_key] the key of your Console sign-in.
       *[other] { $name }.
        }
    .why = Whoever runs { $origin } can read and use your credential. With “claude -p” it is sent without a question.
    .do = If you do not know { $origin }, take the address out of { $path } before you start Claude Code here.

C4-project-intercepts =
    .pass = No file of the folder chooses a proxy or what is trusted on the way.

AL-4-04 = { $how ->
        [tunnel] A file in this folder chooses the proxy that your requests take.
        [unchecked] A file in this folder switches off the check of certificates.
       *[readable] A file in this folder lets somebody on the way read your credential.
    }
    .saw = { $how ->
        [tunnel] The folder's settings name a proxy. { $name } passes it in an encrypted tunnel.
        [unchecked] The folder's settings tell Claude Code to take any certificate. { $name } is sent all the same.
       *[readable] The folder's settings name a proxy and take away the encryption's protection. { $name } passes that proxy.
        }
    .why = { $how ->
        [tunnel] A proxy sees where you go, and can hold requests back.
       *[other] Whoever stands in between can read the credential and use it.
        }
    .do = If you did not set this up, take the proxy and certificate variables out of the folder's settings.

## Who wins

C4-blanked =
    .pass = No setting takes a value away.

AL-4-03 = { $name } is set to nothing and so takes your value away.
    .saw = { $scope ->
        [managed] The organisation's settings set { $name } to an empty text.
        [command_line] The flag --settings sets { $name } to an empty text.
        [local] The folder's local settings set { $name } to an empty text.
        [project] The folder's settings set { $name } to an empty text.
        [user] Your user settings set { $name } to an empty text.
       *[state] Claude Code's state file sets { $name } to an empty text.
        } Your value stands in a weaker place.
    .why = An empty text clears the variable: Claude Code acts as if it had never been set.
    .do = Take the line with { $name } out of the place that is named first, if you want your value to count.

C4-overrides =
    .pass = No value stands in two places that differ.

AL-4-02 = { $scope ->
        [managed] The organisation's settings override { $name }
        [command_line] The flag --settings overrides { $name }
        [local] This folder's local settings override { $name }
        [project] This folder's settings override { $name }
        [user] Your user settings override { $name }
       *[state] Claude Code's state file overrides { $name }
    } { $loser ->
        [process] from your shell.
        [user] from your user settings.
        [project] from the folder's settings.
        [local] from the folder's local settings.
       *[other] from another place.
    }
    .saw = { $scope ->
        [managed] The value in the organisation's settings wins.
        [command_line] The value given with the flag --settings wins.
        [local] The value in the folder's local settings wins.
        [project] The value in the folder's settings wins.
        [user] The value in your user settings wins.
       *[state] The value in Claude Code's state file wins.
        } { $loser ->
        [process] The one in your shell has no effect here.
        [user] The one in your user settings has no effect here.
        [project] The one in the folder's settings has no effect here.
       *[other] The other has no effect here.
        }
    .why = Settings files win over the shell, and a folder's files win over your own. A change in a weaker place does nothing.
    .do = Keep the value that you mean, and take out the others.
    .when = The env block of a settings file sets another value than your shell, and wins.

## What has no effect

C4-misspelt-settings =
    .pass = No setting about signing in is misspelt.

AL-4-05 = “{ $name }” is no setting of Claude Code and has no effect.
    .saw = { $path } holds “{ $name }”. Claude Code does not know it and says nothing about it.
    .why = What stands there is never used. { $meant ->
        [env] Variables belong in the block “env”.
       *[other] What does the same is the variable { $meant } in the block “env”.
        }
    .do = { $meant ->
        [env] Rename “{ $name }” to “env” in { $path }.
       *[other] Move the value to { $meant } in the block “env” of { $path }, or take it out.
        }

AL-4-06 = “{ $name }” looks like the setting “{ $meant }”, but is spelt otherwise.
    .saw = { $path } holds “{ $name }”. Claude Code knows “{ $meant }”.
    .why = A setting that is spelt otherwise has no effect, and Claude Code says nothing about it. Small and capital letters differ too.
    .do = Correct the name to “{ $meant }” in { $path }.

AL-4-07 = { $name } stands beside the block “env”, where it has no effect.
    .saw = { $path } holds { $name } as a setting of its own.
    .why = Variables count in the block “env” alone.
    .do = Move { $name } into the block “env” of { $path }.

C4-misspelt-variables =
    .pass = No variable in the settings is misspelt.

AL-4-08 = { $name } in the settings looks like { $meant }, but Claude Code does not know it.
    .saw = The block “env” of { $path } sets { $name }.
    .why = Claude Code reads { $meant }. A variable of another name has no effect, and nothing is said about it.
    .do = Rename it to { $meant } in { $path }.

C4-values-not-counted =
    .pass = All values in the settings count.

AL-4-09 = { $name } does not count, because its settings file is left out.
    .saw = { $path } has a fault and is left out whole. In it stand: { $names }.
    .why = What stands in such a file does not count until the fault is mended.
    .do = Mend the fault that is shown under “Settings files”.

AL-4-12 = Claude Code does not take { $name } from a folder's settings.
    .saw = { $path } sets { $names }.
    .why = Some variables count only from your own settings or the shell, so that a folder cannot choose them for you.
    .do = Move it to the block “env” of ~/.claude/settings.json.

AL-4-14 = The folder's settings do not count until you trust the folder.
    .saw = { $path } sets { $names }. The folder is not trusted yet.
    .why = Claude Code asks at its start whether you trust a folder. Until then nothing from it is used, and with “claude -p” everything is.
    .do = Start “claude” in the folder, and say yes if you know where it comes from.
    .when = The folder is not trusted yet: what its settings say about keys and endpoints does not count until you answer.

AL-4-15 = { $name } does not count, because a flag leaves its settings out.
    .saw = { $path } sets { $names }. The flag --setting-sources leaves this file out.
    .why = With this flag only the settings that it names are read.
    .do = Start Claude Code without --setting-sources, or name the missing source in it.

C4-bare-leaves-out =
    .pass = No flag keeps Claude Code from looking at your login.

AL-4-18 = The flag --bare keeps Claude Code from looking at your login.
    .saw = Claude Code is started with --bare (or CLAUDE_CODE_SIMPLE), and what is listed below is not looked at.
    .why = With --bare only ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN and a helper given with --settings count.
    .do = Start Claude Code without --bare, or set ANTHROPIC_API_KEY.

## Places where few look

C4-project-helper =
    .pass = No folder chooses the program that prints your key.

AL-4-13 = This folder's settings name the program that prints the key.
    .saw = { $path } names an apiKeyHelper.
    .why = Claude Code runs it to get the key. With “claude -p” it does so without asking whether you trust the folder.
    .do = Read the command in { $path }, if the folder is not your own.

C4-state-file-env =
    .pass = Claude Code's state file sets no variable.

AL-4-11 = { $name } comes from Claude Code's own state file.
    .saw = The block “env” of { $path } sets { $name }, and nothing stronger does.
    .why = Few look there. It wins over the shell.
    .do = If you wonder where the value comes from, move it to ~/.claude/settings.json.

C4-auth-status =
    .pass = “claude auth status” would say what Claude Code does.

AL-4-10 = “claude auth status” will say that nobody is logged in, though Claude Code has a credential.
    .saw = The credential stands where that command does not look: in a folder's settings, or in a custom header.
    .why = The command's answer misleads here. Claude Code itself does use the credential.
    .do = Run “authlight check” in the project's folder.
    .when = The credential stands in a project's settings, which “auth status” does not look at.

AL-4-16 = “claude auth status” will say that you are logged in, though Claude Code sends nothing.
    .saw = That command tells what is stored, and not whether Claude Code can use it here.
    .why = The command's answer misleads here. What is found above says what is missing.
    .do = Go by what is found here, and not by that command.

AL-4-17 = “claude auth status” will name another { $what } than the one that is used here.
    .saw = That command leaves out what a folder's settings say about credentials and addresses.
    .why = Whoever goes by its answer looks in the wrong place.
    .do = Go by “Who signs in” here, and not by that command.

skip-no-editor-address = This folder's editor settings name no address.

C4-editor-redirects =
    .pass = This folder's editor settings send nothing of yours elsewhere.

AL-4-19 = In an editor, this folder would have your { $name } sent to { $origin }.
    .saw = { $path }, which comes with the folder, sets the address (base URL) of { $target ->
        [terminal] the editor's terminals
       *[extension] Claude Code's panel in the editor
    } to { $origin }.
    .why = Whoever runs that address gets your credential as soon as you start Claude Code there. A folder from somebody else should not choose that.
    .do = If you do not know { $origin }, take the line out of { $path } before you open the folder in an editor.
