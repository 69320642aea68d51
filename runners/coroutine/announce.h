// SPDX-License-Identifier: MIT
//
// announce.h - tells the tools about switches. AddressSanitizer, ThreadSanitizer and
// valgrind all keep a picture of "the stack" of a thread; a switch behind their back
// looks to them like wild writes and lost functions. Each has a way to be told:
//   AddressSanitizer  where the stack to be entered lies; keeps its own "fake stack"
//   ThreadSanitizer   an object per coroutine, made current just before the switch
//   valgrind          the bounds of each stack, once
// In a build without these tools a switch costs nothing more; valgrind needs no special
// build, so its announcement is always in, once per stack (a few instructions that do
// nothing outside valgrind).
//
// Sources: <sanitizer/common_interface_defs.h>, <sanitizer/tsan_interface.h>, and the
// valgrind manual, "The Client Request mechanism".
#ifndef QUARTET_RUNNERS_COROUTINE_ANNOUNCE_H
#define QUARTET_RUNNERS_COROUTINE_ANNOUNCE_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ANNOUNCE_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define ANNOUNCE_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(ANNOUNCE_ASAN)
#define ANNOUNCE_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__) && !defined(ANNOUNCE_TSAN)
#define ANNOUNCE_TSAN 1
#endif

#if defined(ANNOUNCE_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(ANNOUNCE_TSAN)
#include <sanitizer/tsan_interface.h>
#endif
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif

// State that the tools need for one stack. Empty in ordinary builds.
struct announce {
#if defined(ANNOUNCE_ASAN)
    void *fake_stack; // AddressSanitizer's, while this stack is not running
    const void *low;  // the lowest address of the stack
    size_t size;
#endif
#if defined(ANNOUNCE_TSAN)
    void *fiber; // ThreadSanitizer's object
#endif
    char nothing[1]; // a struct may not be empty
};

// The most coroutines that the tool of this build can hold; 0: no such limit.
static inline unsigned announce_limit(void)
{
#if defined(ANNOUNCE_TSAN)
    return 8000; // its table of threads has 8128 places, and there are other threads
#else
    return 0;
#endif
}

// The memory [low, end) is nobody's: AddressSanitizer may remember frames that lay at these
// addresses before, in an arena that has been unmapped.
static inline void announce_memory(char *low, char *end)
{
#if defined(ANNOUNCE_ASAN)
    ASAN_UNPOISON_MEMORY_REGION(low, (size_t)(end - low));
#else
    (void)low;
    (void)end;
#endif
}

// A stack [low, top) exists from now on; it may serve many coroutines one after another.
static inline unsigned announce_stack(char *low, char *top)
{
#if defined(VALGRIND_STACK_REGISTER)
    return VALGRIND_STACK_REGISTER(low, top);
#else
    (void)low;
    (void)top;
    return 0;
#endif
}

static inline void announce_stack_gone(unsigned id)
{
    (void)id;
#if defined(VALGRIND_STACK_DEREGISTER)
    VALGRIND_STACK_DEREGISTER(id);
#endif
}

// A coroutine begins a life on the stack [low, top). `announce` is zero, or that of the
// one that lived there before.
static inline void announce_birth(struct announce *announce, char *low, char *top)
{
    (void)announce;
    (void)low;
    (void)top;
#if defined(ANNOUNCE_ASAN)
    // The frames of the former life were left, not returned from, so their red zones
    // are still marked.
    announce->low = low;
    announce->size = (size_t)(top - low);
    announce->fake_stack = NULL;
    ASAN_UNPOISON_MEMORY_REGION(low, announce->size);
#endif
#if defined(ANNOUNCE_TSAN)
    // The former fiber could not be destroyed by itself.
    if (announce->fiber != NULL)
        __tsan_destroy_fiber(announce->fiber);
    announce->fiber = __tsan_create_fiber(0);
#endif
}

// The stack goes away, and nobody is on it.
static inline void announce_end(struct announce *announce)
{
    (void)announce;
#if defined(ANNOUNCE_TSAN)
    if (announce->fiber == NULL)
        return;
    // A fiber that never ran may crash some versions of the tool when it is destroyed.
    void *thread = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(announce->fiber, 0);
    __tsan_switch_to_fiber(thread, 0);
    __tsan_destroy_fiber(announce->fiber);
    announce->fiber = NULL;
#endif
}

// The thread's own stack, which switches come back to; [low, low + size).
static inline void announce_thread(struct announce *announce, const void *low,
                                   size_t size)
{
    (void)announce;
    (void)low;
    (void)size;
#if defined(ANNOUNCE_ASAN)
    announce->low = low;
    announce->size = size;
    announce->fake_stack = NULL;
#endif
#if defined(ANNOUNCE_TSAN)
    announce->fiber = __tsan_get_current_fiber();
#endif
}

// Just before the switch from one to the other; `for_good`: nobody comes back. It has to
// be inlined: ThreadSanitizer counts entries into functions and returns from them per
// fiber, and a function that changes the fiber would return in another one than it was
// called in.
__attribute__((always_inline)) static inline void announce_departure(
    struct announce *from, struct announce *to, bool for_good)
{
    (void)from;
    (void)to;
    (void)for_good;
#if defined(ANNOUNCE_ASAN)
    __sanitizer_start_switch_fiber(for_good ? NULL : &from->fake_stack, to->low,
                                   to->size);
#endif
#if defined(ANNOUNCE_TSAN)
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
}

// Just after a switch, on the stack that has been entered.
static inline void announce_arrival(struct announce *self)
{
    (void)self;
#if defined(ANNOUNCE_ASAN)
    __sanitizer_finish_switch_fiber(self->fake_stack, NULL, NULL);
#endif
}

#endif
