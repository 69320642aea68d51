// SPDX-License-Identifier: MIT
//
// Messages and the end of a program: see error.h.
#include "lib/error.h"

#include "lib/plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *program_name = "quartet";

void error_set_program(const char *name)
{
    program_name = name;
}

// One fprintf per message, so that messages of several processes do not mix.
__attribute__((format(printf, 1, 0))) static void print_message(const char *format,
                                                                va_list arguments)
{
    char message[1024];
    vsnprintf(message, sizeof message, format, arguments);
    plain_copy(message, sizeof message, message); // names and words of others are in it
    fprintf(stderr, "%s: %s\n", program_name, message);
}

void warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
}

void die(enum exit_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
    exit((int)code);
}

int reason_set(struct reason *reason, int error, const char *format, ...)
{
    if (reason != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(reason->text, sizeof reason->text, format, arguments);
        va_end(arguments);
    }
    return error;
}
