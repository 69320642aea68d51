// SPDX-License-Identifier: MIT
//
// check_reference.c - see check_reference.h.
#include "driver/command/check_reference.h"

#include "driver/gate/gate.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"

#include <errno.h>
#include <string.h>

static enum exit_code refuse(int error, const struct reason *reason)
{
    warn("check: --reference: %s", reason->text);
    return error == -EINVAL ? EXIT_USAGE : EXIT_WRONG;
}

enum exit_code check_reference_open(struct reference *reference, const char *name,
                                    bool pin, const json_t *environment)
{
    struct reason reason;
    reference->name = name;
    reference->testbed = environment_text(environment, "testbed");
    if (name == NULL)
        return EXIT_FINE;
    int error = reference_open(reference, pin, &reason);
    return error == 0 ? EXIT_FINE : refuse(error, &reason);
}

enum exit_code check_reference_add(struct reference *reference,
                                   const struct report *report, const char *head)
{
    struct reason reason;
    json_t *gate = json_object_get(report->json, "gate");
    const struct reference_check own = {.base = tree_text(gate, "base.commit", NULL),
                                        .head = head,
                                        .utc = report->started_utc};
    int code = gate_exit_code(report->json);
    bool stored = strcmp(tree_text(gate, "base.kind", ""), "report") == 0;
    if (code == EXIT_WRONG) // no time was looked at
        return EXIT_FINE;
    int error =
        reference_add(reference, &own, gate, code == EXIT_FINE && !stored, &reason);
    return error == 0 ? EXIT_FINE : refuse(error, &reason);
}
