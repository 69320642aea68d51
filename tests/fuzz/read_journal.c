// SPDX-License-Identifier: MIT
//
// read_journal.c - what lies beside the report of a session that was killed: added to a
// small report, which is then checked and analysed as any other. The seeds name this one.
#include "driver/analysis/analysis.h"
#include "driver/report/journal.h"
#include "driver/report/read.h"
#include "lib/check.h"
#include "lib/json_file.h"
#include "tests/fuzz/readers.h"

#include <stdio.h>
#include <string.h>

static const char report_text[] =
    "{\"schema\": \"quartet.report/1\", \"complete\": false, \"started_utc\": \"now\","
    " \"tables\": [{\"id\": \"table\", \"workload\": \"primes\", \"blocks\": [],"
    " \"cells\": [{\"id\": \"cell\", \"model\": \"coroutine\", \"label\": \"coroutine\","
    " \"status\": \"ok\", \"samples\": [], \"twins\": []}]}]}";

void read_journal(const char *text, size_t size)
{
    struct reason reason;
    json_t *report;
    if (size == 0)
        return; // no stream can be made of nothing
    FILE *journal = fmemopen((void *)(uintptr_t)text, size, "r");
    CHECK(journal != NULL);
    CHECK(json_text_load(report_text, strlen(report_text), "report", &report, &reason) ==
          0);
    struct report read;
    report_read(&read, report);
    if (journal_replay(journal, &read, &reason) == 0)
        report_analyse(&read, &reason);
    report_free(&read);
    json_decref(report);
    fclose(journal);
}
