// SPDX-License-Identifier: MIT
//
// profiles.S - the profiles that ship with the program, in it: each file as it is, and a
// zero. profile.c reads them as it would read a file of the user's own.
        .section .rodata
        .macro profile name, file
        .globl \name
\name:
        .incbin "\file"
        .byte 0
        .endm
        profile profile_quick, "driver/plan/profiles/quick.json"
        profile profile_gate, "driver/plan/profiles/gate.json"
        profile profile_default, "driver/plan/profiles/default.json"
        profile profile_rigorous, "driver/plan/profiles/rigorous.json"
        profile profile_lanes, "driver/plan/profiles/lanes.json"
        .section .note.GNU-stack, "", %progbits
