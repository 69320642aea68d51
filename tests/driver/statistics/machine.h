// SPDX-License-Identifier: MIT
//
// machine.h - machines that disturb: how long a run takes on each of them. Time passes while
// runs are made, so that a regime of the machine begins and ends in the middle of a block,
// or of a run.
//
// Read next: test_simulation.c, which runs gates on them.
#ifndef QUARTET_TESTS_DRIVER_MACHINE_H
#define QUARTET_TESTS_DRIVER_MACHINE_H

#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

// A machine; what is 0 does not happen there.
struct shape {
    const char *name;
    double jitter;       // standard deviation of the logarithm of each run
    double wander;       // of a level that keeps .95 of itself from run to run, AR(1)
    double walk;         // of the steps of a level from run to run
    double slow_least_s; // regimes in which all takes 1.3 times as long last from so long
    double slow_most_s;  // to so long, and so do those between them
    bool half;           // such a regime in one half of each block
    double doubled;      // part of the runs that take twice as long
    double second;       // by how much the second of a pair takes longer
    double carried;      // by how much a run takes longer behind one of an odd row
    double step;         // times are multiples of this part of a run
    double layout;       // standard deviation of what the order of linking makes of a row
    double layout_either; // or it is plus or minus so much
};

#define MACHINE_SLOW 1.3
#define MACHINE_RUN  0.15 // s
#define MACHINE_KEPT 0.95

// The machine at one moment.
struct machine {
    const struct shape *shape;
    struct random random;
    double level; // of AR(1) and walk, logarithms
    double walked;
    double now_s;
    double change_s; // when the regime ends
    bool slow;
    bool half; // in the slow half of a block
    size_t row_before;
};

static inline void machine_start(struct machine *machine)
{
    machine->level = machine->shape->wander * draw_normal(&machine->random);
    machine->walked = 0;
    machine->now_s = 0;
    machine->change_s = 0;
    machine->slow = random_below(&machine->random, 2) == 0;
    machine->half = false;
    machine->row_before = 0;
}

// How long work of `need` seconds takes that begins now, through the end of a regime.
static inline double machine_regimes(struct machine *machine, double need)
{
    const struct shape *shape = machine->shape;
    double taken = 0;
    while (need > 0) {
        double now = machine->now_s + taken;
        if (now >= machine->change_s) {
            machine->slow = !machine->slow;
            machine->change_s = now + shape->slow_least_s +
                                (shape->slow_most_s - shape->slow_least_s) *
                                    draw_uniform(&machine->random);
        }
        double factor = machine->slow ? MACHINE_SLOW : 1;
        double most = machine->change_s - now;
        double step = fmin(need * factor, most);
        taken += step;
        need -= step / factor;
        if (step < most)
            break;
    }
    return taken;
}

static inline double machine_jitter(struct machine *machine)
{
    const struct shape *shape = machine->shape;
    double fresh = sqrt(1 - MACHINE_KEPT * MACHINE_KEPT) * shape->wander;
    if (shape->wander > 0)
        machine->level =
            MACHINE_KEPT * machine->level + fresh * draw_normal(&machine->random);
    if (shape->walk > 0)
        machine->walked += shape->walk * draw_normal(&machine->random);
    return machine->level + machine->walked +
           shape->jitter * draw_normal(&machine->random);
}

// One run of a row whose build takes `factor` times as long as it might; `second`: of a
// pair. In seconds.
static inline double machine_run(struct machine *machine, size_t row, double factor,
                                 bool second)
{
    const struct shape *shape = machine->shape;
    double time = MACHINE_RUN * factor * exp(machine_jitter(machine));
    if (shape->slow_most_s > 0)
        time = machine_regimes(machine, time);
    if (machine->half)
        time *= MACHINE_SLOW;
    if (draw_uniform(&machine->random) < shape->doubled)
        time *= 2;
    if (second)
        time *= 1 + shape->second;
    if (machine->row_before % 2 == 1)
        time *= 1 + shape->carried;
    if (shape->step > 0)
        time =
            fmax(1, round(time / MACHINE_RUN / shape->step)) * shape->step * MACHINE_RUN;
    machine->row_before = row;
    machine->now_s += time;
    return time;
}

// The effect of a link on a row.
static inline double machine_layout(struct machine *machine)
{
    const struct shape *shape = machine->shape;
    double sign = random_below(&machine->random, 2) == 0 ? 1 : -1;
    return exp(shape->layout * draw_normal(&machine->random) +
               sign * shape->layout_either);
}

#endif
