// SPDX-License-Identifier: MIT
//
// simulation.h - gates that are drawn, not measured: sessions on a machine of machine.h, with
// the order, the looks, the bets and the verdicts of the real gate (driver/gate/gate.c).
//
// Read next: test_simulation.c for what is asked of them.
#ifndef QUARTET_TESTS_DRIVER_STATISTICS_SIMULATION_H
#define QUARTET_TESTS_DRIVER_STATISTICS_SIMULATION_H

#include "driver/statistics/anytime.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/order.h"
#include "driver/statistics/random.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/verdict.h"
#include "lib/check.h"
#include "tests/driver/statistics/machine.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS      60 // at most, as `quartet check` has by default
#define FUTILE_FROM 32
#define TABLE_ROWS  4
#define TABLES      11
#define ROWS        (TABLES * TABLE_ROWS)
#define BLOCK       (2 * TABLE_ROWS + 1)
#define LINKS       16

static const struct shape shapes[] = {
    {.name = "plain, 1.2 %", .jitter = 0.012},
    {.name = "AR(1) .95, 4 %", .jitter = 0.002, .wander = 0.04},
    {.name = "random walk, 1 %", .jitter = 0.002, .walk = 0.01},
    {.name = "x1.3 for 3-60 s", .jitter = 0.012, .slow_least_s = 3, .slow_most_s = 60},
    {.name = "x1.3 for 0.5-3 s", .jitter = 0.012, .slow_least_s = 0.5, .slow_most_s = 3},
    {.name = "x1.3 half a block", .jitter = 0.012, .half = true},
    {.name = "x2 in 10 % of runs", .jitter = 0.012, .doubled = 0.1},
    {.name = "x2 in 30 % of runs", .jitter = 0.012, .doubled = 0.3},
    {.name = "position, carry-over", .jitter = 0.012, .second = 0.03, .carried = 0.02},
    {.name = "steps of 4 %", .jitter = 0.012, .step = 0.04},
    {.name = "layout +-1 %", .jitter = 0.012, .layout_either = 0.01},
    {.name = "layout N(0, 1.5 %)", .jitter = 0.012, .layout = 0.015},
};

enum {
    PLAIN,
    WANDER,
    WALK,
    SLOW_REGIMES,
    FAST_REGIMES,
    HALF,
    DOUBLED_10,
    DOUBLED_30,
    POSITION,
    STEPS,
    LAYOUT_EITHER,
    LAYOUT_NORMAL,
};

// A question to the simulation.
struct question {
    const struct shape *shape;
    size_t tables;
    size_t links;     // of each build; 1: the same file in all rounds
    double factor;    // by which row 0 of head takes longer
    double threshold; // of the user
};

// One gate.
struct session {
    const struct question *question;
    struct machine *machine;
    double layouts[ROWS][2][LINKS]; // of base, of head
    uint8_t orders[TABLES][ROUNDS * BLOCK];
    double d[ROWS][ROUNDS]; // logarithms of head / base
    double p[ROWS];
    enum verdict verdicts[ROWS];
    bool missed[ROWS]; // at any look: the interval lay beside the truth
    bool settled[TABLES];
    unsigned pairs; // of all rows together
};

static double build_factor(const struct session *session, size_t row, bool head,
                           unsigned round)
{
    size_t links = session->question->links;
    // With each turn through the links the two of a pair meet others.
    size_t link = head ? round % links : (round + round / links) % links;
    double planted = head && row == 0 ? session->question->factor : 1;
    return session->layouts[row][head][link] * planted;
}

static void run_block(struct session *session, size_t table, unsigned round)
{
    struct machine *machine = session->machine;
    const uint8_t *order = session->orders[table] + (size_t)round * BLOCK;
    bool slow_first = random_below(&machine->random, 2) == 0;
    double times[TABLE_ROWS][2];
    for (size_t i = 0; i < BLOCK; i++) {
        size_t place = order[i] % ORDER_TWIN;
        size_t row = table * TABLE_ROWS + place / 2;
        bool head = place % 2 == 1;
        bool second = i > 0 && (order[i - 1] ^ 1) == order[i];
        machine->half = machine->shape->half && (i < (BLOCK + 1) / 2) == slow_first;
        double time =
            machine_run(machine, row, build_factor(session, row, head, round), second);
        if ((order[i] & ORDER_TWIN) == 0)
            times[place / 2][head] = time;
    }
    for (size_t i = 0; i < TABLE_ROWS; i++)
        session->d[table * TABLE_ROWS + i][round] = log(times[i][1] / times[i][0]);
}

static struct evidence look_at(struct session *session, size_t row, unsigned n)
{
    double sorted[ROUNDS];
    struct ratio ratio;
    double threshold = session->question->threshold;
    double truth = row == 0 ? session->question->factor : 1;
    memcpy(sorted, session->d[row], n * sizeof *sorted);
    session->p[row] = anytime_p(sorted, n);
    anytime_ratio(sorted, n, &ratio);
    if (ratio.interval.low > truth || ratio.interval.high < truth)
        session->missed[row] = true;
    return (struct evidence){
        .n = n, .interval = ratio.interval, .wanted = threshold, .threshold = threshold};
}

// The verdicts of a table after n rounds; true: nothing more is to be learnt.
static bool judge_table(struct session *session, size_t table, struct evidence *evidence,
                        const double *p_holm)
{
    bool open = false;
    for (size_t row = table * TABLE_ROWS; row < (table + 1) * TABLE_ROWS; row++) {
        struct reason reason;
        evidence[row].p = p_holm[row];
        enum verdict verdict = verdict_of(&evidence[row], &reason);
        bool futile =
            evidence[row].n >= FUTILE_FROM && verdict_is_futile(&evidence[row], ROUNDS);
        session->verdicts[row] = verdict;
        open = open || ((verdict == VERDICT_INCONCLUSIVE || verdict == VERDICT_SUSPECT) &&
                        !futile);
    }
    return !open;
}

static bool look(struct session *session, unsigned n)
{
    struct evidence evidence[ROWS] = {0};
    double p_holm[ROWS];
    bool all = true;
    size_t tables = session->question->tables;
    for (size_t row = 0; row < tables * TABLE_ROWS; row++)
        if (!session->settled[row / TABLE_ROWS])
            evidence[row] = look_at(session, row, n);
    memcpy(p_holm, session->p, sizeof p_holm);
    CHECK(significance_holm(p_holm, tables * TABLE_ROWS) == 0);
    for (size_t table = 0; table < tables; table++) {
        if (!session->settled[table])
            session->settled[table] = judge_table(session, table, evidence, p_holm);
        all = all && session->settled[table];
    }
    return all;
}

static void begin(struct session *session)
{
    struct machine *machine = session->machine;
    machine_start(machine);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t link = 0; link < LINKS; link++)
            for (int head = 0; head < 2; head++)
                session->layouts[row][head][link] = machine_layout(machine);
    for (size_t table = 0; table < session->question->tables; table++)
        order_make_pairs(random_next(&machine->random), TABLE_ROWS, ROUNDS,
                         session->orders[table]);
}

static void run_gate(struct session *session)
{
    unsigned next = ANYTIME_PAIRS_LEAST;
    begin(session);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t table = 0; table < session->question->tables; table++) {
            if (session->settled[table])
                continue;
            run_block(session, table, round);
            session->pairs += TABLE_ROWS;
        }
        if (round + 1 < next && round + 1 < ROUNDS)
            continue;
        next = looks_next(next);
        if (look(session, round + 1))
            break;
    }
}

// The outcome of many gates.
struct tally {
    size_t gates;
    size_t rows;
    size_t false_gates;     // with a REGRESSION that is none
    size_t suspect_gates;   // with a SUSPECT that is none
    size_t undecided_gates; // with a row that is open
    size_t undecided_rows;
    size_t found;   // row 0 is REGRESSION
    size_t passed;  // row 0 is SAME
    size_t covered; // rows whose interval held the truth at each look
    size_t pairs;
};

static void count(const struct session *session, struct tally *tally)
{
    size_t rows = session->question->tables * TABLE_ROWS;
    bool wrong = false;
    bool suspect = false;
    size_t undecided = 0;
    for (size_t row = 0; row < rows; row++) {
        enum verdict verdict = session->verdicts[row];
        bool slower = row == 0 && session->question->factor > 1;
        wrong = wrong || (verdict == VERDICT_REGRESSION && !slower);
        suspect = suspect || (verdict == VERDICT_SUSPECT && !slower);
        undecided += verdict == VERDICT_INCONCLUSIVE || verdict == VERDICT_SUSPECT;
        tally->covered += session->missed[row] ? 0 : 1;
    }
    tally->gates++;
    tally->rows += rows;
    tally->false_gates += wrong;
    tally->suspect_gates += suspect;
    tally->undecided_gates += undecided > 0;
    tally->undecided_rows += undecided;
    tally->found += session->verdicts[0] == VERDICT_REGRESSION;
    tally->passed += session->verdicts[0] == VERDICT_SAME;
    tally->pairs += session->pairs;
}

static struct tally run_gates(struct question question, size_t gates)
{
    struct tally tally = {0};
    struct machine machine = {.shape = question.shape};
    struct session *session = malloc(sizeof *session);
    CHECK(session != NULL);
    random_init(&machine.random, (uint64_t)(question.factor * 1e6) + question.tables +
                                     strlen(question.shape->name));
    for (size_t i = 0; i < gates; i++) {
        memset(session, 0, sizeof *session);
        session->question = &question;
        session->machine = &machine;
        run_gate(session);
        count(session, &tally);
    }
    free(session);
    return tally;
}

#endif
