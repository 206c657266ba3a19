# Cause 1: the key in the environment.

C1-environment-green = Nothing is wrong with the variables that Claude Code signs in with.
C1-environment-not-tested = The variables look right; nothing was tested.
C1-environment-not-in-use = No variable takes part in how you sign in.
C1-environment-could-not-look = Some variables could not be looked at.

skip-no-variable = No variable with a key or token is in use here.
skip-no-login = No claude.ai login is in use here, so no key can stand before it.
skip-no-profiles = Shell profiles were not looked at on this system.

C1-key-bad-character =
    .pass = Every character of the key can be sent.

AL-1-04 = { $name } holds { $kind ->
        [line-break] a line break
        [invisible] an invisible character
        [typographic-quote] a curved quotation mark
        [nul] an empty character (NUL)
       *[other] a character that cannot be sent
    } at character { $position }.
    .saw = Character { $position } of { $name } is { $kind ->
        [line-break] a line break
        [invisible] an invisible character
        [typographic-quote] a curved quotation mark, as word processors make them
        [dash] a long dash, as word processors make them
        [ellipsis] three dots in one character: the key was cut short when it was copied
        [nul] an empty character (NUL)
       *[other] a character that keys do not have
    } ({ $character }).
    .why = Such a character cannot stand in a request (HTTP header), so Claude Code sends none.
    .do = Copy the key again from where it was made, as plain text, and set { $name } anew.

C1-key-placeholder =
    .pass = No placeholder stands where a key belongs.

AL-1-05 = { $name } holds a placeholder instead of a key.
    .saw = The text in { $name } looks like the one in a guide, which is meant to be replaced.
    .why = Claude Code sends it as it is, and nobody knows such a key.
    .do = Put your own key in its place, or take { $name } out and sign in with /login inside Claude Code.

C1-key-quoted =
    .pass = No quotation marks are part of the key.

AL-1-06 = The key in { $name } has quotation marks around it that are sent along.
    .saw = What { $name } holds begins and ends with a quotation mark.
    .why = Claude Code takes the marks for a part of the key, so it is not recognised.
    .do = Set { $name } again without the quotation marks that are part of the value.

C1-key-with-bearer =
    .pass = The key does not begin with the word “Bearer”.

AL-1-07 = { $name } begins with the word “Bearer”, which does not belong to it.
    .saw = What { $name } holds begins with “Bearer”.
    .why = Claude Code adds that word by itself where it is needed. Now it is sent as a part of the key.
    .do = Set { $name } again with the key alone, without “Bearer” and the space behind it.

C1-key-inner-space =
    .pass = No space stands inside the key.

AL-1-08 = { $name } holds a space in the middle.
    .saw = There is white space inside what { $name } holds.
    .why = Keys have no spaces. Perhaps two things were pasted together, or a remark stands behind the key.
    .do = Compare { $name } with the key where it was made, and set it again.

C1-key-wrong-kind =
    .pass = Each variable holds the kind of key that belongs there.

AL-1-09 = { $name } holds a login token, but an API key belongs there.
    .saw = What { $name } holds begins as tokens of a claude.ai login do (sk-ant-oat, sk-ant-ort).
    .why = Claude Code sends it as an API key, and Anthropic does not know it as one.
    .do = Move the token to CLAUDE_CODE_OAUTH_TOKEN, or put an API key from https://platform.claude.com/settings/keys here.

AL-1-10 = { $name } holds an Admin API key, which cannot be used for messages.
    .saw = What { $name } holds begins as Admin API keys do (sk-ant-admin).
    .why = Such a key manages an organisation. Requests to models are refused with it.
    .do = Put an ordinary API key from https://platform.claude.com/settings/keys in its place.

AL-1-11 = { $name } holds an API key, but a token belongs there.
    .saw = What { $name } holds begins as API keys do (sk-ant-api).
    .why = Claude Code sends it as a token (Authorization: Bearer), and Anthropic expects API keys elsewhere.
    .do = Move the key to ANTHROPIC_API_KEY and take { $name } out.

AL-1-14 = { $name } holds a refresh token, which is no use by itself.
    .saw = What { $name } holds begins as refresh tokens do (sk-ant-ort).
    .why = A refresh token only renews a login. Sent as a credential it is refused.
    .do = Run “claude setup-token”, and put the token that it prints into CLAUDE_CODE_OAUTH_TOKEN.

AL-1-27 = { $name } holds a login token, which belongs in CLAUDE_CODE_OAUTH_TOKEN.
    .saw = What { $name } holds begins as tokens of a claude.ai login do (sk-ant-oat).
    .why = Claude Code then sends it without the mark that it gives to login tokens, and Anthropic may refuse it.
    .do = Move the token to CLAUDE_CODE_OAUTH_TOKEN and take { $name } out.

C1-key-declined =
    .pass = No key was turned down when Claude Code asked.

AL-1-02 = Claude Code once asked about the key in { $name }, the answer was no, and since then it is passed over.
    .saw = The key in { $name } is on the list of keys that were turned down.
    .why = “No” is what the Enter key chooses. The answer is kept, and the key is then passed over without a word.
    .do = To use the key, start “claude”, type /config, and switch “Use custom API key” on.

C1-key-waits-for-approval =
    .pass = No key waits for your answer.

AL-1-03 = At the next start Claude Code asks whether to use the key in { $name }.
    .saw = The key in { $name } is new to Claude Code.
    .why = “No” is chosen beforehand: who only presses Enter turns the key down, for good.
    .do = When Claude Code asks, move to “Yes” before you press Enter, if you want to use the key.

C1-key-beside-login =
    .pass = No key stands before your login.

AL-1-12 = { $name } is used instead of your { $plan ->
        [pro] Pro plan
        [max] Max plan
        [team] Team plan
        [enterprise] Enterprise plan
       *[other] claude.ai login
    }, and { $billing ->
        [console] the key's Console account pays
        [gateway] whoever runs the gateway pays
       *[unknown] somebody else may pay
    }.
    .saw = A claude.ai login is there, and { $name } is set too. Claude Code sends { $name } and not the login.
    .why = { $billing ->
        [console] Each request is billed to the Console account of the key. Your plan is not used.
        [gateway] Each request goes to the gateway and is billed there. Your plan is not used.
       *[unknown] Who is billed cannot be told from here. Your plan is not used.
    }
    .do = If you mean to use your plan, take { $name } out of where it is set and start Claude Code anew.

C1-key-misspelt =
    .pass = No variable has a name that is only nearly right.

AL-1-23 = { $name } is not a name that Claude Code knows; it reads { $meant }.
    .saw = { $name } is set, and { $meant } is not.
    .why = Names must be right to the letter, upper and lower case too. What stands under any other is not read.
    .do = If it was meant for Claude Code, rename { $name } to { $meant }.

C1-key-not-exported =
    .pass = Everything that the profile sets is handed on to programs.

AL-1-15 = { $name } is set in your shell's profile, but is not handed on to programs.
    .saw = { $path } sets { $name } without exporting it.
    .why = Such a variable stays inside the shell. Claude Code, like any program, does not see it.
    .do = { $shell ->
        [fish] Write “set -gx { $name } …” there, and open a new terminal.
       *[other] Put the word “export” before { $name } there, and open a new terminal.
    }

C1-key-after-early-end =
    .pass = No line ends the profile before a key is set.

AL-1-17 = { $name } is set too far down in your profile: line { $line } ends the reading before.
    .saw = { $path } sets { $name }, but what stands above it leaves the file (return, exit, exec) at line { $line }.
    .why = The shell never comes to the line that sets it.
    .do = Move the line with { $name } above that line, and open a new terminal.

AL-1-18 = { $name } is set for terminals only: below line { $line }, your profile is for them alone.
    .saw = { $path } sets { $name } below a line that leaves the file where nobody types (line { $line }).
    .why = A terminal gets it. What an editor, the desktop or a script starts does not.
    .do = { $shell ->
        [fish] Move the line with { $name } above that line, and start the program anew.
       *[other] Open a new terminal and start “claude” there.
    }

C1-key-unset-later =
    .pass = No later line takes a key away again.

AL-1-22 = { $name } is set in your profile and taken away again further down.
    .saw = { $path } sets { $name }, and a later line unsets it.
    .why = What comes last counts.
    .do = Take out the later line, if you want to use { $name }.

C1-key-in-other-shells-file =
    .pass = No key stands in a file that your shell does not read.

AL-1-16 = { $name } is set in { $path }, which your shell ({ $shell }) does not read.
    .saw = { $path } sets { $name }. Your shell is { $shell }, and a new terminal does not read that file.
    .why = Each shell has files of its own. What stands in those of another has no effect.
    .do = Move the line to { $shell ->
        [zsh] ~/.zshrc
        [bash] ~/.bashrc (on macOS ~/.bash_profile)
        [fish] ~/.config/fish/config.fish, as “set -gx { $name } …”
       *[other] the file that your shell reads
    }, and open a new terminal.

C1-key-not-seen-here =
    .pass = What the profile sets is seen here.

AL-1-19 = Your profile sets { $name }, but this program was started without it.
    .saw = { $path } sets { $name } for a new terminal. In the environment that is examined here it is not set.
    .why = A window that was open before the change, or a program that was not started from a terminal, does not have it.
    .do = Open a new terminal and start “claude” there.

AL-1-20 = { $name } is set when you sign in to the computer, and this session does not have it yet.
    .saw = { $path } sets { $name }. It is read when a session begins, not by each new terminal.
    .why = A change in it counts only after you have signed out of the computer and in again.
    .do = Sign out of the computer and in again.

AL-1-21 = { $path } mentions { $name }, but it could not be told whether it is set.
    .saw = { $name } stands in a part of { $path } that depends on a condition, or that could not be followed.
    .why = The profile is read here and never run. In the environment that is examined here { $name } is not set.
    .do = Open a new terminal and run this check there.

C1-two-keys =
    .pass = No variable has two different values in two places.

AL-1-24 = { $name } has one value here and another in your profile.
    .saw = { $path } sets { $name } to something else than what this program was started with.
    .why = A new terminal uses another key than this one, so one may work where the other does not.
    .do = Keep the key that you mean in { $path }, and open a new terminal.

AL-1-25 = { $name } is set twice in your profiles, to different values.
    .saw = Two lines of your shell's profiles set { $name } to different values. The later one counts.
    .why = Who changes the earlier line sees no effect.
    .do = Take out the line that you do not need.

skip-jetbrains-not-read = An IDE of JetBrains is on this computer. What it gives its terminals is not documented, so we did not read it: what is said of a new terminal may not hold there.
skip-no-editor-variable = No editor's settings say anything about how Claude Code signs in.

C1-editor-differs =
    .pass = What editors give Claude Code comes to the same as what it gets here.

AL-1-30 = { $target ->
        [terminal] The terminal in { $editor }
       *[extension] Claude Code in { $editor }
    } { $what ->
        [value] gets another { $name } than Claude Code gets here
        [credential] signs in with { $name }, Claude Code here with { $here }
        [has] gets { $name }, which Claude Code does not get here
        [lacks] does not get { $name }, which Claude Code gets here
        [address] asks another address than Claude Code does here
       *[other] signs in otherwise than Claude Code does here
    }.
    .saw = { $target ->
        [terminal] The settings of the editor change the variables of its terminals (terminal.integrated.env)
       *[extension] The settings of the editor give Claude Code's panel variables of its own (claudeCode.environmentVariables)
    }: { $path }.
    .why = So one may work where the other does not, and a new key that reaches one does not reach the other.
    .do = { $what ->
        [lacks] If that is not meant, take { $name } out of { $path }, and start the editor anew.
       *[other] Keep the one that you mean: change or remove { $name } in { $path }, and start the editor anew.
    }

C1-editor-key-odd =
    .pass = The keys in editors' settings look like keys.

AL-1-31 = { $name } in your editor's settings { $what ->
        [blank] is empty
        [placeholder] holds a placeholder instead of a key
        [quoted] has quotation marks around it that are sent along
        [bearer] begins with the word “Bearer”, which does not belong to it
        [space] holds a space in the middle
        [character] holds a character that cannot be sent
       *[other] cannot be right
    }.
    .saw = { $path } gives { $target ->
        [terminal] the editor's terminals
       *[extension] Claude Code's panel in the editor
    } a value of { $name } that { $what ->
        [blank] holds nothing
       *[other] no key looks like
    }.
    .why = { $what ->
        [blank] There, Claude Code acts as if { $name } did not exist, whatever is set elsewhere.
       *[other] There, Claude Code sends it as it is, or sends nothing at all.
    }
    .do = Put the key into { $path } as it was given to you, or take { $name } out there. Then start the editor anew.

skip-programs-not-seen = Open programs were not looked at: this system does not tell, or another home is examined.
skip-no-running-claude = No Claude Code runs that could be compared.
skip-no-open-terminal = No terminal with your shell is open.

C1-running-claude =
    .pass = What runs now has what a new Claude Code would get.

# When something was started: “unit” and “count” come with the finding that it is a part of.
started-ago = { $unit ->
        [moment] a moment ago
        [minutes] { $count ->
            [one] one minute ago
           *[other] { $count } minutes ago
        }
        [hours] { $count } hours ago
        [days] { $count } days ago
       *[unknown] some time ago
    }

AL-1-28 = The Claude Code that you started { started-ago } { $what ->
        [value] has another { $name } than a new one would get
        [credential] signs in with { $name }, a new one with { $here }
        [has] still has { $name }, which a new one would not get
        [lacks] does not have { $name } yet
        [address] asks another address than a new one would
       *[other] signs in otherwise than a new one would
    }.
    .saw = Claude Code runs (process { $pid }) and was started { started-ago }, { $what ->
        [value] with another value of { $name }
        [credential] with what makes it use { $name }; a new one would use { $here }
        [has] with { $name }
        [lacks] without { $name }
       *[address] with another address (base URL)
    }.
    .why = What runs keeps the variables that it was started with. A change reaches only what is started after it.
    .do = End that Claude Code, and start “claude” anew in a new terminal.

C1-older-terminal =
    .pass = No open terminal is older than your profile.

AL-1-29 = { $terminals ->
        [one] The terminal that you opened { started-ago } is
       *[other] { $terminals } open terminals are
    } probably older than your change of { $path }.
    .saw = { $path }, which sets { $name }, was changed after { $terminals ->
        [one] a terminal was opened that is open still
       *[other] { $terminals } terminals were opened that are open still; the last of them { started-ago }
    }.
    .why = A shell reads the file when it starts. An older one probably has what stood there before.
    .do = Open a new terminal and start “claude” there.

C1-profile-readable =
    .pass = Your shell's profiles could be read.

AL-1-26 = { $path } belongs to your shell and could not be read.
    .saw = { $path } is there and could not be read: { $trouble ->
        [denied] there is no permission
        [not-a-file] it is no file
        [too-large] it is too large
        [dangling-link] it is a link that leads nowhere
        [link-loop] it is a link that leads back to itself
        [changing] it was being written
       *[failed] the system did not say why
    }.
    .why = What it sets is not known here. The shell may not be able to read it either.
    .do = If a key should come from there, look whether { $path } can be opened.

C1-contexts-differ =
    .pass = A terminal and the desktop sign in alike, as far as can be told.

AL-1-40 = { $outcome ->
    [nothing-here] Claude Code has no sign-in { AL-1-40.here }, but has one { AL-1-40.there }.
    [nothing-there] Claude Code has a sign-in { AL-1-40.here }, but has none { AL-1-40.there }.
   *[other] Claude Code signs in differently { AL-1-40.here } and { AL-1-40.there }.
}
    .here = { $here ->
        [desktop] where the desktop starts it
       *[other] in a new terminal
    }
    .there = { $there ->
        [desktop] where the desktop starts it
       *[other] in a new terminal
    }
    .saw = { $because ->
        [context-only-here] { $name } is set { AL-1-40.here } and not { AL-1-40.there }.
        [context-only-there] { $name } is set { AL-1-40.there } and not { AL-1-40.here }.
        [context-other-value] { $name } has one value { AL-1-40.here } and another { AL-1-40.there }.
       *[other] What is sent, or where to, is not the same in the two.
    }
    .why = A program gets the environment of whatever started it. What stands in a shell's profile reaches terminals alone.
    .do = { $outcome ->
        [nothing-here] Start Claude Code where it has its sign-in, or sign in with /login, which counts everywhere.
        [nothing-there] Start Claude Code from a terminal, or sign in with /login, which counts everywhere.
       *[other] Decide which of the two is meant, and set it up the same way in both.
    }

C1-environment-told =
    .pass = What this environment holds could be told.

AL-1-41 = What { $name ->
    [any] the profile sets
   *[other] { $name } holds
} { $context ->
    [desktop] where the desktop starts programs
   *[other] in a new terminal
} could not be told.
    .saw = { $path } { $name ->
        [any] runs something that can set any variable
       *[other] sets { $name } in a way that only running it can tell
    }.
    .why = Who signs in depends on it, so nothing is claimed about it.
    .do = Open a new terminal and run “authlight check” in it.

C1-shell-answers =
    .pass = Your shell said what a new terminal has.
    .not-asked = Your shell was not run, so it had nothing to say.

AL-1-42 = Your shell did not say what a new terminal has; its files were read instead.
    .saw = { $command } { $trouble ->
        [not-there] is not there
        [not-runnable] could not be started
        [timed-out] gave no answer in time
        [ended-early] ended before it came to the question
        [too-much-output] printed without end
        [no-answer] gave half an answer
       *[not-asked] is not a shell that can be asked
    }.
    .why = What files say is less sure than what the shell itself says. In a terminal it may work all the same.
    .do = Open a new terminal and run “authlight check” in it.

AL-1-43 = Your shell prints { $kilobytes } kB before it can be used.
    .saw = Started by { $command }, its profile printed { $kilobytes } kB.
    .why = Programs that start a shell can stumble over that. Signing in does not depend on it.
    .do = Let the profile print in terminals alone.

AL-1-44 = Your shell goes to another folder when it starts.
    .saw = Started by { $command }, it went to { $folder }.
    .why = The settings of the folder in which you type “claude” count, and that is this one.
    .do = Look whether { $folder } is the folder that you mean.

C1-key-blank =
    .pass = No variable is set to nothing.

AL-1-01 = { $name } is set to nothing, which counts as not set.
    .saw = { $name } is there, with nothing in it or only spaces.
    .why = Claude Code acts as if { $name } did not exist.
    .do = If a key belongs there, set { $name } to it. Otherwise take it out.

C1-nothing-set =
    .pass = Something is there to sign in with.

AL-1-13 = No key is set in a variable.
    .saw = None of the variables that can hold a key or token is set here.
    .why = That is as it should be for a login in the browser. Without a login nothing signs in.
    .do = Sign in with /login inside Claude Code, or set ANTHROPIC_API_KEY.

C1-another-home =
    .pass = Something signs in here, so the other system on this computer need not matter.
skip-one-home = There is no second system on this computer that could be meant.

AL-1-32 = This is Linux inside Windows (WSL), with a home and variables of its own.
    .saw = { $theirs ->
        [yes] Claude Code runs in WSL, and nothing signs in here. In Windows there are settings of Claude Code; they belong to the one there.
       *[other] Claude Code runs in WSL, and nothing signs in here.
    }
    .why = A login, a key or a variable that was set up in Windows does not reach Linux, nor the other way round.
    .do = Sign in here too, with /login inside Claude Code, or set the key in this Linux shell's profile.

AL-1-33 = Linux inside Windows (WSL) is there too, with a home and variables of its own.
    .saw = { $count ->
        [one] One Linux system (WSL) is installed
       *[other] { $count } Linux systems (WSL) are installed
    } beside Windows, and nothing signs in here, in Windows.
    .why = A login, a key or a variable that was set up in Linux does not reach Windows, nor the other way round.
    .do = Start Claude Code where you set it up, or sign in here too with /login.

C1-nobody-answers =
    .pass = Something signs in without anybody being asked.
skip-no-build-service = This is no build service (CI).

AL-1-34 = This is a build service (CI), where nobody can sign in.
    .saw = A variable of a build service is set, and no key or token.
    .why = In a build nobody can answer a question or use a browser.
    .do = Put a key into the secrets of the build service, and hand it to the job as ANTHROPIC_API_KEY.

C1-project-hint =
    .pass = No file of the folder names a key or an address that this environment lacks.
skip-environment-not-told = What this environment holds could not be told.
skip-no-folder = No project folder is chosen.

AL-1-45 = { $path } would set { $name }, but only where { $reader ->
    [direnv] direnv
   *[dotenv] another program
} loads it.
    .saw = { $name } stands in line { $line } of { $path }. It is not set in this environment.
    .why = { $reader ->
        [direnv] Such a file is read by direnv, if it is installed and has been allowed here.
       *[dotenv] Such a file is read by a project's own program, or by a shell plugin.
    } Claude Code itself does not read it. So it may work in one terminal and not in the next.
    .do = If Claude Code should have { $name }, { $reader ->
        [direnv] run “direnv allow” in this folder and start Claude Code from the same terminal
       *[dotenv] set it in your shell's profile, or under env in .claude/settings.local.json
    }. Else nothing is to be done.
