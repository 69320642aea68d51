// SPDX-License-Identifier: MIT
//
// spawn_peer.c - what one would write to create and join workers one after another if
// there were no project around it: the bare loop over pthread_create and pthread_join,
// or over fork and waitpid. Our runners should cost hardly more than this.
//
//   spawn_peer threads|processes CHILDREN [RECORD]
//
// The children do what those of the workload do, by the same object file. RECORD gets
// {"run": nanoseconds}, as the run record of a runner has it.
//
// Read next: tests/peers/cpu_bench.
#define _GNU_SOURCE // MAP_ANONYMOUS, which POSIX does not have
#include "lib/clock.h"
#include "workloads/spawn/kernel.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    STACK_BYTES = 64 * 1024, // as the runner's threads have by default
};

static void *thread_main(void *argument)
{
    uint64_t *result = argument;
    struct spawn_argument mine = {.number = *result};
    *result = spawn_child(&mine);
    return NULL;
}

static int thread_once(uint64_t *result)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int error = pthread_create(&thread, &attributes, thread_main, result);
    pthread_attr_destroy(&attributes);
    return error != 0 ? error : pthread_join(thread, NULL);
}

static int process_once(uint64_t *result)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        thread_main(result);
        _exit(0);
    }
    return pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
}

int main(int argc, char **argv)
{
    uint64_t *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 3 || result == MAP_FAILED) {
        fprintf(stderr, "usage: spawn_peer threads|processes CHILDREN [RECORD]\n");
        return 2;
    }
    int (*once)(uint64_t *) =
        strcmp(argv[1], "threads") == 0 ? thread_once : process_once;
    uint64_t children = strtoull(argv[2], NULL, 10);
    struct outcome outcome = {0};

    uint64_t began_ns = clock_now_ns();
    for (uint64_t number = 0; number < children; number++) {
        *result = number;
        if (once(result) != 0) {
            perror("spawn_peer");
            return 1;
        }
        spawn_book(&outcome, *result);
    }
    uint64_t run_ns = clock_now_ns() - began_ns;

    printf("%" PRIu64 " %s: %.3f ms, digest %016" PRIx64 "\n", children, argv[1],
           (double)run_ns / 1e6, outcome.digest);
    if (argc == 3)
        return 0;
    FILE *file = fopen(argv[3], "w");
    return file == NULL || fprintf(file, "{\"run\": %" PRIu64 "}\n", run_ns) < 0 ||
           fclose(file) != 0;
}
