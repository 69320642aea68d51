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

#endif
