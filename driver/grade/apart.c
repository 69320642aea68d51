// SPDX-License-Identifier: MIT
//
// Holding threads back: see apart.h. PTRACE_SEIZE and PTRACE_INTERRUPT stop one thread and
// leave no signal behind; the others of its process go on.
#include "driver/grade/apart.h"

#include "lib/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#define GOES_ON_NS                                                                       \
    UINT64_C(2000000)        // of CPU time; a waiter for the GIL needs 0.05 a look
#define LOOK_NS     2000000L // between two looks
#define ASLEEP_MOST 3        // looks that find it asleep: it is held up
#define STOP_NS     (20 * NS_PER_SECOND) // for a thread to get a CPU, and stop

struct held {
    pid_t thread;
    bool seized, gone;
    int signal; // that it is to get when it goes on
};

static void pause_a_look(void)
{
    const struct timespec pause = {0, LOOK_NS};
    nanosleep(&pause, NULL);
}

// The CPU time that a thread has used; UINT64_MAX: the kernel does not tell, or it is gone.
static uint64_t used_ns(pid_t thread)
{
    char path[64];
    unsigned long long ns = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)thread, (int)thread);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return UINT64_MAX;
    bool told = fscanf(file, "%llu", &ns) == 1;
    fclose(file);
    return told ? ns : UINT64_MAX;
}

static char state_of(pid_t thread)
{
    char path[64], state = 'X';
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)thread, (int)thread);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return state;
    // The name may hold anything, and ends with the last ')'.
    char text[512];
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *end = strrchr(text, ')');
    return end != NULL && end[1] == ' ' ? end[2] : state;
}

// Takes a stop or the end of a seized thread, if there is one. True: it has stopped, or ended.
// The program's own end is left for program_hear().
static bool take_stop(const struct program *program, struct held *held)
{
    siginfo_t info = {0};
    if (held->gone)
        return true;
    int error = waitid(P_PID, (id_t)held->thread, &info,
                       WSTOPPED | WEXITED | WNOWAIT | WNOHANG | __WALL);
    if (error == 0 && info.si_pid == 0)
        return false;
    held->gone =
        error != 0 || (info.si_code != CLD_STOPPED && info.si_code != CLD_TRAPPED);
    if (error == 0 && (!held->gone || held->thread != program->pid))
        waitid(P_PID, (id_t)held->thread, &info, WSTOPPED | WEXITED | WNOHANG | __WALL);
    // In si_status: the signal, and above it the event; an event is none of its own signals.
    held->signal = held->gone || info.si_status >> 8 != 0 ? 0 : info.si_status;
    return true;
}

static bool await_stop(const struct program *program, struct held *held)
{
    uint64_t until_ns = clock_now_ns() + STOP_NS;
    while (!take_stop(program, held)) {
        if (clock_now_ns() > until_ns)
            return false;
        pause_a_look();
    }
    return true;
}

// All others are held back. Does this one compute?
static bool goes_on(const struct program *program, struct held *held)
{
    uint64_t before_ns = used_ns(held->thread), until_ns = clock_now_ns() + STOP_NS;
    unsigned asleep = 0;
    bool computed = false;
    if (held->gone || ptrace(PTRACE_CONT, held->thread, NULL, (long)held->signal) != 0)
        return false;
    while (!computed && asleep < ASLEEP_MOST && clock_now_ns() < until_ns) {
        pause_a_look();
        if (take_stop(program, held) &&
            (held->gone ||
             ptrace(PTRACE_CONT, held->thread, NULL, (long)held->signal) != 0))
            return false;
        asleep += strchr("RD", state_of(held->thread)) == NULL;
        uint64_t now_ns = used_ns(held->thread);
        computed = now_ns != UINT64_MAX && now_ns >= before_ns + GOES_ON_NS;
    }
    ptrace(PTRACE_INTERRUPT, held->thread, NULL, NULL);
    await_stop(program, held);
    return computed;
}

static int seize(struct held *held)
{
    int error = used_ns(held->thread) == UINT64_MAX ? -ENOTSUP : 0;
    if (error == 0 && ptrace(PTRACE_SEIZE, held->thread, NULL, NULL) != 0)
        error = -errno;
    held->seized = error == 0;
    // One that ends meanwhile is refused in the same words as one that must not be held.
    held->gone = error != 0 && strchr("XZ", state_of(held->thread)) != NULL;
    if (held->seized)
        ptrace(PTRACE_INTERRUPT, held->thread, NULL, NULL);
    return held->gone ? 0 : error;
}

static void release(const struct program *program, struct held *held)
{
    if (held->seized && !held->gone &&
        ptrace(PTRACE_DETACH, held->thread, NULL, (long)held->signal) != 0 &&
        await_stop(program, held))
        ptrace(PTRACE_DETACH, held->thread, NULL, (long)held->signal);
}

int apart_count(const struct program *program, const struct program_look *look)
{
    struct held held[PROGRAM_COULD_MOST] = {0};
    int error = 0, count = 0;
    unsigned threads =
        look->runnable < PROGRAM_COULD_MOST ? look->runnable : PROGRAM_COULD_MOST;
    for (unsigned i = 0; i < threads && error == 0; i++) {
        held[i].thread = look->could[i];
        error = seize(&held[i]);
    }
    for (unsigned i = 0; i < threads && error == 0; i++)
        if (!held[i].gone && !await_stop(program, &held[i]))
            error = -ETIMEDOUT;
    for (unsigned i = 0; i < threads && error == 0; i++)
        count += goes_on(program, &held[i]);
    for (unsigned i = 0; i < threads; i++)
        release(program, &held[i]);
    return error != 0 ? error : count;
}
