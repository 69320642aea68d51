// SPDX-License-Identifier: MIT
//
// choice.h - what the user chose of a plan, looked at before anything is made of it: are
// there such workloads, tables and models, and can it be what she asks for?
//
// Read next: plan.c.
#ifndef QUARTET_DRIVER_PLAN_CHOICE_H
#define QUARTET_DRIVER_PLAN_CHOICE_H

#include "driver/plan/types.h"
#include "lib/error.h"

// How often `name` stands in "a,b,c" (NULL: nowhere).
unsigned choice_count(const char *list, const char *name);

// 0, or -EINVAL: the reason names what is not there, and what is.
int choice_check(const struct plan_choice *choice, const struct runner_set *set,
                 struct reason *reason);

#endif
