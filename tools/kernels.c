// SPDX-License-Identifier: MIT
//
// kernels.c - quartet-kernels.so: the arithmetic of `primes` for programs in other languages
// that call C. It is the kernel that all runners are linked with, so a lane that calls it does
// their work, and what differs is the language around it.
//
// Read next: lanes/python/kernels.py, which calls it by ctypes.
#include "workloads/primes/kernel.h"

// How many numbers of [from, limit) are prime, of PRIMES_CHUNK at the most; `from` is a multiple
// of that. Thread-safe.
uint64_t quartet_count_primes(uint64_t from, uint64_t limit);

uint64_t quartet_count_primes(uint64_t from, uint64_t limit)
{
    struct primes_parameters parameters = {.limit = limit};
    const struct work work = {.parameters = &parameters, .tasks = 1};
    struct outcome outcome = {0};
    struct task task = {.work = &work, .outcome = &outcome};
    primes_chunk(&task, from / PRIMES_CHUNK);
    return outcome.digest;
}
