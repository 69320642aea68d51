// SPDX-License-Identifier: MIT
//
// foreign_notes.h - the lines below a table that say how much of each row's work is proved, and
// how rows of anybody compare with the model that they correspond to; or the models with a row
// that corresponds to none of them, the bare I/O.
#ifndef QUARTET_DRIVER_SHOW_FOREIGN_NOTES_H
#define QUARTET_DRIVER_SHOW_FOREIGN_NOTES_H

#include "driver/report/model.h"

#include <jansson.h>

// Adds them, where the table has rows of anybody or commands.
void foreign_notes(json_t *lines, const struct report_table *table);

#endif
