// SPDX-License-Identifier: MIT
//
// The list of places that workers have left: see vacancy.h.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_POPULATE; syscall(), for futex.h
#include "runners/blocking/vacancy.h"

#include "lib/clock.h"
#include "lib/futex.h"

#include <sys/mman.h>

int vacancies_init(struct vacancies *vacancies, uint32_t places)
{
    size_t size = sizeof *vacancies->list + places * sizeof vacancies->list->next[0];
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED)
        return -errno;
    *vacancies = (struct vacancies){.list = memory};
    return 0;
}

// Release: who takes the list sees the links. Only the first one on an empty list has
// somebody to wake.
void vacancies_leave(const struct vacancies *vacancies, uint32_t number)
{
    struct vacancy_list *list = vacancies->list;
    uint32_t first = atomic_load_explicit(&list->first, memory_order_relaxed);
    do {
        list->next[number] = first;
    } while (!atomic_compare_exchange_weak_explicit(
        &list->first, &first, number + 1, memory_order_release, memory_order_relaxed));
    if (first == 0)
        futex_wake(&list->first, 1, FUTEX_PROCESSES);
}

static uint32_t take_all(struct vacancy_list *list)
{
    return atomic_exchange_explicit(&list->first, 0, memory_order_acquire);
}

bool vacancies_take(struct vacancies *vacancies, uint32_t *number, uint64_t timeout_ns)
{
    struct vacancy_list *list = vacancies->list;
    uint64_t deadline_ns = clock_now_ns() + timeout_ns;
    if (vacancies->taken == 0)
        vacancies->taken = take_all(list);
    while (vacancies->taken == 0) {
        if (futex_wait(&list->first, 0, deadline_ns, FUTEX_PROCESSES) == -ETIMEDOUT)
            return false;
        vacancies->taken = take_all(list);
    }
    *number = vacancies->taken - 1;
    vacancies->taken = list->next[*number];
    return true;
}
