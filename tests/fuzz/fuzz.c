// SPDX-License-Identifier: MIT
//
// fuzz.c - hands what libFuzzer makes up to the reader that FUZZ_READER names. `make fuzz`
// builds it with clang, AddressSanitizer and UndefinedBehaviorSanitizer, and tests/fuzz/run
// runs it. What it finds becomes a file in regressions/, which test_replay.c reads on every
// `make test`.
#include "lib/check.h"
#include "lib/error.h"
#include "tests/fuzz/readers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct {
    const char *name;
    void (*read)(const char *text, size_t size);
} readers[] = {
#define FUZZ_ROW(name) {#name, read_##name},
    FUZZ_READERS(FUZZ_ROW)
#undef FUZZ_ROW
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *wanted = getenv("FUZZ_READER");
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        if (wanted != NULL && strcmp(readers[i].name, wanted) == 0) {
            readers[i].read((const char *)bytes, size);
            return 0;
        }
    die(EXIT_USAGE, "fuzz: set FUZZ_READER to a reader of tests/fuzz/readers.h");
}
