// SPDX-License-Identifier: MIT
//
// plot_rounds.c - is it noise? Each run of a table in the order in which it was made,
// divided by the median of its row, so that all rows are comparable. What slows down the
// machine lifts all rows of a block; second runs (twins) are hollow and should lie on the
// first ones; blocks that were disturbed are shaded.
#include "driver/analysis/samples.h"
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "lib/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEFT   40.0
#define TOP    6.0
#define BOTTOM 176.0
#define LABELS 36.0 // below the plot: those of the axis, and its name

struct frame {
    const struct plot_subject *subject;
    struct axis x; // number of the block
    struct axis y; // times the median of the row
    double step;   // units from one block to the next
};

static bool applies(const struct plot_subject *subject)
{
    return subject->table != NULL && subject->table->ranked > 0 &&
           subject->table->block_count > 1;
}

static bool is_shown(const struct plot_subject *subject, const char *label)
{
    const struct report_cell *cell = report_find_row(subject->table, label);
    return cell != NULL && cell->ranked;
}

static bool is_disturbed(const struct report_block *block)
{
    return !block->valid || block->disturbed != NULL;
}

static void describe(char text[PLOT_TEXT], const struct plot_subject *subject)
{
    const struct report_table *table = subject->table;
    size_t disturbed = 0;
    for (size_t i = 0; i < table->block_count; i++)
        disturbed += is_disturbed(&table->blocks[i]);
    snprintf(
        text, PLOT_TEXT,
        "Each run divided by the median of its row, block by block. Hollow: a second "
        "run of the same row in the same block; the distance to the first is noise. "
        "%zu of %zu blocks were disturbed from outside%s.",
        disturbed, table->block_count, disturbed > 0 ? " (shaded)" : "");
}

static double height(const struct plot_subject *subject)
{
    return BOTTOM + LABELS + plot_legend_height(subject, is_shown);
}

// ---- the drawing -------------------------------------------------------------------

// The place of a block among those of the table, or NAN.
static double place_of(const struct report_table *table, double number)
{
    for (size_t i = 0; i < table->block_count; i++)
        if (table->blocks[i].number == number)
            return (double)i + 1;
    return (double)NAN;
}

// A run as a multiple of the median; NAN: it is not one that was right.
static double relative(const struct report_cell *cell, const struct sample *sample)
{
    double value = sample->wall_ns / cell->statistics.wall_ns.median;
    return sample->exit_code == 0 && value > 0 ? value : (double)NAN;
}

static void widen(struct range *range, const struct report_cell *cell,
                  const struct sample_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        range_add(range, relative(cell, &list->list[i]));
}

static struct frame make_frame(const struct plot_subject *subject)
{
    const struct report_table *table = subject->table;
    double blocks = (double)table->block_count;
    struct range range = {1, 1};
    struct frame frame = {.subject = subject, .step = (SVG_WIDTH - LEFT) / blocks};
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].ranked) {
            widen(&range, &table->cells[i], &table->cells[i].samples);
            widen(&range, &table->cells[i], &table->cells[i].twins);
        }
    frame.x =
        (struct axis){.low = 0.5, .high = blocks + 0.5, .from = LEFT, .to = SVG_WIDTH};
    frame.y = axis_make(range, range.high > 3, BOTTOM, TOP);
    return frame;
}

static void name_block(char *text, size_t size, double value, const void *context)
{
    (void)context;
    snprintf(text, size, "%s", "");
    if (value == floor(value))
        snprintf(text, size, "%.0f", value);
}

// Rows stand side by side within a block, so that no mark hides another.
static double offset_of(const struct frame *frame, size_t index, size_t rows)
{
    double spread = fmin(frame->step * 0.7, 9.0 * (double)rows);
    return rows < 2 ? 0 : spread * ((double)index / (double)(rows - 1) - 0.5);
}

static void draw_runs(FILE *file, const struct frame *frame, size_t rank, bool twins)
{
    const struct report_table *table = frame->subject->table;
    const struct report_cell *cell = &table->cells[table->ranking[rank]];
    const struct sample_list *list = twins ? &cell->twins : &cell->samples;
    size_t series = plot_row_series(frame->subject->rows, cell->label);
    for (size_t i = 0; i < list->count; i++) {
        double place = place_of(table, list->list[i].block);
        double value = relative(cell, &list->list[i]);
        if (isnan(place) || isnan(value))
            continue;
        struct point at = {axis_at(&frame->x, place) +
                               offset_of(frame, rank, table->ranked),
                           axis_at(&frame->y, value)};
        svg_mark(file, series, twins, at);
    }
}

static void draw_blocks(FILE *file, const struct frame *frame)
{
    const struct report_table *table = frame->subject->table;
    for (size_t i = 0; i < table->block_count; i++)
        if (is_disturbed(&table->blocks[i]))
            svg_rectangle(file, "disturbed",
                          (struct point){LEFT + frame->step * (double)i, TOP},
                          frame->step, BOTTOM - TOP);
}

static void draw(FILE *file, const struct plot_subject *subject)
{
    struct frame frame = make_frame(subject);
    double one = axis_at(&frame.y, 1);
    draw_blocks(file, &frame);
    svg_axis_y(file, &frame.y, (struct range){LEFT, SVG_WIDTH}, svg_name_number, NULL);
    svg_axis_x(file, &frame.x, (struct range){BOTTOM, BOTTOM + 4}, name_block, NULL);
    svg_line(file, "one", (struct point){LEFT, one}, (struct point){SVG_WIDTH, one});
    for (size_t i = 0; i < subject->table->ranked; i++) {
        draw_runs(file, &frame, i, false);
        draw_runs(file, &frame, i, true);
    }
    svg_text(file, "head", SVG_END, (struct point){SVG_WIDTH, BOTTOM + 31},
             "block; up: times the row's median");
    plot_legend(file, subject, BOTTOM + LABELS, is_shown);
}

// ---- the numbers -------------------------------------------------------------------

// A cell with the wall time of the run of this block, if there is one.
static void print_run(FILE *file, const struct sample_list *list, double block)
{
    char text[40];
    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].block == block) {
            format_duration(text, sizeof text, list->list[i].wall_ns);
            html_number(file, list->list[i].wall_ns, text);
            return;
        }
    html_cell(file, "");
}

// The second run of the block, whichever row it was of.
static void print_twin(FILE *file, const struct report_table *table,
                       const struct report_block *block)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        if (block->twin != NULL && strcmp(cell->id, block->twin) == 0) {
            print_run(file, &cell->twins, block->number);
            html_cell(file, cell->label);
            return;
        }
    }
    html_cell(file, "");
    html_cell(file, "");
}

static void print_block(FILE *file, const struct report_table *table,
                        const struct report_block *block)
{
    char text[40];
    fputs("<tr>", file);
    snprintf(text, sizeof text, "%.0f", block->number);
    html_row_head(file, text);
    for (size_t i = 0; i < table->ranked; i++)
        print_run(file, &table->cells[table->ranking[i]].samples, block->number);
    print_twin(file, table, block);
    fputs("<td class=\"why\">", file);
    html_text(file,
              block->invalid_reason != NULL ? block->invalid_reason : block->disturbed);
    fputs("</td></tr>\n", file);
}

static void numbers(FILE *file, const struct plot_subject *subject)
{
    const struct report_table *table = subject->table;
    const char **heads = calloc(table->ranked + 5, sizeof *heads);
    size_t n = 0;
    if (heads == NULL)
        return;
    heads[n++] = "block";
    for (size_t i = 0; i < table->ranked; i++)
        heads[n++] = table->cells[table->ranking[i]].label;
    heads[n++] = "second run";
    heads[n++] = "of";
    heads[n] = "disturbed by";
    html_table_open(file, "Wall time of each run", heads);
    for (size_t i = 0; i < table->block_count; i++)
        print_block(file, table, &table->blocks[i]);
    html_table_close(file);
    free(heads);
}

const struct plot plot_rounds = {.name = "rounds",
                                 .title = "Is it noise? Every run in its order",
                                 .applies = applies,
                                 .describe = describe,
                                 .height = height,
                                 .draw = draw,
                                 .numbers = numbers};
