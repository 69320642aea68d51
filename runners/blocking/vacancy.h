// SPDX-License-Identifier: MIT
//
// vacancy.h - which workers have left their places: for a model that creates a worker per
// task (--per-task) and must know who is to be joined before the next one is created.
//
// A worker that has done its task puts the number of its place on a list; the dispatcher
// takes the whole list at once, and sleeps only when it is empty. So neither a descriptor
// per worker nor a walk along all children is needed. The list lies in memory that
// processes share. A worker that is killed never gets onto it: who waits
// for processes must look for dead ones from time to time.
//
// The list is Treiber's: R. K. Treiber, "Systems Programming: Coping with Parallelism",
// IBM RJ 5118, 1986. Nobody takes single members off, so the same number may come back.
//
// Read next: multithread/per_task.c.
#ifndef QUARTET_RUNNERS_BLOCKING_VACANCY_H
#define QUARTET_RUNNERS_BLOCKING_VACANCY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Places are written as 1 + their number, so that 0 is the end of the list.
struct vacancy_list {
    _Atomic uint32_t first; // the place that was left last; a futex
    uint32_t next[];        // by number: the place that was left before this one
};

struct vacancies {
    struct vacancy_list *list; // shared
    uint32_t taken;            // first of the dispatcher's own part of it
};

// Makes an empty list for places 0..places-1, before there are workers; its memory stays
// until the process ends. 0, or -ENOMEM.
int vacancies_init(struct vacancies *vacancies, uint32_t places);

// A worker is about to end. It must not touch what it shares with the next one after this.
void vacancies_leave(const struct vacancies *vacancies, uint32_t number);

// The dispatcher gets a place that was left; it sleeps at most `timeout_ns`. Returns
// whether there was one.
bool vacancies_take(struct vacancies *vacancies, uint32_t *number, uint64_t timeout_ns);

#endif
