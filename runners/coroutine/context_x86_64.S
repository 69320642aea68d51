// SPDX-License-Identifier: MIT
//
// context_x86_64.S - the switch for x86-64 (System V ABI). What a function must give
// back unchanged: rbx, rbp, r12 ... r15 and the stack pointer.
//
// It ends in a pop and an indirect jump, not in `ret`. A processor predicts `ret` from
// a small stack of its own, onto which every call pushes; after a switch that stack
// belongs to somebody else, so the prediction is always wrong, and costs more than all
// the rest. An indirect jump is predicted from its history.
//
// No GNU property note: a shadow stack (CET) would need a switch of its own, and with
// one object that does not claim to support it the linker leaves it off. `endbr64` and
// `notrack` are for the other half of CET, which checks where indirect jumps land.
//
// The .cfi lines describe the frame at each instruction, for debuggers and profilers.
#if defined(__x86_64__)

    .text

// void context_leave_asm(void **from (rdi), void *to (rsi))
    .globl  context_leave_asm
    .hidden context_leave_asm
    .type   context_leave_asm, @function
    .balign 64
context_leave_asm:
    .cfi_startproc
    endbr64
    pushq   %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbp, 0
    pushq   %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbx, 0
    pushq   %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r12, 0
    pushq   %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r13, 0
    pushq   %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r14, 0
    pushq   %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r15, 0

    movq    %rsp, (%rdi)            // we stop here ...
    movq    %rsi, %rsp              // ... and go on there

    popq    %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore r15
    popq    %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore r14
    popq    %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore r13
    popq    %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore r12
    popq    %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbx
    popq    %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbp
    popq    %rcx                    // the return address
    .cfi_adjust_cfa_offset -8
    .cfi_register rip, rcx
    notrack jmp *%rcx
    .cfi_endproc
    .size   context_leave_asm, .-context_leave_asm

// The bottom of every coroutine: context_make_asm() has put the argument in r12 and
// the entry in r13. "Undefined rip" tells unwinders that nobody has called this. The
// entry is jumped to with a return address that it never uses: a call would leave its
// mark on the processor's own stack of calls, and no `ret` would ever take it away.
    .globl  context_start
    .hidden context_start
    .type   context_start, @function
    .balign 16
context_start:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    movq    %r12, %rdi
    leaq    1f(%rip), %rax
    pushq   %rax
    notrack jmp *%r13
1:  ud2                             // an entry must not return
    .cfi_endproc
    .size   context_start, .-context_start

#endif

// This file needs no executable stack.
    .section .note.GNU-stack, "", %progbits
