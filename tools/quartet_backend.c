// SPDX-License-Identifier: MIT
//
// quartet_backend.c - the back end of `fetch` as a program, for runners that others have
// started: in another language, in another network namespace, on another machine. It
// gives out a token for each run, serves all of them, and says in the end what it has
// seen: a witness whom those who are measured cannot influence.
//
//   ready   one line of JSON: the addresses, and a token for each run
//   end     at SIGTERM, SIGINT or the end of standard input (--until-eof): one line of
//           JSON with a ledger for each run
//
// The protocol is in workloads/fetch/kernel.h. Read next: workloads/fetch/backend.h.
#define _DEFAULT_SOURCE // getentropy()
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/limits.h"
#include "lib/options.h"
#include "lib/process.h"
#include "workloads/fetch/backend.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { RUNS_MAX = 10000, HEX_SIZE = 2 * FETCH_TOKEN_SIZE + 1, ADDRESS_SIZE = 160 };

struct settings {
    uint64_t runs;
    uint64_t tasks;
    uint64_t concurrency;
    uint64_t exchanges;
    uint64_t delay_ns;
    uint64_t payload;
    uint64_t transport;
    uint64_t seed;
    const char *listen;
    const char *cpus;
    bool until_eof;
    bool help;
};

static const struct option_spec options[] = {
    {"listen", OPTION_TEXT, offsetof(struct settings, listen), NULL, 0, 0, NULL,
     "where, such as 10.0.0.2:4000; port 0: the kernel chooses"},
    {"runs", OPTION_COUNT, offsetof(struct settings, runs), "1", 1, RUNS_MAX, NULL,
     "how many runs it serves, each with a token of its own"},
    {"tasks", OPTION_COUNT, offsetof(struct settings, tasks), "10k", 1, 100000000, NULL,
     "sessions of each run"},
    {"concurrency", OPTION_COUNT, offsetof(struct settings, concurrency), "10k", 1,
     100000000, NULL, "sessions that may be open at once"},
    {"exchanges", OPTION_COUNT, offsetof(struct settings, exchanges), "2", 1, 10000, NULL,
     "requests and replies of each session"},
    {"delay", OPTION_DURATION, offsetof(struct settings, delay_ns), "1s", 0,
     60 * NS_PER_SECOND, NULL, "it answers this long after a request"},
    {"payload", OPTION_SIZE, offsetof(struct settings, payload), "64", FETCH_MESSAGE_MIN,
     FETCH_MESSAGE_MAX, NULL, "bytes of a request, and of a reply"},
    {"transport", OPTION_CHOICE, offsetof(struct settings, transport), "tcp", 0, 0,
     "tcp|unix", "where the kernel chooses: loopback TCP, or AF_UNIX"},
    {"seed", OPTION_COUNT, offsetof(struct settings, seed), "1", 0,
     (UINT64_C(1) << 53) - 1, NULL, "of the payloads"},
    {"cpus", OPTION_TEXT, offsetof(struct settings, cpus), NULL, 0, 0, NULL,
     "its CPUs, such as 1"},
    {"until-eof", OPTION_FLAG, offsetof(struct settings, until_eof), NULL, 0, 0, NULL,
     "end with standard input, too"},
    {"help", OPTION_FLAG, offsetof(struct settings, help), NULL, 0, 0, NULL,
     "print this and exit"},
    {0}};

static void parse(int argc, char **argv, struct settings *settings)
{
    struct reason reason;
    const char *operand;
    struct option_group groups[] = {{"Options", options, settings}, {NULL, NULL, NULL}};
    options_defaults(&groups[0]);
    if (options_parse(groups, argc, argv, &operand, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    if (settings->help) {
        printf("Usage: quartet-backend [options]\n\n"
               "The back end of fetch, for runners with --connect ADDRESS --token HEX. "
               "Says\n"
               "where it listens, serves until SIGTERM, and says what it has seen.\n");
        options_print(stdout, &groups[0]);
        exit(EXIT_FINE);
    }
    if (settings->concurrency > settings->tasks)
        settings->concurrency = settings->tasks;
}

// ---- what it prints ------------------------------------------------------------------

static void token_text(const unsigned char *token, char *text)
{
    for (size_t i = 0; i < FETCH_TOKEN_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", token[i]);
}

static void print_ready(const struct fetch_backend *backend,
                        const struct fetch_plan *plan)
{
    char text[ADDRESS_SIZE];
    printf("{\"schema\": \"quartet.backend-ready/1\", \"connect\": \"");
    for (uint32_t i = 0; i < backend->endpoint_count; i++) {
        fetch_endpoint_text(&backend->endpoints[i], text, sizeof text);
        printf("%s%s", i == 0 ? "" : ",", text);
    }
    printf("\", \"tokens\": [");
    for (uint32_t run = 0; run < plan->runs; run++) {
        token_text(plan->tokens + run * FETCH_TOKEN_SIZE, text);
        printf("%s\"%s\"", run == 0 ? "" : ", ", text);
    }
    printf("]}\n");
}

static void print_number(const char *name, _Atomic uint64_t *counter)
{
    printf("\"%s\": %" PRIu64 ", ", name, atomic_load(counter));
}

static void print_fault(struct fetch_counters *counters)
{
    if (atomic_load(&counters->refused) == 0)
        printf("\"first_fault\": null, ");
    else
        printf("\"first_fault\": \"%s\", ",
               fetch_fault_name(atomic_load(&counters->first_fault)));
}

static void print_run(struct fetch_counters *counters, const unsigned char *token)
{
    char text[HEX_SIZE];
    token_text(token, text);
    printf("{\"token\": \"%s\", ", text);
    print_number("sessions", &counters->sessions);
    print_number("requests", &counters->requests);
    print_number("replies", &counters->replies);
    print_number("bytes_in", &counters->bytes_in);
    print_number("bytes_out", &counters->bytes_out);
    print_number("most_open", &counters->most_open);
    print_number("left_early", &counters->left_early);
    print_number("refused", &counters->refused);
    print_fault(counters);
    uint64_t last_ns = atomic_load(&counters->last_ns);
    if (last_ns == 0)
        printf("\"least_held_ns\": null, \"span_ns\": null}");
    else
        printf("\"least_held_ns\": %" PRIu64 ", \"span_ns\": %" PRIu64 "}",
               atomic_load(&counters->least_held_ns),
               last_ns - atomic_load(&counters->first_ns));
}

static void print_ledgers(const struct fetch_backend *backend,
                          const struct fetch_plan *plan)
{
    printf("{\"schema\": \"quartet.backend/1\", \"strangers\": %" PRIu64 ", \"runs\": [",
           atomic_load(&backend->counters->strangers));
    for (uint32_t run = 0; run < plan->runs; run++) {
        if (run > 0)
            printf(", ");
        print_run(&backend->counters[run], plan->tokens + run * FETCH_TOKEN_SIZE);
    }
    printf("]}\n");
}

// ---- its life ------------------------------------------------------------------------

static unsigned char *tokens_make(uint32_t runs)
{
    unsigned char *tokens = calloc(runs, FETCH_TOKEN_SIZE);
    if (tokens == NULL)
        die(EXIT_WRONG, "out of memory");
    for (uint32_t run = 0; run < runs; run++)
        if (getentropy(tokens + run * FETCH_TOKEN_SIZE, FETCH_TOKEN_SIZE) != 0)
            die(EXIT_WRONG, "no random numbers for tokens: %s", strerror(errno));
    return tokens;
}

// Signals come by this descriptor from now on.
static int signals_catch(void)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    int fd = signalfd(-1, &wanted, SFD_CLOEXEC);
    if (fd < 0)
        die(EXIT_WRONG, "cannot wait for signals: %s", strerror(errno));
    return fd;
}

// Returns when it is told to end, or when the server has ended by itself.
static void end_await(const struct settings *settings,
                      const struct fetch_backend *backend, int signals)
{
    char rubbish[256];
    struct pollfd watched[] = {{.fd = signals, .events = POLLIN},
                               {.fd = backend->helper.control, .events = POLLIN},
                               {.fd = settings->until_eof ? 0 : -1, .events = POLLIN}};
    for (;;) {
        int ready = poll(watched, 3, -1);
        if (ready < 0 && errno != EINTR)
            die(EXIT_WRONG, "cannot wait for the end: %s", strerror(errno));
        if (ready > 0 && (watched[0].revents != 0 || watched[1].revents != 0))
            return;
        if (ready > 0 && watched[2].revents != 0 && read(0, rubbish, sizeof rubbish) <= 0)
            return;
    }
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct fetch_backend backend;
    struct reason reason;

    process_begin();
    error_set_program("quartet-backend");
    parse(argc - 1, argv + 1, &settings);
    limits_raise();
    int signals = signals_catch();
    unsigned char *tokens = tokens_make((uint32_t)settings.runs);
    const struct fetch_plan plan = {.transport = (enum fetch_transport)settings.transport,
                                    .tasks = (uint32_t)settings.tasks,
                                    .concurrency = (uint32_t)settings.concurrency,
                                    .exchanges = settings.exchanges,
                                    .delay_ns = settings.delay_ns,
                                    .payload = settings.payload,
                                    .seed = settings.seed,
                                    .cpus = settings.cpus,
                                    .runs = (uint32_t)settings.runs,
                                    .tokens = tokens,
                                    .listen = settings.listen};
    int error = fetch_backend_start(&backend, &plan, &reason);
    if (error != 0)
        die(error == -EINVAL ? EXIT_USAGE : EXIT_CANNOT, "%s", reason.text);
    print_ready(&backend, &plan);
    if (fflush(stdout) == 0)
        end_await(&settings, &backend, signals);
    error = fetch_backend_stop(&backend, &reason);
    if (error != 0 && error != -EBADMSG) // a refused message stands in its run's ledger
        die(EXIT_WRONG, "%s", reason.text);
    print_ledgers(&backend, &plan);
    fetch_backend_destroy(&backend);
    free(tokens);
    if (fflush(stdout) != 0)
        die(EXIT_WRONG, "cannot write to stdout: %s", strerror(errno));
    return EXIT_FINE;
}
