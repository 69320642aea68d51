// SPDX-License-Identifier: MIT
//
// report.h - the gate against a stored report. Times of another day or machine prove
// nothing, so wall times only warn, and only on a machine of the same kind. What decides
// is what can be carried from one machine to another: how each row compares with the
// other rows of its table, and counters. Read analysis/compare.h first.
#ifndef QUARTET_DRIVER_GATE_REPORT_H
#define QUARTET_DRIVER_GATE_REPORT_H

#include "driver/gate/gate.h"
#include "driver/measure/session.h"
#include "lib/error.h"

#include <jansson.h>

// As gate_measure(), with the analysed report as the base.
int gate_report_measure(struct session *session, const struct gate *gate,
                        const struct report *base, struct reason *reason);

#endif
