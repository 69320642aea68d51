// SPDX-License-Identifier: MIT
//
// test_wordcount.c - the parts of `wordcount` against counts from elsewhere, and the check
// of its answers against wrong ones. Tasks run one after another, the one that adds up last.
#include "tests/workloads/harness.h"
#include "workloads/wordcount/wordcount.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct workload wordcount_workload;

static void wordcount_task(struct task *task)
{
    struct wordcount_part part;
    assert_int_equal(wordcount_begin(task, &part), 0);
    if (wordcount_reduces(task)) {
        for (uint32_t from = wordcount_parts(task->work); from > 0; from--)
            assert_int_equal(wordcount_add(task, &part, from - 1), 0);
    } else {
        int more;
        while ((more = wordcount_count(task, &part)) > 0) {
        }
        assert_int_equal(more, 0);
        assert_int_equal(wordcount_deliver(task, &part), 0);
    }
    wordcount_end(task, &part);
}

static void count(struct work *work, struct wordcount_parameters *parameters,
                  uint32_t tasks, uint64_t seed)
{
    struct reason reason = {0};
    *work = (struct work){.parameters = parameters, .tasks = tasks, .seed = seed};
    assert_int_equal(wordcount_workload.setup(work, &reason), 0);
    harness_run(work, &wordcount_workload, parameters, tasks, wordcount_task);
}

static void release(struct work *work)
{
    struct reason reason;
    assert_int_equal(wordcount_workload.teardown(work, &reason), 0);
    harness_free(work);
}

// By tests/workloads/corpus_oracle.py wordcount WORDS VOCABULARY SEED.
static const struct {
    uint64_t words, vocabulary, seed, digest;
} oracle[] = {
    {1, 1, 1, UINT64_C(0xe220a8397b1dcdaf)},
    {10, 1, 1, UINT64_C(0xd546923ecf2a08d6)},
    {10, 2, 1, UINT64_C(0x33199da4eaf326fa)},
    {1000, 3, 7, UINT64_C(0x568c6b7a6fba7aa9)},
    {1000, 60, 1, UINT64_C(0x785a75c334f01962)},
    {20000, 500, 1, UINT64_C(0x2c623dd0af2bda0a)},
    {50000, 16384, 9007199254740991, UINT64_C(0xa512dacc414ab991)},
    {50000, 20000, 2, UINT64_C(0x44348c46b92ad3d9)},
};

static const uint32_t task_counts[] = {2, 3, 8, 200};

static void counts_agree_with_the_oracle(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(oracle); i++)
        for (size_t j = 0; j < ARRAY_LEN(task_counts); j++)
            for (uint64_t way = WORDCOUNT_SHARED; way <= WORDCOUNT_PIPE; way++) {
                struct wordcount_parameters parameters = {.words = oracle[i].words,
                                                          .vocabulary =
                                                              oracle[i].vocabulary,
                                                          .way = way};
                struct reason reason = {0};
                struct ledger expected;
                struct work work;
                count(&work, &parameters, task_counts[j], oracle[i].seed);
                struct outcome *sum = outcome_at(&work, work.tasks - 1);
                assert_true(sum->digest == oracle[i].digest);
                assert_int_equal(harness_operations(&work), oracle[i].words);
                wordcount_workload.expect(&work, &expected);
                assert_int_equal(expected.bytes_in, sum->bytes_in);
                assert_int_equal(wordcount_workload.verify(&work, &reason), 0);
                release(&work);
            }
}

static void wrong_answers_are_refused(void **state)
{
    (void)state;
    struct wordcount_parameters parameters = {.words = 1000, .vocabulary = 60};
    struct reason reason = {0};
    struct work work;
    count(&work, &parameters, 4, 1);
    parameters.totals[27]++;
    assert_int_equal(wordcount_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "the word 'bb' was counted"));
    parameters.totals[27]--;
    outcome_at(&work, 1)->digest++;
    assert_int_equal(wordcount_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "the parts have digest"));
    outcome_at(&work, 1)->digest--;
    outcome_at(&work, 3)->digest++;
    assert_int_equal(wordcount_workload.verify(&work, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "the sum has digest"));
    release(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_agree_with_the_oracle),
        cmocka_unit_test(wrong_answers_are_refused),
    };
    return cmocka_run_group_tests_name("wordcount", tests, NULL, NULL);
}
