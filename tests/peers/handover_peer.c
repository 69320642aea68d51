// SPDX-License-Identifier: MIT
//
// handover_peer.c - what one would write to pass control to and fro between two threads or
// processes if there were no project around it: two bare futexes. A semaphore of ours
// should cost hardly more than this.
//
//   handover_peer threads|processes HANDOVERS [RECORD]
//
// RECORD gets {"run": nanoseconds}, as the run record of a runner has it.
//
// Read next: tests/peers/cpu_bench.
#define _GNU_SOURCE // MAP_ANONYMOUS and syscall(), which POSIX does not have
#include "lib/futex.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

// One word per side: 1 means that it is that side's turn.
struct table {
    struct {
        alignas(64) _Atomic uint32_t turn;
    } sides[2];
    uint64_t handovers; // of each side
    enum futex_scope scope;
};

static void play(struct table *table, int side)
{
    _Atomic uint32_t *mine = &table->sides[side].turn;
    _Atomic uint32_t *other = &table->sides[1 - side].turn;
    for (uint64_t i = 0; i < table->handovers; i++) {
        while (atomic_exchange(mine, 0) == 0)
            futex_wait(mine, 0, FUTEX_FOREVER, table->scope);
        atomic_store(other, 1);
        futex_wake(other, 1, table->scope);
    }
}

static void *thread_main(void *argument)
{
    play(argument, 1);
    return NULL;
}

static int play_threads(struct table *table)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, thread_main, table) != 0)
        return -1;
    play(table, 0);
    return pthread_join(thread, NULL);
}

static int play_processes(struct table *table)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        play(table, 1);
        _exit(0);
    }
    play(table, 0);
    return pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
}

int main(int argc, char **argv)
{
    struct table *table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 3 || table == MAP_FAILED) {
        fprintf(stderr, "usage: handover_peer threads|processes HANDOVERS [RECORD]\n");
        return 2;
    }
    bool threads = strcmp(argv[1], "threads") == 0;
    table->scope = threads ? FUTEX_THREADS : FUTEX_PROCESSES;
    table->handovers = strtoull(argv[2], NULL, 10) / 2;
    atomic_store(&table->sides[0].turn, 1);
    uint64_t began_ns = clock_now_ns();
    if ((threads ? play_threads : play_processes)(table) != 0) {
        perror("handover_peer");
        return 1;
    }
    uint64_t run_ns = clock_now_ns() - began_ns;
    printf("%" PRIu64 " hand-overs between %s: %.3f ms\n", 2 * table->handovers, argv[1],
           (double)run_ns / 1e6);
    if (argc == 3)
        return 0;
    FILE *file = fopen(argv[3], "w");
    return file == NULL || fprintf(file, "{\"run\": %" PRIu64 "}\n", run_ns) < 0 ||
           fclose(file) != 0;
}
