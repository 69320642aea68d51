// SPDX-License-Identifier: MIT
//
// compare.c - `quartet compare`: two stored reports. It never fails a build: what
// was not measured side by side decides nothing (`quartet check` does that). What it can
// do is to name everything that differs.
//
// Read next: report/compare.h.
#include "driver/report/compare.h"
#include "driver/command/commands.h"
#include "driver/report/file.h"
#include "driver/report/json.h"
#include "driver/statistics/verdict.h"
#include "lib/error.h"
#include "lib/format.h"
#include "lib/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
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

static void print_help(const struct option_group *group)
{
    printf(
        "usage: quartet compare [options] BASE NEW\n"
        "\n"
        "Compares two stored reports, each a report.json or its folder. They were not\n"
        "measured side by side, so this decides nothing: it names what differs in their\n"
        "environment, and how times and relations between the models have changed.\n"
        "To decide, measure both builds in one session: quartet check.\n");
    options_print(stdout, group);
}

// ---- text --------------------------------------------------------------------------

static void print_environments(const json_t *differences)
{
    size_t index;
    json_t *entry;
    printf(json_array_size(differences) == 0 ? "environment: no difference is known\n"
                                             : "environment: base -> new\n");
    json_array_foreach(differences, index, entry)
    {
        char base[120];
        char new[120];
        const char *texts[2] = {json_string_value(json_array_get(entry, 1)),
                                json_string_value(json_array_get(entry, 2))};
        format_plain(base, sizeof base, texts[0] == NULL ? "unknown" : texts[0]);
        format_plain(new, sizeof new, texts[1] == NULL ? "unknown" : texts[1]);
        printf("  %s: %s -> %s\n", json_string_value(json_array_get(entry, 0)), base,
               new);
    }
}

static void print_list(const char *title, const json_t *lines)
{
    size_t index;
    json_t *line;
    json_array_foreach(lines, index, line)
    {
        char plain[400];
        format_plain(plain, sizeof plain, json_string_value(line));
        printf("%s%s\n", title, plain);
    }
}

static void print_comparison(const json_t *comparison)
{
    char label[64];
    char base[40] = "-";
    char new[40] = "-";
    char ratio[32];
    const char *metric = tree_text(comparison, "metric", "");
    double values[2] = {tree_number(comparison, "base"), tree_number(comparison, "new")};
    format_plain(label, sizeof label, tree_text(comparison, "row", "?"));
    if (strcmp(metric, "relative") == 0) {
        metric = "to others";
        format_ratio(base, sizeof base, values[0]);
        format_ratio(new, sizeof new, values[1]);
    } else if (strcmp(metric, "wall_ns") == 0) {
        metric = "wall";
        format_duration(base, sizeof base, values[0]);
        format_duration(new, sizeof new, values[1]);
    } else {
        metric = strcmp(metric, "minor_faults") == 0 ? "faults" : "switches";
        format_count(base, sizeof base, values[0]);
        format_count(new, sizeof new, values[1]);
    }
    format_ratio(ratio, sizeof ratio, tree_number(comparison, "ratio"));
    printf("  %-20s %-9s %10s %10s  %6s  %6.3f-%-6.3f  %7.3g  %s\n", label, metric, base,
           new, ratio, tree_number(comparison, "low"), tree_number(comparison, "high"),
           tree_number(comparison, "p_holm"), tree_text(comparison, "verdict", "?"));
}

static void print_comparisons(const json_t *comparisons)
{
    const char *table = "";
    size_t index;
    json_t *comparison;
    json_array_foreach(comparisons, index, comparison)
    {
        const char *own = tree_text(comparison, "table", "?");
        if (strcmp(own, table) != 0)
            printf("\n%s\n  %-20s %-9s %10s %10s  %6s  %13s  %7s  %s\n", own, "", "",
                   "base", "new", "ratio", "95 % interval", "p", "taken alone");
        table = own;
        print_comparison(comparison);
    }
}

static void print_text(const json_t *result, bool same_testbed)
{
    print_environments(tree_at(result, "environment"));
    print_list("only in base: ", tree_at(result, "only_base"));
    print_list("only in new: ", tree_at(result, "only_new"));
    print_comparisons(tree_at(result, "comparisons"));
    printf(
        "\nNot measured side by side: %s.\n"
        "\"to others\" is the time of a row divided by the mean of the other rows in the "
        "same\nrounds, which does not depend on how fast the machine was. p: "
        "Mann-Whitney, corrected\nfor all lines (Holm). To decide, use 'quartet "
        "check'.\n",
        same_testbed ? "the machine is of the same kind, but may have changed"
                     : "THE MACHINES DIFFER (or are not known), compare no wall times");
}

// ---- the command -------------------------------------------------------------------

static json_t *load(const char *named)
{
    json_t *report;
    struct reason reason;
    if (report_file_load(named, &report, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    return report;
}

int command_compare(int argc, char **argv)
{
    struct compare_options options = {0};
    const struct option_group groups[] = {
        {.title = "Options", .specs = compare_specs, .values = &options},
        {.specs = NULL},
    };
    const char *operands[2] = {NULL, NULL};
    struct reason reason;
    double threshold;
    options_defaults(&groups[0]);
    int count = options_parse(groups, argc, argv, operands, 2, &reason);
    if (count < 0 || verdict_parse_threshold(options.threshold, &threshold, &reason) != 0)
        die(EXIT_USAGE, "compare: %s", reason.text);
    if (options.help) {
        print_help(&groups[0]);
        return EXIT_FINE;
    }
    if (count < 2)
        die(EXIT_USAGE, "compare: name two reports: quartet compare BASE NEW");
    json_t *base = load(operands[0]);
    json_t *new = load(operands[1]);
    json_t *result = cross_compare(base, new, threshold, 0);
    if (result == NULL)
        die(EXIT_WRONG, "no memory to compare the reports");
    json_object_set_new(result, "environment", cross_environments(base, new));
    json_object_set_new(result, "same_testbed",
                        json_boolean(cross_same_testbed(base, new)));
    if (options.format == FORMAT_JSON) {
        json_dumpf(result, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        print_text(result, cross_same_testbed(base, new));
    }
    json_decref(result);
    json_decref(base);
    json_decref(new);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the comparison: %s", strerror(errno));
    return EXIT_FINE;
}
