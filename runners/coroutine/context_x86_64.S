// SPDX-License-Identifier: MIT
//
// context_x86_64.S - where a coroutine begins on x86-64. The switch is in
// context_x86_64.h; it goes on here the first time, with the argument and the entry on
// the stack, where context.c has put them.
//
// "Undefined rip" tells unwinders that nobody has called this. The entry is jumped to
// with a return address that it never uses: a call would leave its mark on the
// processor's own stack of calls, and no `ret` would ever take it away.
//
// No GNU property note: a shadow stack (CET) would need a switch of its own, and with
// one object that does not claim to support it the linker leaves it off. `endbr64` and
// `notrack` are for the other half of CET, which checks where indirect jumps land.
#if defined(__x86_64__)

    .text

    .globl  context_start
    .hidden context_start
    .type   context_start, @function
    .balign 16
context_start:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    popq    %rdi
    popq    %rax
    xorl    %ebp, %ebp              // the chain of frames ends here
    leaq    1f(%rip), %rcx
    pushq   %rcx
    notrack jmp *%rax
1:  ud2                             // an entry must not return
    .cfi_endproc
    .size   context_start, .-context_start

#endif

// This file needs no executable stack.
    .section .note.GNU-stack, "", %progbits
