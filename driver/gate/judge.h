// SPDX-License-Identifier: MIT
//
// judge.h - what a session that measured two builds side by side says about each
// row: verdicts from raw samples. Each cell of the new build (head) is
// compared with the one that names it in `base_of`, block by block.
//
// Read next: statistics/verdict.h for the rules, gate.h for who asks when.
#ifndef QUARTET_DRIVER_GATE_JUDGE_H
#define QUARTET_DRIVER_GATE_JUDGE_H

#include "driver/report/comparison.h"
#include "driver/report/model.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

// Compares all rows over all blocks so far, by each metric that they have: base and head are
// medians, ratio is the median of head / base with an interval that may be looked at at any
// time (statistics/anytime.h). The threshold is raised by the noise floor of the row's own
// twins and by that of a calibration, which stands in `floors` of the cell (calibration.h).
// The primary metric of the row decides (primary.h), and only primaries are corrected for
// being many; other metrics explain, but a time that lies wholly above the border is SUSPECT
// whatever it was meant for. `most` rounds there may be. 0 or -ENOMEM; comparisons_free() in
// both cases.
int gate_judge(struct report *report, double threshold, unsigned most,
               struct comparisons *found);

// Without links (`gate.links`, plan/links.h), and of a program of anybody, nobody knows what the
// linker makes of a row, and the threshold is not below this.
#define JUDGE_LAYOUT 0.05

// Rows that cannot be compared because of the base: [{"table", "row", "reason"}].
json_t *gate_judge_missing(const struct report *report);

// The first thing for which head is to be refused without any look at times: a row that
// failed, gave a wrong answer, or did other work than base. [{"table", "row", "reason"}].
json_t *gate_judge_answers(const struct report *report);

#endif
