// SPDX-License-Identifier: MIT
//
// context_aarch64.S - the switch for aarch64 (AAPCS64). What a function must give back
// unchanged: x19 ... x28, the frame pointer x29, the link register x30 (where to go on),
// the stack pointer, and the lower halves of v8 ... v15, which are called d8 ... d15.
//
// It ends in `br x30`, not in `ret`, for the reason given in context_x86_64.S: `ret` is
// predicted from a stack of recent calls, and those were calls of another coroutine.
//
// No GNU property note: the place where a coroutine goes on is not marked as a target
// of indirect jumps (BTI), so this object does not claim that it is.
#if defined(__aarch64__)

    .text

// void context_leave_asm(void **from (x0), void *to (x1))
    .globl  context_leave_asm
    .hidden context_leave_asm
    .type   context_leave_asm, %function
    .balign 64
context_leave_asm:
    .cfi_startproc
    stp     x29, x30, [sp, #-160]!
    .cfi_def_cfa_offset 160
    .cfi_offset x29, -160
    .cfi_offset x30, -152
    stp     x19, x20, [sp, #16]
    .cfi_offset x19, -144
    .cfi_offset x20, -136
    stp     x21, x22, [sp, #32]
    .cfi_offset x21, -128
    .cfi_offset x22, -120
    stp     x23, x24, [sp, #48]
    .cfi_offset x23, -112
    .cfi_offset x24, -104
    stp     x25, x26, [sp, #64]
    .cfi_offset x25, -96
    .cfi_offset x26, -88
    stp     x27, x28, [sp, #80]
    .cfi_offset x27, -80
    .cfi_offset x28, -72
    stp     d8, d9, [sp, #96]
    stp     d10, d11, [sp, #112]
    stp     d12, d13, [sp, #128]
    stp     d14, d15, [sp, #144]

    mov     x9, sp
    str     x9, [x0]                // we stop here ...
    mov     sp, x1                  // ... and go on there

    ldp     d14, d15, [sp, #144]
    ldp     d12, d13, [sp, #128]
    ldp     d10, d11, [sp, #112]
    ldp     d8, d9, [sp, #96]
    ldp     x27, x28, [sp, #80]
    ldp     x25, x26, [sp, #64]
    ldp     x23, x24, [sp, #48]
    ldp     x21, x22, [sp, #32]
    ldp     x19, x20, [sp, #16]
    ldp     x29, x30, [sp], #160
    .cfi_def_cfa_offset 0
    .cfi_restore x30
    .cfi_restore x29
    br      x30
    .cfi_endproc
    .size   context_leave_asm, .-context_leave_asm

// The bottom of every coroutine: context_make_asm() has put the argument in x19 and
// the entry in x20. "Undefined x30" tells unwinders that nobody has called this. Why it
// jumps rather than calls: see context_x86_64.S.
    .globl  context_start
    .hidden context_start
    .type   context_start, %function
    .balign 16
context_start:
    .cfi_startproc
    .cfi_undefined x30
    mov     x0, x19
    adr     x30, 1f
    br      x20
1:  brk     #1                      // an entry must not return
    .cfi_endproc
    .size   context_start, .-context_start

#endif

// This file needs no executable stack.
    .section .note.GNU-stack, "", %progbits
