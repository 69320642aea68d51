// SPDX-License-Identifier: MIT
//
// gate_table.c - see gate_table.h.
#include "driver/show/gate_table.h"

#include "driver/report/gate.h"
#include "driver/show/gate_verdict.h"
#include "driver/show/github.h"
#include "lib/check.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

// One comparison as strings.
struct line {
    char table[120];
    char row[80];
    const char *metric;
    char base[24];
    char head[24];
    char ratio[24];
    char interval[40];
    char detects[24];
    const char *verdict;
    char reason[400];
};

// ---- one line ----------------------------------------------------------------------

static void format_value(char *text, size_t size, enum metric metric, double value)
{
    snprintf(text, size, "-");
    if (isnan(value))
        return;
    if (metric_is_duration(metric))
        format_duration(text, size, value);
    else if (metric == METRIC_RELATIVE)
        format_ratio(text, size, value);
    else if (metric == METRIC_MEMORY || metric == METRIC_MEMORY_PER_TASK)
        format_size(text, size, value);
    else if (metric_is_counter(metric))
        format_number(text, size, value); // per operation
    else
        format_count(text, size, value);
}

const char *gate_words_metric(enum metric metric)
{
    static const char *const words[] = {[METRIC_WALL] = "wall",
                                        [METRIC_CPU] = "CPU",
                                        [METRIC_SWITCHES] = "switches",
                                        [METRIC_FAULTS] = "faults",
                                        [METRIC_RELATIVE] = "to others",
                                        [METRIC_SYSCALLS] = "calls",
                                        [METRIC_INSTRUCTIONS] = "instr.",
                                        [METRIC_MEMORY] = "memory",
                                        [METRIC_MEMORY_PER_TASK] = "per task",
                                        [METRIC_RUN] = "run",
                                        [METRIC_SPAWN] = "spawn",
                                        [METRIC_JOIN] = "join",
                                        [METRIC_P99] = "p99",
                                        [METRIC_UNKNOWN] = "?"};
    return words[metric];
}

static void make_line(struct line *line, const struct comparison *entry)
{
    const struct interval *interval = &entry->interval;
    *line = (struct line){.verdict = verdict_name(entry->verdict)};
    plain_copy(line->table, sizeof line->table, entry->table);
    plain_copy(line->row, sizeof line->row, entry->row);
    line->metric = gate_words_metric(entry->metric);
    format_value(line->base, sizeof line->base, entry->metric, entry->base);
    format_value(line->head, sizeof line->head, entry->metric, entry->head);
    format_ratio(line->ratio, sizeof line->ratio, entry->ratio);
    snprintf(line->interval, sizeof line->interval, "-");
    if (!isnan(interval->low) && !isnan(interval->high))
        snprintf(line->interval, sizeof line->interval, "%.3f-%.3f", interval->low,
                 interval->high);
    snprintf(line->detects, sizeof line->detects, "-");
    if (!isnan(entry->detectable))
        snprintf(line->detects, sizeof line->detects, "%.1f %%", 100 * entry->detectable);
    plain_copy(line->reason, sizeof line->reason, entry->reason.text);
}

// Skip rows that neither decide nor changed, and counts that did not.
static bool is_worth_a_line(const struct comparison *entry)
{
    return entry->metric == METRIC_WALL || entry->metric == METRIC_RELATIVE ||
           (metric_is_time(entry->metric) && entry->decides) ||
           (entry->verdict != VERDICT_SAME && entry->verdict != VERDICT_INCONCLUSIVE);
}

// ---- text --------------------------------------------------------------------------

static void print_heading(FILE *file, const struct report_gate *gate)
{
    const char *commit = gate->base_commit;
    plain_line(file, "base: %s %.199s%s%.64s%s; threshold %.1f %%", gate->base_kind,
               gate->base_name, commit == NULL ? "" : " (", commit == NULL ? "" : commit,
               commit == NULL ? "" : ")", 100 * gate->threshold);
    for (size_t i = 0; i < gate->difference_count; i++) {
        const struct gate_difference *difference = &gate->differences[i];
        plain_line(file, "built otherwise: %.40s: %.120s -> %.120s", difference->what,
                   difference->base, difference->head);
    }
}

// "primes/one-cpu coroutine: the base has no such row"
static void print_notes(FILE *file, const char *title, const struct gate_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const struct gate_note *note = &notes->list[i];
        if (note->table == NULL)
            plain_line(file, "%s%s", title, note->reason);
        else
            plain_line(file, "%s%.100s %.60s: %.400s", title, note->table, note->row,
                       note->reason);
    }
}

// Says which noise of this machine is known, and where it counts.
static void print_calibration(FILE *file, const struct report_gate *gate)
{
    char plain[600];
    if (gate->calibration_ignored != NULL) {
        plain_copy(plain, sizeof plain, gate->calibration_ignored);
        fprintf(file, "calibration: ignored: %s\n", plain);
    } else if (gate->calibrated) {
        plain_copy(plain, 11, gate->calibration_utc);
        fprintf(file, "calibration: of %s, knows %.0f of these rows\n", plain,
                gate->calibration_rows);
    }
}

// Which counters came before the times, and what could not be counted.
static void print_counters(FILE *file, const struct report_gate *gate)
{
    for (size_t i = 0; i < gate->counted_count; i++)
        fprintf(file, "%s%s of %.0f rows", i == 0 ? "counters: " : ", ",
                gate_words_metric(gate->counted[i].metric), gate->counted[i].rows);
    if (gate->counted_count > 0)
        fputc('\n', file);
    print_notes(file, "not counted: ", &gate->not_counted);
}

static const char *threshold_words(enum threshold_source source)
{
    if (source == THRESHOLD_LAYOUT)
        return "since it is not known what the order of linking makes of it";
    return source == THRESHOLD_SESSION ? "1.5 times the noise floor of this session"
                                       : "1.5 times the noise floor of the calibration";
}

// How many links of each build took turns.
static void print_links(FILE *file, const struct report_gate *gate)
{
    if (gate->links > 0)
        fprintf(file, "links: %.0f of each build, in turn\n", gate->links);
    else if (gate->links == 0 && gate->base_kind[0] != 'r')
        fputs("links: one of each build; 'make links' in both makes more\n", file);
    else if (gate->links == 0 && strcmp(gate->base_kind, "revision") == 0)
        fputs(
            "links: one of each build: base has no 'make links', or this tree needs it\n",
            file);
}

// A row is asked for less than the user wanted: say why.
static void print_thresholds(FILE *file, const struct comparisons *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct comparison *entry = &all->list[i];
        struct line line;
        if (entry->threshold_from == THRESHOLD_USER || !is_worth_a_line(entry))
            continue;
        make_line(&line, entry);
        fprintf(file, "threshold of %s %s, %s: %.1f %%, %s\n", line.table, line.row,
                line.metric, 100 * entry->threshold,
                threshold_words(entry->threshold_from));
    }
}

static void print_rows(FILE *file, const struct comparisons *all)
{
    const char *table = "";
    for (size_t i = 0; i < all->count; i++) {
        const struct comparison *entry = &all->list[i];
        struct line line;
        if (!is_worth_a_line(entry))
            continue;
        make_line(&line, entry);
        if (strcmp(entry->table, table) != 0)
            fprintf(file, "\n%-24s %-9s %9s %9s %6s  %-12s %8s  %s\n", line.table, "",
                    "base", "head", "ratio", "interval", "detects", "verdict");
        table = entry->table;
        fprintf(file, "  %-22s %-9s %9s %9s %6s  %-12s %8s  %s%s%s\n", line.row,
                line.metric, line.base, line.head, line.ratio, line.interval,
                line.detects, line.verdict, line.reason[0] == '\0' ? "" : ": ",
                line.reason);
    }
    fputc('\n', file);
}

static void print_text(FILE *file, const struct report_gate *gate)
{
    char sentence[800];
    print_heading(file, gate);
    print_links(file, gate);
    print_calibration(file, gate);
    print_counters(file, gate);
    print_rows(file, &gate->comparisons);
    print_thresholds(file, &gate->comparisons);
    print_notes(file, "no base: ", &gate->missing);
    print_notes(file, "wrong: ", &gate->answers);
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    if (gate_verdict_advice(gate)[0] != '\0')
        fprintf(file, "%s\n", gate_verdict_advice(gate));
    fprintf(file, "%s\n", sentence);
}

// Calls `print` for the gate of the report, if there is one.
static void with_gate(FILE *file, const json_t *report,
                      void (*print)(FILE *file, const struct report_gate *gate))
{
    struct report_gate gate;
    if (report_gate_read(&gate, report))
        print(file, &gate);
    report_gate_free(&gate);
}

void gate_words_text(FILE *file, const json_t *report)
{
    with_gate(file, report, print_text);
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

static void print_markdown_row(FILE *file, const struct comparison *entry)
{
    struct line line;
    make_line(&line, entry);
    const char *const cells[] = {line.table,   line.row,   line.metric,   line.base,
                                 line.head,    line.ratio, line.interval, line.detects,
                                 line.verdict, line.reason};
    fputc('|', file);
    for (size_t i = 0; i < ARRAY_LEN(cells); i++)
        print_cell(file, cells[i]);
    fputc('\n', file);
}

static void print_markdown(FILE *file, const struct report_gate *gate)
{
    char sentence[800];
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    fprintf(file, "### quartet check: %s\n\n", sentence);
    if (gate_verdict_advice(gate)[0] != '\0')
        fprintf(file, "%s\n\n", gate_verdict_advice(gate));
    fputs("| table | row | | base | head | ratio | interval | detects | verdict | reason "
          "|\n"
          "| --- | --- | --- | ---: | ---: | ---: | --- | ---: | --- | --- |\n",
          file);
    for (size_t i = 0; i < gate->comparisons.count; i++)
        if (is_worth_a_line(&gate->comparisons.list[i]))
            print_markdown_row(file, &gate->comparisons.list[i]);
    fputc('\n', file);
    print_notes(file, "- no base: ", &gate->missing);
    print_notes(file, "- wrong: ", &gate->answers);
}

void gate_words_markdown(FILE *file, const json_t *report)
{
    with_gate(file, report, print_markdown);
}

// ---- GitHub ------------------------------------------------------------------------

static void announce_entry(const struct comparison *entry)
{
    bool counter = metric_is_counter(entry->metric);
    struct line line;
    if (entry->verdict != VERDICT_REGRESSION && entry->verdict != VERDICT_SUSPECT &&
        !entry->warning)
        return;
    make_line(&line, entry);
    char text[600];
    snprintf(text, sizeof text, "%s %s: %s %s %s times as %s (%s)", line.table, line.row,
             line.metric, counter ? "needs" : "takes", line.ratio,
             counter ? "much" : "long", counter ? line.detects : line.interval);
    github_annotate(comparison_is_regression(entry) ? "error" : "warning", "quartet",
                    text);
}

static void write_summary(FILE *file, const void *report)
{
    gate_words_markdown(file, report);
}

static void announce_all(const struct report_gate *gate)
{
    for (size_t i = 0; i < gate->comparisons.count; i++)
        announce_entry(&gate->comparisons.list[i]);
    for (size_t i = 0; i < gate->answers.count; i++) {
        const struct gate_note *note = &gate->answers.list[i];
        char text[600];
        snprintf(text, sizeof text, "%.100s %.80s: %.400s",
                 note->table == NULL ? "?" : note->table,
                 note->table == NULL ? "?" : note->row, note->reason);
        github_annotate("error", "quartet", text);
    }
}

void gate_words_announce(const json_t *report)
{
    struct report_gate gate;
    report_gate_read(&gate, report);
    if (gate_verdict_announce(&gate)) {
        announce_all(&gate);
        github_append("GITHUB_STEP_SUMMARY", write_summary, report);
    }
    report_gate_free(&gate);
}
