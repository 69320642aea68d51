// SPDX-License-Identifier: MIT
//
// backends.c - how the ways to wait scale: select, poll, epoll and io_uring, as libev
// offers them, over ever more descriptors.
//
// Two tables. In the first one N descriptors are watched, and just one is active at a
// time: a handler reads from its own and writes to the next one's. That is a server with
// many idle clients, and the case in which the back ends differ: select and poll hand all
// N to the kernel and look through all N afterwards, for one event. In the second one
// (`eventloop fetch`) all N are at work, and one look through all of them finds many.
//
// All back ends take turns within each round, and each line is compared within its round.
//
// Read next: runner_record.h; runners/eventloop/backend.c.
#include "driver/statistics/statistics.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/options.h"
#include "lib/process.h"
#include "tools/runner_record.h"

#include <errno.h>
#include <ev.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#ifndef EVBACKEND_IOURING // named by libev 4.33 and later only
#define EVBACKEND_IOURING 0U
#endif

enum {
    BACKENDS = 4,
    SIZES = 8,
    ROUNDS = 50,
    SPARE_DESCRIPTORS = 16, // of the program and of the loop itself
};

static const struct {
    const char *name;
    unsigned flag;
} backends[BACKENDS] = {{"epoll", EVBACKEND_EPOLL},
                        {"poll", EVBACKEND_POLL},
                        {"select", EVBACKEND_SELECT},
                        {"iouring", EVBACKEND_IOURING}};

struct settings {
    const char *sizes;
    uint64_t rounds;
    uint64_t exchanges;
};

static const struct option_spec specs[] = {
    {.name = "sizes",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct settings, sizes),
     .fallback = "10,100,1k,10k",
     .help = "numbers of descriptors"},
    {.name = "rounds",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct settings, rounds),
     .fallback = "5",
     .minimum = 1,
     .maximum = ROUNDS,
     .help = "how often each is measured, in turn"},
    {.name = "exchanges",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct settings, exchanges),
     .fallback = "1000",
     .minimum = 10,
     .maximum = 1000000,
     .help = "of each measurement"},
    {0}};

// CPU time per exchange in ns, of each round.
struct table {
    double ns[SIZES][BACKENDS][ROUNDS];
};

// A part of a table: measures one cell. 0, or -errno with the reason.
typedef int measure_cell(size_t backend, uint64_t size, uint64_t exchanges, double *ns,
                         struct reason *reason);

// ---- one active descriptor of N ---------------------------------------------------------

struct ring {
    uint64_t size;
    uint64_t left;  // exchanges that are still to be done
    uint64_t place; // who is active
    ev_io *watchers;
};

// The active place jumps about, as clients do: 7919 is a prime that divides no size here.
static void on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)events;
    struct ring *ring = ev_userdata(loop);
    uint64_t one = 1;
    CHECK(read(watcher->fd, &one, sizeof one) == sizeof one);
    if (ring->left-- == 1) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    ring->place = (ring->place + 7919) % ring->size;
    CHECK(write(ring->watchers[ring->place].fd, &one, sizeof one) == sizeof one);
}

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void ring_turn(struct ev_loop *loop, struct ring *ring, uint64_t exchanges)
{
    uint64_t one = 1;
    ring->left = exchanges;
    CHECK(write(ring->watchers[ring->place].fd, &one, sizeof one) == sizeof one);
    ev_run(loop, 0);
}

static int ring_open(struct ev_loop *loop, struct ring *ring, struct reason *reason)
{
    for (uint64_t i = 0; i < ring->size; i++) {
        int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (fd < 0) {
            int error = -errno;
            return reason_set(reason, error, "cannot open descriptor %" PRIu64 ": %s", i,
                              strerror(-error));
        }
        ev_io_init(&ring->watchers[i], on_readable, fd, EV_READ);
        ev_io_start(loop, &ring->watchers[i]);
    }
    return 0;
}

static int measure_one_active(size_t backend, uint64_t size, uint64_t exchanges,
                              double *ns, struct reason *reason)
{
    struct ev_loop *loop = ev_loop_new(backends[backend].flag | EVFLAG_NOENV);
    if (loop == NULL)
        return reason_set(reason, -ENOSYS, "the kernel refuses this back end");
    struct ring ring = {.size = size};
    ring.watchers = calloc(size, sizeof *ring.watchers);
    if (ring.watchers == NULL)
        die(EXIT_CANNOT, "no memory for %" PRIu64 " watchers", size);
    ev_set_userdata(loop, &ring);
    int error = ring_open(loop, &ring, reason);
    if (error == 0) {
        ring_turn(loop, &ring, exchanges / 10); // registers all, and warms up
        double began = cpu_ns();
        ring_turn(loop, &ring, exchanges);
        *ns = (cpu_ns() - began) / (double)exchanges;
    }
    for (uint64_t i = 0; i < size && ev_is_active(&ring.watchers[i]); i++) {
        ev_io_stop(loop, &ring.watchers[i]);
        close(ring.watchers[i].fd);
    }
    free(ring.watchers);
    ev_loop_destroy(loop);
    return error;
}

// ---- all of them at work ----------------------------------------------------------------

// At least 4 exchanges per session, so that opening and closing it is the smaller part.
static int measure_all_active(size_t backend, uint64_t size, uint64_t exchanges,
                              double *ns, struct reason *reason)
{
    char sessions[32], each[32];
    uint64_t per_session = exchanges / size;
    if (per_session < 4)
        per_session = 4;
    snprintf(sessions, sizeof sessions, "%" PRIu64, size);
    snprintf(each, sizeof each, "%" PRIu64, per_session);
    const char *const arguments[] = {"fetch",
                                     "--transport",
                                     "unix",
                                     "--delay",
                                     "5ms",
                                     "--tasks",
                                     sessions,
                                     "--concurrency",
                                     sessions,
                                     "--exchanges",
                                     each,
                                     "--backend",
                                     backends[backend].name,
                                     NULL};
    json_t *record;
    int error = runner_record("eventloop", arguments, NULL, &record, reason);
    if (error != 0)
        return error;
    double user = runner_number(record, "cpu_ns", "user");
    double system = runner_number(record, "cpu_ns", "system");
    json_decref(record);
    *ns = (user + system) / (double)(size * per_session);
    return 0;
}

// ---- the table --------------------------------------------------------------------------

struct plan {
    uint64_t sizes[SIZES];
    size_t count;
    uint64_t rounds;
    uint64_t exchanges;
    bool works[BACKENDS];
};

static void print_row(const struct plan *plan, const struct table *table, size_t size)
{
    printf("%11" PRIu64, plan->sizes[size]);
    for (size_t b = 0; b < BACKENDS; b++) {
        double ns[ROUNDS], ratio[ROUNDS];
        struct summary summary, ratios;
        if (!plan->works[b])
            continue;
        for (size_t round = 0; round < plan->rounds; round++) {
            ns[round] = table->ns[size][b][round];
            ratio[round] = ns[round] / table->ns[size][0][round];
        }
        statistics_summarise(ns, plan->rounds, &summary);
        statistics_summarise(ratio, plan->rounds, &ratios);
        printf(" %12.0f %8.2f", summary.median, ratios.median);
    }
    printf("\n");
}

static void print_table(const struct plan *plan, const struct table *table,
                        const char *title)
{
    printf("%s\n%11s", title, "descriptors");
    for (size_t b = 0; b < BACKENDS; b++) {
        if (plan->works[b])
            printf(" %9s ns %8s", backends[b].name, "/ epoll");
    }
    printf("\n");
    for (size_t size = 0; size < plan->count; size++)
        print_row(plan, table, size);
}

// Each round begins with another back end, so that none is always the first.
static void measure_table(const struct plan *plan, measure_cell *measure,
                          const char *title)
{
    static struct table table;
    struct reason reason;
    for (size_t round = 0; round < plan->rounds; round++) {
        for (size_t size = 0; size < plan->count; size++) {
            for (size_t turn = 0; turn < BACKENDS; turn++) {
                size_t b = (turn + round) % BACKENDS;
                if (plan->works[b] && measure(b, plan->sizes[size], plan->exchanges,
                                              &table.ns[size][b][round], &reason) != 0)
                    die(EXIT_WRONG, "%s, %" PRIu64 " descriptors: %s", backends[b].name,
                        plan->sizes[size], reason.text);
            }
        }
    }
    print_table(plan, &table, title);
}

static void find_backends(struct plan *plan)
{
    for (size_t b = 0; b < BACKENDS; b++) {
        struct ev_loop *loop = NULL;
        bool built = (backends[b].flag & ev_supported_backends()) != 0;
        if (built)
            loop = ev_loop_new(backends[b].flag | EVFLAG_NOENV);
        plan->works[b] = loop != NULL;
        if (loop != NULL)
            ev_loop_destroy(loop);
        else
            printf("%s is not in the tables: %s\n", backends[b].name,
                   built ? "the kernel refuses it"
                         : "the libev that this program is linked with was built "
                           "without it");
    }
    if (!plan->works[0])
        die(EXIT_CANNOT, "epoll does not work here, and all others are compared with it");
}

// The runner raises its own limit in the same way.
static void raise_descriptor_limit(const struct plan *plan)
{
    struct rlimit limit;
    uint64_t most = 0;
    for (size_t i = 0; i < plan->count; i++)
        most = plan->sizes[i] > most ? plan->sizes[i] : most;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_max < most + SPARE_DESCRIPTORS)
        die(EXIT_CANNOT,
            "%" PRIu64 " descriptors are more than the limit allows (%ju); lower --sizes "
            "or raise it with ulimit -n",
            most, (uintmax_t)limit.rlim_max);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct option_group groups[] = {{"Options", specs, &settings}, {0}};
    const char *operands[1];
    struct reason reason = {0};
    struct plan plan = {0};
    error_set_program("backends");
    process_begin();
    options_defaults(groups);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        printf("Usage: backends [options]\n\nCPU time per exchange of the event loop's "
               "back ends, over ever more descriptors.\n");
        options_print(stdout, groups);
        return EXIT_FINE;
    }
    if (options_parse(groups, argc - 1, argv + 1, operands, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    int count = runner_sizes(settings.sizes, 1, 100000, plan.sizes, SIZES, &reason);
    if (count < 0)
        die(EXIT_USAGE, "%s", reason.text);
    plan.count = (size_t)count;
    plan.rounds = settings.rounds;
    plan.exchanges = settings.exchanges;
    raise_descriptor_limit(&plan);
    find_backends(&plan);
    printf("CPU time per exchange, medians of %" PRIu64 " rounds; / epoll: median of the "
           "ratios within a round\n\n",
           plan.rounds);
    measure_table(&plan, measure_one_active, "One active descriptor, the others idle:");
    printf("\n");
    measure_table(&plan, measure_all_active,
                  "All active (eventloop fetch --transport unix):");
    return EXIT_FINE;
}
