# The certificate of a company's network: its root given to Claude Code.

F-company-certificate = Give Claude Code your company's certificate
    .does = The company's root certificate is taken from this computer, or from a file that you choose, and checked against what the endpoint shows. It gets a file of its own, and your settings name that file (NODE_EXTRA_CA_CERTS).
fix-company-certificate = This looks once more at the certificate that the endpoint shows, and finds the root for it. No key is sent.

certificate-looking = To see the certificate, a connection to the endpoint is opened. No key is sent.
certificate-sought = The certificate of { $host } was issued by { $issuer }, which Claude Code does not know.
certificate-found = The root certificate for it: { $subject }, valid until { $day }.
certificate-found-in = It was found in { $place }.
certificate-found-in-store = It was found in the system's own store.
certificate-fingerprint = Its fingerprint (SHA-256): { $fingerprint }
certificate-compare = Whoever holds this certificate's key can read what Claude Code sends. If you are not sure that it is your company's, have your IT department compare the fingerprint.
certificate-taken-along = { $count ->
        [one] The certificate in the file that is named now is taken along.
       *[other] The { $count } certificates in the file that is named now are taken along.
    }
certificate-done = Done, and looked at again: the certificate is trusted now. (Change { $change })
certificate-restart = Start Claude Code anew where it is open.
certificate-still = It was done, but this is still so: { $why } So all of it was taken back.
certificate-nothing-to-mend = There is nothing to mend: { $why }
certificate-other = A root certificate would not help here: { $why }
certificate-to-allow = To agree for this time, add: --allow-project-endpoint { $host }

## No root is looked for

certificate-no-address = The address that Claude Code is given cannot be used, so nothing can be asked there.
certificate-not-encrypted = The way to the endpoint is not encrypted (http://), so there is no certificate.

## There is no root

certificate-not-in-store = No root certificate of { $issuer } was found on this computer. Ask your IT department for it as a PEM file, and name the file with --certificate.
certificate-file-unreadable = { $place } could not be read: { $why }
certificate-file-none = { $form ->
        [empty] { $place } is empty. Ask for the root certificate as a PEM file.
        [utf16] { $place } is saved in a way that cannot be read (UTF-16). Save it again as plain text, or ask for the root certificate as a PEM file.
        [damaged] The certificate in { $place } is cut off or damaged. Copy the whole file again.
       *[other] There is no certificate in { $place }. What is needed is a PEM file, which has a line “-----BEGIN CERTIFICATE-----” in it.
    }
certificate-file-servers-own = { $place } holds the certificate of { $host } itself. What is needed is the root certificate of { $issuer }, which issued it.
certificate-file-no-root = { $place } holds no root certificate, but one that somebody else vouches for ({ $subject }). What is needed is the root of { $issuer }.
certificate-file-ended = The right root certificate, { $subject }, ran out on { $day }. Ask your IT department for the new one.
certificate-file-not-yet = The right root certificate, { $subject }, counts from { $day } only. If that day has passed, this computer's clock is behind.
certificate-file-another = { $place } holds the root certificate of another authority ({ $subject }). The certificate of { $host } was issued by { $issuer }.
certificate-server-unfit = { $what ->
        [expired] The root certificate fits, but the certificate that { $host } shows has run out. Tell your IT department.
        [not-yet] The root certificate fits, but the certificate that { $host } shows does not count yet. Look whether this computer's clock is right.
        [name] The root certificate fits, but the certificate that is shown is not for { $host }. Tell your IT department.
       *[other] The root certificate fits, but the certificate that { $host } shows is not in order otherwise. Tell your IT department.
    }

## It cannot be set

certificate-set-by-organisation = Your organisation sets { $name } in { $path }, and what it sets wins. Ask its administrators to add the root certificate to the file that it names.
certificate-set-by-folder = { $name } is set in { $path }, which wins in this folder. Add the root certificate to the file that it names, or take it out there.
certificate-set-by-flag = { $name } stands in what follows --settings when you start claude, and wins. Name the file of the root certificate there.
certificate-settings-left-out = As Claude Code is started here, it leaves your settings out. Start it with the variable { $name } naming the file of the root certificate.
certificate-settings-unfit = { $path } cannot be changed as it is: look first at what is said of that file.
certificate-earlier-unreadable = { $path }, which is named now, could not be read ({ $why }). Its certificates would get lost, so nothing is changed.
certificate-no-plan = { $why }
