// SPDX-License-Identifier: MIT
//
// The timeout of a run: see watchdog.h.
//
// An interval timer sends SIGALRM, and a signal reaches a program even when all its
// threads are stuck. A handler may call very little (signal-safety(7)): no jansson, no
// stdio, no malloc. So the record of the failure is written into memory beforehand, and
// the handler only has to put it on the disk.
#define _GNU_SOURCE // realpath() is of XSI, not of POSIX alone
#include "runners/watchdog.h"

#include "lib/clock.h"
#include "runners/record.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

// Prepared for the handler, which runs in this process only.
static struct {
    char message[600];
    char *text; // of the record, or NULL
    char path[4096];
    bool in_place; // the path is a device or a pipe, which nothing may replace
    char temporary[4200];
} prepared;

// False when not all could be written.
static bool write_all(int fd, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(fd, text, length);
        if (count <= 0)
            return false;
        text += count;
        length -= (size_t)count;
    }
    return true;
}

// The whole record or, on a full disk, none. A pipe that nobody reads must not keep us,
// so nothing here blocks.
static bool put_record(void)
{
    const char *path = prepared.in_place ? prepared.path : prepared.temporary;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    bool whole = write_all(fd, prepared.text);
    whole = close(fd) == 0 && whole;
    if (prepared.in_place)
        return whole;
    if (whole && rename(prepared.temporary, prepared.path) == 0)
        return true;
    unlink(prepared.temporary);
    return false;
}

static void on_alarm(int number)
{
    static const char no_record[] = "and its record could not be written\n";
    (void)number;
    write_all(STDERR_FILENO, prepared.message);
    if (prepared.text != NULL && !put_record())
        write_all(STDERR_FILENO, no_record);
    _exit(EXIT_WRONG);
}

// Where the record goes: the file behind a link, as in json_file.c.
static void prepare_paths(const char *record)
{
    struct stat status;
    prepared.in_place = stat(record, &status) == 0 && !S_ISREG(status.st_mode);
    char *target = prepared.in_place ? NULL : realpath(record, NULL);
    snprintf(prepared.path, sizeof prepared.path, "%s", target != NULL ? target : record);
    free(target);
    snprintf(prepared.temporary, sizeof prepared.temporary, "%s.%ld.tmp", prepared.path,
             (long)getpid());
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
        prepare_paths(record);
        prepared.text = record_text(run, &result);
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
