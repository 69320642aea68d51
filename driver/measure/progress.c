// SPDX-License-Identifier: MIT
//
// The line that tells how far we are: see progress.h.
#include "driver/measure/progress.h"

#include "lib/clock.h"
#include "lib/plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LATE    3
#define LATE_NS (30 * NS_PER_SECOND)
#define MOST_NS (30 * UINT64_C(86400) * NS_PER_SECOND) // a month: nobody waits for that

#define CLEAR_LINE "\r\033[K"

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

void progress_init(struct progress *progress, unsigned blocks)
{
    const char *term = getenv("TERM");
    bool dumb = term == NULL || strcmp(term, "dumb") == 0;
    *progress = (struct progress){.blocks = blocks};
    progress->live = isatty(STDERR_FILENO) && !dumb && !is_set("CI");
}

// "1m05s"
static void format_duration(uint64_t ns, char *text, size_t size)
{
    uint64_t seconds = (ns + NS_PER_SECOND / 2) / NS_PER_SECOND;
    if (seconds < 60)
        snprintf(text, size, "%us", (unsigned)seconds);
    else if (seconds < 3600)
        snprintf(text, size, "%um%02us", (unsigned)(seconds / 60),
                 (unsigned)(seconds % 60));
    else
        snprintf(text, size, "%uh%02um", (unsigned)(seconds / 3600),
                 (unsigned)(seconds / 60 % 60));
}

// The rest of this block by now, and all that comes after it.
static void format_left(const struct progress *progress, char *text, size_t size)
{
    uint64_t elapsed = clock_now_ns() - progress->begin_ns;
    uint64_t rest = elapsed < progress->needs_ns ? progress->needs_ns - elapsed : 0;
    char duration[32];
    text[0] = '\0';
    if (progress->needs_ns == 0)
        return;
    uint64_t left = rest + progress->left_ns;
    // A block that takes far longer than those before says that nothing is known any more.
    bool late = elapsed > LATE * progress->needs_ns && elapsed > LATE_NS;
    if (late || left < rest || left > MOST_NS)
        return;
    format_duration(left, duration, sizeof duration);
    snprintf(text, size, ", %s left", duration);
}

static void print_line(const struct progress *progress)
{
    char left[48];
    format_left(progress, left, sizeof left);
    fprintf(stderr, "%s[%u/%u] %s%s%s", progress->live ? CLEAR_LINE : "",
            progress->done + 1, progress->blocks, progress->what, left,
            progress->live ? "" : "\n");
}

void progress_begin(struct progress *progress, const char *what, uint64_t needs_ns,
                    uint64_t left_ns)
{
    plain_copy(progress->what, sizeof progress->what, what);
    progress->begin_ns = clock_now_ns();
    progress->needs_ns = needs_ns;
    progress->left_ns = left_ns;
    print_line(progress);
}

void progress_tick(void *context)
{
    struct progress *progress = context;
    if (progress->live)
        print_line(progress);
}

void progress_end(struct progress *progress)
{
    progress->done++;
}

void progress_remark(const struct progress *progress, const char *format, ...)
{
    va_list arguments;
    char text[1000];
    progress_clear(progress);
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    plain_line(stderr, "%s: %s", progress->what, text);
}

void progress_clear(const struct progress *progress)
{
    if (progress->live)
        fputs(CLEAR_LINE, stderr);
}
