// SPDX-License-Identifier: MIT
//
// manual_rows.h - how the texts of manuals.c and manuals_stored.c are written, and the rows that
// several of them have.
#ifndef QUARTET_DRIVER_COMMAND_MANUAL_ROWS_H
#define QUARTET_DRIVER_COMMAND_MANUAL_ROWS_H

#include "lib/manual.h"

#define EXITS(...)    ((const struct manual_exit[]){__VA_ARGS__, {0, NULL}})
#define EXAMPLES(...) ((const struct manual_example[]){__VA_ARGS__, {NULL, NULL}})

// Rows that several commands have.
#define EXIT_ROW_FINE                                                                    \
    {                                                                                    \
        0, "fine"                                                                        \
    }
#define EXIT_ROW_USAGE                                                                   \
    {                                                                                    \
        2, "usage: an option or a name that there is not"                                \
    }
#define EXIT_ROW_MISSING                                                                 \
    {                                                                                    \
        77, "hyperfine or a workload's library is missing"                               \
    }
#define EXIT_ROW_READ                                                                    \
    {                                                                                    \
        1, "the report cannot be read"                                                   \
    }

#endif
