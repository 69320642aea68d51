// SPDX-License-Identifier: MIT
//
// Command line, load and record of the plain servers: see serve_peer.h.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_POPULATE are Linux
#include "tests/peers/serve_peer.h"

#include "lib/cpus.h"
#include "lib/limits.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

extern const struct workload serve_workload;

struct settings {
    uint64_t tasks;
    uint64_t seed;
    const char *cpus;
    const char *peer_cpus;
    const char *record;
};

static const struct option_spec peer_options[] = {
    {"tasks", OPTION_COUNT, offsetof(struct settings, tasks), "50", 1, 1000000, NULL,
     "connections, all at once"},
    {"seed", OPTION_COUNT, offsetof(struct settings, seed), "1", 0, UINT64_MAX, NULL,
     "of what is computed"},
    {"cpus", OPTION_TEXT, offsetof(struct settings, cpus), NULL, 0, 0, NULL,
     "server's CPUs"},
    {"peer-cpus", OPTION_TEXT, offsetof(struct settings, peer_cpus), NULL, 0, 0, NULL,
     "load's CPUs"},
    {"record", OPTION_TEXT, offsetof(struct settings, record), NULL, 0, 0, NULL,
     "where to leave the result"},
    {0},
};

static uint64_t timeval_ns(struct timeval time)
{
    return (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_usec * 1000;
}

static void record(const char *path, uint64_t wall_ns)
{
    struct rusage self;
    getrusage(RUSAGE_SELF, &self);
    FILE *file = path != NULL ? fopen(path, "we") : stdout;
    if (file == NULL)
        die(EXIT_WRONG, "cannot write %s: %s", path, strerror(errno));
    fprintf(file,
            "{\"run\": %" PRIu64 ", \"cpu_ns\": {\"user\": %" PRIu64
            ", \"system\": %" PRIu64 "}}\n",
            wall_ns, timeval_ns(self.ru_utime), timeval_ns(self.ru_stime));
    if (path != NULL)
        fclose(file);
}

static void map_outcomes(struct work *work)
{
    work->outcome_stride = (sizeof(struct outcome) + 63) / 64 * 64;
    work->outcomes =
        mmap(NULL, work->outcome_stride * work->tasks, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (work->outcomes == MAP_FAILED)
        die(EXIT_CANNOT, "no memory for %u outcomes", work->tasks);
}

int main(int argc, char **argv)
{
    static struct settings settings;
    static struct serve_parameters parameters;
    const struct option_group groups[] = {{"Server", peer_options, &settings},
                                          {"serve", serve_workload.options, &parameters},
                                          {0}};
    struct reason reason;
    error_set_program(argv[0]);
    options_defaults(&groups[0]);
    options_defaults(&groups[1]);
    if (options_parse(groups, argc - 1, argv + 1, NULL, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    limits_raise();
    if (settings.cpus != NULL && cpus_pin(settings.cpus, &reason) != 0)
        die(EXIT_USAGE, "%s", reason.text);

    struct work work = {.workload = &serve_workload,
                        .parameters = &parameters,
                        .tasks = (uint32_t)settings.tasks,
                        .concurrency = (uint32_t)settings.tasks,
                        .seed = settings.seed,
                        .peer_cpus = settings.peer_cpus};
    map_outcomes(&work);
    if (serve_workload.setup(&work, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    uint64_t began_ns = clock_now_ns();
    peer_run(&work);
    record(settings.record, clock_now_ns() - began_ns);
    if (serve_workload.teardown(&work, &reason) != 0 ||
        serve_workload.verify(&work, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    return EXIT_FINE;
}
