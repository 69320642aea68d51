// SPDX-License-Identifier: MIT
//
// The memory that workers share (runners/sync_objects.h): pieces that do not overlap, in one
// mapping or in many more than are kept in mind, and which a child sees as its parent does.
#define _GNU_SOURCE // MADV_POPULATE_WRITE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/process.h"
#include "runners/common/run.h"
#include "runners/sync_objects.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL = 100, LARGE = 40, LINE = 64 };

static unsigned char *pieces[SMALL + LARGE];

// Small ones share a mapping; of the large ones each needs its own.
static size_t size_of(size_t i)
{
    return i < SMALL ? 1 + i : (size_t)1 << 20;
}

static void no_piece_overlaps_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < SMALL + LARGE; i++) {
        pieces[i] = sync_alloc(size_of(i));
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % LINE, 0);
        assert_int_equal(pieces[i][0], 0);
        assert_int_equal(pieces[i][size_of(i) - 1], 0);
        memset(pieces[i], (int)(1 + i), size_of(i));
    }
    run_populate_shared(SIZE_MAX);
    for (size_t i = 0; i < SMALL + LARGE; i++)
        for (size_t j = 0; j < size_of(i); j++)
            if (pieces[i][j] != (unsigned char)(1 + i))
                fail_msg("piece %zu, byte %zu: of another piece", i, j);
}

static long faults_now(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_minflt;
}

// A child has tables of its own: what it touches for the first time would be a fault each.
static void populated_memory_is_touched_without_faults(void **state)
{
    const size_t size = (size_t)1 << 20;
    int status;
    (void)state;
    unsigned char *piece = sync_alloc(size);
    assert_non_null(piece);
    if (madvise(piece, LINE, MADV_POPULATE_WRITE) != 0)
        skip(); // before Linux 5.14
    pid_t pid = process_fork();
    if (pid == 0) {
        run_populate_shared(SIZE_MAX);
        long before = faults_now();
        for (size_t i = 0; i < size; i += 4096)
            piece[i] = 1;
        _exit(faults_now() - before > 20 ? 1 : 0);
    }
    assert_int_equal(process_wait(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_child_shares_it(void **state)
{
    int status;
    (void)state;
    unsigned char *piece = sync_alloc(1);
    pid_t pid = process_fork();
    if (pid == 0) {
        *piece = 77;
        _exit(0);
    }
    assert_int_equal(process_wait(pid, &status, 0), pid);
    assert_int_equal(*piece, 77);
}

static void what_nobody_has_is_refused(void **state)
{
    (void)state;
    assert_null(sync_alloc(SIZE_MAX));
    assert_null(sync_alloc(SIZE_MAX / 2));
    assert_non_null(sync_alloc(1)); // and the next one is as ever
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(populated_memory_is_touched_without_faults),
        cmocka_unit_test(no_piece_overlaps_another),
        cmocka_unit_test(a_child_shares_it),
        cmocka_unit_test(what_nobody_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
