// SPDX-License-Identifier: MIT
//
// workload.c - the contract as the runners see it: options, the peer, what is expected.
#define _GNU_SOURCE // SOCK_CLOEXEC and prctl are Linux
#include "lib/check.h"
#include "lib/mix.h"
#include "lib/process.h"
#include "tests/contract/contract.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const struct workload contract_workload;

static const struct option_spec contract_options[] = {
    {
        .name = "transport",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct contract_parameters, transport),
        .fallback = "tcp",
        .choices = "tcp|unix",
        .help = "how to reach the peer",
    },
    {
        .name = "signals",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct contract_parameters, signals_ns),
        .fallback = "2ms",
        .maximum = 999999999,
        .help = "time between two signals to a task; 0: none",
    },
    {
        .name = "fail",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct contract_parameters, fail),
        .fallback = "0",
        .maximum = UINT32_MAX,
        .help = "how many tasks fail on purpose, with 'No data available'",
    },
    {
        .name = "meet",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct contract_parameters, meet),
        .help = "every task waits for all others to have begun",
    },
    {
        .name = "sink",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct contract_parameters, sink),
        .help = "the first task needs more stack than there is",
    },
    {0},
};

// Binds to an address that the kernel chooses: a free port, or an abstract name.
static int bind_anywhere(const struct contract_parameters *parameters,
                         struct sockaddr_storage *address, socklen_t *length)
{
    bool unix_domain = parameters->transport == 1;
    int fd = socket(unix_domain ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    memset(address, 0, sizeof *address);
    struct sockaddr_in *internet = (struct sockaddr_in *)address;
    address->ss_family = unix_domain ? AF_UNIX : AF_INET;
    *length = unix_domain ? sizeof(sa_family_t) : sizeof *internet;
    if (!unix_domain)
        internet->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int error = bind(fd, (struct sockaddr *)address, *length) == 0 ? 0 : -errno;
    *length = sizeof *address;
    if (error == 0 && getsockname(fd, (struct sockaddr *)address, length) == 0)
        return fd;
    close(fd);
    return error;
}

static void on_signal(int number)
{
    (void)number; // only there to interrupt system calls
}

static int contract_setup(struct work *work, struct reason *reason)
{
    struct contract_parameters *parameters = work->parameters;
    const struct sigaction action = {.sa_handler = on_signal}; // without SA_RESTART
    sigaction(SIGUSR2, &action, NULL);
    int listener =
        bind_anywhere(parameters, &parameters->address, &parameters->address_length);
    parameters->nobody_fd =
        bind_anywhere(parameters, &parameters->nobody, &parameters->nobody_length);
    if (listener < 0 || parameters->nobody_fd < 0 || listen(listener, 4096) != 0)
        return reason_set(reason, -ENOENT, "cannot listen on loopback");
    work->peer = process_fork();
    if (work->peer == 0)
        contract_peer(listener);
    close(listener);
    return work->peer < 0 ? reason_set(reason, -EAGAIN, "cannot fork the peer") : 0;
}

static int contract_teardown(struct work *work, struct reason *reason)
{
    (void)reason;
    const struct contract_parameters *parameters = work->parameters;
    kill(work->peer, SIGKILL);
    waitpid(work->peer, NULL, 0);
    close(parameters->nobody_fd);
    return 0;
}

static void contract_expect(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks, .operations = work->tasks};
}

static int contract_verify(const struct work *work, struct reason *reason)
{
    for (uint32_t i = 0; i < work->tasks; i++)
        if (outcome_at(work, i)->digest != mix(i))
            return reason_set(reason, -EBADMSG, "task %" PRIu32 " has no right digest",
                              i);
    return 0;
}

const struct workload contract_workload = {
    .name = "contract",
    .kind = WORKLOAD_IO,
    .summary = "what a runner owes to its tasks, case by case (a test)",
    .operation = "cases",
    .default_tasks = 54,
    .default_concurrency = 54,
    .descriptors = 2,
    .children = CONTRACT_CHILDREN,
    .options = contract_options,
    .parameters_size = sizeof(struct contract_parameters),
    .setup = contract_setup,
    .expect = contract_expect,
    .verify = contract_verify,
    .teardown = contract_teardown,
};
