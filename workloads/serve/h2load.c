// SPDX-License-Identifier: MIT
//
// Running h2load and reading what it says: see h2load.h.
#define _GNU_SOURCE // pipe2(), syscall() in futex.h
#include "workloads/serve/h2load.h"

#include "lib/clock.h"
#include "lib/futex.h"
#include "lib/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char program[] = "h2load";

int h2load_check(struct reason *reason)
{
    char path[4096];
    if (process_find(program, path, sizeof path) == 0)
        return 0;
    return reason_set(reason, -ENOENT,
                      "--load h2load: there is no %s here; install the package "
                      "nghttp2-client, or take --load own",
                      program);
}

// Where h2load writes: its report, and by a schedule a line for each request.
struct pipes {
    int output[2];
    int log[2];
};

_Noreturn static void execute(const struct load_plan *plan, const struct server *server,
                              const struct pipes *pipes)
{
    char host[INET_ADDRSTRLEN];
    char url[256];
    char connections[16];
    char requests[24];
    char pipeline[16];
    char rate[32];
    char log[32];
    inet_ntop(AF_INET, &server->address.sin_addr, host, sizeof host);
    snprintf(url, sizeof url, "http://%s:%d%s", host, ntohs(server->address.sin_port),
             plan->target);
    snprintf(connections, sizeof connections, "-c%" PRIu32, plan->connections);
    snprintf(requests, sizeof requests, "-n%" PRIu64, plan->requests * plan->connections);
    snprintf(pipeline, sizeof pipeline, "-m%" PRIu32, plan->pipeline);
    snprintf(rate, sizeof rate, "--rps=%.6f",
             (double)plan->rate / (double)plan->connections);
    snprintf(log, sizeof log, "--log-file=/dev/fd/%d", pipes->log[1]);
    dup2(pipes->output[1], STDOUT_FILENO);
    fcntl(pipes->log[1], F_SETFD, 0);
    if (plan->rate > 0)
        execlp(program, program, "--h1", "-t1", connections, requests, pipeline, rate,
               log, url, (char *)NULL);
    else
        execlp(program, program, "--h1", "-t1", connections, requests, pipeline, url,
               (char *)NULL);
    _exit(127);
}

// The number before a word: "..., 1000 succeeded, ...". 0: it is not there.
static uint64_t number_before(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    if (at == NULL)
        return 0;
    while (at > text && (at[-1] == ' ' || (at[-1] >= '0' && at[-1] <= '9')))
        at--;
    return strtoull(at, NULL, 10);
}

// h2load says how many requests it made, what became of them, and how long all took.
static void output_read(FILE *output, struct load_ledger *ledger)
{
    char line[512];
    while (fgets(line, sizeof line, output) != NULL) {
        if (strncmp(line, "requests:", 9) == 0) {
            ledger->answers = number_before(line, " succeeded");
            line[strcspn(line, "\n")] = '\0';
            if (number_before(line, " failed") > 0)
                snprintf(ledger->fault, sizeof ledger->fault, "h2load: %.180s", line);
        } else if (strncmp(line, "status codes:", 13) == 0 &&
                   number_before(line, " 2xx") != ledger->answers) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(ledger->fault, sizeof ledger->fault, "h2load: %.180s", line);
        }
    }
}

// Each line: when the request began, its status, and the microseconds until its answer was
// complete: the service time as h2load sees it. From the first one's beginning to the last
// one's end it was asking, without the time that it took to start.
static void log_read(FILE *log, struct load_ledger *ledger)
{
    char line[128];
    unsigned long long began_us;
    int status;
    unsigned long long took_us;
    unsigned long long first_us = 0;
    unsigned long long last_us = 0;
    while (fgets(line, sizeof line, log) != NULL) {
        if (sscanf(line, "%llu %d %llu", &began_us, &status, &took_us) != 3)
            continue;
        histogram_record(&ledger->service, took_us * 1000);
        if (first_us == 0 || began_us < first_us)
            first_us = began_us;
        if (began_us + took_us > last_us)
            last_us = began_us + took_us;
    }
    if (first_us > 0)
        ledger->first_ns = clock_now_ns() - (last_us - first_us) * 1000;
}

// The report is so short that it waits in its pipe until the log has ended, which is when
// h2load ends.
static int pipes_read(const struct pipes *pipes, struct load_ledger *ledger)
{
    FILE *log = fdopen(pipes->log[0], "r");
    FILE *output = fdopen(pipes->output[0], "r");
    int error = log == NULL || output == NULL ? -ENOMEM : 0;
    if (error == 0) {
        log_read(log, ledger);
        ledger->last_ns = clock_now_ns();
        output_read(output, ledger);
    }
    if (log != NULL)
        fclose(log);
    if (output != NULL)
        fclose(output);
    return error;
}

// By a schedule the last request should have been asked so long after the first one.
static void book_end(const struct load_plan *plan, struct load_ledger *ledger)
{
    uint64_t requests = plan->requests * plan->connections;
    ledger->connections = plan->connections;
    if (plan->rate == 0)
        return;
    uint64_t due_ns = ledger->first_ns + load_due_ns(plan, requests - 1);
    ledger->behind_ns = ledger->last_ns > due_ns ? ledger->last_ns - due_ns : 0;
}

int h2load_run(const struct load_plan *plan, struct server *server,
               struct load_ledger *ledger)
{
    struct pipes pipes;
    int status = 0;
    _Atomic uint32_t *begun = &server->begun;
    while (atomic_load(begun) == 0)
        futex_wait(begun, 0, clock_now_ns() + NS_PER_SECOND / 10, FUTEX_PROCESSES);
    if (pipe2(pipes.output, O_CLOEXEC) != 0 || pipe2(pipes.log, O_CLOEXEC) != 0)
        return -errno;
    ledger->service.minimum = UINT64_MAX;
    ledger->first_ns = clock_now_ns();
    pid_t pid = process_fork();
    if (pid == 0)
        execute(plan, server, &pipes);
    if (pid < 0)
        return (int)pid;
    close(pipes.output[1]);
    close(pipes.log[1]);
    int error = pipes_read(&pipes, ledger);
    process_wait(pid, &status, 0);
    if (error != 0)
        return error;
    book_end(plan, ledger);
    if (ledger->fault[0] != '\0')
        return -EBADMSG;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}
