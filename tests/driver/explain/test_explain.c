// SPDX-License-Identifier: MIT
//
// test_explain.c - numbers times prices (driver/explain/): which part is priced by what, that
// all parts add up to the difference, also as they are printed, and that what has no price is
// left unexplained. Rows and prices are invented, so every sum is known.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/explain/explain.h"
#include "driver/explain/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct explanation explanation;

static void add_price(const char *name, double ns)
{
    struct price *price = &explanation.prices.list[explanation.prices.count++];
    *price = (struct price){.cpu = {ns, {0.9 * ns, 1.1 * ns, 0.96}}};
    snprintf(price->name, sizeof price->name, "%s", name);
}

static void add_call(struct explained_row *row, const char *name, uint64_t calls)
{
    struct strace_count *count = &row->counts.list[row->counts.names++];
    count->calls = calls;
    snprintf(count->name, sizeof count->name, "%s", name);
}

// 100 operations each; a thread sleeps twice in each of them, a loop never.
static int invent(void **state)
{
    (void)state;
    explanation = (struct explanation){.table = "fetch/unix", .workload = "fetch"};
    struct explained_row *a = &explanation.rows[0], *b = &explanation.rows[1];
    *a = (struct explained_row){.label = "multithread", .model = "multithread"};
    *b = (struct explained_row){.label = "eventloop", .model = "eventloop"};
    for (unsigned which = 0; which < 2; which++) {
        struct explained_row *row = &explanation.rows[which];
        row->rounds = 9;
        row->operations = row->counted_operations = 100;
        for (unsigned round = 0; round < 9; round++)
            row->cpu_ns[round] = (which == 0 ? 30000 : 10000) + 100.0 * round;
        add_call(row, "sendto", 100);
        add_call(row, "recvfrom", 100);
    }
    a->switches = 2;
    a->faults = 0.5;
    a->counts.threads = 10;
    add_call(a, "clone3", 10);
    add_call(a, "getppid", 100);
    add_call(a, "rarely_seen", 50);
    add_call(b, "epoll_wait", 60);
    b->counts.events = 100;
    add_price(PRICE_CALL, 1000);
    add_price("call/read", 2000);
    add_price("call/write", 2000);
    add_price("call/epoll_wait", 1500);
    add_price(PRICE_SWITCH, 3000);
    add_price(PRICE_FAULT, 8000);
    add_price(PRICE_EVENT, 100);
    add_price(PRICE_START_THREAD, 40000);
    add_price(PRICE_RUNNER_SWITCH_LOOP, 20);
    explain_parts(&explanation);
    return 0;
}

static const struct part *find(const char *name)
{
    for (size_t i = 0; i < explanation.count; i++)
        if (strcmp(explanation.parts[i].name, name) == 0)
            return &explanation.parts[i];
    return NULL;
}

static void expect_part(const char *name, double ns, const char *price, bool assumed)
{
    const struct part *part = find(name);
    assert_non_null(part);
    assert_true(fabs(part->ns - ns) < 1e-6);
    assert_string_equal(part->price_name, price);
    assert_int_equal(part->assumed, assumed);
}

static void each_part_is_its_number_times_its_price(void **state)
{
    (void)state;
    expect_part("context switches", 6000, PRICE_SWITCH, false);
    expect_part("page faults, new pages", 4000, PRICE_FAULT, false);
    expect_part("threads, beyond the above", 4000, PRICE_START_THREAD, false);
    expect_part("getppid", 1000, PRICE_CALL, false);
    expect_part("epoll_wait", -900, "call/epoll_wait", false);
    expect_part("events of the loop", -100, PRICE_EVENT, false);
    expect_part("callbacks", -20, PRICE_RUNNER_SWITCH_LOOP, false);
    expect_part("sendto", 0, "call/write", false);
    expect_part("rarely_seen", 500, PRICE_CALL, true);
    assert_null(find("clone3")); // in the price of a thread
}

static void all_parts_add_up_to_the_difference(void **state)
{
    (void)state;
    double sum = explanation.unexplained;
    for (size_t i = 0; i < explanation.count; i++) {
        sum += explanation.parts[i].ns;
        if (i > 0)
            assert_true(fabs(explanation.parts[i].ns) <=
                        fabs(explanation.parts[i - 1].ns));
    }
    assert_true(fabs(explanation.difference - 20000) < 1e-6);
    assert_true(fabs(sum - explanation.difference) < 1e-6);
    assert_true(fabs(explanation.unexplained - 5520) < 1e-6);
    assert_true(explanation.told);
    // The errors of prices: 600, 400, 400, 100, 90, 50, 10 and 2, as squares.
    assert_true(fabs(explanation.unexplained_interval.high - 5520 - sqrt(700704)) < 1e-6);
}

static void what_has_no_price_stays_unexplained(void **state)
{
    (void)state;
    double before = explanation.unexplained;
    explanation.prices.list[4].name[0] = '\0'; // switches
    explain_parts(&explanation);
    assert_null(find("context switches"));
    assert_true(fabs(explanation.unexplained - before - 6000) < 1e-6);
}

// Coroutines beside callbacks: a wait has a price of its own, where it is known, and a task has
// one in both rows.
static void coroutines_beside_callbacks(void **state)
{
    (void)state;
    struct explained_row *a = &explanation.rows[0], *b = &explanation.rows[1];
    a->model = "coroutine";
    a->counts.events = 125;
    a->in_flight = b->in_flight = 0.25;
    add_price(PRICE_RUNNER_SWITCH, 18);
    add_price(PRICE_START_COROUTINE, 1200);
    add_price(PRICE_START_MACHINE, 200);
    explain_parts(&explanation);
    expect_part("coroutines resumed", 22.5, PRICE_RUNNER_SWITCH, false);
    expect_part("callbacks", -20, PRICE_RUNNER_SWITCH_LOOP, false);
    expect_part("coroutines, beyond the above", 300, PRICE_START_COROUTINE, false);
    expect_part("state machines, beyond the above", -50, PRICE_START_MACHINE, false);
    double before = explanation.unexplained;
    add_price(PRICE_RESUME, 140);
    explain_parts(&explanation);
    expect_part("coroutines resumed after a wait", 175, PRICE_RESUME, false);
    assert_null(find("coroutines resumed"));
    assert_null(find("callbacks"));
    assert_true(fabs(before - explanation.unexplained - (175 - 22.5 + 20)) < 1e-6);
}

// Beside threads there are no callbacks that a coroutine would cost more than.
static void a_wait_has_no_price_beside_threads(void **state)
{
    (void)state;
    add_price(PRICE_RESUME, 140);
    explain_parts(&explanation);
    assert_null(find("coroutines resumed after a wait"));
    expect_part("callbacks", -20, PRICE_RUNNER_SWITCH_LOOP, false);
}

static void a_difference_may_be_none(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 9; round++)
        explanation.rows[0].cpu_ns[round] = 10000 + (round % 2 == 0 ? 300 : -300);
    explain_parts(&explanation);
    assert_false(explanation.told);
}

// Prints into memory. The caller frees it.
static char *printed(void (*print)(FILE *, const void *))
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    print(file, &explanation);
    fclose(file);
    return text;
}

// The number before " %" and blanks: "  6,000  30 %".
static long number_of(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    char digits[32];
    size_t used = 0;
    assert_non_null(at);
    const char *end = strchr(at, '\n');
    const char *word = end - strlen("100 %") - 2;
    while (*word == ' ')
        word--;
    while (word[-1] != ' ')
        word--;
    for (; *word != ' '; word++)
        if (*word != ',')
            digits[used++] = *word;
    digits[used] = '\0';
    return strtol(digits, NULL, 10);
}

static void the_printed_column_adds_up(void **state)
{
    (void)state;
    char *text = printed(explain_text);
    static const char *const lines[] = {"context switches", "page faults, new pages",
                                        "threads, beyond",  "getppid()",
                                        "epoll_wait()",     "rarely_seen() *",
                                        "events of",        "smaller parts",
                                        "unexplained "};
    long sum = 0;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        sum += number_of(text, lines[i]);
    assert_int_equal(sum, 20000);
    assert_int_equal(number_of(text, "difference  "), 20000);
    assert_non_null(strstr(text, "* No loop measures this call"));
    free(text);
}

static void a_page_has_every_part(void **state)
{
    (void)state;
    char *text = printed(explain_html);
    assert_non_null(strstr(text, "<svg"));
    for (size_t i = 0; i < explanation.count; i++)
        assert_non_null(strstr(text, explanation.parts[i].name));
    assert_non_null(strstr(text, "</html>"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_part_is_its_number_times_its_price, invent),
        cmocka_unit_test_setup(all_parts_add_up_to_the_difference, invent),
        cmocka_unit_test_setup(what_has_no_price_stays_unexplained, invent),
        cmocka_unit_test_setup(coroutines_beside_callbacks, invent),
        cmocka_unit_test_setup(a_wait_has_no_price_beside_threads, invent),
        cmocka_unit_test_setup(a_difference_may_be_none, invent),
        cmocka_unit_test_setup(the_printed_column_adds_up, invent),
        cmocka_unit_test_setup(a_page_has_every_part, invent),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
