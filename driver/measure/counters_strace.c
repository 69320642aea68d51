// SPDX-License-Identifier: MIT
//
// counters_strace.c - see counters_strace.h. A log of strace -f has lines such as
//
//   4711 sendto(5, "..."..., 64, MSG_NOSIGNAL, NULL, 0) = 64
//   4712 futex(0x7f00, FUTEX_WAIT, 0, NULL <unfinished ...>
//   4712 <... futex resumed>)            = 0
//   4712 +++ exited with 0 +++
//
// A call counts where it begins. One process may take the processor from another in
// between: what "resumed" ends has been counted.
#include "driver/measure/counters_strace.h"

#include "driver/report/counter_verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKENDS_MAXIMUM 16
#define LINE_SIZE        8192 // an epoll_wait() with many events is long

// The processes that are not the model's.
struct backends {
    size_t count;
    long pids[BACKENDS_MAXIMUM];
};

// ---- lines -------------------------------------------------------------------------

// Calls `see` for each line, which is cut where it is long: what matters is in front.
static int each_line(const char *path,
                     void (*see)(void *context, long pid, const char *text),
                     void *context, struct reason *reason)
{
    char line[LINE_SIZE];
    bool begins = true;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return reason_set(reason, -errno, "cannot read what strace wrote: %s",
                          strerror(errno));
    while (fgets(line, sizeof line, file) != NULL) {
        char *text;
        long pid = strtol(line, &text, 10);
        if (begins)
            see(context, pid, text + strspn(text, " "));
        begins = strchr(line, '\n') != NULL;
    }
    int failed = ferror(file);
    fclose(file);
    return failed ? reason_set(reason, -EIO, "cannot read what strace wrote") : 0;
}

static void see_backend(void *context, long pid, const char *text)
{
    static const char naming[] = "prctl(PR_SET_NAME, \"";
    struct backends *backends = context;
    if (strncmp(text, naming, sizeof naming - 1) != 0)
        return;
    const char *name = text + sizeof naming - 1;
    size_t length = strcspn(name, "\"");
    static const char mark[] = "-backend";
    if (length >= sizeof mark - 1 &&
        strncmp(name + length - (sizeof mark - 1), mark, sizeof mark - 1) == 0 &&
        backends->count < BACKENDS_MAXIMUM)
        backends->pids[backends->count++] = pid;
}

// ---- counting ----------------------------------------------------------------------

struct counting {
    const struct backends *backends;
    struct strace_counts *counts;
};

static bool is_backend(const struct backends *backends, long pid)
{
    for (size_t i = 0; i < backends->count; i++)
        if (backends->pids[i] == pid)
            return true;
    return false;
}

static void count_name(struct strace_counts *counts, const char *name, size_t length)
{
    size_t i = 0;
    while (i < counts->names && (strncmp(counts->list[i].name, name, length) != 0 ||
                                 counts->list[i].name[length] != '\0'))
        i++;
    if (i == STRACE_NAMES)
        return; // in the total all the same
    if (i == counts->names) {
        memcpy(counts->list[i].name, name, length);
        counts->names++;
    }
    counts->list[i].calls++;
    counts->waits += counter_is_wait(counts->list[i].name);
}

// ---- what calls have done --------------------------------------------------------------

static bool is_one_of(const char *name, size_t length, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strlen(*list) == length && strncmp(*list, name, length) == 0)
            return true;
    return false;
}

// The result of a call that has ended in this line: the number behind the last " = ". 0 where
// there is none, and where it failed.
static uint64_t result_of(const char *text)
{
    const char *result = NULL;
    for (const char *at = text; (at = strstr(at, " = ")) != NULL; at += 3)
        result = at + 3;
    return result == NULL || *result == '-' ? 0 : strtoull(result, NULL, 0);
}

static void count_result(struct strace_counts *counts, const char *name, size_t length,
                         const char *text)
{
    static const char *const waiting[] = {"epoll_wait", "epoll_pwait", "epoll_pwait2",
                                          "poll",       "ppoll",       "select",
                                          "pselect6",   NULL};
    static const char *const moving[] = {"read",    "write",    "recvfrom", "sendto",
                                         "recvmsg", "sendmsg",  "readv",    "writev",
                                         "pread64", "pwrite64", NULL};
    static const char *const futex[] = {"futex", NULL};
    if (is_one_of(name, length, waiting))
        counts->events += result_of(text);
    else if (is_one_of(name, length, moving))
        counts->bytes += result_of(text);
    else if (is_one_of(name, length, futex)) // one that waits gives 0
        counts->wakeups += result_of(text);
}

// Counts that stand in the arguments.
static void count_arguments(struct strace_counts *counts, const char *text, size_t length)
{
    static const char *const starting[] = {"clone", "clone3", "fork", "vfork", NULL};
    static const char *const sockets[] = {"socket", NULL};
    if (is_one_of(text, length, starting)) {
        bool thread = strstr(text, "CLONE_THREAD") != NULL;
        counts->threads += thread;
        counts->processes += !thread;
    }
    if (is_one_of(text, length, sockets) && strncmp(text + length, "(AF_INET", 8) == 0)
        counts->inet = true;
}

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz_0123456789"

// "<... futex resumed>) = 1": what began in an earlier line.
static void see_resumed(struct counting *counting, long pid, const char *text)
{
    const char *name = text + strlen("<... ");
    if (!is_backend(counting->backends, pid))
        count_result(counting->counts, name, strspn(name, NAME_LETTERS), text);
}

static void see_call(void *context, long pid, const char *text)
{
    struct counting *counting = context;
    size_t length = strspn(text, NAME_LETTERS);
    if (strncmp(text, "<... ", 5) == 0)
        see_resumed(counting, pid, text);
    if (length == 0 || length >= sizeof counting->counts->list[0].name ||
        text[length] != '(' || is_backend(counting->backends, pid))
        return;
    counting->counts->total++;
    count_name(counting->counts, text, length);
    count_arguments(counting->counts, text, length);
    if (strstr(text, "<unfinished ...>") == NULL)
        count_result(counting->counts, text, length, text);
}

static int more_calls(const void *left, const void *right)
{
    const struct strace_count *a = left;
    const struct strace_count *b = right;
    if (a->calls != b->calls)
        return a->calls < b->calls ? 1 : -1;
    return strcmp(a->name, b->name);
}

int strace_count_log(const char *path, struct strace_counts *counts,
                     struct reason *reason)
{
    struct backends backends = {0};
    struct counting counting = {&backends, counts};
    *counts = (struct strace_counts){0};
    int error = each_line(path, see_backend, &backends, reason);
    if (error == 0)
        error = each_line(path, see_call, &counting, reason);
    if (error == 0 && counts->total == 0)
        error =
            reason_set(reason, -EBADMSG, "there is no system call in what strace wrote");
    qsort(counts->list, counts->names, sizeof counts->list[0], more_calls);
    return error;
}
