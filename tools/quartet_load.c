// SPDX-License-Identifier: MIT
//
// quartet_load.c - the load of `serve` as a program, for a server that somebody else has started:
// in another network namespace, on another machine. It is the same generator, closed loop or by a
// schedule, and compares every byte of every answer; its ledger and its latencies are one line of
// JSON, so that quartet-mpi can add up those of several hosts.
//
// It cannot end a server, and does not trust one: after --limit it gives up.
//
// Read next: workloads/serve/client.h.
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/json_file.h"
#include "lib/limits.h"
#include "lib/options.h"
#include "lib/process.h"
#include "workloads/serve/client.h"
#include "workloads/serve/message.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

struct settings {
    const char *connect;
    const char *record;
    uint64_t tasks;
    uint64_t clients;
    uint64_t requests;
    uint64_t pipeline;
    uint64_t rate;
    uint64_t burst;
    uint64_t work_ns;
    uint64_t seed;
    uint64_t limit_ns;
    bool help;
};

#define PLACE(member) offsetof(struct settings, member)

static const struct option_spec options[] = {
    {"connect", OPTION_TEXT, PLACE(connect), NULL, 0, 0, NULL,
     "where the server listens, such as 10.0.0.2:8080"},
    {"tasks", OPTION_COUNT, PLACE(tasks), "50", 1, 1000000, NULL, "connections in all"},
    {"clients", OPTION_COUNT, PLACE(clients), NULL, 1, 1000000, NULL,
     "of them open at once; by default all"},
    {"requests", OPTION_COUNT, PLACE(requests), "2k", 1, 100000000, NULL,
     "requests of each connection"},
    {"pipeline", OPTION_COUNT, PLACE(pipeline), "1", 1, 64, NULL,
     "requests sent before the first is answered"},
    {"rate", OPTION_COUNT, PLACE(rate), NULL, 1, 10000000, NULL,
     "requests a second, by a schedule; else the next follows the answer"},
    {"burst", OPTION_COUNT, PLACE(burst), "1", 1, 100000, NULL,
     "of --rate: so many requests are due at the same moment"},
    {"work", OPTION_DURATION, PLACE(work_ns), "0", 0, NS_PER_SECOND, NULL,
     "computation of each request, in whole microseconds"},
    {"seed", OPTION_COUNT, PLACE(seed), "1", 0, (UINT64_C(1) << 53) - 1, NULL,
     "of that computation"},
    {"limit", OPTION_DURATION, PLACE(limit_ns), "60s", NS_PER_SECOND / 10,
     86400 * NS_PER_SECOND, NULL, "it gives up after this time"},
    {"record", OPTION_TEXT, PLACE(record), NULL, 0, 0, NULL,
     "file for the result, as JSON; else stdout"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this and exit"},
    {0}};

// ---- the command line ------------------------------------------------------------------

static void settings_check(struct settings *settings)
{
    if (settings->connect == NULL)
        die(EXIT_USAGE, "name the server: --connect ADDRESS:PORT; try --help");
    if (settings->clients == 0)
        settings->clients = settings->tasks;
    if (settings->clients > settings->tasks)
        die(EXIT_USAGE, "--clients %llu: there are only --tasks %llu connections",
            (unsigned long long)settings->clients, (unsigned long long)settings->tasks);
    if (settings->rate > 0 && settings->clients < settings->tasks)
        die(EXIT_USAGE, "--rate: a schedule needs all connections from its start; leave "
                        "--clients out");
    if (settings->burst > 1 && settings->rate == 0)
        die(EXIT_USAGE, "--burst belongs to a schedule: give --rate, or leave it out");
    if (settings->work_ns % 1000 != 0)
        die(EXIT_USAGE, "--work: a request asks for whole microseconds; give 1us to 1s");
}

static void parse(int argc, char **argv, struct settings *settings)
{
    struct reason reason;
    const char *operand;
    struct option_group groups[] = {{"Options", options, settings}, {NULL, NULL, NULL}};
    options_defaults(&groups[0]);
    if (options_parse(groups, argc, argv, &operand, 0, &reason) < 0)
        die(EXIT_USAGE, "%s", reason.text);
    if (settings->help) {
        printf(
            "Usage: quartet-load --connect ADDRESS:PORT [options]\n\n"
            "The load of serve, for a server that RUNNER serve --listen has opened.\n");
        options_print(stdout, &groups[0]);
        exit(EXIT_FINE);
    }
    settings_check(settings);
}

// ---- asking ----------------------------------------------------------------------------

// A descriptor that is readable once the load is to end: by the user, or by the limit.
static int end_prepare(uint64_t limit_ns)
{
    const struct itimerval limit = {
        .it_value = {.tv_sec = (time_t)(limit_ns / NS_PER_SECOND),
                     .tv_usec = (suseconds_t)(limit_ns % NS_PER_SECOND / 1000)}};
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGALRM);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    int fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0 || setitimer(ITIMER_REAL, &limit, NULL) != 0)
        die(EXIT_WRONG, "cannot wait for signals: %s", strerror(errno));
    return fd;
}

// The reason of an end that came too early, and the code to exit with.
static int end_explain(int end, int error, const struct load_ledger *ledger,
                       const struct settings *settings, struct reason *reason)
{
    struct signalfd_siginfo signal = {0};
    const char *fault = ledger->fault;
    if (error != -ECANCELED || read(end, &signal, sizeof signal) != sizeof signal) {
        reason_set(reason, error, "%s: %s%s%s", settings->connect, fault,
                   fault[0] != '\0' && error != -EBADMSG ? ": " : "",
                   error == -EBADMSG ? "" : strerror(-error));
        return EXIT_WRONG;
    }
    if (signal.ssi_signo != SIGALRM) {
        reason_set(reason, error, "it was stopped by a signal");
        return EXIT_INTERRUPTED;
    }
    reason_set(
        reason, error,
        "%s has not answered all in %.1f s: %llu of %llu requests are answered; "
        "is it there, and has it as many places (--tasks) as there are connections?",
        settings->connect, (double)settings->limit_ns / 1e9,
        (unsigned long long)ledger->answers,
        (unsigned long long)settings->tasks * settings->requests);
    return EXIT_WRONG;
}

static struct load_plan plan_of(const struct settings *settings,
                                const struct wording *wording)
{
    return (struct load_plan){.kind = LOAD_OWN,
                              .elsewhere = true,
                              .connections = (uint32_t)settings->tasks,
                              .clients = (uint32_t)settings->clients,
                              .pipeline = (uint32_t)settings->pipeline,
                              .requests = settings->requests,
                              .rate = settings->rate,
                              .burst = settings->burst,
                              .target = wording->target,
                              .answer = wording->answer};
}

// ---- the result ------------------------------------------------------------------------

static json_t *ledger_json(const struct load_ledger *ledger, bool fine)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:i}", "tasks",
                     (json_int_t)ledger->connections, "operations",
                     (json_int_t)ledger->answers, "bytes_in",
                     (json_int_t)ledger->bytes_in, "bytes_out",
                     (json_int_t)ledger->bytes_out, "errors", fine ? 0 : 1);
}

static json_t *result_json(const struct settings *settings,
                           const struct load_ledger *ledger, const char *reason)
{
    bool open_loop = settings->rate > 0;
    json_t *latency =
        histogram_summary_json(open_loop ? &ledger->response : &ledger->service);
    json_object_set_new(latency, "kind", json_string(open_loop ? "response" : "service"));
    uint64_t run_ns =
        ledger->answers > 0 && reason == NULL ? ledger->last_ns - ledger->first_ns : 0;
    return json_pack("{s:s, s:s, s:s?, s:s, s:o, s:o, s:I, s:o}", "schema",
                     "quartet.load/1", "status", reason == NULL ? "ok" : "failed",
                     "reason", reason, "connect", settings->connect, "ledger",
                     ledger_json(ledger, reason == NULL), "latency_ns", latency, "run_ns",
                     (json_int_t)run_ns, "overloaded",
                     open_loop && run_ns > 0 ? json_boolean(load_overloaded(ledger))
                                             : json_null());
}

static void save(const struct settings *settings, json_t *result)
{
    struct reason reason;
    if (settings->record != NULL) {
        if (json_file_save_unsynced(settings->record, result, &reason) != 0)
            die(EXIT_WRONG, "%s", reason.text);
        return;
    }
    json_print_style(stdout, result, JSON_COMPACT);
    if (fflush(stdout) != 0)
        die(EXIT_WRONG, "cannot write the result: %s", strerror(errno));
}

int main(int argc, char **argv)
{
    static struct settings settings;
    static struct load_ledger ledger;
    static struct server server; // only its address; the server itself is elsewhere
    static struct wording wording;
    struct reason reason;
    process_begin();
    error_set_program("quartet-load");
    parse(argc - 1, argv + 1, &settings);
    if (server_address(settings.connect, "connect", &server.address, &reason) != 0)
        die(EXIT_USAGE, "%s", reason.text);
    server.address.sin_family = AF_INET;
    atomic_store(&server.begun, 1);
    limits_raise();
    wording_build(&wording, settings.work_ns, settings.seed);
    const struct load_plan plan = plan_of(&settings, &wording);
    int end = end_prepare(settings.limit_ns);
    int error = client_run(&plan, &server, end, &ledger);
    int code =
        error == 0 ? EXIT_FINE : end_explain(end, error, &ledger, &settings, &reason);
    const struct load load = {.ledger = &ledger};
    if (error == 0 && load_verify(&load, &plan, &reason) != 0)
        code = EXIT_WRONG;
    save(&settings, result_json(&settings, &ledger, code == 0 ? NULL : reason.text));
    if (code != EXIT_FINE)
        warn("%s", reason.text);
    return code;
}
