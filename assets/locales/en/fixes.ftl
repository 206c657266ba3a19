# Repairs: the button, what it does, and what is lost where something is.

## Files that Claude Code reads: settings, its state file, an editor's settings

F-approve-key = Answer the question about this key with yes
    .does = Claude Code keeps the last 20 characters of a key that it may use in its state file. They are added there, and it does not ask at its next start.

F-ask-administrator = Show what to tell the administrator
    .does = Your organisation set this, and nobody but its administrators can change it. Here is the file and the name, to be passed on.

F-back-to-anthropic = Take the address out, and ask Anthropic directly
    .does = The address goes out of your settings, and with it the key that stands beside it and is none of Anthropic's. Requests then go to Anthropic's own service.
    .lost = Whatever answers at that address is no longer asked. If your company gave you address and key, keep them.

F-change-flag = Show what to change in the command
    .does = This stands in what you give claude with --settings. Nobody but you can change what you type.

F-clean-value = Take out what does not belong to the key
    .does = Quotation marks around it, the word “Bearer”, characters that nobody sees and a remark behind it go. The key itself stays as it is.

F-close-file = Let nobody but you open this file
    .does = The file keeps what it holds. Other accounts on this computer cannot open it any more.

F-correct-address = Write the address as Claude Code needs it
    .does = What Claude Code adds to the address by itself goes, and quotation marks and blanks around it. The computer that it leads to stays the same.

F-drop-stronger = Take the value out that wins, so that the other counts
    .does = Of two values the one that counts now goes out of its settings file. From then on the other one is used.
    .lost = The value that goes is used nowhere any more. If it is the right one, take the other out instead: where Authlight can do that, “authlight fix F.drop_weaker” does it.

F-drop-weaker = Take the value out that does not count
    .does = Of two values the one that does not count goes out of its settings file. Claude Code goes on as it does now.
    .lost = The value that goes is used nowhere any more. If it is the right one, take the other out instead.

F-except-host = Name the host so that it is asked without the proxy
    .does = The host is added to the list NO_PROXY in the form that Claude Code understands. What stood in the list stays.

F-forget-no = Forget the “no” to this key
    .does = The end of the key goes out of the list of refused keys. At its next start Claude Code asks again: choose “Yes” there.

F-leave-cloud = Switch this provider off
    .does = The switch goes out of your settings. Claude Code then signs in at Anthropic again, as it does by itself.
    .lost = If you meant to use this provider, complete its settings instead.

F-move-from-state = Move it to your settings file
    .does = The value leaves Claude Code's state file, where few look, and stands in your own settings.json from then on. It has the same effect there.

F-open-file = Show the command that lets you read this file again
    .does = The file keeps what it holds. The command allows you to read and write it, if the file is yours.

F-open-folder = Show the command that lets you write in this folder
    .does = Claude Code renews a login by writing in the folder where it lies. The command allows you that, if the folder is yours.

F-plain-utf8 = Store the file as plain text (UTF-8)
    .does = What the file says stays the same. Only the way its letters are stored changes to the one that Claude Code reads.

F-remove-editor-variable = Take it out of the editor's settings
    .does = This one variable goes. Comments and everything else in the editor's settings stay as they are.
    .lost = Your editor starts Claude Code without this value from then on.

F-remove-project-env = Take it out of the folder's settings
    .does = This one value goes, and everything else in the file stays as it is.
    .lost = The file comes with the folder. If others work with it too, the change reaches them when you pass it on.

F-remove-proxy = Take the proxy out
    .does = The proxy goes out of your settings. Claude Code then connects as it would without that line.
    .lost = If your network lets nobody out without a proxy, ask for its right address instead.

F-remove-settings-env = Take it out of the settings
    .does = This one value is of no use where it stands. It goes, and everything else in the file stays as it is.

F-remove-without-effect = Take out what has no effect
    .does = Claude Code passes over this entry without a word. It goes, and everything else in the file stays as it is.

F-right-name = Give it the name that Claude Code knows
    .does = Nothing but the name changes, and where it has to, the place in the same file. The value stays as it is.

F-right-variable = Put it into the variable that it is made for
    .does = Nothing but the variable's name changes. The value stays where it is, as it is.

F-set-lock-aside = Take the old lock out of the way
    .does = The lock gets another name in its own folder. Claude Code can then renew the login at its next start.

F-set-login-aside = Take this file out of the way
    .does = It gets another name in its own folder. Nothing in it is read, copied or deleted.
    .lost = If it holds a login that you still need, sign in anew: this takes a minute.

F-set-state-aside = Take the unreadable state file out of the way
    .does = It gets another name in its own folder. At its next start Claude Code makes a new one and starts.
    .lost = Claude Code asks its first questions again: the colours, which folders you trust, which key it may use. A key of a Console sign-in lies in that file too; then sign in anew.

F-switch-on = Switch the provider on
    .does = The switch gets the value 1, which Claude Code understands as “on”.
    .lost = Requests go to that provider from then on.

F-take-out-commas = Take out the comma that is too many
    .does = A comma before a closing bracket is not allowed in this file. It goes, and everything else stays as it is.

F-take-out-comments = Take the comments out
    .does = Claude Code cannot read this file while comments stand in it. They go, and everything else stays as it is.
    .lost = Your comments. The file as it is now is kept in the backups.

F-take-out-entries = Take out the entries that Claude Code leaves out anyway
    .does = Nothing but these entries goes. Everything else in the file stays as it is.

F-take-out-field = Take out what makes Claude Code leave out the whole file
    .does = Nothing but the wrong entry goes. Everything else in the file counts again.

F-unset-here = Show the command for this terminal
    .does = The value stands in this terminal alone: no file was found that sets it. The command takes it away here. Start claude in the same terminal afterwards.

F-use-login = Use your login instead
    .does = What is used in place of your login goes out of the settings. From then on Claude Code uses the login, which your plan pays for.
    .lost = The key or token that goes is not used any more. It stays valid: if you need it nowhere else, take it back at its provider.

tell-administrator = { $what ->
        [file] Please look at { $path }{ $line ->
            [0] .
           *[other] , line { $line }.
            }
       *[key] Please look at { $name } in { $path }{ $line ->
            [0] .
           *[other] , line { $line }.
            }
        } What stands there keeps Claude Code on a computer from signing in as it should, or changes how it does. The tool Authlight calls it { $code }: “authlight check” on that computer says what is wrong, and what would mend it.
tell-flag = Take { $name } out of what follows --settings when you start claude.
tell-open-file = Type this command in a terminal. If the system refuses it, { $path } belongs to another account: ask whoever set it up.
tell-open-folder = Type this command in a terminal. If the system refuses it, { $path } belongs to another account, or lies on a disk that cannot be written: ask whoever set it up.
tell-unset = In the terminal where you start claude, type this command. It takes { $name } away there.
