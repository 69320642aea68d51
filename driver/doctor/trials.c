// SPDX-License-Identifier: MIT
//
// trials.c - does it work here? What a limit or a setting says is one thing; a container may
// forbid a call all the same, and a network may be down. So what runners do is tried once: stay
// on a CPU, start a thread and a process, wait by epoll, exchange a byte over loopback; and the
// stop-watch times a command that does nothing.
#define _GNU_SOURCE // accept4()
#include "driver/doctor/doctor.h"
#include "driver/measure/hyperfine.h"
#include "driver/system/janitor.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/limits.h"
#include "lib/process.h"

#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS    2000
#define TIMEOUT_NS (20 * NS_PER_SECOND)

static void *do_nothing(void *argument)
{
    return argument;
}

static int try_thread(struct reason *reason)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, do_nothing, NULL);
    if (error != 0)
        return limits_refuse(-error, reason, "cannot create a thread");
    pthread_join(thread, NULL);
    return 0;
}

// A process that pins itself, as runners do: we stay where we are.
static int try_process(struct reason *reason)
{
    char allowed[256];
    int status = 0;
    cpus_allowed(allowed, sizeof allowed);
    allowed[strcspn(allowed, ",-")] = '\0';
    pid_t pid = process_fork();
    if (pid == 0)
        _exit(-cpus_pin(allowed, NULL));
    if (pid < 0)
        return limits_refuse((int)pid, reason, "cannot create a process");
    if (process_wait(pid, &status, 0) != pid || !WIFEXITED(status))
        return reason_set(reason, -EIO, "a process did not end by itself");
    if (WEXITSTATUS(status) != 0)
        return limits_refuse(-WEXITSTATUS(status), reason, "cannot pin to CPU %s",
                             allowed);
    return 0;
}

static int try_epoll(struct reason *reason)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0)
        return limits_refuse(-errno, reason, "cannot wait by epoll");
    close(fd);
    return 0;
}

static bool is_ready(int fd, short events)
{
    struct pollfd watched = {.fd = fd, .events = events};
    return poll(&watched, 1, WAIT_MS) == 1;
}

// 0 or -errno.
static int exchange(int listener, int client, const struct sockaddr_in *address)
{
    char byte = 'q';
    int error = 0;
    if (connect(client, (const struct sockaddr *)address, sizeof *address) != 0 &&
        errno != EINPROGRESS)
        return -errno;
    int server =
        is_ready(listener, POLLIN) ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (server < 0 || !is_ready(client, POLLOUT) || send(client, &byte, 1, 0) != 1 ||
        !is_ready(server, POLLIN) || recv(server, &byte, 1, 0) != 1)
        error = -ETIMEDOUT;
    if (server >= 0)
        close(server);
    return error;
}

static int try_loopback(struct reason *reason)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error = 0;
    if (listener < 0 || client < 0 ||
        bind(listener, (const struct sockaddr *)&address, length) != 0 ||
        listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        error = -errno;
    if (error == 0)
        error = exchange(listener, client, &address);
    if (listener >= 0)
        close(listener);
    if (client >= 0)
        close(client);
    return error == 0 ? 0 : limits_refuse(error, reason, "no exchange over 127.0.0.1");
}

void doctor_trials(struct doctor *doctor)
{
    static const struct {
        const char *subject;
        int (*attempt)(struct reason *reason);
        const char *remedy;
    } trials[] = {
        {"process, pinned", try_process,
         "run outside of this container, or allow it there"},
        {"thread", try_thread, "run outside of this container, or allow it there"},
        {"epoll", try_epoll, "run outside of this container, or allow it there"},
        {"loopback", try_loopback, "ip link set lo up (as root), or allow the calls"},
    };
    struct reason reason;
    doctor_title(doctor, "Trials");
    for (size_t i = 0; i < ARRAY_LEN(trials); i++) {
        if (trials[i].attempt(&reason) == 0)
            doctor_say(doctor, FINDING_OK, trials[i].subject, NULL, "works");
        else
            doctor_say(doctor, FINDING_PROBLEM, trials[i].subject, trials[i].remedy, "%s",
                       reason.text);
    }
}

int doctor_try_hyperfine(struct reason *reason)
{
    const char *names[] = {"nothing"};
    const char *commands[] = {"true"};
    struct hyperfine_time time = {0};
    struct janitor janitor;
    int error = janitor_start(&janitor, reason);
    if (error != 0)
        return error;
    const struct hyperfine_call call = {.count = 1,
                                        .names = names,
                                        .commands = commands,
                                        .timeout_ns = TIMEOUT_NS,
                                        .janitor = &janitor};
    error = hyperfine_run(&call, &time, reason);
    janitor_stop(&janitor);
    bool whole = !isnan(time.wall_s) && !isnan(time.user_s) && !isnan(time.system_s) &&
                 time.wall_s > 0 && time.exit_code == 0;
    if (error == 0 && !whole)
        error = reason_set(reason, -EPROTO,
                           "its result for 'true' lacks a time or the exit code 0");
    return error;
}
