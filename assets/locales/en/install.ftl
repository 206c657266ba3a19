# Claude Code where there is none.

F-install-claude-code = Install Claude Code
    .does = Here are the official ways to install it on this computer. Authlight downloads nothing itself: you copy a command, or have a package manager started that is here already.
fix-install-claude-code = This shows the official ways to install Claude Code on this computer, and which of them can be started here.

install-way-native = Anthropic's own installer (recommended). Claude Code then keeps itself up to date.
install-way-homebrew = Homebrew. Claude Code is brought up to date by Homebrew alone.
install-way-winget = WinGet, which is a part of Windows. Claude Code is brought up to date by WinGet alone.
install-way-npm = npm, which comes with Node.js.
install-way-packages = The package manager of your system (apt, dnf or apk). It needs an administrator and several steps.
install-standing = { $standing ->
        [ready] It can be started here: authlight fix F.install_claude_code --way { $way } --yes
        [node-not-asked] Node.js has to be asked for its version first ({ $detail }): authlight fix F.install_claude_code --way { $way } --yes
        [no-manager] { $detail } was not found on this computer.
        [no-node] npm was found, but not Node.js, which it needs.
        [old-node] The Node.js here is { $detail }, and { $wanted } or newer is needed. With this one npm would install an old Claude Code without saying so.
        [closed] npm installs into { $detail }, where you may not write. Anthropic advises against sudo here: take another way.
       *[shown] { $way ->
            [packages] The steps are told at { $page }.
           *[other] Copy the command into a terminal. Authlight does not run it.
        }
    }
install-more = More on each way: { $page } (as of { $day })
install-there = Claude Code is on this computer already: there is nothing to install.
install-name-one = Nothing was done. To start a way that can be started here, name it: --way NAME --yes
install-not-started = Nothing was started.
install-elsewhere = Another computer's files are looked at. Install it on that computer.
install-starting = This is run now, in this terminal: { $command }
install-failed = { $command } ended with { $code }, and Claude Code was not found. What it said stands above.
install-not-run = { $command } could not be started: { $why }
install-not-found-after = It ended well, but Claude Code was not found. Open a new terminal, and check again.
install-done = Claude Code { $version } is installed: { $path }
install-not-on-path = Its folder is not in the list of program folders (PATH) of this terminal. Open a new terminal, and check again.
install-next-login = Next, sign in. With a plan (Pro, Max, Team, Enterprise) in the browser: claude auth login
install-next-key = Or with a key of your own, from https://platform.claude.com/settings/keys, in the variable ANTHROPIC_API_KEY.
install-next-proof = To see that it works, let Claude Code answer one word: authlight test --real-run
install-back = To take Claude Code away again: { $command }
