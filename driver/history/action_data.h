// SPDX-License-Identifier: MIT
//
// action_data.h - the file in which github-action-benchmark keeps values over commits, data.js:
//
//   window.BENCHMARK_DATA = {"lastUpdate": ms, "repoUrl": "", "entries": {"Suite": [
//     {"commit": {"id": "", "timestamp": "", "message": "", ...}, "date": ms, "tool": "",
//      "benches": [{"name": "", "value": 1, "unit": "ns", "range": ""}]}]}}
//
// Source: README and src/write.ts of github.com/benchmark-action/github-action-benchmark.
#ifndef QUARTET_DRIVER_HISTORY_ACTION_DATA_H
#define QUARTET_DRIVER_HISTORY_ACTION_DATA_H

#include "driver/history/history.h"
#include "lib/error.h"

#include <stdio.h>

// Adds the entries of such a file. Each of its suites is a machine of its own, as it were, so
// that equal names stay apart. 0, or -errno with the reason.
int action_data_load(struct history *history, const char *path, const char *shown,
                     struct reason *reason);

// Prints a history as such a file, each testbed as one suite.
void action_data_print(FILE *file, const struct history *history);

#endif
