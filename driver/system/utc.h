// SPDX-License-Identifier: MIT
//
// utc.h - dates as files have them: "2026-03-01T12:00:00Z", to the second. Of two such texts
// strcmp() tells which is earlier.
#ifndef QUARTET_DRIVER_SYSTEM_UTC_H
#define QUARTET_DRIVER_SYSTEM_UTC_H

#include <stdbool.h>
#include <time.h>

#define UTC_SIZE 32

// Writes this time.
void utc_text(char text[UTC_SIZE], time_t seconds);

// Writes the time of the call.
void utc_now(char text[UTC_SIZE]);

// Is this date more than so many days ago? "" is.
bool utc_is_older(const char *text, unsigned days);

#endif
