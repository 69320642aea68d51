// SPDX-License-Identifier: MIT
//
// A process per session, written plainly: fork them all, wait for them all.
#include "lib/error.h"
#include "tests/peers/fetch_peer.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void peer_run(const struct work *work)
{
    for (uint32_t i = 0; i < work->tasks; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            peer_session(work, i);
            _exit(EXIT_FINE);
        }
        if (pid < 0)
            die(EXIT_CANNOT, "cannot fork client %u: %s", i, strerror(errno));
    }
    // Not the back end: it has a process group of its own.
    while (waitpid(0, NULL, 0) > 0)
        continue;
}
