// SPDX-License-Identifier: MIT
//
// A process per session, written plainly: fork them all, wait for them all. A child
// says by its exit code whether its session came out right.
#include "lib/error.h"
#include "tests/peers/fetch_peer.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

uint64_t peer_run(const struct peer *peer)
{
    uint64_t right = 0;
    for (uint32_t i = 0; i < peer->plan.tasks; i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(peer_session(peer, i) == peer->plan.exchanges ? 0 : 1);
        if (pid < 0)
            die(EXIT_CANNOT, "cannot fork client %u: %s", i, strerror(errno));
    }
    for (uint32_t i = 0; i < peer->plan.tasks; i++) {
        int status;
        // Not the back end: it has a process group of its own.
        if (waitpid(0, &status, 0) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
            right += peer->plan.exchanges;
    }
    return right;
}
