// SPDX-License-Identifier: MIT
//
// server.h - the verbs of direct style that a server needs beside those of direct.h: take
// a connection, and wait for none of its bytes for ever. By the same suppliers and
// the same rules: 0 or a count, or -errno; EINTR is handled here; "suspends" means that
// others of this worker may run.
//
// Ending a server needs no verb: shutdown(2) of the listener and of the connections wakes
// everybody who waits for them, in every model, in whatever process (they are shared), and
// it cannot come too early: the next wait sees it as well.
//
// Read next: workloads/serve/direct.c for a user, blocking/server.c and coroutine/server.c for
// suppliers, server_events.h for the same with callbacks.
#ifndef QUARTET_RUNNERS_SERVER_H
#define QUARTET_RUNNERS_SERVER_H

#include "runners/direct.h"

#include <stdint.h>

// For direct_limit(): a wait has no limit.
#define DIRECT_FOREVER UINT64_MAX

// Suspends until somebody has connected to the listening socket, or to one behind the door
// (common/accept_from.h) that is given in its place; returns the descriptor of
// the connection, in the mode that the model needs. A connection that has gone again
// meanwhile is passed over. When descriptors or memory run short (EMFILE, ENFILE, ENOBUFS,
// ENOMEM), it tries again from time to time, and does not spin; those who connect wait in
// the kernel's queue. -EINVAL: the listener has been shut down, there will be nobody more.
int direct_accept(int listener);

// From now on, whoever has waited for `timeout_ns` on this descriptor, to read or to write,
// and no byte has moved meanwhile, gets -ETIMEDOUT. It stays so until it is set anew or the
// descriptor is closed; as SO_RCVTIMEO and SO_SNDTIMEO do, it costs nothing per wait.
int direct_limit(int fd, uint64_t timeout_ns);

#endif
