// SPDX-License-Identifier: MIT
//
// gate_table.c - see gate_table.h.
#include "driver/show/gate_table.h"

#include "driver/report/counter_verdict.h"
#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "driver/show/gate_verdict.h"
#include "lib/error.h"
#include "lib/format.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// One comparison as strings.
struct line {
    char row[80];
    char metric[24];
    char base[24];
    char head[24];
    char ratio[24];
    char interval[40];
    char detects[24];
    const char *verdict;
    char reason[400];
};

// ---- one line ----------------------------------------------------------------------

static void format_value(char *text, size_t size, const char *metric, double value)
{
    bool is_time = strstr(metric, "_ns") != NULL;
    snprintf(text, size, "-");
    if (isnan(value))
        return;
    if (is_time)
        format_duration(text, size, value);
    else if (strcmp(metric, "relative") == 0)
        format_ratio(text, size, value);
    else if (strncmp(metric, "memory", strlen("memory")) == 0)
        format_size(text, size, value);
    else if (counter_find(metric) != COUNTER_COUNT)
        format_number(text, size, value); // per operation
    else
        format_count(text, size, value);
}

const char *gate_words_metric(const char *metric)
{
    static const char *const words[][2] = {
        {"wall_ns", "wall"},        {"cpu_ns", "CPU"},
        {"relative", "to others"},  {"voluntary_switches", "switches"},
        {"minor_faults", "faults"}, {"syscalls", "calls"},
        {"instructions", "instr."}, {"memory_per_task", "per task"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i][0], metric) == 0)
            return words[i][1];
    return metric;
}

static void make_line(struct line *line, const json_t *entry)
{
    const char *metric = tree_text(entry, "metric", "?");
    double low = tree_number(entry, "low");
    double high = tree_number(entry, "high");
    double detectable = tree_number(entry, "detectable");
    double head = tree_number(entry, "head");
    *line = (struct line){.verdict = tree_text(entry, "verdict", "?")};
    format_plain(line->row, sizeof line->row, tree_text(entry, "row", "?"));
    snprintf(line->metric, sizeof line->metric, "%.20s", gate_words_metric(metric));
    format_value(line->base, sizeof line->base, metric, tree_number(entry, "base"));
    format_value(line->head, sizeof line->head, metric,
                 isnan(head) ? tree_number(entry, "new") : head);
    format_ratio(line->ratio, sizeof line->ratio, tree_number(entry, "ratio"));
    snprintf(line->interval, sizeof line->interval, "-");
    if (!isnan(low) && !isnan(high))
        snprintf(line->interval, sizeof line->interval, "%.3f-%.3f", low, high);
    snprintf(line->detects, sizeof line->detects, "-");
    if (!isnan(detectable))
        snprintf(line->detects, sizeof line->detects, "%.1f %%", 100 * detectable);
    format_plain(line->reason, sizeof line->reason, tree_text(entry, "reason", ""));
}

// Skip rows that neither decide nor changed, and counts that did not.
static bool is_worth_a_line(const json_t *entry)
{
    const char *metric = tree_text(entry, "metric", "");
    bool is_time = strstr(metric, "_ns") != NULL;
    return strcmp(metric, "wall_ns") == 0 || strcmp(metric, "relative") == 0 ||
           (is_time && gate_entry_decides(entry)) || gate_entry_is(entry, "REGRESSION") ||
           gate_entry_is(entry, "SUSPECT") || gate_entry_is(entry, "IMPROVED");
}

// ---- text --------------------------------------------------------------------------

static void print_heading(FILE *file, const json_t *gate)
{
    char name[200];
    format_plain(name, sizeof name, tree_text(gate, "base.name", "?"));
    const char *commit = tree_text(gate, "base.commit", NULL);
    fprintf(file, "base: %s %s%s%.64s%s; threshold %.1f %%\n",
            tree_text(gate, "base.kind", "?"), name, commit == NULL ? "" : " (",
            commit == NULL ? "" : commit, commit == NULL ? "" : ")",
            100 * tree_number(gate, "threshold"));
    size_t index;
    json_t *difference;
    json_array_foreach(tree_array(gate, "base.differences"), index, difference)
    {
        fprintf(file, "built otherwise: %s: %.120s -> %.120s\n",
                json_string_value(json_array_get(difference, 0)),
                json_string_value(json_array_get(difference, 1)),
                json_string_value(json_array_get(difference, 2)));
    }
}

// "primes/one-cpu coroutine: the base has no such row"; entries are objects or texts.
static void print_notes(FILE *file, const char *title, const json_t *notes)
{
    size_t index;
    json_t *note;
    json_array_foreach(notes, index, note)
    {
        char text[600];
        char plain[600];
        if (json_is_string(note))
            snprintf(text, sizeof text, "%s", json_string_value(note));
        else
            snprintf(text, sizeof text, "%.100s %.60s: %.400s",
                     tree_text(note, "table", "?"), tree_text(note, "row", "?"),
                     tree_text(note, "reason", "?"));
        format_plain(plain, sizeof plain, text);
        fprintf(file, "%s%s\n", title, plain);
    }
}

// Says which noise of this machine is known, and where it counts.
static void print_calibration(FILE *file, const json_t *gate)
{
    const json_t *calibration = tree_at(gate, "calibration");
    const char *ignored = tree_text(calibration, "ignored", NULL);
    char plain[600];
    if (ignored != NULL) {
        format_plain(plain, sizeof plain, ignored);
        fprintf(file, "calibration: ignored: %s\n", plain);
    } else if (json_is_object(calibration)) {
        format_plain(plain, 11, tree_text(calibration, "started_utc", "?"));
        fprintf(file, "calibration: of %s, knows %.0f of these rows\n", plain,
                tree_number(calibration, "rows"));
    }
}

// Which counters came before the times, and what could not be counted.
static void print_counters(FILE *file, const json_t *gate)
{
    json_t *counters = tree_at(gate, "counters");
    const char *before = "counters: ";
    const char *metric;
    json_t *rows;
    json_object_foreach(tree_at(counters, "compared"), metric, rows)
    {
        fprintf(file, "%s%s of %.0f rows", before, gate_words_metric(metric),
                json_number_value(rows));
        before = ", ";
    }
    if (strcmp(before, ", ") == 0)
        fputc('\n', file);
    print_notes(file, "not counted: ", tree_at(counters, "not_counted"));
}

static const char *threshold_words(const char *source)
{
    if (strcmp(source, "layout") == 0)
        return "since it is not known what the order of linking makes of it";
    return strcmp(source, "session") == 0
               ? "1.5 times the noise floor of this session"
               : "1.5 times the noise floor of the calibration";
}

// How many links of each build took turns.
static void print_links(FILE *file, const json_t *gate)
{
    double links = tree_number(gate, "links");
    if (links > 0)
        fprintf(file, "links: %.0f of each build, in turn\n", links);
    else if (links == 0 && tree_text(gate, "base.kind", "")[0] != 'r')
        fputs("links: one of each build; 'make links' in both makes more\n", file);
    else if (links == 0 && strcmp(tree_text(gate, "base.kind", ""), "revision") == 0)
        fputs(
            "links: one of each build: base has no 'make links', or this tree needs it\n",
            file);
}

// A row is asked for less than the user wanted: say why.
static void print_thresholds(FILE *file, const json_t *gate)
{
    size_t index;
    json_t *entry;
    json_array_foreach(tree_array(gate, "comparisons"), index, entry)
    {
        struct line line;
        const char *source = tree_text(entry, "threshold_from", "user");
        if (strcmp(source, "user") == 0 || !is_worth_a_line(entry))
            continue;
        make_line(&line, entry);
        fprintf(file, "threshold of %s %s, %s: %.1f %%, %s\n",
                tree_text(entry, "table", "?"), line.row, line.metric,
                100 * tree_number(entry, "threshold"), threshold_words(source));
    }
}

void gate_words_text(FILE *file, const json_t *report)
{
    const json_t *gate = tree_at(report, "gate");
    char sentence[800];
    const char *table = "";
    size_t index;
    json_t *entry;
    if (gate == NULL)
        return;
    print_heading(file, gate);
    print_links(file, gate);
    print_calibration(file, gate);
    print_counters(file, gate);
    json_array_foreach(tree_array(gate, "comparisons"), index, entry)
    {
        struct line line;
        const char *own = tree_text(entry, "table", "?");
        if (!is_worth_a_line(entry))
            continue;
        make_line(&line, entry);
        if (strcmp(own, table) != 0)
            fprintf(file, "\n%-24s %-9s %9s %9s %6s  %-12s %8s  %s\n", own, "", "base",
                    "head", "ratio", "interval", "detects", "verdict");
        table = own;
        fprintf(file, "  %-22s %-9s %9s %9s %6s  %-12s %8s  %s%s%s\n", line.row,
                line.metric, line.base, line.head, line.ratio, line.interval,
                line.detects, line.verdict, line.reason[0] == '\0' ? "" : ": ",
                line.reason);
    }
    fputc('\n', file);
    print_thresholds(file, gate);
    print_notes(file, "no base: ", tree_at(gate, "missing"));
    print_notes(file, "wrong: ", tree_at(gate, "answers"));
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    if (gate_verdict_advice(gate)[0] != '\0')
        fprintf(file, "%s\n", gate_verdict_advice(gate));
    fprintf(file, "%s\n", sentence);
}

// ---- Markdown ----------------------------------------------------------------------

// A '|' would end the cell.
static void print_cell(FILE *file, const char *text)
{
    fputs(" ", file);
    for (; *text != '\0'; text++) {
        if (*text == '|')
            fputc('\\', file);
        fputc(*text, file);
    }
    fputs(" |", file);
}

void gate_words_markdown(FILE *file, const json_t *report)
{
    const json_t *gate = tree_at(report, "gate");
    size_t index;
    json_t *entry;
    if (gate == NULL)
        return;
    char sentence[800];
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    fprintf(file, "### quartet check: %s\n\n", sentence);
    if (gate_verdict_advice(gate)[0] != '\0')
        fprintf(file, "%s\n\n", gate_verdict_advice(gate));
    fputs("| table | row | | base | head | ratio | interval | detects | verdict | reason "
          "|\n"
          "| --- | --- | --- | ---: | ---: | ---: | --- | ---: | --- | --- |\n",
          file);
    json_array_foreach(tree_array(gate, "comparisons"), index, entry)
    {
        struct line line;
        if (!is_worth_a_line(entry))
            continue;
        make_line(&line, entry);
        const char *const cells[] = {tree_text(entry, "table", "?"),
                                     line.row,
                                     line.metric,
                                     line.base,
                                     line.head,
                                     line.ratio,
                                     line.interval,
                                     line.detects,
                                     line.verdict,
                                     line.reason};
        fputc('|', file);
        for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
            print_cell(file, cells[i]);
        fputc('\n', file);
    }
    fputc('\n', file);
    print_notes(file, "- no base: ", tree_at(gate, "missing"));
    print_notes(file, "- wrong: ", tree_at(gate, "answers"));
}

// ---- GitHub ------------------------------------------------------------------------

static void announce_entry(const json_t *entry)
{
    struct line line;
    if (!gate_entry_is(entry, "REGRESSION") && !gate_entry_is(entry, "SUSPECT") &&
        !tree_true(entry, "warning"))
        return;
    make_line(&line, entry);
    bool counter = counter_find(tree_text(entry, "metric", "")) != COUNTER_COUNT;
    printf("::%s title=quartet::%s %s: %s %s %s times as %s (%s)\n",
           gate_entry_is_regression(entry) ? "error" : "warning",
           tree_text(entry, "table", "?"), line.row, line.metric,
           counter ? "needs" : "takes", line.ratio, counter ? "much" : "long",
           counter ? line.detects : line.interval);
}

static void append_summary(const json_t *report)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    if (path == NULL || path[0] == '\0')
        return;
    FILE *file = fopen(path, "ae");
    if (file != NULL)
        gate_words_markdown(file, report);
    if (file == NULL || fclose(file) != 0)
        warn("cannot append to GITHUB_STEP_SUMMARY, '%s': %s", path, strerror(errno));
}

void gate_words_announce(const json_t *report)
{
    size_t index;
    json_t *entry;
    if (!gate_verdict_announce(tree_at(report, "gate")))
        return;
    json_array_foreach(tree_array(report, "gate.comparisons"), index, entry)
    {
        announce_entry(entry);
    }
    json_array_foreach(tree_array(report, "gate.answers"), index, entry)
    {
        char reason[400];
        format_plain(reason, sizeof reason, tree_text(entry, "reason", "?"));
        printf("::error title=quartet::%s %s: %s\n", tree_text(entry, "table", "?"),
               tree_text(entry, "row", "?"), reason);
    }
    append_summary(report);
}
