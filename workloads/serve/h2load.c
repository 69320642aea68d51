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
    const char *path = getenv("PATH");
    char folders[4096];
    snprintf(folders, sizeof folders, "%s", path != NULL ? path : "/usr/bin:/bin");
    char *rest = folders;
    for (char *folder; (folder = strsep(&rest, ":")) != NULL;) {
        char file[4200];
        snprintf(file, sizeof file, "%s/%s", folder, program);
        if (access(file, X_OK) == 0)
            return 0;
    }
    return reason_set(reason, -ENOENT,
                      "--load h2load: there is no %s here; install the package "
                      "nghttp2-client, or take --load own",
                      program);
}

_Noreturn static void execute(const struct load_plan *plan, const struct server *server,
                              int output)
{
    char host[INET_ADDRSTRLEN];
    char url[256];
    char connections[16];
    char requests[24];
    char pipeline[16];
    char rate[32];
    inet_ntop(AF_INET, &server->address.sin_addr, host, sizeof host);
    snprintf(url, sizeof url, "http://%s:%d%s", host, ntohs(server->address.sin_port),
             plan->target);
    snprintf(connections, sizeof connections, "-c%" PRIu32, plan->connections);
    snprintf(requests, sizeof requests, "-n%" PRIu64, plan->requests * plan->connections);
    snprintf(pipeline, sizeof pipeline, "-m%" PRIu32, plan->pipeline);
    snprintf(rate, sizeof rate, "--rps=%.6f",
             (double)plan->rate / (double)plan->connections);
    dup2(output, STDOUT_FILENO);
    if (plan->rate > 0)
        execlp(program, program, "--h1", "-t1", connections, requests, pipeline, rate,
               url, (char *)NULL);
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

int h2load_run(const struct load_plan *plan, struct server *server,
               struct load_ledger *ledger)
{
    int ends[2];
    int status = 0;
    _Atomic uint32_t *begun = &server->begun;
    while (atomic_load(begun) == 0)
        futex_wait(begun, 0, clock_now_ns() + NS_PER_SECOND / 10, FUTEX_PROCESSES);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    ledger->first_ns = clock_now_ns();
    pid_t pid = process_fork();
    if (pid == 0)
        execute(plan, server, ends[1]);
    close(ends[1]);
    FILE *output = pid > 0 ? fdopen(ends[0], "r") : NULL;
    if (output == NULL) {
        close(ends[0]);
        return pid < 0 ? (int)pid : -ENOMEM;
    }
    output_read(output, ledger);
    fclose(output);
    process_wait(pid, &status, 0);
    ledger->last_ns = clock_now_ns();
    ledger->connections = plan->connections;
    if (ledger->fault[0] != '\0')
        return -EBADMSG;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}
