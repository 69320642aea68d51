// SPDX-License-Identifier: MIT
//
// An explanation for people: see explain.h. Numbers are rounded once, and what is unexplained
// is the rest of the rounded ones, so that the column adds up as it is printed.
#include "driver/explain/view.h"

#include "driver/show/grid.h"
#include "lib/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Parts that are smaller than this part of the difference share a line.
#define SMALL_PART 0.005

bool explain_is_small(const struct explanation *explanation, const struct part *part)
{
    return fabs(part->ns) < SMALL_PART * fabs(explanation->difference);
}

void explain_sum_small(const struct explanation *explanation, struct small_parts *small)
{
    *small = (struct small_parts){0};
    for (size_t i = 0; i < explanation->count; i++)
        if (explain_is_small(explanation, &explanation->parts[i])) {
            small->count++;
            small->ns += explanation->parts[i].ns;
        }
}

double explain_share(const struct explanation *explanation, double ns)
{
    return 100 * ns / explanation->difference;
}

// "-12,345"
void explain_digits(char *text, size_t size, double ns)
{
    char plain[32];
    snprintf(plain, sizeof plain, "%" PRIu64, (uint64_t)fabs(round(ns)));
    size_t length = strlen(plain), used = 0;
    if (round(ns) < 0)
        used += (size_t)snprintf(text, size, "-");
    for (size_t i = 0; i < length && used + 2 < size; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = plain[i];
    }
    text[used < size ? used : size - 1] = '\0';
}

void explain_name(const struct part *part, char *text, size_t size)
{
    snprintf(text, size, "%s%s%s", part->name, part->kind == PART_CALL ? "()" : "",
             part->assumed ? " *" : "");
}

// ---- the table -------------------------------------------------------------------------

enum { COLUMNS = 6 };

struct line {
    char cells[COLUMNS][80];
};

struct lines {
    size_t count;
    struct line list[EXPLAIN_PARTS_MAX + 4];
    double rounded; // the sum so far of what was printed
};

static void add_line(struct lines *lines, const char *name, double ns,
                     const struct explanation *explanation)
{
    struct line *line = &lines->list[lines->count++];
    *line = (struct line){{""}};
    snprintf(line->cells[0], sizeof line->cells[0], "%s", name);
    explain_digits(line->cells[4], sizeof line->cells[4], ns);
    snprintf(line->cells[5], sizeof line->cells[5], "%.0f %%",
             explain_share(explanation, ns));
    lines->rounded += round(ns);
}

static void add_part(struct lines *lines, const struct part *part,
                     const struct explanation *explanation)
{
    char name[80];
    explain_name(part, name, sizeof name);
    add_line(lines, name, part->ns, explanation);
    struct line *line = &lines->list[lines->count - 1];
    format_number(line->cells[1], sizeof line->cells[1], part->a);
    format_number(line->cells[2], sizeof line->cells[2], part->b);
    if (part->price.ns < 10)
        snprintf(line->cells[3], sizeof line->cells[3], "%.2g", part->price.ns);
    else
        explain_digits(line->cells[3], sizeof line->cells[3], part->price.ns);
}

static void add_all(struct lines *lines, const struct explanation *explanation)
{
    struct small_parts small;
    explain_sum_small(explanation, &small);
    for (size_t i = 0; i < explanation->count; i++)
        if (!explain_is_small(explanation, &explanation->parts[i]))
            add_part(lines, &explanation->parts[i], explanation);
    if (small.count > 0) {
        char name[80];
        snprintf(name, sizeof name, "%zu smaller parts", small.count);
        add_line(lines, name, small.ns, explanation);
    }
    add_line(lines, "unexplained", round(explanation->difference) - lines->rounded,
             explanation);
    add_line(lines, "difference", explanation->difference, explanation);
}

static void print_lines(FILE *file, const struct lines *lines,
                        const struct explanation *explanation)
{
    struct grid grid = {.file = file, .gap = 2};
    struct line heading = {{"part, per operation", "", "", "price", "ns", "share"}};
    snprintf(heading.cells[1], sizeof heading.cells[1], "%s", explanation->rows[0].label);
    snprintf(heading.cells[2], sizeof heading.cells[2], "%s", explanation->rows[1].label);
    for (size_t column = 0; column < COLUMNS; column++) {
        grid_widen(&grid, column, heading.cells[column]);
        for (size_t i = 0; i < lines->count; i++)
            grid_widen(&grid, column, lines->list[i].cells[column]);
    }
    for (size_t column = 0; column < COLUMNS; column++)
        grid_cell(&grid, column, heading.cells[column]);
    grid_end(&grid);
    for (size_t i = 0; i < lines->count; i++) {
        for (size_t column = 0; column < COLUMNS; column++)
            grid_cell(&grid, column, lines->list[i].cells[column]);
        grid_end(&grid);
    }
}

// ---- sentences -------------------------------------------------------------------------

double explain_cpu_of(const struct explained_row *row)
{
    double values[EXPLAIN_ROUNDS_MAX];
    memcpy(values, row->cpu_ns, sizeof values);
    return statistics_median(values, row->rounds);
}

void explain_sentence(const struct explanation *explanation, char *text, size_t size)
{
    const struct explained_row *rows = explanation->rows;
    char a[32], b[32], difference[32], low[32], high[32];
    format_duration(a, sizeof a, explain_cpu_of(&rows[0]));
    format_duration(b, sizeof b, explain_cpu_of(&rows[1]));
    explain_digits(difference, sizeof difference, explanation->difference);
    explain_digits(low, sizeof low, explanation->interval.low);
    explain_digits(high, sizeof high, explanation->interval.high);
    snprintf(text, size,
             "CPU time per operation, medians of %u rounds: %s %s, %s %s; the difference "
             "within rounds is %s ns (%s to %s)%s.",
             rows[0].rounds, rows[0].label, a, rows[1].label, b, difference, low, high,
             explanation->told
                 ? ""
                 : ", which may be none: more --rounds or --tasks tell more");
}

void explain_rest(const struct explanation *explanation, char *text, size_t size)
{
    char low[32], high[32];
    const struct interval *interval = &explanation->unexplained_interval;
    explain_digits(low, sizeof low, interval->low);
    explain_digits(high, sizeof high, interval->high);
    snprintf(text, size,
             "Unexplained: %.0f %% of the difference; with the errors of the difference "
             "and of all prices, from %s to %s ns.",
             explain_share(explanation, explanation->unexplained), low, high);
}

bool explain_any_assumed(const struct explanation *explanation)
{
    for (size_t i = 0; i < explanation->count; i++)
        if (explanation->parts[i].assumed &&
            !explain_is_small(explanation, &explanation->parts[i]))
            return true;
    return false;
}

void explain_text(FILE *file, const void *content)
{
    static struct lines lines; // large, and there is one
    const struct explanation *explanation = content;
    char text[512];
    lines = (struct lines){0};
    add_all(&lines, explanation);
    fprintf(file, "%s: why %s is not %s\n", explanation->table,
            explanation->rows[0].label, explanation->rows[1].label);
    explain_sentence(explanation, text, sizeof text);
    fprintf(file, "%s\n\n", text);
    print_lines(file, &lines, explanation);
    explain_rest(explanation, text, sizeof text);
    fprintf(file, "\n%s\n", text);
    if (explain_any_assumed(explanation))
        fputs(EXPLAIN_ASSUMED "\n", file);
}
