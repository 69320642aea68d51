// SPDX-License-Identifier: MIT
//
// The timeout of a run: see watchdog.h.
//
// An interval timer sends SIGALRM, and a signal reaches a program even when all its
// threads are stuck. A handler may call very little (signal-safety(7)): no jansson, no
// stdio, no malloc. So the record of the failure is written into memory beforehand, and
// the handler only has to put it on the disk.
#include "runners/watchdog.h"

#include "lib/clock.h"
#include "runners/record.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

// Prepared for the handler, which runs in this process only.
static struct {
    char message[600];
    char *text; // of the record, or NULL
    const char *path;
    char temporary[4096];
} prepared;

static void write_all(int fd, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(fd, text, length);
        if (count <= 0)
            return;
        text += count;
        length -= (size_t)count;
    }
}

static void on_alarm(int number)
{
    (void)number;
    write_all(STDERR_FILENO, prepared.message);
    if (prepared.text != NULL) {
        int fd = open(prepared.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (fd >= 0) {
            write_all(fd, prepared.text);
            close(fd);
            rename(prepared.temporary, prepared.path);
        }
    }
    _exit(EXIT_WRONG);
}

static void set_timer(uint64_t ns)
{
    struct itimerval timer = {
        .it_value = {.tv_sec = (time_t)(ns / NS_PER_SECOND),
                     .tv_usec = (suseconds_t)(ns % NS_PER_SECOND / 1000)}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

void watchdog_arm(const struct run *run, const char *record)
{
    char limit[32];
    struct result result = {.status = STATUS_FAILED};
    quantity_format(OPTION_DURATION, run->timeout_ns, limit, sizeof limit);
    reason_set(&result.reason, 0, "the run did not end within --timeout %s", limit);
    snprintf(prepared.message, sizeof prepared.message, "%s: %s\n", run->model,
             result.reason.text);
    if (record != NULL) {
        prepared.path = record;
        prepared.text = record_text(run, &result);
        snprintf(prepared.temporary, sizeof prepared.temporary, "%s.%ld.tmp", record,
                 (long)getpid());
    }
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    set_timer(run->timeout_ns);
}

void watchdog_disarm(void)
{
    set_timer(0);
    free(prepared.text);
    prepared.text = NULL;
}
