// SPDX-License-Identifier: MIT
//
// Command line, back end and record of the plain clients: see fetch_peer.h.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_POPULATE are Linux
#include "tests/peers/fetch_peer.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/limits.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

extern const struct workload fetch_workload;

struct settings {
    uint64_t tasks;
    uint64_t seed;
    const char *cpus;
    const char *peer_cpus;
    const char *record;
};

static const struct option_spec peer_options[] = {
    {"tasks", OPTION_COUNT, offsetof(struct settings, tasks), "1000", 1, 1000000, NULL,
     "sessions, all at once"},
    {"seed", OPTION_COUNT, offsetof(struct settings, seed), "1", 0, UINT64_MAX, NULL,
     "of the payloads"},
    {"cpus", OPTION_TEXT, offsetof(struct settings, cpus), NULL, 0, 0, NULL,
     "client's CPUs"},
    {"peer-cpus", OPTION_TEXT, offsetof(struct settings, peer_cpus), NULL, 0, 0, NULL,
     "back end's CPUs"},
    {"record", OPTION_TEXT, offsetof(struct settings, record), NULL, 0, 0, NULL,
     "where to leave the result"},
    {0},
};

struct task peer_task(const struct work *work, uint32_t index)
{
    return (
        struct task){.work = work, .index = index, .outcome = outcome_at(work, index)};
}

static int exchange(struct task *task, int fd, uint32_t sequence)
{
    const struct fetch_parameters *parameters = task->work->parameters;
    unsigned char message[FETCH_MESSAGE_MAX];
    size_t size = parameters->payload;
    fetch_request(task, sequence, message);
    struct fetch_exchange now = {.sent_ns = clock_now_ns(), .sequence = sequence};
    while (now.bytes_out < size) {
        ssize_t count =
            send(fd, message + now.bytes_out, size - now.bytes_out, MSG_NOSIGNAL);
        if (count < 0)
            return -errno;
        now.bytes_out += (uint32_t)count;
    }
    while (now.bytes_in < size) {
        ssize_t count = recv(fd, message + now.bytes_in, size - now.bytes_in, 0);
        if (count <= 0)
            return -ECONNRESET;
        now.bytes_in += (uint32_t)count;
    }
    return fetch_book(task, &now, message);
}

void peer_session(const struct work *work, uint32_t index)
{
    const struct fetch_parameters *parameters = work->parameters;
    struct task task = peer_task(work, index);
    const struct fetch_endpoint *endpoint = fetch_task_endpoint(&task);
    int fd = socket(endpoint->address.any.sa_family, SOCK_STREAM, 0);
    uint32_t sequence = 0;
    if (fd >= 0 && fetch_endpoint_tune(endpoint, fd) == 0 &&
        connect(fd, &endpoint->address.any, endpoint->length) == 0)
        while (sequence < parameters->exchanges && exchange(&task, fd, sequence) == 0)
            sequence++;
    close(fd);
}

static uint64_t timevals_ns(struct timeval a, struct timeval b)
{
    return (uint64_t)(a.tv_sec + b.tv_sec) * NS_PER_SECOND +
           (uint64_t)(a.tv_usec + b.tv_usec) * 1000;
}

static void record(const char *path, uint64_t wall_ns)
{
    struct rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    FILE *file = path != NULL ? fopen(path, "we") : stdout;
    if (file == NULL)
        die(EXIT_WRONG, "cannot write %s: %s", path, strerror(errno));
    fprintf(file,
            "{\"run\": %" PRIu64 ", \"cpu_ns\": {\"user\": %" PRIu64
            ", \"system\": %" PRIu64 "}}\n",
            wall_ns, timevals_ns(self.ru_utime, children.ru_utime),
            timevals_ns(self.ru_stime, children.ru_stime));
    if (path != NULL)
        fclose(file);
}

// Shared, because a forked client must be able to leave something, and populated, as in
// the runners.
static void map_outcomes(struct work *work)
{
    work->outcome_stride =
        (sizeof(struct outcome) + fetch_workload.samples(work) * sizeof(uint64_t) + 63) /
        64 * 64;
    work->outcomes =
        mmap(NULL, work->outcome_stride * work->tasks, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (work->outcomes == MAP_FAILED)
        die(EXIT_CANNOT, "no memory for %u outcomes", work->tasks);
}

// The same ledger as a runner's: a client that books less than they do is no peer.
static void check_ledger(const struct work *work)
{
    struct ledger expected, found = {.tasks = work->tasks};
    fetch_workload.expect(work, &expected);
    for (uint32_t task = 0; task < work->tasks; task++) {
        const struct outcome *outcome = outcome_at(work, task);
        found.operations += outcome->operations;
        found.bytes_in += outcome->bytes_in;
        found.bytes_out += outcome->bytes_out;
    }
    if (found.operations != expected.operations || found.bytes_in != expected.bytes_in ||
        found.bytes_out != expected.bytes_out)
        die(EXIT_WRONG, "operations, bytes in or bytes out are not what was to be done");
}

int main(int argc, char **argv)
{
    static struct settings settings;
    static struct fetch_parameters parameters;
    const struct option_group groups[] = {{"Client", peer_options, &settings},
                                          {"fetch", fetch_workload.options, &parameters},
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

    struct work work = {.workload = &fetch_workload,
                        .parameters = &parameters,
                        .tasks = (uint32_t)settings.tasks,
                        .concurrency = (uint32_t)settings.tasks,
                        .seed = settings.seed,
                        .peer_cpus = settings.peer_cpus};
    map_outcomes(&work);
    if (fetch_workload.setup(&work, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    uint64_t began_ns = clock_now_ns();
    peer_run(&work);
    record(settings.record, clock_now_ns() - began_ns);
    if (fetch_workload.teardown(&work, &reason) != 0 ||
        fetch_workload.verify(&work, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    check_ledger(&work);
    return EXIT_FINE;
}
