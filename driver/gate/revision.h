// SPDX-License-Identifier: MIT
//
// revision.h - a git revision as a base: checked out and built below the work folder of the
// session, without a trace in the user's repository, also if this program is killed. Git runs
// no program that the repository names; the Makefile of the revision and its runners run as
// the user.
//
// Read next: base.h.
#ifndef QUARTET_DRIVER_GATE_REVISION_H
#define QUARTET_DRIVER_GATE_REVISION_H

#include "driver/gate/base.h"

#define REVISION_PREFIX "revision:"

// Checks base->name out and builds it in this mode. 0; -ENOENT: there is no such revision,
// and base->commit is ""; -EINTR; or another -errno; with the reason.
int revision_open(struct base *base, const char *mode, const struct janitor *janitor,
                  struct reason *reason);

// Warns if base->name, which is a folder, is the name of a revision, too.
void revision_warn(const struct base *base);

#endif
