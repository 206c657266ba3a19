# A new key in every place of the old one.

F-rotate_key = Put a new key in every place of the old one
    .does = The new key is tested first. Then it takes the old one's place in the files below, and is tested again there.

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
