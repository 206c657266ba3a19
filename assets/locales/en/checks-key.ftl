# Cause 3: the key itself.

C3-key-green = The test went through: this key is known.
C3-key-not-tested = The key looks right; only a test can tell whether it works.
C3-key-not-in-use = No key takes part in how you sign in.
C3-key-could-not-look = The key could not be looked at.

skip-key-none = No key is sent, so there is none to judge.
skip-key-helper = A helper program prints the key; it was not run, so the key was not seen.
skip-key-shape = Another line here says what is wrong with the shape of the key.
skip-key-elsewhere = The key goes to a gateway or a cloud, which hand out keys of their own kind.
skip-key-not-tested = The key was not tested. “Test the key” sends one free request.
skip-key-no-answer = The test did not get as far as the key.

C3-key-answered =
    .pass = The other side knows the key.

AL-3-01 = The key in { $name } is not accepted.
    .saw = The other side answered that it does not know what { $name } holds (401).
    .why = Claude Code sends this key first and tries nothing else. For some minutes it prints nothing, and then an error.
    .do = { $provider ->
        [gateway] Ask whoever runs the gateway for a fresh key, and put it in place of the old one.
       *[anthropic] Make a new key at https://platform.claude.com/settings/keys and put it in place of the old one.
        }
    .when = The key is wrong, was revoked, or has run out.

AL-3-11 = The gateway takes the key in { $name }, but in another header than the one it is sent in.
    .saw = Sent as Claude Code sends it, the gateway refused it (401). Sent in the other header, it was accepted.
    .why = ANTHROPIC_API_KEY goes into the header x-api-key, ANTHROPIC_AUTH_TOKEN into authorization. This gateway reads the other one.
    .do = Put the same value into the other of the two variables, where { $name } is set now, and take this one out.
AL-3-05 = The key in { $name } is known but may not be used for this.
    .saw = The other side knows what { $name } holds and refuses it all the same (403).
    .why = A key belongs to a workspace and a role. Without the right to use models every request is refused.
    .do = Look at the key's workspace at https://platform.claude.com/settings/keys, or use another key.
    .when = The key is known but may not do this: its workspace or role lacks the right.

AL-3-06 = The organisation that the key in { $name } belongs to was switched off.
    .saw = The other side knows what { $name } holds and says that its organisation is disabled.
    .why = Nothing on this computer can change that. Keys of other organisations still work.
    .do = Use a key of another organisation, or ask that organisation's administrator.
    .when = The key belongs to an organisation that was switched off.

AL-3-07 = The key in { $name } is good, but its account has no credit left.
    .saw = The other side knows what { $name } holds and says that there is no credit.
    .why = The sign-in works. Requests are refused until somebody pays.
    .do = Open https://platform.claude.com/settings/billing, or ask whoever pays for the account.

AL-3-09 = The key in { $name } is good, but the gateway allows no more requests just now.
    .saw = The gateway answered that a limit of its own is reached (429).
    .why = The sign-in works. The gateway holds requests back until the limit is free again.
    .do = Wait a little, or ask whoever runs the gateway to raise the limit.

C3-key-is-anthropics =
    .pass = The key begins as Anthropic's keys do.

AL-3-02 = { $name } holds a key of { $vendor }, not of Anthropic.
    .saw = What { $name } holds begins as keys of { $vendor } do. It would be sent to Anthropic.
    .why = Anthropic does not know keys of { $vendor }, so every request would be refused.
    .do = Put a key from https://platform.claude.com/settings/keys in its place, or name the gateway that this key is for in ANTHROPIC_BASE_URL.

AL-3-08 = What { $name } holds does not look like a key of Anthropic.
    .saw = Keys of Anthropic begin with “sk-ant-”. What { $name } holds does not, and no gateway is named.
    .why = A gateway's key is of use at its gateway alone. Anthropic would refuse it.
    .do = If the key is for a gateway, name the gateway's address in ANTHROPIC_BASE_URL.

C3-key-whole =
    .pass = The key has the usual length.

AL-3-03 = { $name } holds a shortened copy of a key.
    .saw = In the middle of what { $name } holds stand dots or stars, as in lists that hide the middle of a key.
    .why = The hidden part is missing. A key is shown in full only once, when it is made.
    .do = Make a new key at https://platform.claude.com/settings/keys and copy it there in full.

AL-3-04 = The key in { $name } is { $than ->
        [shorter] shorter
       *[longer] longer
    } than such keys usually are.
    .saw = What { $name } holds has { $length } characters. Usual are { $usual }.
    .why = { $than ->
        [shorter] A part may have been cut off when it was copied.
       *[longer] Something may have been added when it was copied.
        }
    .do = Compare the end of the key with the place where you copied it from.

C3-one-credential =
    .pass = One credential goes out in a request, not two.

AL-3-10 = Two different credentials go out in one request: { $name } and { $other }.
    .saw = { $name } and { $other } are both set and hold different values. Claude Code sends both.
    .why = The other side decides which of them counts, and who is billed. It may refuse the request for one of them.
    .do = Keep the one that you mean and take out the other.
