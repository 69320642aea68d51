// SPDX-License-Identifier: MIT
//
// bank.h - what the workloads with a data base do in it: accounts with a label and a
// balance, transactions that look an account up or move money. Which transaction does what
// follows from the seed alone. Transfers can be carried out in any order, so the balances
// at the end are known beforehand, and what all accounts hold together never changes.
//
// The tables, the same for every data base:
//     account  (id, label, balance)      labels are unique and have an index
//     transfer (task, number, amount)    one row for each transfer, by its primary key
//
// All functions are thread-safe.
#ifndef QUARTET_WORKLOADS_COMMON_BANK_H
#define QUARTET_WORKLOADS_COMMON_BANK_H

#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

#define BANK_OPENING     INT64_C(1000) // balance of each account at the beginning
#define BANK_ACCOUNT_MAX 100000

struct bank {
    uint64_t seed;
    uint32_t accounts;      // ids 0 to accounts-1; at least 2
    uint32_t write_percent; // so many of 100 transactions are transfers
};

struct bank_transaction {
    bool transfer;  // false: look up the account with this label
    int64_t label;  // of account `low`
    uint32_t low;   // the account that is looked up; of the two that take part in a
    uint32_t high;  // transfer the one with the lower id, and the other one
    int64_t amount; // goes from `high` to `low`; may be negative, never 0
};

int64_t bank_label(const struct bank *bank, uint32_t account);

// Transaction `number` of a task.
struct bank_transaction bank_transaction(const struct bank *bank, uint32_t task,
                                         uint32_t number);

// Folds what a transaction has found (a look-up: the id; a transfer: the amount) into the
// digest of its task.
uint64_t bank_fold(uint64_t digest, const struct bank_transaction *transaction,
                   int64_t found);

// The digest that a task must leave after this many transactions.
uint64_t bank_digest(const struct bank *bank, uint32_t task, uint64_t transactions);

// Carries out all transactions of all tasks on `balances`, one place for each account. How
// many of them are transfers.
uint64_t bank_balances(const struct bank *bank, uint32_t tasks, uint64_t transactions,
                       int64_t *balances);

// Contents of a data base after a run.
struct bank_claim {
    uint32_t tasks;
    uint64_t transactions; // of each task
    const int64_t *balances;
    uint64_t transfers; // rows
};

// Is that what the transactions come to? 0, -ENOMEM, or -EBADMSG with the first difference.
int bank_check(const struct bank *bank, const struct bank_claim *claim,
               struct reason *reason);

#endif
