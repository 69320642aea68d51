// SPDX-License-Identifier: MIT
//
// async.h - what the tests of the coroutine runtime share: a diary, into which tasks write
// letters, so that a test can say in which order things happened.
#ifndef QUARTET_TESTS_COROUTINE_ASYNC_H
#define QUARTET_TESTS_COROUTINE_ASYNC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runners/coroutine/task.h"

#include <errno.h>
#include <string.h>

#define MILLISECOND UINT64_C(1000000)

static struct {
    char text[256];
    size_t length;
} diary;

__attribute__((unused)) static void note(char letter)
{
    assert_true(diary.length < sizeof diary.text - 1);
    diary.text[diary.length++] = letter;
    diary.text[diary.length] = '\0';
}

// Runs a program, and returns what its main task did.
__attribute__((unused)) static int run_program(async_code *code, void *argument)
{
    struct reason reason;
    uint64_t value = 0;
    memset(&diary, 0, sizeof diary);
    return async_run(NULL, code, argument, &value, &reason);
}

#endif
