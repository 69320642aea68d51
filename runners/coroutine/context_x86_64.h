// SPDX-License-Identifier: MIT
//
// context_x86_64.h - the switch for x86-64 (System V ABI), inside the function that wants
// to switch.
//
// A switch that is a function would have to give six registers back unchanged, whether
// or not anybody needs them: the caller's compiler cannot see inside. Here it can: it is
// told that all registers are lost (the long list at the end), so it keeps just those
// that it still needs, and usually that is none. Two cannot be lost, and are switched by
// hand: the stack pointer, and rbp, which may be the frame pointer. They are kept, with the
// place where to go on, in a variable of the function that switches:
//
//     saved --> struct context_place, in the frame of that function
//
// So a switch touches no memory but that frame, which has to come back into the caches
// anyway when the coroutine goes on; and nothing is written below the stack pointer, where
// the ABI lets functions keep 128 bytes (the "red zone").
//
// It is not a call, and goes on by an indirect jump and not by `ret`. A processor
// predicts `ret` from a small stack of its own, onto which every call pushes. A switch
// that leaves that stack alone lets functions return as predicted as long as the two
// coroutines are inside the same functions, which they mostly are. The jump itself is
// predicted from its history.
#ifndef QUARTET_RUNNERS_COROUTINE_CONTEXT_X86_64_H
#define QUARTET_RUNNERS_COROUTINE_CONTEXT_X86_64_H

// Registers that exist only where the compiler may use them.
#if defined(__AVX512F__)
#define CONTEXT_AVX512                                                                   \
    , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",   \
        "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", \
        "k4", "k5", "k6", "k7"
#else
#define CONTEXT_AVX512
#endif

// Where a context stopped.
struct context_place {
    void *resume; // the instruction
    void *stack;  // rsp
    void *frame;  // rbp
};

// `notrack`: the place to go on is not marked as a target for control-flow enforcement.
static inline void context_leave_asm(void **from, void *to)
{
    struct context_place here;
    struct context_place *leave = &here;
    __asm__ volatile("leaq    1f(%%rip), %%rax\n\t"
                     "movq    %%rax, (%0)\n\t"
                     "movq    %%rsp, 8(%0)\n\t"
                     "movq    %%rbp, 16(%0)\n\t"
                     "movq    %0, (%2)\n\t"      // we stop here ...
                     "movq    8(%1), %%rsp\n\t"  // ... and go on there
                     "movq    16(%1), %%rbp\n\t" //
                     "notrack jmp *(%1)\n"
                     "1:"
                     : "+D"(leave), "+S"(to), "+d"(from)
                     :
                     : "rax", "rbx", "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
                       "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
                       "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
                       "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)",
                       "st(5)", "st(6)", "st(7)", "cc", "memory" CONTEXT_AVX512);
}

#endif
