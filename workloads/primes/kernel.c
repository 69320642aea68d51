// SPDX-License-Identifier: MIT
//
// kernel.c - trial division, the slowest well-known way to find primes, chosen for
// that: it is nothing but integer divisions in registers, so it measures how well a
// model keeps processors busy, and no cache or memory bus gets in the way.
//
// Read next: direct.c.
#include "workloads/primes/kernel.h"

// All primes but 2 and 3 are of the form 6k-1 or 6k+1, so the candidates for a
// divisor are 5, 7, 11, 13, 17, 19, ... up to the square root.
static bool number_is_prime(uint32_t number)
{
    if (number < 2)
        return false;
    if (number % 2 == 0 || number % 3 == 0)
        return number <= 3;
    // 64 bits for the square: that of 65537 does not fit in 32.
    for (uint32_t divisor = 5; (uint64_t)divisor * divisor <= number; divisor += 6)
        if (number % divisor == 0 || number % (divisor + 2) == 0)
            return false;
    return true;
}

bool primes_chunk(struct task *task, uint64_t chunk)
{
    const struct primes_parameters *parameters = task->work->parameters;
    uint64_t from = (chunk * task->work->tasks + task->index) * PRIMES_CHUNK;
    uint64_t to = from + PRIMES_CHUNK;
    if (from >= parameters->limit)
        return false;
    if (to > parameters->limit)
        to = parameters->limit;

    uint64_t primes = 0;
    for (uint64_t number = from; number < to; number++)
        primes += number_is_prime((uint32_t)number);
    task->outcome->digest += primes;
    task->outcome->operations += to - from;
    return true;
}
