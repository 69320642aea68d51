// SPDX-License-Identifier: MIT
//
// A child of a task is a process: fork and waitpid. Its memory is a copy, so the result
// comes back through a page that parent and child share.
//
// Each process that spawns maps such a page of its own when it first does; a forked
// child forgets its parent's (see `owner`). The bookkeeping lies on the shared page as
// well: on a private one, the first write after each fork would cost a copy of the page.
#define _GNU_SOURCE // MAP_ANONYMOUS is Linux and BSD, not POSIX
#include "lib/process.h"
#include "runners/common/run.h"
#include "runners/direct.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS 448 // children of one process alive at once: what one page has room for

struct slots {
    pid_t owner;             // the process that this page belongs to
    unsigned next;           // where to look for a free one first
    bool taken[SLOTS];       // which of them belong to a living child
    uint64_t results[SLOTS]; // written by children
};

static struct slots *slots; // NULL, or this process's page, or still its parent's

static int slots_own(void)
{
    if (slots != NULL && slots->owner == getpid())
        return 0;
    void *page = mmap(NULL, sizeof *slots, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return -errno;
    slots = page;
    slots->owner = getpid();
    return 0;
}

static int slots_take(unsigned *slot)
{
    for (unsigned tried = 0; tried < SLOTS; tried++) {
        unsigned i = (slots->next + tried) % SLOTS;
        if (!slots->taken[i]) {
            slots->taken[i] = true;
            slots->next = i + 1;
            *slot = i;
            return 0;
        }
    }
    return -EAGAIN;
}

int direct_spawn(struct child *child, child_code *code, const void *argument)
{
    unsigned slot;
    int error = slots_own();
    if (error == 0)
        error = slots_take(&slot);
    if (error != 0)
        return error;
    pid_t pid = process_fork();
    if (pid == 0) {
        uint64_t *result = &slots->results[slot];
        *result = code(argument);
        _exit(EXIT_FINE);
    }
    if (pid < 0) {
        slots->taken[slot] = false;
        return (int)pid;
    }
    child->handle = (uint64_t)pid;
    child->result = slot;
    return 0;
}

int direct_join(struct child *child, uint64_t *result)
{
    int status;
    pid_t ended = process_wait((pid_t)child->handle, &status, 0);
    slots->taken[child->result] = false;
    slots->next = (unsigned)child->result;
    if (ended < 0)
        return (int)ended;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_FINE)
        return -EIO;
    *result = slots->results[child->result];
    return 0;
}
