// SPDX-License-Identifier: MIT
//
// github.c - see github.h.
#include "driver/show/github.h"

#include "lib/error.h"
#include "lib/plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool github_is_here(void)
{
    const char *value = getenv("GITHUB_ACTIONS");
    return value != NULL && strcmp(value, "true") == 0;
}

void github_annotate(const char *level, const char *title, const char *text)
{
    printf("::%s title=%s::", level, title);
    for (size_t bytes; *text != '\0'; text += bytes) {
        uint32_t letter = plain_letter(text, &bytes);
        if (letter == '%')
            fputs("%25", stdout); // "%0A" in a text would be the end of a line
        else if (plain_is_harmful(letter))
            putchar('?');
        else
            fwrite(text, 1, bytes, stdout);
    }
    putchar('\n');
}

void github_append(const char *variable, void (*write)(FILE *file, const void *content),
                   const void *content)
{
    const char *path = getenv(variable);
    if (path == NULL || path[0] == '\0')
        return;
    FILE *file = fopen(path, "ae");
    if (file != NULL)
        write(file, content);
    if (file == NULL || fclose(file) != 0)
        warn("cannot append to %s, '%s': %s", variable, path, strerror(errno));
}
