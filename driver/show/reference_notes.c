// SPDX-License-Identifier: MIT
//
// reference_notes.c - see reference_notes.h.
#include "driver/show/reference_notes.h"

#include "driver/report/reference.h"
#include "driver/show/github.h"
#include "lib/format.h"
#include "lib/plain.h"

static size_t count_drifted(const struct reference_sum *sum)
{
    size_t count = 0;
    for (size_t i = 0; i < sum->count; i++)
        count += sum->rows[i].drifted ? 1 : 0;
    return count;
}

size_t reference_notes_count(const json_t *report)
{
    struct reference_sum sum;
    size_t count = reference_sum_read(&sum, report) ? count_drifted(&sum) : 0;
    reference_sum_free(&sum);
    return count;
}

// "primes/one-cpu coroutine cpu_ns: 1.061 times the pinned commit, in 3 changes"
static void make_line(char *text, size_t size, const struct reference_sum_row *row)
{
    char table[120];
    char label[120];
    char metric[40];
    char ratio[32];
    char border[32];
    plain_copy(table, sizeof table, row->table);
    plain_copy(label, sizeof label, row->row);
    plain_copy(metric, sizeof metric, row->metric);
    format_ratio(ratio, sizeof ratio, row->ratio);
    format_ratio(border, sizeof border, row->border);
    snprintf(text, size,
             "%s %s: %s is %s times that of the pinned commit, in %.0f changes that "
             "passed (chance: below %s)",
             table, label, metric, ratio, row->steps, border);
}

// Calls `print` for each row that has drifted.
static void each_drifted(const struct reference_sum *sum, FILE *file,
                         void (*print)(FILE *file, const char *line))
{
    for (size_t i = 0; i < sum->count; i++) {
        char line[500];
        make_line(line, sizeof line, &sum->rows[i]);
        if (sum->rows[i].drifted)
            print(file, line);
    }
}

static void print_line(FILE *file, const char *line)
{
    fprintf(file, "DRIFT: %s\n", line);
}

static void print_item(FILE *file, const char *line)
{
    fprintf(file, "- **DRIFT** %s\n", line);
}

static void annotate(FILE *file, const char *line)
{
    (void)file; // annotations are read from stdout
    github_annotate("warning", "quartet drift", line);
}

static void print_head(FILE *file, const struct reference_sum *sum)
{
    char name[200];
    char pinned[80];
    plain_copy(name, sizeof name, sum->name);
    plain_copy(pinned, sizeof pinned, sum->pinned == NULL ? "unknown" : sum->pinned);
    fprintf(file, "reference %s: %.0f change%s since %.12s, %zu of %zu rows drifted%s\n",
            name, sum->steps, sum->steps == 1 ? "" : "s", pinned, count_drifted(sum),
            sum->count, sum->stored ? "" : "; this one is not kept");
    if (sum->gap_after == NULL)
        return;
    char end[80];
    plain_copy(end, sizeof end, sum->gap_after);
    fprintf(file,
            "gap: what happened between %.12s, where the reference ended, and this "
            "base is in no sum\n",
            end);
}

void reference_notes_text(FILE *file, const json_t *report)
{
    struct reference_sum sum;
    if (reference_sum_read(&sum, report)) {
        print_head(file, &sum);
        each_drifted(&sum, file, print_line);
    }
    reference_sum_free(&sum);
}

static void write_summary(FILE *file, const void *sum)
{
    each_drifted(sum, file, print_item);
}

static void write_output(FILE *file, const void *sum)
{
    fprintf(file, "drifted=%zu\n", count_drifted(sum));
}

void reference_notes_announce(const json_t *report)
{
    struct reference_sum sum;
    if (github_is_here() && reference_sum_read(&sum, report)) {
        each_drifted(&sum, stdout, annotate);
        github_append("GITHUB_STEP_SUMMARY", write_summary, &sum);
        github_append("GITHUB_OUTPUT", write_output, &sum);
        reference_sum_free(&sum);
    }
}
