// SPDX-License-Identifier: MIT
//
// manual.c - one text in two forms: for the terminal, and in the man macros of roff. See
// options.c for the options of the first form.
#include "lib/manual.h"

#include <ctype.h>
#include <string.h>

// The title of the section that begins with this option, or NULL.
static const char *section_of(const struct manual *manual,
                              const struct option_group *group,
                              const struct option_spec *spec)
{
    const struct manual_section *section = manual->sections;
    for (; section != NULL && section->first != NULL; section++)
        if (strcmp(section->first, spec->name) == 0)
            return section->title;
    return spec == group->specs ? group->title : NULL;
}

// ---- for the terminal ----------------------------------------------------------------

static void print_usage(FILE *file, const char *usage)
{
    const char *lead = "usage: ";
    for (const char *line = usage; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fprintf(file, "%s%.*s\n", lead, (int)length, line);
        lead = "       ";
        line += length + (line[length] == '\n');
    }
}

static void print_exits(FILE *file, const struct manual_exit *exits)
{
    fputs("\nExit codes:\n", file);
    for (; exits->meaning != NULL; exits++)
        fprintf(file, "  %-4d %s\n", exits->code, exits->meaning);
}

static void print_examples(FILE *file, const struct manual_example *examples)
{
    fputs("\nExamples:\n", file);
    for (; examples->command != NULL; examples++)
        fprintf(file, "  %s\n      %s\n", examples->command, examples->meaning);
}

static void print_options(FILE *file, const struct manual *manual,
                          const struct option_group *group)
{
    const char *last = "";
    for (const struct option_spec *spec = group->specs; spec->name != NULL; spec++) {
        const char *title = section_of(manual, group, spec);
        if (title != NULL && strcmp(title, last) != 0)
            fprintf(file, "\n%s:\n", last = title);
        options_print_row(file, spec);
    }
}

void manual_print(FILE *file, const struct manual *manual,
                  const struct option_group *groups)
{
    fprintf(file, "%s - %s\n\n", manual->name, manual->summary);
    print_usage(file, manual->usage);
    if (manual->text != NULL)
        fprintf(file, "\n%s", manual->text);
    for (; groups->specs != NULL; groups++)
        print_options(file, manual, groups);
    if (manual->environment != NULL)
        fprintf(file, "\nEnvironment:\n%s", manual->environment);
    if (manual->exits != NULL)
        print_exits(file, manual->exits);
    if (manual->examples != NULL)
        print_examples(file, manual->examples);
}

// ---- as a man page -------------------------------------------------------------------

// A dot or quote at the beginning of a line would be a request; a backslash always escapes,
// and a bare hyphen may become another dash, which nobody could paste into a shell.
static void print_escaped(FILE *file, const char *text, size_t length)
{
    if (length > 0 && (text[0] == '.' || text[0] == '\''))
        fputs("\\&", file);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\')
            fputs("\\e", file);
        else if (text[i] == '-')
            fputs("\\-", file);
        else
            fputc(text[i], file);
    }
}

static void print_line(FILE *file, const char *text)
{
    print_escaped(file, text, strlen(text));
    fputc('\n', file);
}

// Lines that begin with two blanks are kept; of others roff makes paragraphs.
static void print_paragraphs(FILE *file, const char *text)
{
    bool kept = false;
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool keep = strncmp(line, "  ", 2) == 0;
        if (keep != kept)
            fputs(keep ? ".nf\n" : ".fi\n", file);
        kept = keep;
        if (length == 0) {
            fputs(".PP\n", file);
        } else {
            print_escaped(file, line, length);
            fputc('\n', file);
        }
        line += length + (line[length] == '\n');
    }
    if (kept)
        fputs(".fi\n", file);
}

static void print_page_options(FILE *file, const struct manual *manual,
                               const struct option_group *group)
{
    const char *last = "";
    for (const struct option_spec *spec = group->specs; spec->name != NULL; spec++) {
        char head[OPTION_HEAD_SIZE];
        char text[OPTION_TEXT_SIZE];
        const char *title = section_of(manual, group, spec);
        if (title != NULL && strcmp(title, last) != 0)
            fprintf(file, ".SS \"%s\"\n", last = title);
        option_words(spec, head, sizeof head, text, sizeof text);
        fputs(".TP\n.B ", file);
        print_line(file, head);
        print_line(file, text);
    }
}

static void print_title(FILE *file, const struct manual *manual, const char *version)
{
    fputs(".TH \"", file);
    for (const char *c = manual->name; *c != '\0'; c++)
        fputc(*c == ' ' ? '-' : toupper((unsigned char)*c), file);
    fprintf(file, "\" 1 \"\" \"quartet %s\" \"User Commands\"\n.SH NAME\n", version);
    for (const char *c = manual->name; *c != '\0'; c++)
        fputs(*c == ' ' || *c == '-' ? "\\-" : (char[]){*c, '\0'}, file);
    fputs(" \\- ", file);
    print_line(file, manual->summary);
}

static void print_synopsis(FILE *file, const char *usage)
{
    fputs(".SH SYNOPSIS\n.nf\n", file);
    for (const char *line = usage; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        print_escaped(file, line, length);
        fputc('\n', file);
        line += length + (line[length] == '\n');
    }
    fputs(".fi\n", file);
}

void manual_print_page(FILE *file, const struct manual *manual,
                       const struct option_group *groups, const char *version)
{
    print_title(file, manual, version);
    print_synopsis(file, manual->usage);
    if (manual->text != NULL) {
        fputs(".SH DESCRIPTION\n", file);
        print_paragraphs(file, manual->text);
    }
    if (groups->specs != NULL)
        fputs(".SH OPTIONS\n", file);
    for (; groups->specs != NULL; groups++)
        print_page_options(file, manual, groups);
    if (manual->environment != NULL) {
        fputs(".SH ENVIRONMENT\n", file);
        print_paragraphs(file, manual->environment);
    }
    if (manual->exits != NULL)
        fputs(".SH \"EXIT STATUS\"\n", file);
    for (const struct manual_exit *each = manual->exits;
         each != NULL && each->meaning != NULL; each++) {
        fprintf(file, ".TP\n.B %d\n", each->code);
        print_line(file, each->meaning);
    }
    if (manual->examples != NULL)
        fputs(".SH EXAMPLES\n", file);
    for (const struct manual_example *each = manual->examples;
         each != NULL && each->command != NULL; each++) {
        fputs(".TP\n.B ", file);
        print_line(file, each->command);
        print_line(file, each->meaning);
    }
}
