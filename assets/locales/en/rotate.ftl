# A new key in every place of the old one.

F-rotate-key = Put a new key in every place of the old one
    .does = The new key is tested first. Then it takes the old one's place in the files below, and is tested again there.

F-put-key = Put a key where Claude Code will see it
    .does = The key is written in the place that you choose, and nowhere else.

fix-rotate-key = Make a new key, and put it in every place of the old one.

put-key-name-one = Name a place with --place, and where the key is to be read from with --key-from (a file, or - for standard input).
put-key-nothing-to-do = Nothing is written for this place: type the command in the terminal.
put-key-not-used = Something else would still be used in its place, so the key is not put there.

rotate-no-key = No key is in use here that could be replaced.
rotate-nowhere = The key was found in no file that could be changed from here.
rotate-not-verified = The new key did not stand the test, and nothing was changed: { $why }
rotate-not-verified-after = With the new key in its place the test failed, so everything was put back.
rotate-old-still-wins = The old key would still be used, so everything was put back.
rotate-no-answer = nobody answered
rotate-by-others = Not changed, since it is not yours to change: { $path }, line { $lines }
rotate-elsewhere = Authlight cannot look here; think of them yourself:
rotate-elsewhere-machines = your other computers, and containers
rotate-elsewhere-services = build services (CI), servers and cloud secrets
rotate-elsewhere-colleagues = colleagues who were given the key
rotate-elsewhere-history = the history of a git repository, if the key was ever committed
rotate-revoke-now = The old key still works. Revoke it now: https://platform.claude.com/settings/keys
rotate-old-is-refused = The old key is not accepted any more.

## What is said of a key while it is typed

key-unfit-empty = No key was given.
key-unfit-same = This is the key that is in use already. Make a new one first.
key-unfit-login-token = This is a token of a claude.ai login, and no API key. It is not taken in.
key-unfit-admin-key = This is an Admin key, which cannot be used for messages. Make an ordinary API key.
key-unfit-not-whole = This is no whole key: a placeholder, or a copy that was shortened. Copy the key itself.
key-unfit-character = It holds a character that no key has (a blank, a quotation mark, a line break). Copy the key alone.
key-unfit-old-not-findable = The old key cannot be found for certain: it is too short, or written in several ways. Change it by hand.
key-length = A key of the Console has { $usual } characters, this one { $length }. Was it copied whole?
key-vendor = This looks like a key of { $vendor }, not of Anthropic.
key-looks-right = This looks like a key of the Console. Only a test tells whether it is good.

## The history of git

rotate-history = The old key stands in the git history of { $folder }. Whoever has a copy of that folder has the key: revoke it, taking it out of the files is not enough.
rotate-history-none = The old key was not found in the git history of the { $folders ->
        [one] folder
       *[other] { $folders } folders
    } that Claude Code knows.
rotate-history-cut = Not all of the git history could be looked through in the time for it.
