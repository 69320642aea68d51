// SPDX-License-Identifier: MIT
//
// member.h - reading the members of a plan file with suspicion: which there may be,
// of which type and size, and a refusal that names the file and the place.
//
// Read next: file.c, which puts the members together.
#ifndef QUARTET_DRIVER_PLAN_MEMBER_H
#define QUARTET_DRIVER_PLAN_MEMBER_H

#include "driver/plan/describe.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_PLACE_SIZE 200

// Where one is in the file.
struct plan_place {
    const char *file;
    char path[PLAN_PLACE_SIZE]; // "tables[1].models[0]"; "": the whole
};

// The place one step further in: a member, or (name NULL) element `index`.
struct plan_place plan_place_at(const struct plan_place *place, const char *name,
                                size_t index);

// "FILE: PLACE: ..." as the reason. Returns -EINVAL.
__attribute__((format(printf, 3, 4))) int plan_refuse(const struct plan_place *place,
                                                      struct reason *reason,
                                                      const char *format, ...);

// The same for its member `name`.
__attribute__((format(printf, 4, 5))) int plan_refuse_at(const struct plan_place *place,
                                                         const char *name,
                                                         struct reason *reason,
                                                         const char *format, ...);

// Is it an object, and has it no other members than `known` (separated by blanks)? 0 or
// -EINVAL.
int plan_check_members(const struct plan_place *place, const json_t *object,
                       const char *known, struct reason *reason);

// A whole number from 1 to `maximum`; 0 in *value where the member is missing or
// null.
int plan_number(const struct plan_place *place, const json_t *object, const char *name,
                uint64_t maximum, uint64_t *value, struct reason *reason);

// A text that is not empty; NULL in *value where the member is missing or null.
int plan_text(const struct plan_place *place, const json_t *object, const char *name,
              const char **value, struct reason *reason);

// true or false; `usual` where the member is missing or null.
int plan_truth(const struct plan_place *place, const json_t *object, const char *name,
               bool usual, bool *value, struct reason *reason);

// Turns {"delay": "20ms", "await": true} into ["--delay", "20ms", "--await"], appended to
// `words`, as far as `options` (of a runner's answer) knows them. `owner` is who has
// these options: "the workload 'fetch'".
int plan_options(const struct plan_place *place, const json_t *object,
                 const struct described_options *options, const char *owner,
                 json_t *words, struct reason *reason);

#endif
