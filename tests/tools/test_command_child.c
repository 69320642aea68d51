// SPDX-License-Identifier: MIT
//
// tools/command_child.h at its limits: as much as may be printed, a byte more, and what is kept
// of a long complaint.
#define _GNU_SOURCE // MAP_ANONYMOUS
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "lib/process.h"
#include "tools/command_child.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1000 };

struct answer {
    int error;
    struct command_outcome outcome;
};

// command_child_run() is to be called once in a process: so each script has one.
static struct answer run(const char *script)
{
    char *const argv[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c",
                          (char *)(uintptr_t)script, NULL};
    const struct command_child child = {.argv = argv,
                                        .limit_ns = 60 * NS_PER_SECOND,
                                        .output_most = MOST};
    struct answer *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;
    assert_ptr_not_equal(shared, MAP_FAILED);
    pid_t pid = process_fork();
    if (pid == 0) {
        struct reason reason;
        shared->error = command_child_run(&child, &shared->outcome, &reason);
        _exit(0);
    }
    assert_int_equal(process_wait(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    struct answer answer = *shared;
    munmap(shared, sizeof *shared);
    return answer;
}

static void as_much_may_be_printed_and_not_a_byte_more(void **state)
{
    (void)state;
    struct answer answer = run("head -c 1000 /dev/zero");
    assert_int_equal(answer.error, 0);
    assert_int_equal(answer.outcome.output_bytes, MOST);
    answer = run("head -c 1001 /dev/zero");
    assert_int_equal(answer.error, -EFBIG);
    answer = run("head -c 600 /dev/zero; sleep 0.02; head -c 400 /dev/zero; exit 3");
    assert_int_equal(answer.error, 0);
    assert_int_equal(answer.outcome.exit_code, 3);
    answer = run("head -c 600 /dev/zero; sleep 0.02; head -c 401 /dev/zero");
    assert_int_equal(answer.error, -EFBIG);
}

// However the pipe cuts it: the digest is that of the bytes.
static void the_digest_does_not_depend_on_the_pieces(void **state)
{
    (void)state;
    struct answer whole = run("printf abcdef");
    struct answer pieces = run("printf abc; sleep 0.02; printf def");
    struct answer other = run("printf abcdeg");
    assert_int_equal(whole.outcome.output_digest, pieces.outcome.output_digest);
    assert_int_not_equal(whole.outcome.output_digest, other.outcome.output_digest);
}

static void a_complaint_is_kept_to_the_letter(void **state)
{
    (void)state;
    struct answer answer = run("echo one >&2; echo two >&2");
    assert_string_equal(answer.outcome.complaint, "two");
    answer = run("echo 'an error: one' >&2; echo two >&2");
    assert_string_equal(answer.outcome.complaint, "an error: one");
    answer = run("echo nothing");
    assert_string_equal(answer.outcome.complaint, "");
}

// More than is kept, in pieces and at once: the end of it counts.
static void of_a_long_complaint_the_end_is_kept(void **state)
{
    (void)state;
    struct answer answer =
        run("echo 'error: long ago' >&2; i=0; while [ $i -lt 300 ]; do i=$((i + 1)); "
            "echo \"line $i of those that fill the room\" >&2; done");
    assert_string_equal(answer.outcome.complaint, "line 300 of those that fill the room");
    answer = run("{ echo 'error: long ago'; head -c 20000 /dev/zero | tr '\\0' '\\n'; "
                 "echo last; } | cat >&2");
    assert_string_equal(answer.outcome.complaint, "last");
}

static void how_it_ended_is_told(void **state)
{
    (void)state;
    struct answer answer = run("kill -9 $$");
    assert_int_equal(answer.outcome.exit_code, 128 + 9);
    answer = run("sleep 60 & exit 0");
    assert_int_equal(answer.outcome.left, 1);
    answer = run("exit 0");
    assert_int_equal(answer.error, 0);
    assert_int_equal(answer.outcome.left, 0);
    assert_true(answer.outcome.ended_ns >= answer.outcome.started_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_much_may_be_printed_and_not_a_byte_more),
        cmocka_unit_test(the_digest_does_not_depend_on_the_pieces),
        cmocka_unit_test(a_complaint_is_kept_to_the_letter),
        cmocka_unit_test(of_a_long_complaint_the_end_is_kept),
        cmocka_unit_test(how_it_ended_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
