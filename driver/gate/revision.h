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

// The steps of it for a tree of anybody. The folder of the checkout and the messages are named
// by base->side. revision_build() gives the command to sh, in the tree. As revision_open().
int revision_check_out(struct base *base, const struct janitor *janitor,
                       struct reason *reason);
int revision_build(const struct base *base, const char *command,
                   const struct janitor *janitor, struct reason *reason);

// Warns of commits that the base has and HEAD lacks: they are compared, too, as if the change
// had taken them away.
void revision_warn_of_lacking(const struct base *base);

// The top of the git tree that we are in. 0, or -errno with the reason.
int revision_top(char *top, size_t size, struct reason *reason);

// Are there changes of files that git knows, in no commit yet? Asked without a trace.
bool revision_has_changes(void);

// Warns if base->name, which is a folder, is the name of a revision, too.
void revision_warn(const struct base *base);

#endif
