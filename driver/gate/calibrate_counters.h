// SPDX-License-Identifier: MIT
//
// calibrate_counters.h - how far counts of one and the same build lie apart on this
// machine. Counts have no distribution worth the name: most repeat to the last digit, and
// a few jump. So the noise floor of a counter is the largest difference between any two of
// several counts, and nothing is drawn from them.
//
// Read next: report/counter_verdict.h, which makes a tolerance of a noise floor.
#ifndef QUARTET_DRIVER_GATE_CALIBRATE_COUNTERS_H
#define QUARTET_DRIVER_GATE_CALIBRATE_COUNTERS_H

#include "driver/measure/session.h"
#include "driver/report/calibration.h"
#include "lib/error.h"

// Counts each row of the session that has a base `repeat` times, 2 to
// COUNTER_REPEAT_MAXIMUM, and adds a cell for it with what a calibration says of a counter.
// A counter that cannot be taken here is not in it. 0 or -EINTR.
int calibrate_counters(struct session *session, unsigned repeat,
                       struct calibration *calibration, struct reason *reason);

#endif
