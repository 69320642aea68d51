// SPDX-License-Identifier: MIT
//
// context.h - the heart of a stackful coroutine: stop here, go on there.
//
// A function that is called promises its caller to give back a handful of registers
// unchanged (the callee-saved ones) and the stack pointer. So a switch looks like an
// ordinary call that comes back much later: push those registers on the stack that is
// being left, remember its stack pointer, load the other one, pop the same registers
// from there, and go on. All other registers are dead at a call anyway; nothing needs
// the kernel. aarch64 does it so, with twenty registers. On x86-64 the switch is a part
// of the function that wants it, and the compiler saves only what it still needs.
//
// Contract of the assembly switch, and so of both:
//   - The floating-point control words (rounding mode, exception masks: mxcsr and the
//     x87 control word, or FPCR) are NOT switched. They belong to the thread: code that
//     changes them must put them back before it suspends. Saving them would cost more
//     than the rest of the switch.
//   - The signal mask and errno belong to the thread, too.
//   - A context stays in the thread that made it.
//
// The portable choice, ucontext, asks the C library for the same thing. It also saves
// the signal mask, with two system calls a switch, which is nearly all of its cost.
//
// Read next: context_x86_64.h (the switch itself), then stack.h.
#ifndef QUARTET_RUNNERS_COROUTINE_CONTEXT_H
#define QUARTET_RUNNERS_COROUTINE_CONTEXT_H

#if defined(__x86_64__) || defined(__aarch64__)
#define CONTEXT_HAS_ASM 1
#else
#define CONTEXT_HAS_ASM 0
#endif

// In the order of the choices of --switch.
enum context_kind { CONTEXT_ASM, CONTEXT_UCONTEXT };

// A place in a program where it can go on. Everything else of it lies on its own stack.
struct context {
    void
        *saved; // on the stack itself. x86-64: a struct context_place; aarch64: the stack
                // pointer; ucontext: a ucontext_t
};

// Where a new context begins. It must not return: there is nowhere to return to.
typedef void context_entry(void *argument);

// The kind that this program uses; set by context_choose() alone.
extern enum context_kind context_chosen;

// The switches themselves: each leaves a stack, whose place is then stored at *from, and
// goes on at the place `to`.
#if defined(__x86_64__)
#include "runners/coroutine/context_x86_64.h"
#elif defined(__aarch64__)
void context_leave_asm(void **from, void *to);
#endif
void context_leave_ucontext(void **from, void *to);

// Leaves `from`, which is where the caller is, and goes on at `to`. Comes back when
// somebody switches to `from`.
//
// `to->saved` is loaded before, and not in the one assembly routine that also stores such
// places: a processor that has once seen that load meet that store would let every later
// load wait for every earlier store, and with thousands of coroutines all those stores
// wait for the memory. A choice that is made once costs next to nothing, because the
// processor predicts it.
static inline void context_switch(struct context *from, const struct context *to)
{
#if CONTEXT_HAS_ASM
    if (__builtin_expect(context_chosen == CONTEXT_ASM, 1)) {
        context_leave_asm(&from->saved, to->saved);
        return;
    }
#endif
    context_leave_ucontext(&from->saved, to->saved);
}

// Chooses the kind for the whole program, before the first context is made.
// 0, or -ENOTSUP: no assembly for this processor.
int context_choose(enum context_kind kind);

// Makes `context` begin with entry(argument) on the stack [low, top). The first switch
// to it enters there. A backtrace of the coroutine ends at its entry.
void context_make(struct context *context, char *low, char *top, context_entry *entry,
                  void *argument);

// For context.c alone.
void context_make_ucontext(struct context *context, char *low, char *top,
                           context_entry *entry, void *argument);

#endif
