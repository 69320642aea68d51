// SPDX-License-Identifier: MIT
//
// links.h - one build, linked several times with its objects in other orders. Whatever the
// linker puts next to what moves the times of a row by up to a per cent, in every run of a
// file: no number of rounds of one file tells that from a change. So the gate takes links in
// turn, and what they make of a row becomes noise like any other.
//
// `make links` puts link k of each runner beside its folder: build/release/links/k/coroutine
// for build/release/bin/coroutine.
//
// Read next: measure/block.h, which runs them; docs/gate.md.
#ifndef QUARTET_DRIVER_PLAN_LINKS_H
#define QUARTET_DRIVER_PLAN_LINKS_H

#include "driver/plan/runner.h"

#include <stdbool.h>
#include <stddef.h>

#define LINKS_LEAST 4 // fewer do not tell how far they differ

// Finds the links of both builds and has them taken in turn: as many as all runners of both
// have, but for programs of anybody, which have none. None that is older than its runner counts:
// it is of another build. Returns how many; 0 if there are less than LINKS_LEAST, and then each
// runner stays the file that it is.
unsigned links_find(struct runner_set *head, struct runner_set *base);

// The same for a build that is compared with itself for so many rounds: the two never take the
// same link, and there are no more links than run five times each.
unsigned links_find_own(struct runner_set *set, unsigned rounds);

// Which of a runner's links takes part in a round, both from 1; 0: the runner itself. With
// each turn through its links head meets other links of base.
unsigned links_of_round(const struct runner *runner, unsigned round, bool is_head);

// The path of a link; of 0 that of the runner.
void links_path(const struct runner *runner, unsigned link, char *path, size_t size);

#endif
