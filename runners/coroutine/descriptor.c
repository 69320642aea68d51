// SPDX-License-Identifier: MIT
//
// Waiting for descriptors with libev: see descriptor.h for the bargain.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_NORESERVE are not POSIX
#include "runners/coroutine/descriptor.h"

#include "lib/check.h"
#include "lib/limits.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define DESCRIPTORS_USUAL (1 << 20) // fs.nr_open of a kernel that nobody has tuned

// ---- the table -------------------------------------------------------------------------

int descriptors_open(struct descriptor_table *table, struct reason *reason)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) // forbidden, where calls are filtered
        limit.rlim_cur = DESCRIPTORS_USUAL;
    // No kernel gives numbers beyond an int, whatever the limit says.
    size_t count = limit.rlim_cur < INT32_MAX ? (size_t)limit.rlim_cur : INT32_MAX;
    size_t bytes = count * sizeof(struct descriptor);
    void *entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (entries == MAP_FAILED) {
        return limits_refuse(-errno, reason,
                             "cannot reserve addresses for a table of %zu descriptors "
                             "(RLIMIT_NOFILE)",
                             count);
    }
    *table = (struct descriptor_table){.entries = entries, .count = count};
    return 0;
}

void descriptors_close(struct descriptor_table *table)
{
    munmap(table->entries, table->count * sizeof(struct descriptor));
}

// As many as those that the program has open anyway, or a few more.
#define DESCRIPTORS_OF_PROGRAM 32

void descriptors_expect(struct descriptor_table *table, uint64_t descriptors)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint64_t last = descriptors + DESCRIPTORS_OF_PROGRAM;
    size_t count = last < table->count ? (size_t)last : table->count;
    volatile char *memory = (volatile char *)table->entries;
    for (size_t at = 0; at < count * sizeof(struct descriptor); at += page)
        memory[at] = 0;
}

// ---- readiness -------------------------------------------------------------------------

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events);

// Registers for what is wanted now, or for nothing.
void descriptor_watch(struct scheduler *scheduler, struct descriptor *descriptor, int fd)
{
    ev_io *watcher = &descriptor->watcher;
    ev_io_stop(scheduler->loop, watcher);
    if (descriptor->wanted == 0)
        return;
    ev_io_init(watcher, on_ready, fd, descriptor->wanted);
    ev_io_start(scheduler->loop, watcher);
}

// ---- who waits ------------------------------------------------------------------------

static int event_of(const struct coroutine *coroutine)
{
    return ((const struct attention *)coroutine->waiting)->event;
}

// Makes those ready who wait for one of these events. Says whether there was one.
static bool wake(struct scheduler *scheduler, struct descriptor *descriptor, int events)
{
    // If so, as nearly always, nobody's own stack is looked at: it is far from the caches.
    bool all = (descriptor->wanted & ~events) == 0;
    bool any = false;
    struct coroutine **place = &descriptor->waiting;
    struct coroutine *each;
    while ((each = *place) != NULL) {
        if (!all && (event_of(each) & events) == 0) {
            place = &each->next;
            continue;
        }
        *place = each->next;
        scheduler->outside--;
        scheduler_call_soon(scheduler, each);
        any = true;
    }
    descriptor->wanted &= (uint8_t)~events;
    return any;
}

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct scheduler *scheduler = ev_userdata(loop);
    struct descriptor *descriptor = (struct descriptor *)watcher;
    if (!wake(scheduler, descriptor, events)) // nobody cares any more: no more reports
        descriptor_watch(scheduler, descriptor, watcher->fd);
}

void descriptor_forget(struct scheduler *scheduler, int fd)
{
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return;
    CHECK(descriptor->wanted == 0);
    ev_io_stop(scheduler->loop, &descriptor->watcher);
    descriptor->asked = false;
    if (descriptor->limit_ms == 0)
        return;
    ev_timer_stop(scheduler->loop, &descriptor->timer);
    descriptor->limit_ms = 0;
}

static bool leave(struct coroutine **list, const struct coroutine *coroutine)
{
    while (*list != NULL && *list != coroutine)
        list = &(*list)->next;
    if (*list == NULL)
        return false;
    *list = coroutine->next;
    return true;
}

bool descriptor_abandon(struct wait *wait)
{
    struct attention *attention = (struct attention *)wait;
    struct descriptor *descriptor = (struct descriptor *)wait->object;
    struct coroutine **list =
        attention->event == 0 ? &descriptor->line : &descriptor->waiting;
    if (!leave(list, wait->coroutine))
        return false;
    scheduler_here->outside--;
    descriptor->wanted = 0;
    for (const struct coroutine *each = descriptor->waiting; each != NULL;
         each = each->next)
        descriptor->wanted |= (uint8_t)event_of(each);
    return true;
}

// ---- time limits ----------------------------------------------------------------------

// The lazy timer of the libev manual, "Be smart about timeouts".
static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct descriptor *descriptor = timer->data;
    ev_tstamp left = descriptor->deadline - ev_now(loop);
    if (descriptor->waiting == NULL)
        return; // the next wait starts it again
    if (left > 0) {
        ev_timer_set(timer, left, 0.);
        ev_timer_start(loop, timer);
        return;
    }
    while (descriptor->waiting != NULL)
        wait_interrupt(descriptor->waiting->waiting, -ETIMEDOUT);
}

void descriptor_limit(struct scheduler *scheduler, struct descriptor *descriptor,
                      uint64_t timeout_ns)
{
    ev_timer_stop(scheduler->loop,
                  &descriptor->timer); // a shorter one would come too late
    uint64_t ms = timeout_ns / 1000000 + (timeout_ns % 1000000 != 0 || timeout_ns == 0);
    if (timeout_ns == WAIT_FOREVER)
        ms = 0;
    descriptor->limit_ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

void descriptor_begin_limit(struct scheduler *scheduler, struct descriptor *descriptor)
{
    ev_tstamp limit = (double)descriptor->limit_ms / 1e3;
    descriptor->deadline = ev_now(scheduler->loop) + limit;
    if (ev_is_active(&descriptor->timer))
        return;
    ev_timer_init(&descriptor->timer, on_limit, limit, 0.);
    descriptor->timer.data = descriptor;
    ev_timer_start(scheduler->loop, &descriptor->timer);
}

// ---- listeners ------------------------------------------------------------------------

//DOC: coroutine-accept-turn
int descriptor_await_turn(struct scheduler *scheduler, struct descriptor *descriptor)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    if (!descriptor->accepting) {
        descriptor->accepting = true;
        return 0;
    }
    struct attention attention = {.wait = {.what = "a turn to accept",
                                           .object = descriptor,
                                           .abandon = descriptor_abandon}};
    descriptor_line_up(&descriptor->line, scheduler->running);
    scheduler->outside++;
    return wait_suspend(&attention.wait);
}

void descriptor_next_turn(struct scheduler *scheduler, struct descriptor *descriptor)
{
    struct coroutine *next = descriptor->line;
    descriptor->accepting = next != NULL;
    if (next == NULL)
        return;
    descriptor->line = next->next;
    scheduler->outside--;
    scheduler_call_soon(scheduler, next);
}
