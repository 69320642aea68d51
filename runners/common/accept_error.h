// SPDX-License-Identifier: MIT
//
// accept_error.h - what an error of accept(2) is about: this one connection, the whole
// machine for the moment, or the listener. Every model that accepts asks here.
#ifndef QUARTET_RUNNERS_COMMON_ACCEPT_ERROR_H
#define QUARTET_RUNNERS_COMMON_ACCEPT_ERROR_H

#include "lib/clock.h"

#include <errno.h>

// How long to wait when there is no descriptor for a connection that has come. The
// listener stays readable all the time, so whoever asked again at once would spin.
#define ACCEPT_PAUSE_NS (NS_PER_SECOND / 20)

enum accept_error {
    ACCEPT_NONE,  // nobody is there (EAGAIN)
    ACCEPT_NEXT,  // that one has gone: the next may be there
    ACCEPT_SHORT, // no descriptor or no memory, until others have given some back
    ACCEPT_OVER,  // the listener is no more
};

// Linux hands errors of the network that belong to the new connection out by accept():
// see accept(2), "Error handling".
static inline enum accept_error accept_error(int error)
{
    switch (error) {
    case EAGAIN:
        return ACCEPT_NONE;
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case EPERM:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case ENONET:
        return ACCEPT_NEXT;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return ACCEPT_SHORT;
    default:
        return ACCEPT_OVER;
    }
}

#endif
