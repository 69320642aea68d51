// SPDX-License-Identifier: MIT
//
// tables_style.c - what the place that the text goes to can show. Colours only on a
// terminal that has not asked for none (https://no-color.org, TERM=dumb, CI). A file or
// a pipe is as wide as the table needs.
#define _GNU_SOURCE // TIOCGWINSZ is not POSIX
#include "driver/show/tables.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_USUAL     100 // of a terminal that does not tell
#define WIDTH_NARROWEST 40

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static void find_size(int fd, struct tables_style *style)
{
    struct winsize size;
    bool told = ioctl(fd, TIOCGWINSZ, &size) == 0;
    style->width = told && size.ws_col > 0 ? size.ws_col : WIDTH_USUAL;
    style->height = told ? size.ws_row : 0;
    if (style->width < WIDTH_NARROWEST)
        style->width = WIDTH_NARROWEST;
}

void tables_style_detect(struct tables_style *style, FILE *file)
{
    int fd = fileno(file);
    const char *term = getenv("TERM");
    bool terminal = fd >= 0 && isatty(fd);
    bool dumb = term == NULL || strcmp(term, "dumb") == 0;
    *style = (struct tables_style){.colour = terminal && !dumb && !is_set("NO_COLOR") &&
                                             !is_set("CI")};
    if (terminal)
        find_size(fd, style);
}
