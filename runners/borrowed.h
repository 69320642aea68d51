// SPDX-License-Identifier: MIT
//
// borrowed.h - one verb of direct style for descriptors that belong to a library. Such a
// library reads and writes by itself, never blocks, and says what it waits for; the model
// does the waiting. The library may close the descriptor between two waits, and open
// another with the same number: nothing is remembered from one wait to the next.
//
// Read next: workloads/query/direct.c for a user.
#ifndef QUARTET_RUNNERS_BORROWED_H
#define QUARTET_RUNNERS_BORROWED_H

// Suspends until the descriptor is ready for one of `events`: POLLIN, POLLOUT or both, of
// poll(2). Also when it has failed: the library will find out. 0, or -errno.
int direct_wait(int fd, int events);

#endif
