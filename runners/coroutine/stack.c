// SPDX-License-Identifier: MIT
//
// The arena of stacks: see stack.h for the picture.
#define _GNU_SOURCE // MAP_NORESERVE and its like, madvise() and syscall() are not POSIX
#include "runners/coroutine/stack.h"

#include "lib/check.h"
#include "lib/limits.h"
#include "runners/coroutine/announce.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 // Linux 6.13, newer than the headers of Debian 12
#endif

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14
#endif

#ifndef PIDFD_SELF
#define PIDFD_SELF (-10000) // the caller itself, Linux 6.14
#endif
#define GUARDS_AT_ONCE 256

// Three cache lines, which have no common factor with the number of sets in a cache.
// Eleven colours leave half a page for frames even with the largest shift.
#define COLOUR_BYTES 192
#define COLOURS      11

static bool guard_install(char *page, size_t page_bytes, enum stack_guard guard)
{
    switch (guard) {
    case STACK_GUARD_MARKER:
        return madvise(page, page_bytes, MADV_GUARD_INSTALL) == 0;
    case STACK_GUARD_PROTECT:
        return mprotect(page, page_bytes, PROT_NONE) == 0;
    case STACK_GUARD_NONE:
        break;
    }
    return true;
}

// The first page of the arena is the guard of stack 0, so it may serve as the trial.
static enum stack_guard guard_choose(const struct stack_arena *arena,
                                     const struct stack_plan *plan)
{
    if (plan->guard == STACK_GUARD_MARKER &&
        guard_install(arena->base, arena->page_bytes, STACK_GUARD_MARKER))
        return STACK_GUARD_MARKER;
    uint64_t maps = 2 * (uint64_t)plan->capacity * plan->arenas;
    if (plan->guard != STACK_GUARD_NONE && limits_check_maps(maps, NULL) == 0)
        return STACK_GUARD_PROTECT;
    return STACK_GUARD_NONE;
}

static char *piece_numbered(const struct stack_arena *arena, uint32_t number)
{
    return arena->base + (size_t)number * arena->stack_bytes;
}

// Fetches the page of each stack that its control block and first frames lie on, all by one
// system call: it is about to be touched anyway, and each touch would be a fault, which
// takes some 1 us and on some virtual machines 25. Whether it can be done does not matter.
static void populate_many(const struct stack_arena *arena, struct iovec *pages,
                          uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        pages[i].iov_base =
            piece_numbered(arena, arena->guarded + i + 1) - arena->page_bytes;
    (void)syscall(SYS_process_madvise, PIDFD_SELF, pages, (size_t)count,
                  MADV_POPULATE_WRITE, 0);
}

// Guards many stacks by one system call, where the kernel has it (process_madvise() with
// any advice for oneself: Linux 6.13, with PIDFD_SELF a little later); a system call for
// each takes longer than the guards. As many as there are already, so that a small number
// of stacks stays small. How many it were. A kernel that refuses is not asked again.
static uint32_t guard_many(struct stack_arena *arena)
{
    struct iovec pages[GUARDS_AT_ONCE];
    uint32_t count = arena->capacity - arena->guarded;
    if (count > arena->guarded)
        count = arena->guarded;
    if (count > GUARDS_AT_ONCE)
        count = GUARDS_AT_ONCE;
    if (count == 0) // the first stack
        return 0;
    for (uint32_t i = 0; i < count; i++)
        pages[i] = (struct iovec){.iov_base = piece_numbered(arena, arena->guarded + i),
                                  .iov_len = arena->page_bytes};
    long bytes = syscall(SYS_process_madvise, PIDFD_SELF, pages, (size_t)count,
                         MADV_GUARD_INSTALL, 0);
    arena->guards_singly = bytes <= 0;
    if (bytes <= 0)
        return 0;
    count = (uint32_t)((size_t)bytes / arena->page_bytes);
    populate_many(arena, pages, count);
    return count;
}

// At least the next stack gets its guard.
static bool guard_next(struct stack_arena *arena)
{
    bool many = arena->guard == STACK_GUARD_MARKER && !arena->guards_singly;
    uint32_t count = many ? guard_many(arena) : 0;
    if (count == 0) {
        if (!guard_install(piece_numbered(arena, arena->guarded), arena->page_bytes,
                           arena->guard))
            return false;
        count = 1;
    }
    arena->guarded += count;
    return true;
}

int stack_arena_open(struct stack_arena *arena, const struct stack_plan *plan,
                     struct reason *reason)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (plan->stack_bytes % page != 0 || plan->stack_bytes < 4 * page) {
        return reason_set(
            reason, -EINVAL,
            "--stack %zu: must be whole pages of %zu bytes, and at least %zu",
            plan->stack_bytes, page, 4 * page);
    }
    *arena = (struct stack_arena){.stack_bytes = plan->stack_bytes,
                                  .page_bytes = page,
                                  .capacity = plan->capacity};
    size_t bytes;
    void *base = MAP_FAILED;
    errno = ENOMEM;
    if (!__builtin_mul_overflow(plan->stack_bytes, (size_t)plan->capacity, &bytes))
        base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base == MAP_FAILED) {
        return reason_set(
            reason, -ENOMEM,
            "cannot reserve addresses for %u stacks of %zu bytes: %s; lower "
            "--stack or --concurrency, or raise RLIMIT_AS (ulimit -v) and "
            "vm.overcommit_memory",
            plan->capacity, plan->stack_bytes, strerror(errno));
    }
    arena->base = base;
    // A huge page would make a stack of one page cost 512. A kernel without huge pages
    // refuses, which is as good.
    madvise(base, bytes, MADV_NOHUGEPAGE);
    arena->guard = guard_choose(arena, plan);
    return 0;
}

void stack_arena_close(struct stack_arena *arena)
{
    for (uint32_t i = 0; i < arena->carved; i++)
        announce_stack_gone(stack_numbered(arena, i)->announced);
    munmap(arena->base, arena->stack_bytes * arena->capacity);
    *arena = (struct stack_arena){0};
}

struct stack *stack_numbered(const struct stack_arena *arena, uint32_t number)
{
    char *top = arena->base + ((size_t)number + 1) * arena->stack_bytes;
    return (struct stack *)(void *)(top - number % COLOURS * COLOUR_BYTES -
                                    STACK_CONTROL_BYTES);
}

struct stack *stack_carve(struct stack_arena *arena)
{
    if (arena->carved == arena->capacity) {
        errno = EAGAIN;
        return NULL;
    }
    char *piece = piece_numbered(arena, arena->carved);
    if (arena->carved == arena->guarded && !guard_next(arena))
        return NULL;
    struct stack *stack = stack_numbered(arena, arena->carved);
    char *low = piece + (arena->guard == STACK_GUARD_NONE ? 0 : arena->page_bytes);
    announce_memory(low, piece + arena->stack_bytes);
    stack->low = low;
    stack->number = arena->carved++;
    stack->announced = announce_stack(stack->low, (char *)stack);
    return stack;
}

struct stack *stack_guarded_at(const struct stack_arena *arena, const void *address)
{
    uintptr_t offset = (uintptr_t)address - (uintptr_t)arena->base;
    size_t number = offset / arena->stack_bytes;
    if ((uintptr_t)address < (uintptr_t)arena->base || number >= arena->carved ||
        offset % arena->stack_bytes >= arena->page_bytes ||
        arena->guard == STACK_GUARD_NONE)
        return NULL;
    return stack_numbered(arena, (uint32_t)number);
}

const char *stack_guard_name(enum stack_guard guard)
{
    static const char *const names[] = {"MADV_GUARD_INSTALL", "mprotect", "none"};
    CHECK((size_t)guard < ARRAY_LEN(names));
    return names[guard];
}
