// SPDX-License-Identifier: MIT
//
// Command line, back end and record of the plain clients: see fetch_peer.h.
#include "tests/peers/fetch_peer.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/limits.h"
#include "lib/options.h"
#include "workloads/fetch/fetch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
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

void peer_request(const struct peer *peer, uint32_t task, uint32_t sequence,
                  unsigned char *message)
{
    struct fetch_label label = {peer->plan.seed, FETCH_REQUEST, task, sequence};
    fetch_message_build(message, peer->plan.payload, &label);
}

int peer_reply_right(const struct peer *peer, uint32_t task, uint32_t sequence,
                     const unsigned char *message)
{
    struct fetch_label label = {peer->plan.seed, FETCH_REPLY, task, sequence};
    return fetch_message_check(message, peer->plan.payload, &label) == FETCH_FINE;
}

static int exchange(const struct peer *peer, int fd, uint32_t task, uint32_t sequence)
{
    unsigned char message[FETCH_MESSAGE_MAX];
    size_t size = peer->plan.payload;
    peer_request(peer, task, sequence, message);
    for (size_t done = 0; done < size;) {
        ssize_t count = send(fd, message + done, size - done, MSG_NOSIGNAL);
        if (count < 0)
            return 0;
        done += (size_t)count;
    }
    for (size_t done = 0; done < size;) {
        ssize_t count = recv(fd, message + done, size - done, 0);
        if (count <= 0)
            return 0;
        done += (size_t)count;
    }
    return peer_reply_right(peer, task, sequence, message);
}

uint64_t peer_session(const struct peer *peer, uint32_t task)
{
    const struct fetch_endpoint *endpoint = fetch_backend_endpoint(&peer->backend, task);
    int fd = socket(endpoint->address.any.sa_family, SOCK_STREAM, 0);
    uint32_t sequence = 0;
    if (fd >= 0 && fetch_endpoint_tune(endpoint, fd) == 0 &&
        connect(fd, &endpoint->address.any, endpoint->length) == 0)
        while (sequence < peer->plan.exchanges && exchange(peer, fd, task, sequence))
            sequence++;
    close(fd);
    return sequence;
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

    struct peer peer = {.plan = {.transport = (enum fetch_transport)parameters.transport,
                                 .tasks = (uint32_t)settings.tasks,
                                 .concurrency = (uint32_t)settings.tasks,
                                 .exchanges = parameters.exchanges,
                                 .delay_ns = parameters.delay_ns,
                                 .payload = parameters.payload,
                                 .seed = settings.seed,
                                 .cpus = settings.peer_cpus}};
    if (fetch_backend_start(&peer.backend, &peer.plan, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    uint64_t began_ns = clock_now_ns();
    uint64_t right = peer_run(&peer);
    record(settings.record, clock_now_ns() - began_ns);
    uint64_t expected = settings.tasks * parameters.exchanges;
    if (right != expected)
        die(EXIT_WRONG, "%" PRIu64 " exchanges were right, expected %" PRIu64, right,
            expected);
    if (fetch_backend_stop(&peer.backend, &reason) != 0 ||
        fetch_backend_verify(&peer.backend, &peer.plan, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    fetch_backend_destroy(&peer.backend);
    return EXIT_FINE;
}
