// SPDX-License-Identifier: MIT
//
// idle_runner.c - a runner that does nothing, as fast as can be: it answers --describe,
// else it writes a run record and ends. What a session of such runs takes is what the
// driver costs. Its model is the name under which it is called.
//
// Read next: harness_bench.
#include "lib/check.h"
#include "lib/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char describe[] =
    "{\"schema\":\"quartet.describe/1\",\"model\":\"%s\",\"summary\":\"does nothing\","
    "\"options\":[],\"common_options\":[],\"build\":{\"version\":\"0\",\"commit\":\"0\","
    "\"compiler\":\"none\",\"flags\":\"\",\"mode\":\"release\",\"optimised\":true},"
    "\"workloads\":[{\"name\":\"counting\",\"kind\":\"cpu\",\"summary\":\"s\","
    "\"operation\":\"numbers\",\"default_tasks\":100,\"default_concurrency\":8,"
    "\"options\":[]}]}\n";

static const char record[] =
    "{\"schema\":\"quartet.run/1\",\"status\":\"ok\",\"reason\":null,"
    "\"workload\":\"counting\",\"kind\":\"cpu\",\"operation\":\"numbers\","
    "\"model\":\"%s\",\"variant\":{},\"parameters\":{},\"seed\":1,\"tasks\":100,"
    "\"concurrency\":8,\"workers\":1,\"cpus\":null,\"peer_cpus\":null,"
    "\"ledger\":{\"tasks\":100,\"operations\":100,\"bytes_in\":0,\"bytes_out\":0,"
    "\"peak_in_flight\":8,\"errors\":0,\"checksum\":\"00000000000000aa\"},"
    "\"expected\":{\"tasks\":100,\"operations\":100,\"bytes_in\":0,\"bytes_out\":0},"
    "\"phases_ns\":{\"setup\":%u,\"spawn\":1,\"run\":%u,\"join\":1,\"teardown\":1},"
    "\"latency_ns\":null,\"cpu_ns\":{\"user\":1000000,\"system\":1000000},"
    "\"context_switches\":{\"voluntary\":1,\"involuntary\":1},"
    "\"page_faults\":{\"minor\":1,\"major\":0},\"memory\":null,\"network\":null,"
    "\"notes\":[],\"build\":{\"version\":\"0\",\"commit\":\"0\",\"compiler\":\"none\","
    "\"flags\":\"\",\"mode\":\"release\",\"optimised\":true}}\n";

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *model = slash == NULL ? argv[0] : slash + 1;
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--describe") == 0) {
            printf(describe, model);
            return 0;
        }
        if (strcmp(argv[i], "--record") == 0 && i + 1 < argc)
            path = argv[i + 1];
    }
    FILE *file = path == NULL ? NULL : fopen(path, "we");
    CHECK(file != NULL);
    // Phases that are shorter than any start of a program, and differ from those of other runs:
    // records that are equal to the last digit are taken for copies.
    uint64_t now_ns = clock_now_ns();
    fprintf(file, record, model, (unsigned)(now_ns % 9973),
            50000 + (unsigned)(now_ns % 9967));
    return fclose(file) == 0 ? 0 : 1;
}
