// SPDX-License-Identifier: MIT
//
// Which kind of context this program uses, and the first frame of the assembly kind:
// a stack that looks as if a switch had left it a moment ago, so that the first switch
// to it is like every other.
//
// Read next: context_x86_64.h or context_aarch64.S, the switch itself.
#include "runners/coroutine/context.h"

#include <errno.h>
#include <stdint.h>

enum context_kind context_chosen = CONTEXT_HAS_ASM ? CONTEXT_ASM : CONTEXT_UCONTEXT;

#if CONTEXT_HAS_ASM

// The first place to go on: moves entry and argument to where a call wants them.
void context_start(void);

// Words on the stack, lowest address first. Only these words matter at the start;
// the others may hold anything. The chain of frames ends there: frame pointer 0.
#if defined(__x86_64__)
enum { RESUME, STACK, FRAME_POINTER, ARGUMENT, ENTRY, FRAME_WORDS = 5 };
#else
enum { X29, X30, X19, X20, FRAME_WORDS = 20 };
enum { ARGUMENT = X19, ENTRY = X20, FRAME_POINTER = X29, RESUME = X30 };
#endif

static void make_asm(struct context *context, char *top, context_entry *entry,
                     void *argument)
{
    // Both ABIs want the stack aligned to 16 bytes when context_start calls.
    uintptr_t *frame = (uintptr_t *)((uintptr_t)top & ~(uintptr_t)15) - FRAME_WORDS;
    frame[ARGUMENT] = (uintptr_t)argument;
    frame[ENTRY] = (uintptr_t)entry;
    frame[RESUME] = (uintptr_t)context_start;
    frame[FRAME_POINTER] = 0;
#if defined(__x86_64__)
    frame[STACK] = (uintptr_t)&frame[ARGUMENT];
#endif
    context->saved = frame;
}

#endif

int context_choose(enum context_kind kind)
{
    if (kind == CONTEXT_ASM && !CONTEXT_HAS_ASM)
        return -ENOTSUP;
    context_chosen = kind;
    return 0;
}

void context_make(struct context *context, char *low, char *top, context_entry *entry,
                  void *argument)
{
#if CONTEXT_HAS_ASM
    if (context_chosen == CONTEXT_ASM) {
        make_asm(context, top, entry, argument);
        return;
    }
#endif
    context_make_ucontext(context, low, top, entry, argument);
}
