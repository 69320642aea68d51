// SPDX-License-Identifier: MIT
//
// stack.h - memory for many small stacks: one arena of addresses per scheduler, cut into
// equal pieces. Only pages that have been touched cost memory, so a coroutine that waits
// near the top of its stack costs one page, however large the stack may grow:
//
//      low                                                    top of the piece
//      | guard page | ... never touched ... | frames | control | colour |
//                                            \_____ the first page _____/
//
//   control  the `struct stack` and whatever its user keeps behind it (coroutine.h): it
//            lies on the page that the first frame touches anyway.
//   colour   a shift of 0, 192, 384, ... bytes. Without it the busy part of each stack
//            would have the same page offset, and 10,000 of them would fight for the
//            same few sets of the caches.
//   guard    a page that may not be touched, so that a stack that grows too far stops
//            the program instead of writing into its neighbour. The last kind possible:
//            MADV_GUARD_INSTALL (Linux 6.13), which needs no mapping of its own; else
//            mprotect, which makes two mappings of each stack, up to vm.max_map_count;
//            else none, and the caller has to say so. A single frame larger than a page
//            could jump over the guard unless compiled with -fstack-clash-protection.
//
// A stack that is given back is the next one to be taken: its page is warm in the cache.
// An arena belongs to one thread.
//
// Read next: coroutine.h.
#ifndef QUARTET_RUNNERS_COROUTINE_STACK_H
#define QUARTET_RUNNERS_COROUTINE_STACK_H

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stack_guard {
    STACK_GUARD_MARKER,  // MADV_GUARD_INSTALL
    STACK_GUARD_PROTECT, // mprotect
    STACK_GUARD_NONE,
};

// Room at the top of each stack for its control block, `struct stack` included.
#define STACK_CONTROL_BYTES 192

// How an arena is to be.
struct stack_plan {
    size_t stack_bytes;     // of each, guard and control included; whole pages
    uint32_t capacity;      // how many at once, at most
    uint32_t arenas;        // how many such arenas the program has, for the limit of maps
    enum stack_guard guard; // the best kind wanted; a worse one if this cannot be had
};

// The head of a control block. Frames grow down from its address.
struct stack {
    struct stack *next; // while it is idle
    char *low;          // lowest address that may be touched
    uint32_t number;    // 0, 1, 2, ... in its arena
    unsigned announced; // for announce.h
};

struct stack_arena {
    struct stack *idle;     // given back, the last one first
    char *base;             // all addresses
    size_t stack_bytes;     //
    size_t page_bytes;      //
    uint32_t capacity;      //
    uint32_t carved;        // how many have ever been taken: 0 ... carved-1 exist
    uint32_t guarded;       // how many have their guard: some of those to come as well
    enum stack_guard guard; // the kind that was possible
    bool guards_singly;     // this kernel cannot guard many at once
};

// Reserves addresses; touches nothing. -EINVAL: the size is not one that can be had;
// -ENOMEM: no room for so many. Both with the reason.
int stack_arena_open(struct stack_arena *arena, const struct stack_plan *plan,
                     struct reason *reason);

// Gives all memory back, whether or not stacks are still in use.
void stack_arena_close(struct stack_arena *arena);

// Cuts off a stack that has never been used. NULL: the arena is full, or the kernel
// refused the guard page (errno says why).
struct stack *stack_carve(struct stack_arena *arena);

// The stack with this number, which must have been carved.
struct stack *stack_numbered(const struct stack_arena *arena, uint32_t number);

// The stack whose guard page holds this address, or NULL.
struct stack *stack_guarded_at(const struct stack_arena *arena, const void *address);

// "MADV_GUARD_INSTALL", "mprotect" or "none".
const char *stack_guard_name(enum stack_guard guard);

// Takes a stack: its control block is zero behind `struct stack` if it is new, else as
// the last user left it. NULL as stack_carve().
static inline struct stack *stack_take(struct stack_arena *arena)
{
    struct stack *stack = arena->idle;
    if (__builtin_expect(stack == NULL, 0))
        return stack_carve(arena);
    arena->idle = stack->next;
    return stack;
}

// Gives a stack back. The caller may still be running on it, if it leaves for good
// before anybody takes a stack.
static inline void stack_give(struct stack_arena *arena, struct stack *stack)
{
    stack->next = arena->idle;
    arena->idle = stack;
}

#endif
