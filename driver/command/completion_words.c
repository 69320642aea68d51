// SPDX-License-Identifier: MIT
//
// completion_words.c - what the scripts for all shells have in common: see completion_words.h.
#include "driver/command/completion_words.h"

#include "lib/check.h"

#include <string.h>

enum completion_kind completion_kind_of(const struct option_spec *spec)
{
    static const struct {
        const char *name;
        enum completion_kind kind;
    } texts[] = {
        {"workloads", COMPLETION_WORDS},   {"models", COMPLETION_WORDS},
        {"base", COMPLETION_BASE},         {"cpus", COMPLETION_NOTHING},
        {"threshold", COMPLETION_NOTHING}, {"concurrency", COMPLETION_NOTHING},
    };
    if (spec->kind == OPTION_FLAG)
        return COMPLETION_FLAG;
    if (spec->choices != NULL)
        return COMPLETION_CHOICE;
    if (spec->kind != OPTION_TEXT)
        return COMPLETION_NOTHING;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(texts[i].name, spec->name) == 0)
            return texts[i].kind;
    return COMPLETION_FILE;
}

bool completion_is_output(const struct option_spec *spec)
{
    return strcmp(spec->name, "output") == 0;
}

void completion_print_choices(FILE *file, const struct option_spec *spec)
{
    for (const char *c = spec->choices; *c != '\0' && strcmp(c, "|FILE") != 0; c++)
        fputc(*c == '|' ? ' ' : *c, file);
}

void completion_print_escaped(FILE *file, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (strchr(special, *text) != NULL)
            fputc('\\', file);
        fputc(*text, file);
    }
}
