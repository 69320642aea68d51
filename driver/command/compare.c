// SPDX-License-Identifier: MIT
//
// compare.c - `quartet compare`: two stored reports. It never fails a build: what
// was not measured side by side decides nothing (`quartet check` does that). What it can
// do is to name everything that differs.
//
// Read next: analysis/compare.h.
#include "driver/analysis/compare.h"
#include "driver/analysis/report_file.h"
#include "driver/command/commands.h"
#include "driver/show/gate_table.h"
#include "driver/statistics/verdict.h"
#include "lib/error.h"
#include "lib/format.h"
#include "lib/json_file.h"
#include "lib/options.h"
#include "lib/plain.h"

#include <errno.h>
#include <string.h>

enum compare_format { FORMAT_TEXT, FORMAT_JSON };

struct compare_options {
    const char *threshold;
    uint64_t format;
    bool help;
};

const struct option_spec compare_specs[] = {
    {.name = "threshold",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct compare_options, threshold),
     .fallback = "5%",
     .help = "a slow-down that matters"},
    {.name = "format",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct compare_options, format),
     .fallback = "text",
     .choices = "text|json",
     .help = "what to print"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct compare_options, help),
     .help = "print this"},
    {.name = NULL},
};

// ---- text --------------------------------------------------------------------------

static void print_environments(const json_t *differences)
{
    size_t index;
    json_t *entry;
    printf(json_array_size(differences) == 0 ? "environment: no difference is known\n"
                                             : "environment: base -> new\n");
    json_array_foreach(differences, index, entry)
    {
        const char *texts[2] = {json_string_value(json_array_get(entry, 1)),
                                json_string_value(json_array_get(entry, 2))};
        plain_line(stdout, "  %s: %.119s -> %.119s",
                   json_string_value(json_array_get(entry, 0)),
                   texts[0] == NULL ? "unknown" : texts[0],
                   texts[1] == NULL ? "unknown" : texts[1]);
    }
}

static void print_list(const char *title, const json_t *lines)
{
    size_t index;
    json_t *line;
    json_array_foreach(lines, index, line)
    {
        plain_line(stdout, "%s%.399s", title, json_string_value(line));
    }
}

static void format_value(char *text, size_t size, enum metric metric, double value)
{
    if (metric == METRIC_RELATIVE)
        format_ratio(text, size, value);
    else if (metric == METRIC_WALL)
        format_duration(text, size, value);
    else
        format_count(text, size, value);
}

static void print_comparison(const struct comparison *comparison)
{
    char label[64];
    char base[40] = "-";
    char head[40] = "-";
    char ratio[32];
    enum metric metric = comparison->metric;
    plain_copy(label, sizeof label, comparison->row);
    format_value(base, sizeof base, metric, comparison->base);
    format_value(head, sizeof head, metric, comparison->head);
    format_ratio(ratio, sizeof ratio, comparison->ratio);
    printf("  %-20s %-9s %10s %10s  %6s  %6.3f-%-6.3f  %7.3g  %s\n", label,
           gate_words_metric(metric), base, head, ratio, comparison->interval.low,
           comparison->interval.high, comparison->p_holm,
           verdict_name(comparison->verdict));
}

static void print_head(const char *table)
{
    putchar('\n');
    plain_line(stdout, "%s", table);
    printf("  %-20s %-9s %10s %10s  %6s  %13s  %7s  %s\n", "", "", "base", "new", "ratio",
           "95 % interval", "p", "taken alone");
}

static void print_comparisons(const struct comparisons *all)
{
    const char *table = "";
    for (size_t i = 0; i < all->count; i++) {
        const char *own = all->list[i].table;
        if (strcmp(own, table) != 0)
            print_head(own);
        table = own;
        print_comparison(&all->list[i]);
    }
}

static void print_text(const struct compared *compared, const json_t *environment,
                       bool same_testbed)
{
    print_environments(environment);
    print_list("only in base: ", compared->only_base);
    print_list("only in new: ", compared->only_head);
    print_comparisons(&compared->comparisons);
    printf(
        "\nNot measured side by side: %s.\n"
        "\"to others\" is the time of a row divided by the mean of the other rows in the "
        "same\nrounds, which does not depend on how fast the machine was. p: "
        "Mann-Whitney, corrected\nfor all lines (Holm). To decide, use 'quartet "
        "check'.\n",
        same_testbed ? "the machine is of the same kind, but may have changed"
                     : "THE MACHINES DIFFER (or are not known), compare no wall times");
}

static void print_json(const struct compared *compared, json_t *environment,
                       bool same_testbed)
{
    json_t *json = json_pack("{s:o, s:O, s:O, s:O, s:b}", "comparisons",
                             comparisons_json(&compared->comparisons), "only_base",
                             compared->only_base, "only_head", compared->only_head,
                             "environment", environment, "same_testbed", same_testbed);
    json_print_style(stdout, json, JSON_INDENT(2));
    json_decref(json);
}

// ---- the command -------------------------------------------------------------------

static void load(const char *named, struct report *report)
{
    struct reason reason;
    if (report_file_load(named, report, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
}

// Compares them and prints it.
static void compare(const struct report *base, const struct report *head,
                    double threshold, enum compare_format format)
{
    struct compared compared;
    json_t *environment = compare_environments(base, head);
    bool same_testbed = compare_same_testbed(base, head);
    if (compare_reports(&compared, base, head, threshold, 0) != 0)
        die(EXIT_WRONG, "no memory to compare the reports");
    if (format == FORMAT_JSON)
        print_json(&compared, environment, same_testbed);
    else
        print_text(&compared, environment, same_testbed);
    json_decref(environment);
    compare_free(&compared);
}

int command_compare(int argc, char **argv)
{
    struct compare_options options = {0};
    const char *operands[2] = {NULL, NULL};
    struct reason reason;
    double threshold;
    int count = command_parse("compare", &options, &options.help,
                              &(struct command_line){argc, argv, operands, 2});
    if (verdict_parse_threshold(options.threshold, &threshold, &reason) != 0)
        die(EXIT_USAGE, "compare: %s", reason.text);
    if (count < 2)
        die(EXIT_USAGE, "compare: name two reports: quartet compare BASE NEW");
    struct report base;
    struct report head;
    load(operands[0], &base);
    load(operands[1], &head);
    compare(&base, &head, threshold, (enum compare_format)options.format);
    report_free(&base);
    report_free(&head);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the comparison: %s", strerror(errno));
    return EXIT_FINE;
}
