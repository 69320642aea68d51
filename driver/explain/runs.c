// SPDX-License-Identifier: MIT
//
// Runs that tell a price, and what the priced things of a run are worth: see parts.h.
#include "driver/explain/parts.h"

#include "driver/report/read.h"
#include "driver/system/tool.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>

#define RUN_LIMIT_NS (60 * NS_PER_SECOND)
#define PATH_SIZE    4096

int part_run(const struct extra_setting *setting, const struct words *words,
             struct record *record, struct strace_counts *counts, struct reason *reason)
{
    char path[PATH_SIZE], log[PATH_SIZE];
    struct words all = {.count = 0};
    json_t *json = NULL;
    extra_path(setting, "price.json", path, sizeof path);
    extra_path(setting, "price.log", log, sizeof log);
    const char *const strace[] = {"strace", "-f",          "-qq", "-s", "32",
                                  "-e",     "signal=none", "-o",  log};
    for (size_t i = 0; counts != NULL && i < sizeof strace / sizeof strace[0]; i++)
        words_add(&all, strace[i]);
    for (size_t i = 0; i < words->count; i++)
        words_add(&all, words->list[i]);
    words_add_pair(&all, "--timeout", "50s");
    words_add_pair(&all, "--record", path);
    int code =
        tool_run_logged(all.list, "/dev/null", RUN_LIMIT_NS, setting->janitor, reason);
    if (code > 0)
        return reason_set(reason, -EIO, "%s ended with exit code %d", words->list[0],
                          code);
    int error = code < 0 || counts == NULL ? code : strace_count_log(log, counts, reason);
    if (error == 0)
        error = json_file_load(path, &json, reason);
    *record = read_run_record(json);
    json_decref(json);
    return error;
}

double part_worth(const struct prices *prices, const char *name, double number)
{
    const struct price *price = prices_find(prices, name);
    return price == NULL ? 0 : number * price->cpu.ns;
}

double part_call_worth(const struct prices *prices, const char *name, double number)
{
    const struct price *price = part_price_of_call(prices, name, false);
    if (price == NULL)
        price = prices_find(prices, PRICE_CALL);
    return price == NULL || part_is_start(name) ? 0 : number * price->cpu.ns;
}

double part_calls_worth(const struct prices *prices, const struct strace_counts *counts)
{
    double sum = part_worth(prices, PRICE_WAKEUP, (double)counts->wakeups);
    for (size_t i = 0; i < counts->names; i++)
        sum +=
            part_call_worth(prices, counts->list[i].name, (double)counts->list[i].calls);
    return sum;
}
