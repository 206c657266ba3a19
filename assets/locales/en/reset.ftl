# Signing in again as a repair, and the credential reset.

F-sign-in = Sign in again
    .does = Your own Claude Code opens the sign-in page in the browser. When you are done there, it stores a new login in the place of the old one.

fix-sign-in = Sign in again with Claude Code.
fix-sign-in-inside = This version of Claude Code has no command to sign in. Start it, and type /login.

reset = The clean start: what is stored of sign-ins is put away, so that you can sign in anew.
reset-nothing = Nothing is stored that a reset would put away.
reset-then = After that Authlight looks again. What signing out leaves behind is put away then:
reset-leave = To leave a part as it is: --leave and its name in square brackets.
reset-not-signed-out = Signing out did not work, so the login is put away on this computer alone.
reset-part-done = Done: { $what }
reset-still = Still there: { $what }
reset-done = Nothing is stored any more. Now sign in: { $command }
reset-not-done = Not all could be put away. To sign in all the same: { $command }

reset-sign-out = Sign out with Claude Code
    .lost = The login is ended at the server and its file is deleted, logins of connectors in it too. It cannot be brought back, not by undo either. You sign in anew afterwards.
reset-login-file = Put the login file aside
    .lost = Claude Code does not see it any more. The login itself is not ended at the server.
reset-misnamed-file = Put the file with the wrong name aside
reset-renewal-lock = Put the lock of an unfinished renewal aside
reset-rejected-keys = Forget to which keys you said no
    .lost = For such a key Claude Code asks again.
reset-console-key = Take the key of the Console sign-in out
    .lost = It stays valid at Anthropic. It can be revoked on platform.claude.com.
reset-keychain-login = Delete the login in the Keychain
    .lost = It cannot be brought back. The login itself is not ended at the server.
reset-keychain-key = Delete the Console key in the Keychain
    .lost = It cannot be brought back here. It stays valid at Anthropic.

old-login = Login files that were set aside here. With a new login in use they are of no use any more:
old-login-none = No login file lies here that was set aside.
old-login-deleted = The old login file is deleted.
old-login-delete = Delete the old login file
