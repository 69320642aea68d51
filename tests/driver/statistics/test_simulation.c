// SPDX-License-Identifier: MIT
//
// test_simulation.c - how often is the gate right? Sessions are drawn from a seed, with
// noise that has the shape of a virtual machine's: lognormal jitter of each run, a heavy
// tail, drift of the whole machine, and bursts in which all is slower for a while. The
// course is that of driver/gate/gate.c: three looks, and a second batch for what seems slower;
// the verdicts are the real ones.
//
// With --table, prints what it found as a table for docs/gate.md.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/random.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/check.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS      40
#define COMPARISONS 20   // in a report; Holm's correction at its worst is times this
#define RESAMPLES   1000 // of the bootstrap: a tenth of the real ones, to be fast

static const unsigned looks[] = {15, 25, 40};

// A machine.
struct shape {
    const char *name;
    double jitter;       // standard deviation of the logarithm of each run
    double tail;         // part of the runs that meet a hiccup
    double hiccup;       // how much longer those take on average (exponential)
    double drift;        // standard deviation of the machine's steps from round to round
    double burst;        // probability that a burst begins
    double burst_factor; // by which all is slower in it
    double burst_jitter; // and more jitter
};

static const struct shape shapes[] = {
    {"quiet", 0.004, 0.01, 0.05, 0.002, 0, 1, 0},
    {"virtual machine", 0.012, 0.03, 0.25, 0.01, 0.03, 1.3, 0.03},
    {"stormy", 0.05, 0.10, 0.50, 0.03, 0.10, 1.5, 0.10},
};

// The machine at one moment.
struct machine {
    const struct shape *shape;
    struct random random;
    double level;  // logarithm
    unsigned left; // rounds of the burst
};

static void next_round(struct machine *machine)
{
    const struct shape *shape = machine->shape;
    machine->level += shape->drift * draw_normal(&machine->random);
    if (machine->left > 0)
        machine->left--;
    else if (draw_uniform(&machine->random) < shape->burst)
        machine->left = 1 + (unsigned)random_below(&machine->random, 8);
}

static double run_ns(struct machine *machine, double factor)
{
    const struct shape *shape = machine->shape;
    double jitter = shape->jitter + (machine->left > 0 ? shape->burst_jitter : 0);
    double time =
        200e6 * factor * exp(machine->level + jitter * draw_normal(&machine->random));
    if (machine->left > 0)
        time *= shape->burst_factor;
    if (draw_uniform(&machine->random) < shape->tail)
        time *= 1 - shape->hiccup * log(draw_uniform(&machine->random));
    return time;
}

// One batch of rounds of head, base, and a twin of base.
struct batch {
    double head[ROUNDS];
    double base[ROUNDS];
    double twin[ROUNDS];
};

static void draw_batch(struct machine *machine, double factor, struct batch *batch)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        next_round(machine);
        batch->head[i] = run_ns(machine, factor);
        batch->base[i] = run_ns(machine, 1);
        batch->twin[i] = run_ns(machine, 1);
    }
}

static double noise_floor(const struct batch *batch, size_t n)
{
    struct ratio ratio;
    CHECK(statistics_ratio_resampled(batch->twin, batch->base, n, 1, 0, &ratio) == 0);
    return fmax(1 / ratio.interval.low, ratio.interval.high) - 1;
}

static double corrected_p(const struct batch *batch, size_t n)
{
    double d[ROUNDS];
    for (size_t i = 0; i < n; i++)
        d[i] = log(batch->head[i] / batch->base[i]);
    return fmin(1, COMPARISONS * significance_sign_flip(d, n, 1));
}

// The bootstrap and p can only make a verdict INCONCLUSIVE, so they need not be computed
// where it is that already.
static enum verdict look(const struct batch *batch, size_t n)
{
    struct ratio ratio;
    struct reason reason;
    struct evidence evidence = {.n = n, .wanted = VERDICT_THRESHOLD};
    evidence.threshold = verdict_threshold(VERDICT_THRESHOLD, noise_floor(batch, n));
    for (size_t resamples = 0; resamples <= RESAMPLES; resamples += RESAMPLES) {
        CHECK(statistics_ratio_resampled(batch->head, batch->base, n, 1, resamples,
                                         &ratio) == 0);
        evidence.interval = ratio.interval;
        enum verdict verdict = verdict_of_batch(&evidence, &reason);
        if (verdict == VERDICT_INCONCLUSIVE || (verdict == VERDICT_SAME && resamples > 0))
            return verdict;
    }
    evidence.p = corrected_p(batch, n);
    return verdict_of_batch(&evidence, &reason);
}

static enum verdict judge_batch(struct machine *machine, double factor)
{
    struct batch batch;
    enum verdict verdict = VERDICT_INCONCLUSIVE;
    draw_batch(machine, factor, &batch);
    for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
        verdict = look(&batch, looks[i]);
        if (verdict != VERDICT_INCONCLUSIVE && verdict != VERDICT_SUSPECT)
            break;
    }
    return verdict;
}

static enum verdict run_gate(struct machine *machine, double factor)
{
    struct reason reason;
    enum verdict first = judge_batch(machine, factor);
    if (first != VERDICT_REGRESSION)
        return first;
    return verdict_confirm(judge_batch(machine, factor), &reason);
}

// How often each verdict came up.
struct tally {
    size_t gates;
    size_t counts[VERDICT_REGRESSION + 1];
};

static struct tally run_gates(const struct shape *shape, double factor, size_t gates)
{
    struct machine machine = {.shape = shape};
    struct tally tally = {.gates = gates};
    random_init(&machine.random, (uint64_t)(factor * 1e6) + strlen(shape->name));
    for (size_t i = 0; i < gates; i++) {
        machine.level = 0;
        machine.left = 0;
        tally.counts[run_gate(&machine, factor)]++;
    }
    return tally;
}

static double part(const struct tally *tally, enum verdict verdict)
{
    return (double)tally->counts[verdict] / (double)tally->gates;
}

// How often the interval of 20 rounds covers the true ratio.
static double coverage(const struct shape *shape, size_t sessions)
{
    struct machine machine = {.shape = shape};
    size_t covered = 0;
    random_init(&machine.random, 77);
    for (size_t i = 0; i < sessions; i++) {
        struct batch batch;
        struct ratio ratio;
        draw_batch(&machine, 1.03, &batch);
        CHECK(statistics_ratio_resampled(batch.head, batch.base, 20, i, RESAMPLES,
                                         &ratio) == 0);
        covered += ratio.interval.low <= 1.03 && 1.03 <= ratio.interval.high;
    }
    return (double)covered / (double)sessions;
}

// ---- tests -------------------------------------------------------------------------

static void equal_builds_are_not_called_slower(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        struct tally tally = run_gates(&shapes[i], 1, 4000);
        assert_true(part(&tally, VERDICT_REGRESSION) <= 0.001);
    }
}

static void one_percent_is_never_called_slower(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        struct tally tally = run_gates(&shapes[i], 1.01, 1000);
        assert_int_equal(tally.counts[VERDICT_REGRESSION], 0);
    }
}

static void five_percent_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct tally tally = run_gates(&shapes[i], 1.05, 400);
        assert_true(part(&tally, VERDICT_REGRESSION) >= 0.95);
    }
}

// Where the machine does not allow a verdict, there is none; never a wrong one.
static void a_storm_makes_no_wrong_verdicts(void **state)
{
    (void)state;
    struct tally slower = run_gates(&shapes[2], 1.10, 400);
    assert_true(part(&slower, VERDICT_SAME) <= 0.001);
    assert_int_equal(slower.counts[VERDICT_IMPROVED], 0);
}

static void intervals_cover_as_often_as_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        double covered = coverage(&shapes[i], 2000);
        assert_true(covered >= 0.93 && covered <= 0.97);
    }
}

// ---- the table ---------------------------------------------------------------------

static void print_table(void)
{
    static const double factors[] = {0.95, 1, 1.01, 1.03, 1.05, 1.10};
    printf("%-16s %8s %6s  %10s %8s %8s %12s\n", "machine", "change", "gates",
           "REGRESSION", "IMPROVED", "SAME", "INCONCLUSIVE");
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        for (size_t j = 0; j < ARRAY_LEN(factors); j++) {
            size_t gates = factors[j] == 1 ? 10000 : 1000;
            struct tally tally = run_gates(&shapes[i], factors[j], gates);
            printf("%-16s %+6.0f %% %6zu  %8.2f %% %6.1f %% %6.1f %% %10.1f %%\n",
                   shapes[i].name, 100 * (factors[j] - 1), gates,
                   100 * part(&tally, VERDICT_REGRESSION),
                   100 * part(&tally, VERDICT_IMPROVED), 100 * part(&tally, VERDICT_SAME),
                   100 * (part(&tally, VERDICT_INCONCLUSIVE) +
                          part(&tally, VERDICT_SUSPECT)));
        }
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        printf("%-16s 95 %% intervals of 20 rounds cover the truth in %.1f %% of 4000 "
               "sessions\n",
               shapes[i].name, 100 * coverage(&shapes[i], 4000));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_builds_are_not_called_slower),
        cmocka_unit_test(one_percent_is_never_called_slower),
        cmocka_unit_test(five_percent_are_found),
        cmocka_unit_test(a_storm_makes_no_wrong_verdicts),
        cmocka_unit_test(intervals_cover_as_often_as_they_say),
    };
    if (argc > 1 && strcmp(argv[1], "--table") == 0) {
        print_table();
        return 0;
    }
    return cmocka_run_group_tests_name("simulation", tests, NULL, NULL);
}
