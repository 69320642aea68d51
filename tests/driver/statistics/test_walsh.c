// SPDX-License-Identifier: MIT
//
// test_walsh.c - the averages of pairs (driver/statistics/walsh.h), found without a list of them, and
// the signed-rank interval of many pairs, which is made from that.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/walsh.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// An average that is found without a list is the one that stands there in the list; also
// where many are equal.
static void averages_are_found_without_a_list(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 12);
    for (size_t n = 1; n <= WALSH_LISTED; n++) {
        double d[WALSH_LISTED];
        for (size_t i = 0; i < n; i++)
            d[i] = n % 3 == 0 ? (double)random_below(&random, 4) : draw_normal(&random);
        statistics_sort(d, n);
        struct walsh *list = walsh_list(d, n);
        assert_non_null(list);
        for (size_t rank = 1; rank <= walsh_count(n); rank++) {
            double found;
            assert_int_equal(walsh_select(d, n, rank, &found), 0);
            assert_true(found == list[rank - 1].value);
        }
        free(list);
    }
}

// For many pairs the confidence comes from a series. Here it is counted: P(W = w) of the
// signed-rank statistic, rank by rank, and the rank of the ends found in the data.
static void many_pairs_have_the_confidence_that_is_said(void **state)
{
    (void)state;
    static double p[5051];
    for (size_t n = WALSH_LISTED + 1; n <= 100; n += 20) {
        double a[100];
        double b[100];
        for (size_t i = 0; i < n; i++) {
            a[i] = exp((double)((i * i) % 101) * 1e-3 + (double)i * 1e-7);
            b[i] = 1;
        }
        struct ratio ratio;
        assert_int_equal(statistics_ratio(a, b, n, 1, &ratio), 0);
        memset(p, 0, sizeof p);
        p[0] = 1;
        for (size_t rank = 1; rank <= n; rank++)
            for (size_t w = walsh_count(n) + 1; w-- > 0;)
                p[w] = (p[w] + (w >= rank ? p[w - rank] : 0)) / 2;
        size_t below = 0; // averages below the lower end: it is number below + 1
        for (size_t i = 0; i < n; i++)
            for (size_t j = i; j < n; j++)
                below += (log(a[i]) + log(a[j])) / 2 < log(ratio.interval.low) - 1e-12;
        double tail = 0;
        for (size_t w = 0; w <= below; w++)
            tail += p[w];
        assert_true(fabs(ratio.interval.confidence - (1 - 2 * tail)) < 5e-5);
        assert_true(2 * tail <= 0.05 && 2 * (tail + p[below + 1]) > 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(averages_are_found_without_a_list),
        cmocka_unit_test(many_pairs_have_the_confidence_that_is_said),
    };
    return cmocka_run_group_tests_name("walsh", tests, NULL, NULL);
}
