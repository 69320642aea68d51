// SPDX-License-Identifier: MIT
//
// model_members.h - the names of a report's members, each next to the field of model.h that
// holds it. results/README.md describes them.
#ifndef QUARTET_DRIVER_REPORT_MODEL_MEMBERS_H
#define QUARTET_DRIVER_REPORT_MODEL_MEMBERS_H

#include "driver/report/members.h"

extern const struct members report_members;
extern const struct members report_tool_members;
extern const struct members report_plan_members;
extern const struct members left_out_members;
extern const struct members report_budget_members;
extern const struct members report_table_members;
extern const struct members report_block_members;
extern const struct members block_noise_members;
extern const struct members noise_reference_members;
extern const struct members report_cell_members;
extern const struct members cell_progress_members;
extern const struct members sample_members;
extern const struct members record_members; // read only

// Members that an analysis finds; only written.
extern const struct members summary_members;
extern const struct members phases_members; // of struct cell_statistics, as the next five
extern const struct members cpu_members;
extern const struct members caused_members;
extern const struct members switches_members;
extern const struct members latency_members;
extern const struct members statistics_members;
extern const struct members pair_members;
extern const struct members table_noise_members;
extern const struct members verification_members;
extern const struct members sweep_point_members;

#endif
