// SPDX-License-Identifier: MIT
//
// revision.h - a git revision as a base: checked out and built below the work folder of the
// session, without a trace in the user's repository, also if this program is killed. Git runs
// no program that the repository names; the Makefile of the revision and its runners run as
// the user.
//
// Read next: base.h, which finds out that a revision is meant.
#ifndef QUARTET_DRIVER_GATE_REVISION_H
#define QUARTET_DRIVER_GATE_REVISION_H

#include "driver/plan/runner.h"
#include "driver/system/janitor.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>

#define REVISION_PREFIX "revision:"

struct revision {
    const char *name; // as the user gave it; borrowed
    const char *side; // "base" or "head": of its folder, and of the option that names it
    char commit[72];  // SHA-1 or SHA-256; "": there is no such revision
    char worktree[4096]; // "" if there is none
};

// Checks the named revision out, builds it in this mode, and finds its runners. 0; -ENOENT:
// there is no such revision; -EINTR; or another -errno; with the reason.
int revision_open(struct revision *revision, const char *mode,
                  const struct janitor *janitor, struct runner_set *runners,
                  struct reason *reason);

// The steps of it for a tree of anybody. The folder of the checkout and the messages are named
// by revision->side. revision_build() gives the command to sh, in the tree. As revision_open().
int revision_check_out(struct revision *revision, const struct janitor *janitor,
                       struct reason *reason);
int revision_build(const struct revision *revision, const char *command,
                   const struct janitor *janitor, struct reason *reason);

// Builds the lanes that need it, where the tree can do that (`make lane-programs`). 0 or -EINTR.
int revision_build_lanes(const struct revision *revision, const struct janitor *janitor,
                         struct reason *reason);

// Warns of commits that the base has and HEAD lacks: they are compared, too, as if the change
// had taken them away.
void revision_warn_of_lacking(const struct revision *revision);

// The top of the git tree that we are in. 0, or -errno with the reason.
int revision_top(char *top, size_t size, struct reason *reason);

// Are there changes of files that git knows, in no commit yet? Asked without a trace.
bool revision_has_changes(void);

// Warns if a folder that was named is the name of a revision, too.
void revision_warn(const char *folder);

#endif
