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

AL-3-12 = { $cloud } does not accept the sign-in.
    .saw = { $what ->
        [cloud-expired] { $cloud } answered that the credentials were for a while only, and that while is over.
        [cloud-clock] { $cloud } answered that the signature was made at another time than now: the clocks differ.
        [cloud-sso-none] Nobody is signed in through the browser for the profile that is used (SSO).
        [cloud-sso-expired] The sign-in through the browser for the profile that is used has run out (SSO).
        [cloud-google-key] The private key in the file of Google's credentials cannot be used.
        [cloud-token-file] The file with the token for the role cannot be read.
       *[other] { $cloud } answered that it does not know the credentials, or that the signature is not theirs.
      }
    .why = Claude Code signs in with the same credentials and gets the same answer.
    .do = { $what ->
        [cloud-clock] Set this machine's clock, then test again.
        [cloud-sso-none] Sign in: { $command }
        [cloud-sso-expired] Sign in again: { $command }
        [cloud-google-key] Download the file of the service account again.
        [cloud-token-file] Check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file in the profile.
       *[other] { $vendor ->
            [aws] Sign in again (aws sso login), or put new keys in place of the old ones.
            [google] Sign in again: gcloud auth application-default login
           *[microsoft] Copy the key of the resource again, or sign in again: az login
          }
      }
    .when = The cloud's credentials are wrong, were withdrawn, or have run out; or the clocks differ.

AL-3-13 = { $cloud } knows the sign-in, but does not allow this.
    .saw = { $what ->
        [cloud-model] The model { $model } may not be used: it is not enabled for the account, or not offered in the region.
        [cloud-model-missing] The model { $model } is not among those offered in this region.
        [cloud-model-off] The model { $model } is listed, but is not active.
        [cloud-switched-off] The service is switched off in the project.
       *[other] { $cloud } answered that access is denied.
      }
    .why = Signing in works. Requests are refused until the account allows them.
    .do = { $what ->
        [cloud-model] Enable the model for the account, or choose another one with --model.
        [cloud-model-missing] Choose another model with --model, or another region.
        [cloud-model-off] Choose another model with --model.
        [cloud-switched-off] Ask whoever manages the project to switch on aiplatform.googleapis.com.
       *[other] { $vendor ->
            [aws] Ask whoever manages the account for bedrock:InvokeModel and bedrock:ListInferenceProfiles, or the like for the Claude Platform.
            [google] Ask whoever manages the project for the role Vertex AI User.
           *[microsoft] Ask whoever manages the resource for the role Cognitive Services User.
          }
      }
    .when = The cloud knows the sign-in, but the account may not use the service or the model.

AL-3-14 = { $cloud } allows no more requests just now.
    .saw = { $cloud } answered that a limit is reached (429).
    .why = Signing in works. Requests are held back until the limit is free again; a new account may have a limit of nothing.
    .do = Wait a little. If it stays so, ask whoever manages the account for quota for this model.

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
