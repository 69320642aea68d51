// SPDX-License-Identifier: MIT
//
// Which transaction does what: see bank.h.
#include "workloads/common/bank.h"

#include "lib/check.h"
#include "lib/mix.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define AMOUNT_MAX 50

int64_t bank_label(const struct bank *bank, uint32_t account)
{
    return (int64_t)(mix_into(bank->seed, account) >> 1);
}

static int64_t amount_of(uint64_t draw)
{
    int64_t amount = 1 + (int64_t)(draw % AMOUNT_MAX);
    return draw & (UINT64_C(1) << 32) ? amount : -amount;
}

struct bank_transaction bank_transaction(const struct bank *bank, uint32_t task,
                                         uint32_t number)
{
    CHECK(bank->accounts >= 2);
    uint64_t draw = mix_into(mix_into(bank->seed, task), number);
    struct bank_transaction transaction = {.transfer = draw % 100 < bank->write_percent};
    draw = mix(draw);
    uint32_t one = (uint32_t)(draw % bank->accounts);
    draw = mix(draw);
    uint32_t other = (one + 1 + (uint32_t)(draw % (bank->accounts - 1))) % bank->accounts;
    bool in_order = !transaction.transfer || one < other;
    transaction.low = in_order ? one : other;
    transaction.high = in_order ? other : one;
    transaction.label = bank_label(bank, transaction.low);
    transaction.amount = amount_of(mix(draw));
    return transaction;
}

uint64_t bank_fold(uint64_t digest, const struct bank_transaction *transaction,
                   int64_t found)
{
    return mix_into(digest, mix_into((uint64_t)transaction->label, (uint64_t)found));
}

uint64_t bank_digest(const struct bank *bank, uint32_t task, uint64_t transactions)
{
    uint64_t digest = 0;
    for (uint32_t number = 0; number < transactions; number++) {
        struct bank_transaction next = bank_transaction(bank, task, number);
        digest = bank_fold(digest, &next, next.transfer ? next.amount : next.low);
    }
    return digest;
}

uint64_t bank_balances(const struct bank *bank, uint32_t tasks, uint64_t transactions,
                       int64_t *balances)
{
    uint64_t transfers = 0;
    for (uint32_t account = 0; account < bank->accounts; account++)
        balances[account] = BANK_OPENING;
    for (uint32_t task = 0; task < tasks; task++) {
        for (uint32_t number = 0; number < transactions; number++) {
            struct bank_transaction next = bank_transaction(bank, task, number);
            if (!next.transfer)
                continue;
            balances[next.low] += next.amount;
            balances[next.high] -= next.amount;
            transfers++;
        }
    }
    return transfers;
}

static int balances_check(const struct bank *bank, const int64_t *found,
                          const int64_t *expected, struct reason *reason)
{
    for (uint32_t id = 0; id < bank->accounts; id++) {
        if (found[id] != expected[id])
            return reason_set(reason, -EBADMSG,
                              "account %" PRIu32 " holds %" PRId64
                              " in the data base, and should hold %" PRId64,
                              id, found[id], expected[id]);
    }
    return 0;
}

int bank_check(const struct bank *bank, const struct bank_claim *claim,
               struct reason *reason)
{
    int64_t *expected = calloc(bank->accounts, sizeof *expected);
    if (expected == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the balances");
    uint64_t transfers = bank_balances(bank, claim->tasks, claim->transactions, expected);
    int error = 0;
    if (claim->transfers != transfers)
        error =
            reason_set(reason, -EBADMSG,
                       "the data base holds %" PRIu64 " transfers instead of %" PRIu64,
                       claim->transfers, transfers);
    else
        error = balances_check(bank, claim->balances, expected, reason);
    free(expected);
    return error;
}
