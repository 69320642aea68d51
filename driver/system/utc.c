// SPDX-License-Identifier: MIT
//
// utc.c - see utc.h.
#include "driver/system/utc.h"

#include <string.h>

#define DAY_S 86400

void utc_text(char text[UTC_SIZE], time_t seconds)
{
    struct tm utc;
    strftime(text, UTC_SIZE, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
}

void utc_now(char text[UTC_SIZE])
{
    utc_text(text, time(NULL));
}

bool utc_is_older(const char *text, unsigned days)
{
    char oldest[UTC_SIZE];
    utc_text(oldest, time(NULL) - (time_t)days * DAY_S);
    return strcmp(text, oldest) < 0;
}
