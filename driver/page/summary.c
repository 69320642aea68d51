// SPDX-License-Identifier: MIT
//
// summary.c - see summary.h.
#include "driver/page/summary.h"

#include "driver/page/html.h"
#include "driver/show/conclusion.h"
#include "driver/show/gate_verdict.h"
#include "lib/format.h"

#include <jansson.h>
#include <math.h>

// ---- the answer --------------------------------------------------------------------

static void print_notes(FILE *file, const char *title, const struct gate_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const struct gate_note *note = &notes->list[i];
        const char *table = note->table == NULL ? "" : note->table;
        const char *row = note->table == NULL ? "" : note->row;
        fputs("<li>", file);
        html_format(file, "%s: %.200s %.200s %.600s", title, table, row, note->reason);
        fputs("</li>\n", file);
    }
}

static void print_verdict(FILE *file, const struct report_gate *gate)
{
    char sentence[800];
    const char *advice = gate_verdict_advice(gate);
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    fputs("<h2>Verdict</h2>\n<p><strong>", file);
    html_text(file, sentence);
    fputs("</strong></p>\n<p>", file);
    html_format(file, "Base: %.40s %.300s; threshold %.1f %%. %s", gate->base_kind,
                gate->base_name, 100 * gate->threshold, advice);
    fputs("</p>\n", file);
    if (gate->missing.count + gate->answers.count + gate->not_counted.count > 0) {
        fputs("<ul>\n", file);
        print_notes(file, "wrong", &gate->answers);
        print_notes(file, "no base", &gate->missing);
        print_notes(file, "not counted", &gate->not_counted);
        fputs("</ul>\n", file);
    }
}

static void print_conclusion(FILE *file, const struct report *report)
{
    json_t *lines = conclusion_lines(report, CONCLUSION_FULL);
    size_t index;
    json_t *line;
    fputs("<h2>Conclusion</h2>\n", file);
    if (json_array_size(lines) == 0)
        fputs("<p>No table has two rows that could be compared.</p>\n", file);
    else
        fputs("<ul>\n", file);
    json_array_foreach(lines, index, line)
    {
        fputs("<li>", file);
        html_text(file, json_string_value(line));
        fputs("</li>\n", file);
    }
    if (json_array_size(lines) > 0)
        fputs("</ul>\n", file);
    json_decref(lines);
}

void summary_answer(FILE *file, const struct report *report,
                    const struct report_gate *gate)
{
    fputs("<section class=\"answer\" id=\"answer\">\n", file);
    if (gate != NULL)
        print_verdict(file, gate);
    else
        print_conclusion(file, report);
    fputs("</section>\n", file);
}

// ---- all tables --------------------------------------------------------------------

// The first row, and those of which no difference to it can be told.
static void print_fastest(FILE *file, const struct report_table *table)
{
    fputs("<td class=\"names\">", file);
    for (size_t i = 0; i < table->ranked; i++) {
        const struct report_cell *cell = &table->cells[table->ranking[i]];
        const struct pair *pair = report_pair_with_best(table, cell);
        if (i > 0 && (pair == NULL || pair_is_equal(pair) == TRUTH_NO))
            continue;
        fputs(i == 0 ? "" : " ~ ", file);
        html_text(file, cell->label);
    }
    fputs("</td>", file);
}

static void print_slowest(FILE *file, const struct report_table *table)
{
    const struct report_cell *last = &table->cells[table->ranking[table->ranked - 1]];
    const struct pair *pair = report_pair_with_best(table, last);
    char text[40];
    double ratio = pair == NULL ? (double)NAN : pair->ratio.estimate;
    format_ratio(text, sizeof text, ratio);
    html_cell(file, pair == NULL ? "" : last->label);
    html_number(file, ratio, text);
}

static void print_heaviest(FILE *file, const struct report_table *table)
{
    const struct report_cell *heaviest = NULL;
    char text[40];
    for (size_t i = 0; i < table->ranked; i++) {
        const struct report_cell *cell = &table->cells[table->ranking[i]];
        if (!isnan(cell->statistics.memory_bytes) &&
            (heaviest == NULL ||
             cell->statistics.memory_bytes > heaviest->statistics.memory_bytes))
            heaviest = cell;
    }
    double bytes = heaviest == NULL ? (double)NAN : heaviest->statistics.memory_bytes;
    format_size(text, sizeof text, bytes);
    html_cell(file, heaviest == NULL ? "" : heaviest->label);
    html_number(file, bytes, text);
}

static void print_table(FILE *file, const struct report_table *table, size_t number)
{
    char text[40];
    fprintf(file, "<tr><th scope=\"row\"><a href=\"#t%zu\">", number);
    html_text(file, table->title != NULL ? table->title : table->id);
    fputs("</a></th>", file);
    if (table->ranked == 0) {
        fputs("<td class=\"why\" colspan=\"7\">no row could be ranked</td></tr>\n", file);
        return;
    }
    print_fastest(file, table);
    print_slowest(file, table);
    print_heaviest(file, table);
    snprintf(text, sizeof text, "%.1f %%", 100 * table->noise.floor);
    html_number(file, table->noise.floor, text);
    html_cell(file, table->noise.noisy ? "too noisy" : "");
    fputs("</tr>\n", file);
}

void summary_tables(FILE *file, const struct report *report)
{
    static const char *const heads[] = {"table",       "fastest (~ no difference)",
                                        "slowest",     "times as long",
                                        "most memory", "peak",
                                        "noise floor", "remark",
                                        NULL};
    fputs("<section id=\"glance\">\n<h2>At a glance</h2>\n", file);
    html_table_open(file, "All tables: fastest, slowest, heaviest row, and the noise",
                    heads);
    for (size_t i = 0; i < report->table_count; i++)
        print_table(file, &report->tables[i], i + 1);
    html_table_close(file);
    fputs("</section>\n", file);
}
