# Cause 4: settings that override one another.

C4-scope-green = No settings file overrides how you sign in.
C4-scope-not-tested = The settings look right; nothing was tested.
C4-scope-not-in-use = No settings file takes part in how you sign in.
C4-scope-could-not-look = Some settings could not be looked at.

C4-project-redirects =
    .pass = No file of the folder sends your credential to an address of its own.

AL-4-01 = A file of this folder would send your credential to { $origin }.
    .saw = { $path } sets the address to { $origin }. What would be sent there is yours and not of the folder: { $name }.
    .why = Whoever wrote the folder's settings would receive your credential. With “claude -p” that happens without a question.
    .do = If you do not know { $origin }, take the address out of { $path } before you start Claude Code here.

C4-overrides =
    .pass = No setting stands in two places with different values.

AL-4-02 = { $name } stands in more than one place, and the values differ.
    .saw = { $name } is set in more than one place with different values. The one of the scope “{ $scope }” wins.
    .why = Settings files win over the shell, and a folder's files win over your own. A value that you change in a weaker place has no effect.
    .do = Keep the value that you mean and take out the others.

AL-4-03 = A settings file sets { $name } to nothing and so takes your value away.
    .saw = In the scope “{ $scope }” { $name } is set to an empty text. Your own value stands in a weaker place.
    .why = An empty text in a settings file clears the variable, so Claude Code acts as if it had never been set.
    .do = Take the line with { $name } out of the file that is named first.
