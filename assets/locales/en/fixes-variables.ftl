# Repairs of variables where they are set: profiles, files of lines, the registry, editors.

F-clean-variable = Write the value as it was meant
    .does = The marks, blanks or words that do not belong to the value are left out, where it is set. Nothing else in the file is touched.

F-export-variable = Hand the variable on to programs
    .does = The line in your profile gets the word that hands the variable on to programs such as Claude Code. Terminals that you open from then on have it.

F-give-variable-up = Take the variable out of where it is set
    .does = The line that sets it becomes a comment in a marked block, so that Claude Code does not go by it any more.
    .lost = If you still use what the variable points to, Claude Code does not reach it from then on.

F-drop-second-value = Set the second value aside
    .does = The line that does not count becomes a comment in a marked block. The value that counts stays.

F-keep-variable-set = Set the later line aside
    .does = The line that takes the variable away becomes a comment in a marked block. Terminals that you open from then on keep the variable.

F-open-new-terminal = Open a new terminal
    .does = Your profile is right, and this program was started before it was, or in another way. A new terminal has it; the command reads the file again in this one.

F-remove-variable = Take the variable out of where it is set
    .does = The line that sets it becomes a comment in a marked block, so that it does no harm any more. If nothing else signs you in, do that next, with /login inside Claude Code.

F-rename-variable = Write the name as Claude Code knows it
    .does = The variable gets the name that Claude Code asks for, where it is set. Its value stays as it is.

F-set-in-own-profile = Set it in your own shell's profile
    .does = The variable is set in the file that your shell reads when a terminal is opened, in a marked block. The other file stays as it is.

F-set-where-reached = Set it above that line
    .does = The variable is set above the line at which your profile ends, in a marked block, and the line that was not reached becomes a comment.

F-use-plan = Use the plan, and set the key aside
    .does = The line that sets the key becomes a comment in a marked block. Claude Code then signs in with your claude.ai login, and your plan pays.
    .lost = Programs other than Claude Code that use this key do not get it any more in new terminals.

## What is to be done besides, or instead

fix-new-terminal = Open a new terminal. This one keeps what { $name } was until you close it.
fix-new-terminal-or-command = Open a new terminal, or run the command in this one. Until then { $name } stays here as it was.
fix-read-profile-again = Open a new terminal, or run the command in one that is open: it reads the file again.
fix-sign-in-again = Sign out of the computer and in again. Then { $name } is there.
fix-remove-user-variable = Open “Edit environment variables for your account” in Windows, choose { $name }, and remove it.
fix-mend-user-variable = Open “Edit environment variables for your account” in Windows, choose { $name }, and correct its value.
fix-remove-launch-agent = { $path } sets { $name } each time you sign in. Move that file to the bin, if it does nothing else, and run the command.
fix-admin-remove = Ask your administrator to take { $name } out of { $path }.
fix-admin-mend = Ask your administrator to correct { $name } in { $path }.
fix-admin-export = Ask your administrator to hand { $name } on to programs: it is set in { $path }, without “export”.
