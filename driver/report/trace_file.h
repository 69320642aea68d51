// SPDX-License-Identifier: MIT
//
// trace_file.h - where the events of a row lie (quartet.trace/1, one file for each traced row of
// `quartet run --trace`): FOLDER/trace/TABLE.NUMBER.json, beside report.json. NUMBER counts the
// cells of the table from 0; a '/' of TABLE is a '-'.
#ifndef QUARTET_DRIVER_REPORT_TRACE_FILE_H
#define QUARTET_DRIVER_REPORT_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define TRACE_FILE_FOLDER "trace"
#define TRACE_FILE_PATH   4096

// False: the path would be too long, or leave the folder.
bool trace_file_path(const char *folder, const char *table, size_t number,
                     char path[TRACE_FILE_PATH]);

#endif
