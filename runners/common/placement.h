// SPDX-License-Identifier: MIT
//
// placement.h - which worker runs on which CPU. By one rule for all models (--pin auto):
// where exactly as many workers compute (in a workload of kind `cpu`) as there are CPUs,
// each keeps one CPU for itself; else the kernel places them, as it does in most programs.
// Workers that live for one task (--per-task) pass no gate, and are always the kernel's.
//
// Why at all: the kernel often starts two new threads on the same CPU, and may let them share
// it for longer than a short run takes. Two workers then need the time of one, now and
// then, whatever their model. Many workers hide that, since the next idle CPU takes some of
// them over.
// Why not with fewer workers than CPUs: which CPUs share a core, or a cache, is for the
// kernel to know. Why not for those who wait: whether two that talk to each other should
// share a CPU is the kernel's to decide, too.
#ifndef QUARTET_RUNNERS_COMMON_PLACEMENT_H
#define QUARTET_RUNNERS_COMMON_PLACEMENT_H

#include "runners/common/run.h"

enum placement { // values of --pin
    PLACEMENT_AUTO,
    PLACEMENT_ALWAYS, // worker i on CPU i, in turn, however many there are
    PLACEMENT_NEVER,
};

// Decides whether workers are pinned; run->workers and the CPUs of the runner are fixed.
void placement_choose(struct run *run, enum placement wish);

// A worker (thread, process or loop) is about to begin: if workers are pinned, it stays on
// the next CPU from now on, with all that it starts later: children of tasks, but not the
// pool of an executor, which is there before. Only the calling thread is pinned.
void placement_pin(const struct run *run);

// After the run: adds a note to it where the wish was not fulfilled.
void placement_note(struct run *run, enum placement wish);

#endif
