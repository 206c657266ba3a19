# Cause 2: the browser login, and what can stand in its place.

## The cause

C2-login-green = The login works.
C2-login-not-tested = The login looks right; only Claude Code itself can try it.
C2-login-not-in-use = Claude Code does not sign in with a login here.
C2-login-could-not-look = What there is of a login could not be looked at from here, so nothing is said about it.

skip-login-not-used = Something else signs in, so no login is needed.
skip-login-no-end = The login does not say when its sign-in ends.
skip-login-absent = There is no login to look at.
skip-login-state-not-seen = Claude Code’s state file could not be read, so nobody can tell whether a key is stored in it.
unknown-login-needed = Whether a login is needed hangs on a variable that could not be told.
skip-login-said-above = Another line here says what is wrong with the login.
skip-login-gateway = Your organisation asks for a sign-in at its gateway instead of a login.
skip-no-profile = No Anthropic profile takes part.
skip-no-federation = The federation variables are not set.
skip-not-macos = Only a Mac has a Keychain.
skip-keychain-not-asked = This Keychain was not asked.
skip-keychain-no-item = No login was seen in a Keychain.
unknown-login-changing = Another program was writing the login file just now. Check again in a moment.
unknown-login-scope = The login lists its rights (scopes) in a form that we cannot judge.

C2-login-present =
    .pass = A login is stored.
C2-login-file-name =
    .pass = No login file with a wrong name.
C2-login-file-link =
    .pass = The login file is no broken link.
C2-login-file-kind =
    .pass = Nothing else stands in the place of the login file.
C2-login-file-readable =
    .pass = Nothing keeps Claude Code from reading the login file.
C2-login-file-empty =
    .pass = The login file is not empty.
C2-login-file-encoding =
    .pass = The login file is stored as plain text (UTF-8).
C2-login-file-whole =
    .pass = The login file is not cut short.
C2-login-file-json =
    .pass = No slip in the text of the login file.
C2-login-file-shape =
    .pass = The login stands where Claude Code looks for it.
C2-login-not-blanked =
    .pass = The login was not blanked.
C2-login-lasts =
    .pass = The sign-in does not end in the next two days.
C2-login-scope =
    .pass = The login may be used for requests.
C2-login-header-safe =
    .pass = No stray character in the login.
C2-login-not-ended =
    .pass = The login has not ended for good.
C2-login-renewal =
    .pass = The login needs no renewal now.
C2-login-folder-writable =
    .pass = The login can be renewed: its folder can be written.
C2-refresh-lock =
    .pass = No renewal is held up.
C2-login-file-private =
    .pass = Only you can read the login file.
C2-setup-token =
    .pass = No setup token stands in the way of the login.
C2-profile-found =
    .pass = The profile that is named is there.
C2-profile-credentials =
    .pass = The profile's credentials can be used.
C2-profile-identity =
    .pass = The identity token is there.
C2-keychain-reachable =
    .pass = The Keychain can be reached.
C2-keychain-login =
    .pass = The Keychain was looked at.
C2-keychain-account =
    .pass = The Keychain item belongs to this account.
C2-keychain-stale-file =
    .pass = No old login file lies beside the Keychain.

## Absent

AL-2-01 = Nobody is signed in on this computer.
    .saw = There is no stored login, and no key or token that would take its place.
    .why = Without one of them Claude Code only says "Not logged in".
    .do = Start Claude Code and type /login.

AL-2-02 = The login file has the wrong name.
    .saw = There is { $wrong }. Claude Code only reads { $path }, with a dot before the name.
    .why = Many guides leave out the dot. Nothing in the file with that name has any effect.
    .do = Start Claude Code and type /login. It writes the right file itself.

## The file

AL-2-03 = Your login has ended and has to be made anew.
    .saw = The login file is there, but both tokens in it are blank. Claude Code leaves it so when a renewal was refused.
    .why = A blank login cannot be renewed. Nothing but a new sign-in helps.
    .do = Start Claude Code and type /login.

AL-2-04 = A typing slip in the login file hides your login.
    .saw = { $path } is no proper JSON at line { $line }, column { $column } ({ $fault ->
        [trailing-comma] a comma too many
        [comment] a comment
        [trailing] something after the end
        [unquoted] a missing quotation mark
        [control-character] a line break inside a text
        [escape] a stray backslash
       *[other] an unexpected character
    }).
    .why = Claude Code takes such a file for no login at all, without saying so.
    .do = Start Claude Code and type /login. That writes the file anew.

AL-2-05 = This login may not be used for requests.
    .saw = The login in { $path } lacks the right (scope) user:inference.
    .why = Claude Code takes a login without it for none.
    .do = Start Claude Code and type /login, and agree to everything that the browser asks for.

AL-2-06 = The stored login holds a stray character.
    .saw = The access token in { $path } holds a character that cannot be sent, such as a line break.
    .why = This happens when a login is copied by hand. No request can be made with it.
    .do = Start Claude Code and type /login.

AL-2-07 = Claude Code may not read your login file.
    .saw = { $path } is there, but this account has no right to read it.
    .why = Claude Code then acts as if you had never signed in. Often the file was made by a program that ran as administrator (sudo).
    .do = Give the file back to your own account, or ask whoever administers this computer to do it.

AL-2-08 = Your sign-in has come to its end.
    .saw = The sign-in behind the login ended at { $ended }.
    .why = A login lasts for some weeks. After that it cannot renew itself, and that is normal.
    .do = Start Claude Code and type /login.

AL-2-09 = Your login has run out and cannot renew itself.
    .saw = The login ended at { $ended }, and nothing to renew it with (no refresh token) is stored.
    .why = Claude Code still sends the old login, and the server will most likely refuse it.
    .do = Start Claude Code and type /login.

AL-2-10 = Your login has run out, and its folder is locked against the renewal.
    .saw = The login could renew itself, but { $folder } cannot be written.
    .why = Claude Code then does not try, and sends the old login.
    .do = Make { $folder } writable for your account, then start Claude Code again.

AL-2-11 = The login file is empty.
    .saw = { $path } is there and holds nothing.
    .why = This is left behind when a disk is full or a program stops while it saves. Claude Code takes it for no login.
    .do = Start Claude Code and type /login.

AL-2-12 = Only half of the login file is there.
    .saw = { $path } ends too early, at line { $line }, column { $column }.
    .why = This is left behind when a disk is full or a program stops while it saves. Claude Code takes it for no login.
    .do = Start Claude Code and type /login.

AL-2-13 = An invisible mark at the start of the login file hides your login.
    .saw = { $path } begins with a byte-order mark (BOM).
    .why = Some editors write it. Settings files may have one, but for the login file Claude Code then sees no login.
    .do = Start Claude Code and type /login. That writes the file anew.

AL-2-14 = The login file is stored in an encoding that Claude Code does not read.
    .saw = { $path } is stored as { $encoding }. Some Windows programs write files so.
    .why = Claude Code reads this file as UTF-8 alone, and takes anything else for no login.
    .do = Start Claude Code and type /login. That writes the file anew.

AL-2-15 = The login file is damaged.
    .saw = { $path } holds NUL bytes at line { $line }, column { $column }, as a crash or power cut leaves them.
    .why = Claude Code takes such a file for no login.
    .do = Start Claude Code and type /login. That writes the file anew.

AL-2-16 = A folder stands where the login file should be.
    .saw = { $path } is a folder. Container set-ups make one when they share a file that is not there yet.
    .why = Claude Code can neither read a login from it nor save one in its place.
    .do = Take the folder away, then start Claude Code and type /login.

AL-2-17 = The login file is a link that leads nowhere.
    .saw = { $path } is a link to a file that is not there.
    .why = Claude Code takes it for no login.
    .do = Bring back the file that the link names, or take the link away and type /login in Claude Code.

AL-2-18 = The login file is a link that leads back to itself.
    .saw = { $path } is part of a circle of links.
    .why = Claude Code cannot read a login there.
    .do = Take the link away, then start Claude Code and type /login.

AL-2-19 = The login file holds no login that Claude Code can find.
    .saw = { $path } is proper JSON, but no login with an access token stands under claudeAiOauth.
    .why = Claude Code looks in that one place and by these exact names. Files put together by hand often miss them.
    .do = Start Claude Code and type /login. It writes the right file itself.

AL-2-20 = The login has run out and will renew itself.
    .saw = The login ended at { $ended }. What renews it (the refresh token) is stored.
    .why = This is normal: a login lasts some hours, and Claude Code renews it when it starts.
    .do = Nothing has to be done.

AL-2-21 = Your login will not be able to renew itself.
    .saw = The login is good for now, but { $folder } cannot be written.
    .why = A login lasts some hours. Where its folder is locked, Claude Code does not renew it.
    .do = Make { $folder } writable for your account.

AL-2-22 = Other accounts on this computer may be able to read your login.
    .saw = The rights of { $path } are { $mode }. Claude Code itself writes it with 600.
    .why = Whoever reads this file can work in your name. Signing in is not affected.
    .do = Take the rights of others away: chmod 600 on this file.

AL-2-23 = A renewal of the login was left unfinished.
    .saw = The lock { $path } is { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    } old. A renewal takes seconds.
    .why = Some versions of Claude Code wait for such a lock for good; newer ones set it aside.
    .do = Close every Claude Code window. If the lock is still there afterwards, delete it.

AL-2-28 = A setup token is used instead of your login.
    .saw = { $name } is set, and it goes before the stored login.
    .why = It was made with "claude setup-token". It lasts for a year, and when it ends Claude Code does not fall back to the login.
    .do = If it is not meant, take { $name } away where it is set.

AL-2-29 = Something that is no file stands where the login file should be.
    .saw = { $path } is a pipe or a device.
    .why = Claude Code can neither read a login from it nor save one there.
    .do = Take it away, then start Claude Code and type /login.

AL-2-39 = The login file could not be read.
    .saw = { $trouble ->
        [too-large] { $path } is far larger than a login file can be.
       *[other] The system reports an error when { $path } is read.
    }
    .why = If Claude Code cannot read it either, it acts as if you had never signed in.
    .do = Move the file aside, then start Claude Code and type /login.

AL-2-46 = Your sign-in ends soon.
    .saw = It ends at { $ends } at the latest, whatever is renewed until then.
    .why = A sign-in lasts for some weeks. After its end Claude Code asks for a new one.
    .do = When it suits you, type /login in Claude Code.

## The Keychain (macOS)

AL-2-24 = The Mac's Keychain is locked for this session.
    .saw = The Keychain answers that it may not ask for its password here. Sessions over SSH and background jobs see this.
    .why = Claude Code cannot take the login out of a locked Keychain, although it is there.
    .do = Unlock it in this session: security unlock-keychain ~/Library/Keychains/login.keychain-db

AL-2-25 = This Mac account has no Keychain.
    .saw = The system reports no default Keychain.
    .why = Claude Code keeps its login there. Without one it may fall back to a file, or ask you to sign in again and again.
    .do = Open the program Keychain Access once and let it make a login Keychain.

AL-2-26 = An old login file lies beside the Keychain.
    .saw = The login is in the Keychain, and { $path } holds one too.
    .why = Claude Code uses the Keychain. Other programs that read the file may say that you are signed out.
    .do = Nothing has to be done. After the next sign-in the file may be deleted.

AL-2-27 = The login in the Keychain is stored under another name.
    .saw = The item belongs to the account "{ $account }"; Claude Code asks for "{ $expected }".
    .why = It may then not find the login, and ask you to sign in although it is there.
    .do = Start Claude Code and type /login.

AL-2-43 = Your login lies in the Mac's Keychain, and we do not look inside.
    .saw = The Keychain has the item of Claude Code's login. Only its name was asked for, never what it holds.
    .why = How long the login lasts and what it may do stands inside, so we can say nothing about it.
    .do = Start Claude Code: it says at once whether the login works.

AL-2-44 = Whether a login lies in the Mac's Keychain could not be seen.
    .saw = The Keychain gave no answer, or it is not the one of this computer and account.
    .why = On a Mac, Claude Code keeps its login there.
    .do = Check again in a terminal on the Mac itself, under the account that uses Claude Code.

## Anthropic profiles

AL-2-30 = The profile that is named is not there.
    .saw = ANTHROPIC_PROFILE names "{ $profile }", and { $folder } has no such profile.
    .why = Claude Code leaves it out without a word and uses whatever else it finds.
    .do = Correct the name, or take ANTHROPIC_PROFILE away.

AL-2-31 = The profile has no stored sign-in.
    .saw = The profile "{ $profile }" is set up in { $folder }, but its credentials are missing.
    .why = Claude Code leaves it out without a word and uses whatever else it finds.
    .do = Sign in to the profile again.

AL-2-32 = The profile's file is damaged.
    .saw = The settings of the profile "{ $profile }" in { $folder } are no proper JSON.
    .why = Claude Code leaves the profile out and uses whatever else it finds.
    .do = Sign in to the profile again: that writes the file anew.

AL-2-33 = The profile's file could not be read.
    .saw = The settings of the profile "{ $profile }" in { $folder } could not be read.
    .why = Claude Code leaves the profile out and uses whatever else it finds.
    .do = Give your account the right to read the files in { $folder }.

AL-2-34 = The profile's sign-in is open to other accounts, and Claude Code refuses it.
    .saw = The rights of { $path } are { $mode }.
    .why = Claude Code only takes a file that nobody else can read.
    .do = Take the rights of others away: chmod 600 on this file.

AL-2-35 = The profile's stored sign-in is damaged.
    .saw = { $path } is no proper JSON.
    .why = Claude Code stops with an error when it reads this file.
    .do = Sign in to the profile "{ $profile }" again: that writes the file anew.

AL-2-36 = The profile's stored sign-in lacks its token.
    .saw = { $path } holds no access_token.
    .why = Claude Code stops with an error when it reads this file.
    .do = Sign in to the profile "{ $profile }" again.

AL-2-37 = The profile's sign-in has run out and cannot renew itself.
    .saw = It ended at { $ended }, and nothing to renew it with is stored.
    .why = Claude Code then says "Login expired".
    .do = Sign in to the profile "{ $profile }" again.

AL-2-38 = The federation sign-in is only half set up.
    .saw = ANTHROPIC_FEDERATION_RULE_ID is set, and { $missing } is not.
    .why = Claude Code only looks at the rule where both are set.
    .do = Set { $missing } too, or take the rule away.

AL-2-40 = The profile's stored sign-in could not be read.
    .saw = { $path } is there, but it could not be read.
    .why = Claude Code cannot sign in with the profile "{ $profile }" without it.
    .do = Give your account the right to read it, or sign in to the profile again.

AL-2-41 = The federation sign-in has no identity token.
    .saw = The rule is set, but neither ANTHROPIC_IDENTITY_TOKEN nor ANTHROPIC_IDENTITY_TOKEN_FILE.
    .why = Without one Claude Code stops with "requires an identity token".
    .do = Set ANTHROPIC_IDENTITY_TOKEN_FILE to the file that your platform writes.

AL-2-42 = The file with the identity token is missing or cannot be read.
    .saw = ANTHROPIC_IDENTITY_TOKEN_FILE names { $path }, and it could not be read ({ $trouble }).
    .why = Without it Claude Code stops with "Failed to read identity token file".
    .do = Correct the path, or start the service that writes this file.

C2-browser-elsewhere =
    .pass = A login is there, so no browser is needed.
skip-browser-is-here = The browser is on this computer.

C2-login-answered =
    .pass = Claude Code itself was let in with the login.
skip-login-not-tried = Claude Code itself has not tried the login.
skip-login-no-answer = Claude Code itself got no answer that speaks of the login.

AL-2-48 = The login was refused when Claude Code tried it.
    .saw = Claude Code itself asked, and was refused (401): { $says }
    .why = A login that the server no longer knows lets nobody in, whatever is stored here.
    .do = Sign in again: type /login inside Claude Code, or claude auth login in a terminal.

AL-2-49 = The login is good, but may not be used for Claude Code.
    .saw = Claude Code itself asked, and was not allowed (403): { $says }
    .why = The account or its organisation decides that. A new sign-in to the same account changes nothing.
    .do = Ask whoever manages the account, or sign in to another one with /login.

AL-2-100 = The login is good, but a limit of its account is reached.
    .saw = Claude Code itself asked, and was told: { $says }
    .why = The sign-in works. Requests are held back until the limit is free again or a payment is made.
    .do = Wait until the limit is free again, or look at the plan and its payment at https://claude.ai/settings/billing.

AL-2-47 = The browser is not where Claude Code runs, so the login has to be carried over by hand.
    .saw = { $place ->
        [ssh] This is a session over SSH
        [container] This is a container
       *[wsl] This is Linux inside Windows (WSL)
    }, and no login is there.
    .why = After the sign-in, the browser hands the login to a port of its own computer. Here nobody listens on that one.
    .do = Start “claude”, type /login, open the address in any browser, and paste the code that it shows into the terminal.
