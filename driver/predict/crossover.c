// SPDX-License-Identifier: MIT
//
// crossover.c - see crossover.h.
#include "driver/predict/crossover.h"

#include "driver/predict/prediction.h"
#include "driver/show/grid.h"
#include "lib/check.h"
#include "lib/cpus.h"
#include "lib/format.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define CELL           120
#define GAP            3
#define STEPS_OF_A_TEN 20 // an axis is looked at so often between 1 and 10
#define COLUMNS        (2 + ARRAY_LEN(axes))
#define CHANGES_MOST   4 // of the better model along one axis

#define PLACE(member) offsetof(struct crossover_wish, member)

static const struct option_spec specs[] = {
    {"tasks", OPTION_COUNT, PLACE(tasks), "100", 1, 100000, NULL, "how many at once"},
    {"wait", OPTION_DURATION, PLACE(wait_ns), "20ms", 0, UINT64_C(60000000000), NULL,
     "that each of them waits"},
    {"compute", OPTION_DURATION, PLACE(compute_ns), "100us", 0, UINT64_C(60000000000),
     NULL, "CPU time that each of them takes"},
    {"cpus", OPTION_COUNT, PLACE(cpus), NULL, 1, 1024, NULL,
     "how many they may use; else those of this machine"},
    {0}};

// One of the numbers, which is varied while the others stay.
static const struct axis {
    const char *name;
    size_t place;
    double from, to;
    bool is_time;
} axes[] = {{"tasks", PLACE(tasks), 1, 1e5, false},
            {"compute", PLACE(compute_ns), 1e3, 1e9, true},
            {"wait", PLACE(wait_ns), 1e4, 1e10, true}};

static const char *const pairs[][2] = {{"multithread", "multiprocess"},
                                       {"multithread", "coroutine"},
                                       {"coroutine", "eventloop"}};

// ---- the program -----------------------------------------------------------------------

int crossover_parse(struct crossover_wish *wish, int argc, char **argv,
                    struct reason *reason)
{
    *wish = (struct crossover_wish){.tasks = 0};
    const struct option_group groups[] = {{"Your program", specs, wish}, {0}};
    options_defaults(&groups[0]);
    int count = options_parse(groups, argc, argv, NULL, 0, reason);
    if (wish->cpus == 0)
        wish->cpus = cpus_count();
    return count < 0 ? count : 0;
}

int crossover_situation(const struct crossover_wish *wish, const struct runner *oracle,
                        struct situation *situation, struct reason *reason)
{
    char text[200];
    if (runner_workload(oracle, "mixed") == NULL)
        return reason_set(reason, -ENOENT, "this build lacks the workload mixed");
    snprintf(text, sizeof text,
             "--tasks %" PRIu64 " --concurrency %" PRIu64
             " --exchanges 1 --light 0 --delay %" PRIu64 "ns --compute %" PRIu64 "ns",
             wish->tasks, wish->tasks, wish->wait_ns, wish->compute_ns);
    int error = situation_parse_text(situation, oracle, "mixed", text, reason);
    situation->cpus = (double)wish->cpus;
    return error;
}

// ---- who is better -----------------------------------------------------------------------

enum better { TIE, FIRST, SECOND };

struct contest {
    const struct runner *oracle;
    const struct book *book;
    const struct book_model *models[2];
    enum quantity quantity;
};

static enum better better_at(const struct contest *contest,
                             const struct crossover_wish *wish)
{
    struct situation situation;
    struct estimate of[2];
    struct reason reason;
    int error = crossover_situation(wish, contest->oracle, &situation, &reason);
    CHECK(error == 0); // the axes keep the ranges
    for (int i = 0; i < 2; i++)
        estimate_find(contest->book, contest->models[i], &situation, contest->quantity,
                      &of[i]);
    return of[0].high < of[1].low ? FIRST : of[1].high < of[0].low ? SECOND : TIE;
}

static void write_point(const struct axis *axis, double at, char *text, size_t size)
{
    if (axis->is_time)
        format_duration(text, size, at);
    else
        snprintf(text, size, "%.0f", at);
}

static const char *winner(const struct contest *contest, enum better better)
{
    return better == TIE ? "tie" : contest->models[better - 1]->name;
}

// "tie, 25: coroutine": who is better from the smallest number on, and from which on another.
static void walk(const struct contest *contest, const struct crossover_wish *wish,
                 const struct axis *axis, char *text, size_t size)
{
    struct crossover_wish other = *wish;
    enum better now = TIE;
    unsigned changes = 0;
    int steps = (int)lround(log10(axis->to / axis->from) * STEPS_OF_A_TEN);
    for (int i = 0; i <= steps; i++) {
        char point[32];
        double at = round(axis->from * pow(10, (double)i / STEPS_OF_A_TEN));
        uint64_t value = (uint64_t)at;
        memcpy((char *)&other + axis->place, &value, sizeof value);
        enum better next = better_at(contest, &other);
        if (i > 0 && next == now)
            continue;
        now = next;
        size_t used = i == 0 ? 0 : strlen(text);
        write_point(axis, at, point, sizeof point);
        if (i == 0)
            snprintf(text, size, "%s", winner(contest, now));
        else if (++changes <= CHANGES_MOST)
            snprintf(text + used, size - used, ", %s: %s", point, winner(contest, now));
    }
}

// ---- the table of crossovers -----------------------------------------------------------------

static void write_cell(const struct contest *contest, const struct crossover_wish *wish,
                       size_t column, char *text)
{
    if (column == 0)
        snprintf(text, CELL, "%s: %s or %s", quantity_title(contest->quantity),
                 contest->models[0]->name, contest->models[1]->name);
    else if (column == 1)
        snprintf(text, CELL, "%s", winner(contest, better_at(contest, wish)));
    else
        walk(contest, wish, &axes[column - 2], text, CELL);
}

static void write_head(size_t column, char text[32])
{
    if (column < 2)
        snprintf(text, 32, "%s", column == 0 ? "less is better" : "yours");
    else
        snprintf(text, 32, "by %s", axes[column - 2].name);
}

// Memory of each task is the same however long it waits, so its axes say little more than
// that of tasks; they are printed all the same.
static void print_contests(FILE *file, const struct contest *contests, size_t count,
                           const struct crossover_wish *wish)
{
    char heads[COLUMNS][32];
    static char cells[QUANTITY_COUNT * ARRAY_LEN(pairs)][COLUMNS][CELL];
    struct grid grid = {.file = file, .gap = GAP};
    for (size_t column = 0; column < COLUMNS; column++) {
        write_head(column, heads[column]);
        grid_widen(&grid, column, heads[column]);
        for (size_t i = 0; i < count; i++) {
            write_cell(&contests[i], wish, column, cells[i][column]);
            grid_widen(&grid, column, cells[i][column]);
        }
    }
    for (size_t column = 0; column < COLUMNS; column++)
        grid_cell(&grid, column, heads[column]);
    grid_end(&grid);
    for (size_t i = 0; i < count; i++) {
        for (size_t column = 0; column < COLUMNS; column++)
            grid_cell(&grid, column, cells[i][column]);
        grid_end(&grid);
    }
}

static size_t make_contests(const struct runner *oracle, const struct book *book,
                            struct contest *contests)
{
    size_t count = 0;
    for (int q = 0; q < QUANTITY_COUNT; q++)
        for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
            struct contest contest = {.oracle = oracle, .book = book};
            contest.quantity = (enum quantity)q;
            contest.models[0] = book_model_find(book, pairs[i][0]);
            contest.models[1] = book_model_find(book, pairs[i][1]);
            if (contest.models[0] != NULL && contest.models[1] != NULL)
                contests[count++] = contest;
        }
    return count;
}

void crossover_print(FILE *file, const struct crossover_wish *wish,
                     const struct runner *oracle, const struct book *book)
{
    struct contest contests[QUANTITY_COUNT * ARRAY_LEN(pairs)];
    struct situation situation;
    struct prediction prediction;
    struct reason reason;
    char wait[32], compute[32];
    format_duration(wait, sizeof wait, (double)wish->wait_ns);
    format_duration(compute, sizeof compute, (double)wish->compute_ns);
    fprintf(file,
            "%" PRIu64 " tasks at once, each waits %s and computes %s, on %" PRIu64
            " CPUs\n",
            wish->tasks, wait, compute, wish->cpus);
    int error = crossover_situation(wish, oracle, &situation, &reason);
    CHECK(error == 0);
    prediction_make(book, &situation, &prediction);
    prediction_print(file, &prediction, false);
    fprintf(file,
            "\nbetter by more than the intervals; one number varies, the others stay "
            "as they are\n");
    size_t count = make_contests(oracle, book, contests);
    print_contests(file, contests, count, wish);
}
