// SPDX-License-Identifier: MIT
//
// mandelbrot_print.c - computes a picture by the kernel and prints it like
// mandelbrot_oracle.py, so that the two can be compared by diff. See
// identical_bits.bats, which compiles it with several compilers.
//
//   mandelbrot_print WIDTH HEIGHT ITERATIONS
#include "lib/mix.h"
#include "workloads/mandelbrot/kernel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: mandelbrot_print WIDTH HEIGHT ITERATIONS\n");
        return 2;
    }
    struct mandelbrot_parameters parameters = {.width = strtoull(argv[1], NULL, 10),
                                               .iterations = strtoull(argv[3], NULL, 10)};
    struct work work = {.parameters = &parameters,
                        .tasks = (uint32_t)strtoul(argv[2], NULL, 10)};
    uint64_t checksum = 0;
    for (uint32_t row = 0; row < work.tasks; row++) {
        struct outcome outcome = {0};
        struct task task = {.work = &work, .index = row, .outcome = &outcome};
        for (uint64_t chunk = 0; mandelbrot_chunk(&task, chunk); chunk++) {
        }
        checksum = mix_into(checksum, outcome.digest);
        printf("%" PRIu32 " %016" PRIx64 "\n", row, outcome.digest);
    }
    printf("checksum %016" PRIx64 "\n", checksum);
    return 0;
}
