// SPDX-License-Identifier: MIT
//
// accept_from.h - taking a connection from a listener, or from a door: an epoll descriptor
// that holds listeners and other doors, each event with its descriptor as data.fd. A worker
// that may take connections from more than one listener waits for its door as it would for a
// listener, since an epoll descriptor is readable when one of those that it holds is.
//
// Every model that accepts asks here. workloads/serve/server.c makes doors.
#ifndef QUARTET_RUNNERS_COMMON_ACCEPT_FROM_H
#define QUARTET_RUNNERS_COMMON_ACCEPT_FROM_H

// The next connection, with these flags of accept4(2), or -errno; -EAGAIN: nobody is there.
// Blocks where `fd` is a listener that blocks; those behind a door must not.
int accept_from(int fd, int flags);

#endif
