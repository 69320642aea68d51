// SPDX-License-Identifier: MIT
//
// shared_form.h - a runner that is linked statically hands a workload whose library cannot
// be over to the runner of the same name in shared/ beside it, which is made from the same
// object files (scripts/shared.mk). All models do so alike, and it costs one exec().
#ifndef QUARTET_RUNNERS_COMMON_SHARED_FORM_H
#define QUARTET_RUNNERS_COMMON_SHARED_FORM_H

#include <jansson.h>
#include <stdbool.h>

// Is it a workload of the other runner, and does that exist?
bool shared_form_has(const char *workload);

// Becomes the other runner, with the same arguments. Returns only -errno.
int shared_form_become(char **argv);

// Appends the workloads that the other runner describes, if there is one.
void shared_form_describe(json_t *workloads);

#endif
