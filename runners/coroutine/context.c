// SPDX-License-Identifier: MIT
//
// Which kind of context this program uses, and the first frame of the assembly kind:
// a stack that looks as if a switch had left it a moment ago, so that the first switch
// to it is like every other.
//
// Read next: context_x86_64.S or context_aarch64.S, which pop what is put here.
#include "runners/coroutine/context.h"

#include <errno.h>
#include <stdint.h>

#if CONTEXT_HAS_ASM

void (*context_leave)(void **from, void *to) = context_leave_asm;
static enum context_kind chosen = CONTEXT_ASM;

// The first "return address": moves entry and argument to where a call wants them.
void context_start(void);

// What the switch pops, lowest address first. Only these registers matter at the start;
// the others may hold anything. The frame pointer is 0: the chain of frames ends here.
#if defined(__x86_64__)
enum { R15, R14, R13, R12, RBX, RBP, RIP, FRAME_WORDS };
enum { ARGUMENT = R12, ENTRY = R13, FRAME_POINTER = RBP, RESUME = RIP };
#else
enum { X29, X30, X19, X20, FRAME_WORDS = 20 };
enum { ARGUMENT = X19, ENTRY = X20, FRAME_POINTER = X29, RESUME = X30 };
#endif

void context_make_asm(struct context *context, char *top, context_entry *entry,
                      void *argument)
{
    // Both ABIs want the stack aligned to 16 bytes when context_start calls.
    uintptr_t *frame = (uintptr_t *)((uintptr_t)top & ~(uintptr_t)15) - FRAME_WORDS;
    frame[ARGUMENT] = (uintptr_t)argument;
    frame[ENTRY] = (uintptr_t)entry;
    frame[FRAME_POINTER] = 0;
    frame[RESUME] = (uintptr_t)context_start;
    context->saved = frame;
}

#else

void (*context_leave)(void **from, void *to) = context_leave_ucontext;
static enum context_kind chosen = CONTEXT_UCONTEXT;

#endif

int context_choose(enum context_kind kind)
{
    if (kind == CONTEXT_UCONTEXT) {
        context_leave = context_leave_ucontext;
    } else {
#if CONTEXT_HAS_ASM
        context_leave = context_leave_asm;
#else
        return -ENOTSUP;
#endif
    }
    chosen = kind;
    return 0;
}

void context_make(struct context *context, char *low, char *top, context_entry *entry,
                  void *argument)
{
#if CONTEXT_HAS_ASM
    if (chosen == CONTEXT_ASM) {
        context_make_asm(context, top, entry, argument);
        return;
    }
#endif
    context_make_ucontext(context, low, top, entry, argument);
}
