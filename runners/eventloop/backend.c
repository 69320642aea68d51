// SPDX-License-Identifier: MIT
//
// Which kernel interface the loop waits with: libev reports what it was built with and
// what this kernel supports. epoll unless asked, the one that scales.
#include "lib/check.h"
#include "runners/eventloop/eventloop.h"

#include <errno.h>

struct eventloop_settings eventloop_settings;

const struct option_spec eventloop_options[] = {
    {"loops", OPTION_COUNT, offsetof(struct eventloop_settings, loops), "1", 1, 256, NULL,
     "event loops, each in a thread of its own"},
    {"backend", OPTION_CHOICE, offsetof(struct eventloop_settings, backend), "epoll", 0,
     0, "epoll|poll|select|iouring", "how the loop waits"},
    {"offload", OPTION_CHOICE, offsetof(struct eventloop_settings, offload), "none", 0, 0,
     "none|threads|processes", "where long computations are done"},
    {"pool", OPTION_COUNT, offsetof(struct eventloop_settings, pool), "1", 1, 1024, NULL,
     "threads or processes that --offload has for each loop"},
    {0}};

#ifndef EVBACKEND_IOURING // named by libev 4.33 and later only
#define EVBACKEND_IOURING 0U
#endif

static const unsigned backend_flags[] = {EVBACKEND_EPOLL, EVBACKEND_POLL,
                                         EVBACKEND_SELECT, EVBACKEND_IOURING};

struct ev_loop *eventloop_new(void)
{
    CHECK(eventloop_settings.backend < ARRAY_LEN(backend_flags));
    return ev_loop_new(backend_flags[eventloop_settings.backend] | EVFLAG_NOENV);
}

int eventloop_check_backend(struct reason *reason)
{
    unsigned flag = backend_flags[eventloop_settings.backend];
    if (flag != 0 && (ev_supported_backends() & flag) != 0)
        return 0;
    char name[16];
    option_choice_text(&eventloop_options[1], eventloop_settings.backend, name,
                       sizeof name);
    return reason_set(reason, -ENOSYS,
                      "libev %d.%d here has no '%s' back end; choose another --backend",
                      ev_version_major(), ev_version_minor(), name);
}
