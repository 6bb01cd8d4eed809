// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork auth

import ArgumentParser

/// Makes what TCP needs: its subcommands.
struct Auth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make what TCP needs: an authority, certificates and tokens.",
        discussion: HelpText.flowing(
            """
            Works on files alone and speaks to no scheduler. All of them lie in one folder, --dir or
            $REELWORK_AUTH, with mode 0600; a scheduler reads DIR/auth of its --data and takes up
            changes within 2 s.

            Roles: reader looks, submitter submits and cancels too, operator also bumps jobs, pauses
            queues and drains workers, worker runs jobs under its own name. Administration goes over
            the admin socket only.

            Example:
              export REELWORK_AUTH=/var/lib/reelwork/auth
              reelwork auth ca
              reelwork auth cert --role server --host farm.example
              reelwork auth cert --role worker --name encoder-7
              reelwork auth token --role submitter --name ci --expires 90d
              reelwork auth revoke encoder-7
            """
        ),
        subcommands: [
            AuthCA.self, AuthCert.self, AuthToken.self, AuthList.self, AuthRevoke.self,
        ]
    )
}
