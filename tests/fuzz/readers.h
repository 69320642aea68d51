// SPDX-License-Identifier: MIT
//
// readers.h - what reads JSON or HTTP that somebody else may have written, one function
// each. A function takes any bytes; it may refuse them, but must come back, with all memory freed.
//
// To add a reader: a line here, a file tests/fuzz/read_NAME.c, and seeds in seeds.py.
#ifndef QUARTET_TESTS_FUZZ_READERS_H
#define QUARTET_TESTS_FUZZ_READERS_H

#include <stddef.h>

#define FUZZ_READERS(X)                                                                   \
    X(report) /* a stored report, its tables and exports, and a comparison with itself */ \
    X(record)    /* the run record that a runner leaves */                                \
    X(hyperfine) /* what the stop-watch exports */                                        \
    X(journal)   /* blocks beside the report of a session that was killed */              \
    X(request)   /* what a client of the workload serve sends */                          \
    X(session)   /* a whole connection of serve, to its end */

#define FUZZ_DECLARE(name) void read_##name(const char *text, size_t size);
FUZZ_READERS(FUZZ_DECLARE)
#undef FUZZ_DECLARE

#endif
