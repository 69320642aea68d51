// SPDX-License-Identifier: MIT
//
// The timeout of a run: see watchdog.h.
//
// An interval timer sends SIGALRM, and a signal reaches a program even when all its
// threads are stuck. A handler may call very little (signal-safety(7)): no jansson, no
// stdio, no malloc. So the record of the failure is written into memory beforehand, with a
// gap where the reason belongs, and the handler only has to put it on the disk.
#define _GNU_SOURCE // realpath() is of XSI, not of POSIX alone
#include "runners/common/watchdog.h"

#include "lib/clock.h"
#include "lib/json_file.h"
#include "runners/common/record.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define GAP "the reason" // what stands in the record where the reason is to be

// Prepared for handlers. A child has a copy, but the record is not its to write.
static struct {
    pid_t process;
    char message[600]; // to stderr, when the time is over
    char reason[512];  // the same for the record
    char *text;        // of the record up to the gap, or NULL
    char *rest;        // behind the gap
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
static bool put_record(const char *reason)
{
    const char *path = prepared.in_place ? prepared.path : prepared.temporary;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    bool whole = write_all(fd, prepared.text) && write_all(fd, reason) &&
                 write_all(fd, prepared.rest);
    whole = close(fd) == 0 && whole;
    if (prepared.in_place)
        return whole;
    if (whole && rename(prepared.temporary, prepared.path) == 0)
        return true;
    unlink(prepared.temporary);
    return false;
}

_Noreturn static void end_with_record(const char *reason)
{
    static const char no_record[] = "and its record could not be written\n";
    if (prepared.text != NULL && prepared.process == getpid() && !put_record(reason))
        write_all(STDERR_FILENO, no_record);
    _exit(EXIT_WRONG);
}

// Set by the first who ends the run. In another thread somebody may want to as well.
static atomic_flag ending = ATOMIC_FLAG_INIT;

void watchdog_end(const char *reason)
{
    while (atomic_flag_test_and_set(&ending))
        pause(); // the other one ends us, too
    end_with_record(reason);
}

// This one may have interrupted the other one, which then has to go on.
static void on_alarm(int number)
{
    (void)number;
    if (atomic_flag_test_and_set(&ending))
        return;
    write_all(STDERR_FILENO, prepared.message);
    end_with_record(prepared.reason);
}

// Cuts the record's text at the gap.
static void prepare_record(const struct run *run)
{
    struct result result = {.status = STATUS_FAILED, .reason = {GAP}};
    prepared.text = record_text(run, &result);
    char *gap = prepared.text != NULL ? strstr(prepared.text, GAP) : NULL;
    if (gap == NULL)
        return;
    *gap = '\0';
    prepared.rest = gap + strlen(GAP);
}

// Where the record goes: the file behind a link, as in json_file.c.
static void prepare_paths(const char *record)
{
    struct stat status;
    if (strcmp(record, JSON_FILE_STDOUT) == 0)
        record =
            "/dev/stdout"; // a file that it leads to is emptied: nothing is in it yet
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
    if (run->work.lasts_ns == UINT64_MAX) // it is somebody else who ends this run
        return;
    quantity_format(OPTION_DURATION, run->timeout_ns, limit, sizeof limit);
    snprintf(prepared.reason, sizeof prepared.reason,
             "the run did not end within --timeout %s", limit);
    snprintf(prepared.message, sizeof prepared.message, "%s: %s\n", run->model,
             prepared.reason);
    prepared.process = getpid();
    if (record != NULL) {
        prepare_paths(record);
        prepare_record(run);
    }
    // On the signal stack of a thread that has one (overflow.c): a coroutine's own may be
    // nearly full, and a fault in this handler would wait for ever for the one who ends us.
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_ONSTACK};
    sigaction(SIGALRM, &action, NULL);
    set_timer(run->work.lasts_ns + run->timeout_ns);
}

void watchdog_disarm(void)
{
    set_timer(0);
    free(prepared.text);
    prepared.text = NULL;
}
