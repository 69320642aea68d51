// SPDX-License-Identifier: MIT
//
// profile.h - the plans that ship with the program: quick, gate, default, rigorous and lanes. They are
// documents of schema quartet.plan/1 (file.h) in the folder profiles/, and all sizes of
// the project's comparisons stand there. A user copies one, changes it, and names the
// copy: `quartet run --profile FILE`.
//
// Read next: plan.h.
#ifndef QUARTET_DRIVER_PLAN_PROFILE_H
#define QUARTET_DRIVER_PLAN_PROFILE_H

#include "driver/plan/file.h"
#include "lib/error.h"

#define PROFILE_CHOICES "quick|gate|default|rigorous|lanes"

// From so many rounds on, a difference may be acted upon.
#define PROFILE_DECISIVE_ROUNDS 12

// Reads the profile of this name, or the file at this path: whatever holds a '/' or ends
// in ".json" is a path. As plan_file_load(), with -EINVAL also for an unknown name. The
// profile always says how many rounds there are. plan_file_free() afterwards.
int profile_load(struct plan_file *profile, const char *name, struct reason *reason);

#endif
