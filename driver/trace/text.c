// SPDX-License-Identifier: MIT
//
// Strips as text: see text.h. A row is 66 cells of the same time. In a cell a task that ran
// wins over all that waited, or the short runs of a loop would be invisible: its letter is a
// capital if it ran for most of the cell, else a small one.
#include "driver/trace/text.h"

#include "driver/trace/row.h"
#include "lib/allocate.h"
#include "lib/format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELLS 66
#define LABEL 12

// The events of a cell.
struct cell {
    double ran_ns;  // by any task
    double best_ns; // by the one that ran most in one go
    uint32_t task;  // that one
    double why_ns[WHY_COUNT];
};

struct picture {
    FILE *file;
    double cell_ns;
    bool used[WHY_COUNT]; // for the legend
    bool ran_partly;
};

// ---- cells -----------------------------------------------------------------------------

static void add_to_cell(struct cell *cell, const struct strip_span *span, double ns)
{
    if (span->state != STRIP_RUNS) {
        cell->why_ns[span->why] += ns;
        return;
    }
    cell->ran_ns += ns;
    if (ns > cell->best_ns) {
        cell->best_ns = ns;
        cell->task = span->task;
    }
}

static void fill(const struct picture *picture, const struct strip *strip,
                 const struct row *row, struct cell *cells)
{
    memset(cells, 0, CELLS * sizeof *cells);
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        if (!row_has(row, span))
            continue;
        double first = floor(fmax(span->begin_ns, 0) / picture->cell_ns);
        for (size_t c = (size_t)first; c < CELLS; c++) {
            double begin_ns = fmax((double)c * picture->cell_ns, span->begin_ns);
            double end_ns = fmin((double)(c + 1) * picture->cell_ns, span->end_ns);
            if (end_ns <= begin_ns)
                break;
            add_to_cell(&cells[c], span, end_ns - begin_ns);
        }
    }
}

// ---- rows ------------------------------------------------------------------------------

static void print_label(const struct picture *picture, const char *label)
{
    fprintf(picture->file, "%-*s|", LABEL, label);
}

static char letter_of(struct picture *picture, const struct cell *cell, uint32_t tasks)
{
    bool most = cell->ran_ns >= picture->cell_ns / 2;
    picture->ran_partly |= !most;
    char first = most ? 'A' : 'a';
    return (char)(tasks > STRIP_DETAIL ? (most ? 'X' : 'x') : first + (char)cell->task);
}

static char wait_of(struct picture *picture, const struct cell *cell)
{
    enum strip_why best = WHY_NOTHING;
    for (size_t why = 0; why < WHY_COUNT; why++)
        if (cell->why_ns[why] > cell->why_ns[best])
            best = (enum strip_why)why;
    picture->used[best] = true;
    return strip_why_sign(best);
}

static void print_row(struct picture *picture, const struct strip *strip,
                      const struct row *row, const char *label)
{
    struct cell cells[CELLS];
    char text[CELLS + 1] = "";
    fill(picture, strip, row, cells);
    for (size_t c = 0; c < CELLS; c++)
        text[c] = cells[c].ran_ns > 0 ? letter_of(picture, &cells[c], strip->tasks)
                                      : wait_of(picture, &cells[c]);
    print_label(picture, label);
    fprintf(picture->file, "%s|\n", text);
}

// How many tasks on the average of a cell, as tenths of the most.
static void print_density(const struct picture *picture, const struct strip *strip,
                          const char *name, int why)
{
    struct cell cells[CELLS];
    const struct row any = {-1, -1, -1, false};
    double most = 0;
    fill(picture, strip, &any, cells);
    for (size_t c = 0; c < CELLS; c++) {
        double ns = why < 0 ? cells[c].ran_ns : cells[c].why_ns[why];
        most = fmax(most, ns / picture->cell_ns);
    }
    if (most == 0)
        return;
    print_label(picture, name);
    for (size_t c = 0; c < CELLS; c++) {
        double ns = why < 0 ? cells[c].ran_ns : cells[c].why_ns[why];
        double share = ns / picture->cell_ns / most;
        putc(share == 0 ? ' ' : '0' + (int)fmin(9, floor(share * 10)), picture->file);
    }
    fprintf(picture->file, "|\n%*s 9: %.3g tasks\n", LABEL, "", most);
}

// ---- a strip ---------------------------------------------------------------------------

static void print_tasks(struct picture *picture, const struct strip *strip)
{
    char label[24];
    for (uint32_t task = 0; task < strip->tasks; task++) {
        const struct row row = {-1, (int)task, -1, false};
        snprintf(label, sizeof label, "  task %c", 'A' + (char)task);
        print_row(picture, strip, &row, label);
    }
}

static void print_lanes(struct picture *picture, const struct strip *strip, bool loop)
{
    for (size_t i = 0; i < strip->lane_count; i++) {
        const struct row row = {(int)i, -1, -1, loop};
        print_row(picture, strip, &row, strip->lanes[i].name);
    }
}

static void print_densities(const struct picture *picture, const struct strip *strip)
{
    print_density(picture, strip, "running", -1);
    for (int why = WHY_NOTHING + 1; why < WHY_COUNT; why++)
        print_density(picture, strip, strip_why_name((enum strip_why)why), why);
}

static void print_cpus(struct picture *picture, const struct strip *strip)
{
    char label[24];
    for (uint32_t cpu = 0; cpu < strip_cpu_end(strip); cpu++) {
        const struct row row = {-1, -1, (int)cpu, true};
        snprintf(label, sizeof label, "  CPU %u", cpu);
        if (strip_uses_cpu(strip, cpu))
            print_row(picture, strip, &row, label);
    }
}

static void print_strip(struct picture *picture, const struct strip *strip)
{
    char sentence[256];
    bool loop = strip_has_loops(strip);
    strip_sentence(strip, sentence, sizeof sentence);
    fprintf(picture->file, "\n%s\n%s\n", strip->model, sentence);
    if (strip->lane_count <= STRIP_DETAIL)
        print_lanes(picture, strip, loop);
    if (strip->tasks > STRIP_DETAIL)
        print_densities(picture, strip);
    else if (loop)
        print_tasks(picture, strip);
    print_cpus(picture, strip);
    if (strip->lost > 0)
        fprintf(
            picture->file,
            "%.0f events did not fit (--events): where a lane ends early, it is cut\n",
            strip->lost);
}

// ---- the figure ------------------------------------------------------------------------

// 1, 2 or 5 times a power of ten, so that there are at most `most` of them.
static double nice_step(double span, double most)
{
    double step = pow(10, floor(log10(span / most)));
    while (span / step > most)
        step *= span / step > 5 * most ? 10 : span / step > 2 * most ? 5 : 2;
    return step;
}

static void print_axis(const struct picture *picture)
{
    char line[LABEL + CELLS + 32];
    double step = nice_step(CELLS * picture->cell_ns, 5);
    memset(line, ' ', sizeof line);
    for (int i = 0; i * step / picture->cell_ns < CELLS - 8; i++) {
        char tick[24];
        double at_ns = i * step;
        format_duration(tick, sizeof tick, at_ns);
        size_t place = LABEL + 1 + (size_t)(at_ns / picture->cell_ns);
        memcpy(line + place, i == 0 ? "0" : tick, i == 0 ? 1 : strlen(tick));
    }
    size_t length = LABEL + CELLS;
    while (length > 0 && line[length - 1] == ' ')
        length--;
    fprintf(picture->file, "%.*s\n", (int)length, line);
}

static void print_legend(const struct picture *picture, const struct strips *strips)
{
    fprintf(picture->file, "\n%s",
            strips->list[0].tasks > STRIP_DETAIL ? "X: a task runs"
                                                 : "A, B, ...: the task that runs");
    if (picture->ran_partly)
        fputs(" (small: for less than half of the column)", picture->file);
    fputs("\nwaits for:", picture->file);
    const char *comma = "";
    for (size_t why = WHY_NOTHING + 1; why < WHY_COUNT; why++) {
        if (!picture->used[why])
            continue;
        fprintf(picture->file, "%s %c %s", comma, strip_why_sign((enum strip_why)why),
                strip_why_name((enum strip_why)why));
        comma = ",";
    }
    fputs(*comma == '\0' ? " nothing\n" : "\n", picture->file);
}

static struct picture begin_picture(FILE *file, double end_ns)
{
    return (struct picture){.file = file, .cell_ns = end_ns > 0 ? end_ns / CELLS : 1};
}

void strip_text_axis(FILE *file, double end_ns)
{
    const struct picture picture = begin_picture(file, end_ns);
    print_axis(&picture);
}

void strip_text_task(FILE *file, const struct strip *strip, uint32_t task,
                     const char *label)
{
    struct picture picture = begin_picture(file, strip->end_ns);
    const struct row row = {-1, (int)task, -1, false};
    print_row(&picture, strip, &row, label);
}

void strip_text(FILE *file, const struct strips *strips)
{
    struct picture picture = begin_picture(file, strips->end_ns);
    const struct strip *first = &strips->list[0];
    char column[32];
    format_duration(column, sizeof column, picture.cell_ns);
    fprintf(file, "%s: %u task%s, at most %u at a time; a column is %s\n",
            first->workload, first->tasks, first->tasks == 1 ? "" : "s",
            first->concurrency, column);
    print_axis(&picture);
    for (size_t i = 0; i < strips->count; i++)
        print_strip(&picture, &strips->list[i]);
    print_legend(&picture, strips);
}
